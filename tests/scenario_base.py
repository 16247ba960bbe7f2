"""A small good scenario, as texts, for tests that break it."""

# ruff: noqa: E501

from pathlib import Path

YAML = """\
posada: 1
title: A small border town
start: 2018-04-01
end: 2018-12-31
time_zone: America/Tijuana
law_as_of: 2018-04-29
record: {daily_until: 2018-06-30, weekly_until: 2018-09-30, by: [group, nationality], warm_up: 3 days}
attributes:
  nationality: [HND, SLV]
  has_lawyer: [yes, no]
quantities:
  gate_slots: {value: 60, low: 20, high: 100, evidence: [cbp-slots]}
  patience: {value: 60 days, assumed: "nobody counted"}
  help_weight: 0.8
modes:
  foot: {speed_kmh: 4, hours: "05:00-17:00"}
  bus: {speed_kmh: {value: 55, low: 40, high: 70}}
links:
  road: {open: [{value: 1}, {from: 2018-05-01, value: 0}, {from: 2018-05-03, value: 1}]}
groups:
  caravan:
    people: {value: 1200, low: 1000, high: 1500, evidence: [afp-count]}
    place: south
    date: 2018-04-02 05:00
    pathway: journey
    parties: table
    attributes: {nationality: {HND: 0.8, SLV: rest}}
  daily:
    people_per_day: 5.5
    place: tijuana
    pathway: reception
    parties: {1: 0.5, 2: 0.5}
    sex_and_age: {men_18_59: 0.7, women_18_59: 0.2, girls_5_17: rest}
facilities:
  refugio:
    at: tijuana
    kind: beds
    beds: {families: {beds: 40, admits: [families, women], others: 3}, anybody: {beds: {value: 70, low: 50, high: 90}}}
    max_stay: 60 days
    intake_hours: "09:00-22:00"
    refer_to: [annex]
  annex: {at: tijuana, kind: beds, beds: 100, others: 10}
  street: {at: tijuana, kind: camp}
  crossing:
    at: gate-north
    kind: gate
    slots_per_day: gate_slots
    opens: "07:00"
    days: mon-sat
    into: cells
    priority: ["children > 0 and not party_type == men", "nationality == HND"]
    background: {initial: [{joined: 2018-03-01, number: 200}], arrivals_per_day: 12, priority: 3}
  cells: {at: gate-north, kind: holding, places: [{value: 300}, {from: 2018-06-01, value: 200, low: 150, high: 250}]}
  lawyers: {at: tijuana, kind: caseload, places: 50}
  officers: {at: gate-north, kind: desks, staff: 4, service: {lognormal: {median: 2 hours, spread: 2}}, hours: "mon-fri 08:00-17:00"}
  coach: {at: tijuana, kind: departures, seats: 40, leaves: ["06:00", "18:00"]}
  court: {at: gate-north, kind: docket, cases_per_day: 2}
pathways:
  journey:
    - {id: walk, travel: {along: road, pace: {lognormal: {median: 1, spread: 1.3}}}}
    - {id: rest, wait: {until: "07:00"}, then: reception}
  reception:
    - {id: night, stay: {in: [refugio, street]}}
    - id: decide
      choose:
        ask: {utility: "1 - 0.05 * expected_wait_days(crossing) + help_weight * (has_lawyer == yes)", then: port}
        settle: {utility: 0.5, if: "adults > 0", then: settled}
    - {id: settled, outcome: settled}
  port:
    - {id: ride, travel: {to: gate-north, takes: {uniform: {low: 1 hours, high: 2 hours}}}}
    - {id: line, queue: {at: crossing, gives_up_after: {exponential: {mean: patience}}, gives_up_to: home}}
    - {id: cell, hold: {in: cells}}
    - {id: interview, queue: {at: officers}}
    - {id: screening, branch: {passed: {value: 0.89, low: 0.8, high: 0.95, evidence: [screening-share]}, home: rest}}
    - {id: passed, wait: {for: {erlang: {mean: 200 days, stages: 3}}}, label: waiting for the court}
    - {id: free, release: {from: cells}}
    - {id: case, queue: {at: court}}
    - {id: end, outcome: protected}
    - {id: home, wait: {first_of: {bus: {after: {daily_chance: 0.2}, then: gone}, date: {at: 2018-12-01, then: gone}}}}
    - {id: gone, outcome: returned}
outcomes:
  protected: {label: Protection granted}
  settled: {label: Stayed in Mexico, final: false}
  returned: {label: Went home}
policies:
  more-slots:
    title: Twice the slots
    changes:
      - {multiply: facilities.crossing.slots_per_day, by: 2, from: 2018-05-01}
      - {set: pathways.port.screening.branch.passed, to: 0.5}
  smaller: [{set: groups.caravan.people, to: 600}]
headlines:
  - {id: taken-in, label: People taken in, series: "served:crossing{group=caravan}", statistic: sum}
  - {id: waiting, label: Largest queue, series: "waiting:crossing", statistic: max, question: How long?}
"""

FILES = {
    "scenario.yaml": YAML,
    "places.csv": """\
id,name,lat,lon,country,time_zone,kind
south,Tapachula,14.9,-92.26,MEX,America/Mexico_City,town
tijuana,Tijuana,32.53,-117.02,MEX,,town
gate-north,San Ysidro,32.54,-117.03,USA,America/Los_Angeles,port
""",
    "links.csv": """\
id,from,to,mode,length_km,length_km_low,length_km_high
road,south,tijuana,bus,3900,3800,4000
""",
    "groups.csv": """\
group,party,share,women_18_59,men_18_59,girls_5_17,boys_0_4,nationality
caravan,man,0.5,,1,,,
caravan,mother-2,0.3,1,,1,1,HND
caravan,couple,0.2,1,1,,,
""",
    "evidence.csv": """\
id,counts_what,kind,low,value,high,qualifier,unit,place,from,to,status,publisher,published,sensitivity
afp-count,people in the caravan,present,1000,1200,1500,about,people,Tapachula,2018-04-02,2018-04-02,observed,AFP,2018-04-03,public
cbp-slots,people taken in a day,capacity,20,60,100,range,people per day,San Ysidro,2018-04-29,,observed,CBP,2018-05-02,public
screening-share,shares found credible,share,,0.89,,exact,share,,2018-01-01,2018-06-30,observed,USCIS,2018-07-10,public
""",
    "observations.csv": """\
id,series,from,to,low,value,high,qualifier,evidence,as_of,use
taken-may,served:crossing{group=caravan},2018-04-29,2018-05-05,,228,,exact,cbp-slots,2018-05-06,check
in-town,present:tijuana,2018-04-29,2018-04-29,200,250,300,about,afp-count,2018-04-30,input
""",
}


def write(folder: Path, changed: dict[str, str | bytes | None] | None = None) -> Path:
    """The base scenario in a folder, with some files changed or (None) left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **(changed or {})}.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_text(content, encoding="utf-8")
    return folder


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """One file with one text exchanged for another."""
    assert FILES[name].count(old) == 1, f"{old!r} stands {FILES[name].count(old)} times in {name}"
    return {name: FILES[name].replace(old, new)}


def line_of(name: str, old: str) -> int:
    """The line on which a text of a base file stands."""
    return FILES[name][: FILES[name].index(old)].count("\n") + 1
