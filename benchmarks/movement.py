"""Movement over a made-up network of 60 places, for 300 days, with 10^4 to 10^7 people: CPU seconds and agent-days.

    python benchmarks/movement.py [--most 10000000]

Forty towns, of which ten are unsafe, and twenty camps, each joined to its four nearest places; people set out in the
first 200 days and follow Flee's rules (`simsetting.yml`). Compiling is not timed; from the loaded scenario to tables.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import polars as pl

from posada.ensemble import run
from posada.scenario import load

PLACES, CAMPS, UNSAFE, DAYS, SPAN = 60, 20, 10, 300, 200
YAML = """\
posada: 1
title: Sixty places
start: 2020-01-01
end: 2020-10-26
time_zone: UTC
record: {{by: []}}
modes: {{road: {{speed_kmh: 8.3333}}, foot: {{speed_kmh: 1.4583}}}}
places: {{{unsafe}}}
movement:
  flight:
    leaves: {{unsafe: 1, camp: 0.001, else: 0.5}}
    utility: "0.693 * (kind == camp) - 1.151 * unsafe - log(10 + distance_km)"
    keeps_going: true
    first_link: foot
groups: {{all: {{arrivals: come.csv, at: "00:00", places: {{weight: "population * unsafe"}}, pathway: flight}}}}
pathways: {{flight: [{{id: way, roam: {{by: flight}}}}, {{id: end, outcome: done}}]}}
outcomes: {{done: {{}}}}
"""


def write(folder: Path, people: int) -> Path:
    """The scenario for so many people; the network is always the same."""
    luck = random.Random(1)
    spots = [(luck.uniform(0, 8), luck.uniform(0, 8)) for _ in range(PLACES)]
    kinds = ["town"] * (PLACES - CAMPS) + ["camp"] * CAMPS
    rows = [f"p{i},P{i},{y:.3f},{x:.3f},{kinds[i]},{1000 * (i + 1)}" for i, (x, y) in enumerate(spots)]
    (folder / "places.csv").write_text("id,name,lat,lon,kind,population\n" + "\n".join(rows) + "\n")
    pairs = set()
    for i in range(PLACES):
        near = sorted(range(PLACES), key=lambda j: (spots[i][0] - spots[j][0]) ** 2 + (spots[i][1] - spots[j][1]) ** 2)
        pairs |= {(i, j) for j in near[1:5]} | {(j, i) for j in near[1:5]}
    km = {p: 111 * sum((a - b) ** 2 for a, b in zip(spots[p[0]], spots[p[1]], strict=True)) ** 0.5 for p in pairs}
    links = [f"p{i}-p{j},p{i},p{j},road,{1.3 * km[i, j] + 1:.1f}" for i, j in sorted(pairs)]
    (folder / "links.csv").write_text("id,from,to,mode,length_km\n" + "\n".join(links) + "\n")
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 1) + pl.duration(days=SPAN - 1), eager=True)
    come = [f"{day},{people * (k + 1) // SPAN - people * k // SPAN}" for k, day in enumerate(days)]
    (folder / "come.csv").write_text("date,people\n" + "\n".join(come) + "\n")
    unsafe = ", ".join(f"p{i}: {{unsafe: 1}}" for i in range(UNSAFE))
    (folder / "scenario.yaml").write_text(YAML.format(unsafe=unsafe))
    return folder


def measure(people: int) -> tuple[float, float, int]:
    """(CPU seconds, agent-days, links taken) of one replicate."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = load(write(Path(folder), people))
        before = time.process_time()
        result = run(scenario, replicates=1, threads=1)
        stocks, flows = result.stocks, result.flows
        seconds = time.process_time() - before
    there = stocks.filter(pl.col("state").is_in(["present", "travelling"]) & (pl.col("attribute") == "all"))
    taken = flows.filter((pl.col("event") == "travelled") & (pl.col("attribute") == "all"))
    return seconds, float(there["people"].sum()), int(taken["people"].sum())


def main() -> None:
    """A table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=int, default=10_000_000)
    asked = parser.parse_args()
    measure(1000)
    print("| people | CPU s | million agent-days a second | links taken |\n|---:|---:|---:|---:|")
    people = 10_000
    while people <= asked.most:
        seconds, days, links = measure(people)
        print(f"| {people:,} | {seconds:.2f} | {days / seconds / 1e6:.0f} | {links:,} |", flush=True)
        people *= 10


if __name__ == "__main__":
    main()
