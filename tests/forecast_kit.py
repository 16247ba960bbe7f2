"""A shelter with counts of people there and of arrivals, as texts; and counts that are corrected later."""

import math
from datetime import date, timedelta
from pathlib import Path

START = date(2024, 3, 1)
SCENARIO = """\
posada: 1
title: A shelter on the way
start: 2024-03-01
end: 2024-05-31
time_zone: America/Tijuana
groups:
  newcomers:
    people_per_day: {value: 20, low: 14, high: 28, assumed: as of late}
    place: town
    pathway: stays
    parties: {1: 1}
facilities:
  shelter: {kind: beds, at: town, beds: 400}
pathways:
  stays:
    - {id: bed, stay: {in: shelter}}
    - {id: nights, wait: {for: {exponential: {mean: {value: 6 days, low: 4 days, high: 9 days, assumed: as seen}}}}}
    - {id: end, outcome: goes-on}
outcomes:
  goes-on: {label: Goes on}
policies:
  half: [{set: groups.newcomers.people_per_day, to: 10, from: 2024-03-01}]
"""
HEAD = "id,series,from,to,value,evidence,as_of,use\n"


def counts(days: int = 60) -> list[str]:
    """Rows of counts: arrivals every day, people there every third; smooth, so that much of them can be foreseen."""
    rows = []
    for i in range(days):
        day = START + timedelta(days=i)
        came = round(20 + 6 * math.sin(i / 9) + 3 * math.cos(2.4 * i))
        rows.append(f"came-{i},arrived:town,{day},{day},{came},,{day},check")
        if i % 3 == 2:
            there = round(120 * (1 - math.exp(-i / 6)) + 10 * math.sin(i / 9))
            rows.append(f"there-{i},present:town,{day},{day},{there},,{day},check")
    return rows


def write(folder: Path, rows: list[str] | None = None, scenario: str = SCENARIO) -> Path:
    """The scenario in a folder, with its counts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
    (folder / "places.csv").write_text("id,name,lat,lon\ntown,Town,32.5,-117.0\n", encoding="utf-8")
    shown = counts() if rows is None else rows
    (folder / "observations.csv").write_text(HEAD + "".join(f"{row}\n" for row in shown), encoding="utf-8")
    return folder
