"""A short situation with counts, for tests of calibration: a town, a border with a camp, a gate and a desk."""

from pathlib import Path

YAML = """\
posada: 1
title: A gate and a shelter
start: 2024-03-01
end: 2024-04-19
time_zone: Africa/Bangui
quantities:
  goes_on: {value: 0.5, low: 0.25, high: 0.75, scale: logit, assumed: for the test}
  gives_up: {value: 0.15, low: 0.05, high: 0.35, scale: logit, assumed: for the test}
groups:
  north: {people_per_day: {value: 30, low: 15, high: 60, assumed: test}, place: town, pathway: way, parties: {1: 1}}
  south: {people_per_day: {value: 15, low: 7, high: 30, assumed: test}, place: village, pathway: way, parties: {1: 1}}
  late:
    people_per_day: [{value: 0}, {from: 2024-03-25, value: 20, low: 8, high: 50, assumed: test}]
    place: town
    pathway: way
    parties: {1: 1}
facilities:
  gate: {at: border, kind: gate, slots_per_day: {value: 15, low: 8, high: 28, assumed: test}, opens: "08:00"}
  desk: {at: border, kind: gate, slots_per_day: {value: 8, low: 4, high: 16, assumed: test}, opens: "10:00"}
  camp: {at: border, kind: camp}
pathways:
  way:
    - {id: road, travel: {to: border, takes: {lognormal: {median: {value: 2 days, low: 1 days, high: 4 days, assumed: test}, spread: 1.4}}}}
    - {id: night, stay: {in: [camp]}}
    - {id: where, branch: {gate: goes_on, desk: {value: 0.25, low: 0.1, high: 0.45, assumed: test}, stay: rest}}
    - {id: gate, queue: {at: gate, gives_up_after: {exponential: {mean: {value: 20 days, low: 8 days, high: 50 days, assumed: test}}}, gives_up_to: gone}, then: screened}
    - {id: desk, queue: {at: desk}, then: screened}
    - {id: stay, wait: {for: {exponential: {mean: {value: 15 days, low: 6 days, high: 40 days, assumed: test}}}}, then: home}
    - {id: screened, branch: {refused: gives_up, in: rest}}
    - {id: in, outcome: taken-in}
    - {id: refused, wait: {for: {exponential: {mean: {value: 5 days, low: 2 days, high: 12 days, assumed: test}}}}, then: home}
    - {id: home, outcome: went-home}
    - {id: gone, outcome: gave-up}
outcomes: {taken-in: {label: Taken in}, went-home: {label: Went home}, gave-up: {label: Gave up}}
policies:
  half: [{multiply: facilities.gate.slots_per_day, by: 0.5, from: 2024-03-18}]
headlines:
  - {id: camp, label: People in the camp at the end, series: "present:border", statistic: last}
"""  # noqa: E501
PLACES = "id,name,lat,lon\ntown,Town,5.9,15.6\nvillage,Village,5.1,15.2\nborder,Border,6.0,15.0\n"
HEAD = "id,series,from,to,low,value,high,qualifier,as_of,use\n"
SERIES = {
    "arrived": ("arrived:border", 3),
    "camp": ("present:border", 3),
    "gate": ("served:gate", 3),
    "line": ("waiting:gate", 3),
    "desk": ("served:desk", 6),
    "home": ("ended:went-home", 6),
}
FIRST, LAST = 3, 50


def observations(counts: dict[str, float] | None = None, qualifier: str = "about") -> str:
    """Counts every third or sixth day, all `value` of what is not given; ids are `series-day`."""
    rows = []
    for name, (series, every) in SERIES.items():
        for day in range(FIRST, LAST + 1, every):
            first = day - every + 1 if not series.startswith(("present", "waiting")) else day
            value = (counts or {}).get(f"{name}-{day}", 1.0)
            rows.append(f"{name}-{day},{series},{of(first)},{of(day)},,{value:g},,{qualifier},,check\n")
    return HEAD + "".join(rows)


def of(day: int) -> str:
    """A day of the situation, counted from 1, as a date."""
    from datetime import date, timedelta

    return (date(2024, 2, 29) + timedelta(days=day)).isoformat()


def write(folder: Path, counts: dict[str, float] | None = None, changed: dict[str, str] | None = None) -> Path:
    """The situation in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"scenario.yaml": YAML, "places.csv": PLACES, "observations.csv": observations(counts), **(changed or {})}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
