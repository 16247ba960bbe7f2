"""Random small scenarios: nobody is ever lost, whatever the steps."""

# ruff: noqa: E501

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine_kit import dates, write
from posada.engine import EngineError
from posada.ensemble import run
from posada.scenario import ScenarioErrors

FACILITIES = """
  beds: {at: here, kind: beds, beds: {few: {beds: [{value: 4}, {from: 2018-04-08, value: 1}, {from: 2018-04-12, value: 9}], admits: [families, women, children]}, any: {beds: 6, others: 1}}, max_stay: {exponential: {mean: 3 days}}, refer_to: [annex], intake_hours: "08:00-20:00"}
  annex: {at: here, kind: beds, beds: 5, overtake: true, max_stay: 2 days}
  camp: {at: here, kind: camp}
  jail: {at: here, kind: holding, places: [{value: 8}, {from: 2018-04-09, value: 5}]}
  free-jail: {at: here, kind: holding}
  lawyers: {at: here, kind: caseload, places: 3}
  agents: {at: here, kind: desks, shifts: [{hours: "08:00-14:00", staff: 2}, {hours: "mon-fri 12:00-22:00", staff: 1}], service: {gamma: {mean: 5 hours, shape: 0.6}}, priority: ["women > 0", "children > 0"], preempt: true, at_closing: interrupt, waiting_room: 6, newest_first: 1, holidays: [2018-04-05]}
  lottery: {at: here, kind: desks, staff: 1, per: person, service: {pert: {low: 0 hours, mode: 1 hours, high: 9 hours}}, order: random, hours: "09:00-17:00", at_closing: interrupt}
  draw: {at: here, kind: gate, slots_per_day: 4, opens: "07:00", order: random, waiting_room: 12, overtake: true}
  cell: {at: here, kind: holding, places: 5, waiting_room: 4}
  desk: {at: here, kind: desks, staff: 2, service: {erlang: {mean: 5 hours, stages: 2}}, hours: "mon-fri 09:00-17:00", priority: ["children > 0"], newest_first: [{value: 0}, {from: 2018-04-05, value: 1}, {from: 2018-04-11, value: 0}]}
  window: {at: here, kind: desks, per: person, staff: [{value: 1}, {from: 2018-04-07, value: 0}, {from: 2018-04-09, value: 2}], service: {fixed: 0 hours}}
  gate: {at: here, kind: gate, slots_per_day: 5, opens: ["07:00", "15:00"], into: jail, background: {initial: [{joined: 2018-03-01, number: 7}], arrivals_per_day: 1.7}}
  other-gate: {at: here, kind: gate, slots_per_day: 3, opens: "00:00", carry_over: true, days: mon-thu, overtake: true}
  court: {at: here, kind: docket, cases_per_day: 2}
  hearing: {at: here, kind: desks, staff: [{value: 1}, {from: 2018-04-06, value: 2}], service: {exponential: {mean: 4 hours}}, batch: {size: [{value: 4}, {from: 2018-04-08, value: 2}], at_least: 3, waits_at_most: {uniform: {low: 0 hours, high: 2 days}}}, hours: "tue,thu,fri 09:00-15:00", waiting_room: 5, order: random}
  talk: {at: here, kind: desks, staff: 1, per: person, service: 0 hours, batch: {size: 3, at_least: 3, waits_at_most: 9 hours}, priority: ["children > 0"], order: longest_waiting_group, order_by: party_type}
  turns: {at: here, kind: desks, staff: 1, service: 3 hours, order: longest_waiting_group, order_by: lawyer, priority: ["women > 0"], preempt: true, waiting_room: 8}
  calls: {at: here, kind: gate, slots_per_day: 4, opens: "07:00", order: longest_waiting_group, overtake: true}
  vans: {at: here, kind: departures, seats: [{value: 8}, {from: 2018-04-07, value: 4}], leaves: ["10:00"], vehicles: 2, at_least: 3, when_full: true, order: longest_waiting_group}
  bus: {at: here, kind: departures, seats: 8, leaves: ["06:00", "18:00"], when_full: true}
"""
BODIES = [
    "wait: {{for: {d}}}", "wait: {{until: \"07:00\"}}", "wait: {{for: {d}}}, by: group", "wait: {{until: 2018-04-06}}",
    "wait: {{first_of: {{a: {{after: {d}, then: {x}}}, b: {{after: {d}, then: {y}}}, c: {{at: 2018-04-10, then: {x}}}}}}}",
    "queue: {{at: desk, gives_up_after: {d}, gives_up_to: {x}}}", "queue: {{at: window}}", "queue: {{at: gate}}",
    "queue: {{at: gate, gives_up_after: {d}, gives_up_to: {x}}}", "queue: {{at: [gate, other-gate]}}",
    "queue: {{at: [desk, window], gives_up_at: 2018-04-11, gives_up_to: {x}}}", "queue: {{at: court}}",
    "queue: {{at: bus}}", "queue: {{at: other-gate, gives_up_after: {d}, gives_up_to: {x}}}",
    "queue: {{at: agents, refused_to: {x}}}", "queue: {{at: lottery}}", "queue: {{at: draw, refused_to: {x}, gives_up_after: {d}, gives_up_to: {y}}}",
    "queue: {{at: agents, refused_to: {x}, gives_up_after: {d}, gives_up_to: {y}}}", "queue: {{at: [agents, desk], refused_to: {y}}}",
    "queue: {{at: desk, with: [window]}}", "queue: {{at: window, with: [desk], gives_up_after: {d}, gives_up_to: {x}}}",
    "queue: {{at: gate, gives_up_when: \"queue_length(desk) > 3 or since(2018-04-07)\", gives_up_to: {x}}}",
    "queue: {{at: agents, refused_to: {x}, gives_up_when: \"people > 1\", gives_up_to: {y}}}",
    "queue: {{at: window, blocks: true}}, then: jailed", "queue: {{at: [desk, window], blocks: true}}, then: drawn",
    "queue: {{at: hearing, refused_to: {x}}}", "queue: {{at: hearing, refused_to: {x}, gives_up_after: {d}, gives_up_to: {y}}}",
    "queue: {{at: talk}}", "queue: {{at: talk, gives_up_after: {d}, gives_up_to: {x}}}", "queue: {{at: [talk, desk, hearing], refused_to: {x}}}",
    "queue: {{at: turns, refused_to: {x}}}", "queue: {{at: turns, refused_to: {y}, gives_up_after: {d}, gives_up_to: {x}}}",
    "queue: {{at: calls, gives_up_after: {d}, gives_up_to: {x}}}", "queue: {{at: [calls, draw], refused_to: {x}}}",
    "queue: {{at: vans}}", "queue: {{at: vans, gives_up_after: {d}, gives_up_to: {x}}}", "queue: {{at: window, blocks: true}}, then: heard",
    "queue: {{at: [draw, lottery], refused_to: {x}}}", "hold: {{in: cell, refused_to: {x}}}", "release: {{from: cell}}",
    "stay: {{in: beds}}", "stay: {{in: [annex, beds, camp]}}", "stay: {{in: [beds, annex]}}", "stay: {{in: annex}}",
    "hold: {{in: jail}}", "hold: {{in: lawyers, if_full: {x}}}", "hold: {{in: lawyers}}", "hold: {{in: free-jail}}",
    "release: {{from: all}}", "release: {{from: beds}}", "release: {{from: jail}}", "release: {{from: lawyers}}",
    "branch: {{one: {{share: 0.5, then: {x}}}, two: {{share: rest, then: {y}}}}}",
    "branch: {{one: {{share: 0.5, then: {x}}}, two: {{share: rest, then: {y}}}}}, daily: true, by: group",
    "choose: {{one: {{utility: \"free_places(beds) - queue_length(desk)\", then: {x}}}, two: {{utility: 1, then: {y}}}}}",
    "choose: {{one: {{utility: \"0.1 * expected_wait_days(gate) - is_open(desk)\", if: \"people > 1\", then: {x}}}, two: {{utility: \"is_open(gate)\", then: {y}}}}}",
    "split: {{who: men, to: {x}}}", "split: {{who: children, to: {x}, at_most: 1}}", "split: {{who: adults, to: {x}}}",
    "rejoin: {{at_most: {d}}}", "rejoin: {{at: here, at_most: {d}}}", "rejoin: {{at_most: 2 days}}",
    "gather: {{share: 0.5, at_most: {d}}}", "gather: {{at_most: 2 days}}", "set: {{lawyer: yes}}",
    "travel: {{to: here, takes: {d}, pace: {{lognormal: {{median: 1, spread: 2}}}}}}", "travel: {{along: out}}",
]
DURATIONS = ["6 hours", "{exponential: {mean: 1 days}}", "{erlang: {mean: 1 days, stages: 3}}", "{daily_chance: 0.4}",
             "{uniform: {low: 0 hours, high: 30 hours}}", "{weibull: {scale: 1 days, shape: 0.7}}", "0 days",
             "{hyperexponential: {means: [1 hours, 2 days], shares: [0.6, 0.4]}}", "{lognormal: {mean: 9 hours, cv: 2}}"]


@st.composite
def pathways(draw: st.DrawFn) -> str:
    """Pathways in which a step may lead to any other; time passes before each step back, and all may leave."""
    n = draw(st.integers(3, 14))
    targets = st.sampled_from([f"s{k}" for k in range(n)] + ["home", "home"])
    lines = ["  p:"]
    for k in range(n):
        body = draw(st.sampled_from(BODIES)).format(d=draw(st.sampled_from(DURATIONS)), x=draw(targets), y=draw(targets))
        lines.append(f"    - {{id: s{k}, {body}}}")
        if "along" in body:
            lines.append(f"    - {{id: back-{k}, travel: {{along: back}}}}")
    lines += [f"    - {{id: jailed, hold: {{in: cell, refused_to: home}}, then: {draw(targets)}}}",
              f"    - {{id: heard, queue: {{at: hearing, refused_to: home}}, then: {draw(targets)}}}",
              f"    - {{id: drawn, queue: {{at: draw, refused_to: home}}, then: {draw(targets)}}}"]
    lines += ["    - {id: home, wait: {for: {exponential: {mean: 8 hours}}}}",
              "    - {id: last, branch: {back: {share: 0.4, then: s0}, end: rest}}", "    - {id: end, outcome: done}"]
    return "\n".join(lines)


def fuzzed(folder: Path, text: str) -> Path:
    """A scenario with all facilities and kinds of arrivals around some pathways."""
    return write(folder / "s", f"""
end: 2018-04-20
record: {{by: [group, party_type, sex_and_age]}}
attributes: {{lawyer: [yes, no]}}
modes: {{foot: {{speed_kmh: 3, hours: "06:00-18:00"}}}}
groups:
  g: {{people: 30, place: here, date: 2018-04-02 05:00, pathway: p, parties: {{1: 0.4, 2: 0.3, 4: 0.3}}, sex_and_age: {{men_18_59: 0.3, women_18_59: 0.3, girls_0_4: 0.3, unstated: 0.1}}}}
  i: {{every: {{gamma: {{mean: 12 hours, shape: 2}}}}, batch: 2, place: here, pathway: p, sex_and_age: {{women_18_59: 0.5, men_60: 0.5}}}}
  j: {{parties_per_day: 2, rate: {{weekday: {{sun: 0}}, season: {{amplitude: 1, period: 1 days, peak: 2018-04-02 12:00}}}}, place: here, pathway: p}}
  h: {{people_per_day: 3, place: here, pathway: p, parties: {{1: 0.5, 3: 0.5}}, sex_and_age: {{men_18_59: 0.5, boys_0_4: 0.5}}}}
facilities:{FACILITIES}
pathways:
{text}
outcomes: {{done: {{}}}}
""", links="out,here,there,foot,10\nback,there,here,foot,10\n")


def examples(n: int) -> settings:
    """So many examples, the same each time."""
    return settings(max_examples=n, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@examples(60)
@given(pathways(), st.integers(0, 3))
def test_nobody_is_lost_whatever_the_steps(text, seed):
    run_and_count(text, seed)


@pytest.mark.prove
@examples(3000)
@given(pathways(), st.integers(0, 3))
def test_nobody_is_lost_in_many_more(text, seed):
    run_and_count(text, seed)


def run_and_count(text: str, seed: int) -> None:
    """Run a scenario with these pathways: nobody is lost, and what is counted agrees."""
    with tempfile.TemporaryDirectory() as folder:
        place = fuzzed(Path(folder), text)
        try:
            r = run(place, replicates=2, seed=seed, threads=1)
        except (EngineError, ScenarioErrors):
            assume(False)
    for k in range(2):
        conserved(r, k)


def conserved(r, k: int) -> None:
    """Set out = present or travelling + ended, and as many are taken in as are there or have left, by level."""
    mine = pl.col("replicate") == k
    stocks, flows, outcomes = (t.filter(mine) for t in (r.stocks, r.flows, r.outcomes))
    assert (stocks["people"] >= 0).all()
    assert (stocks["people_max"] >= stocks["people"]).all()
    assert (stocks["people_mean"] >= 0).all()
    assert (stocks["people_mean"] <= stocks["people_max"] + 1e-9).all()
    for attribute in ("all", "group", "sex_and_age"):
        level = pl.col("attribute") == attribute
        out = flows.filter(level & (pl.col("event") == "set_out")).group_by("level").agg(pl.col("people").sum())
        ended = dict(outcomes.filter(level).group_by("level").agg(pl.col("people").sum()).iter_rows())
        last = stocks.filter(level & pl.col("state").is_in(["present", "travelling"]) & (pl.col("at") == dates(r)[-1]))
        here = dict(last.group_by("level").agg(pl.col("people").sum()).iter_rows())
        for name, n in out.iter_rows():
            assert n == ended.get(name, 0) + here.get(name, 0)
    rooms = flows.filter((pl.col("attribute") == "all") & pl.col("event").is_in(["moved_in", "moved_out"]))
    inside = stocks.filter((pl.col("attribute") == "all") & (pl.col("state") == "occupied") & (pl.col("at") == dates(r)[-1]))
    there = dict(inside.select(pl.col("where").cast(str), "people").iter_rows())
    for (where,), rows in rooms.group_by("where"):
        if where != "lawyers":  # a case stays with those who remain, so people leave it without moving
            net = sum(n if e == "moved_in" else -n for e, n in rows.select(pl.col("event").cast(str), "people").iter_rows())
            assert net == there.get(where, 0), where
