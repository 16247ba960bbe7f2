"""Places, observations and evidence of a scenario made from counts."""

from __future__ import annotations

from ..folder import Row, table
from .counted import Counted, Counts
from .model import COUNTED, KINDS, House, since, start_of


def places_table(houses: list[House]) -> str:
    """Places.csv: the shelters, without coordinates."""
    return table("id,name,lat,lon,kind", [(house.id, house.name, "", "", "shelter") for house in houses])


def observations_table(counts: Counts, houses: list[House]) -> str:
    """Observations.csv: each count with its qualifier, and the date on which it was known."""
    rows: list[Row] = []
    for house in houses:
        for what, whole in house.lines.items():
            line = since(whole, start_of(counts))
            seen: dict[str, int] = {}
            for count in line.counts:
                key = f"{house.id}-{what}-{count.day}"
                seen[key] = seen.get(key, 0) + 1
                name = key if seen[key] == 1 else f"{key}-{seen[key]}"
                rows.append(observation(name, house.series(what), what, count, f"{house.id}-{what}"))
    return table("id,series,from,to,low,value,high,qualifier,evidence,as_of,use", rows)


def observation(name: str, series: str, what: str, count: Counted, evidence: str) -> Row:
    """One row: a count of a night stands at the end of its day, arrivals are of the whole of it."""
    figure = count.figure
    first = "" if what == "present" else count.first
    known = count.known or count.day
    cells = [None if part is None else f"{part:.10g}" for part in (figure.low, figure.value, figure.high)]
    return (name, series, first, count.day, *cells, figure.qualifier, evidence, known, "check")


def evidence_table(counts: Counts, houses: list[House]) -> str:
    """Evidence.csv: one claim for each line of counts, its last."""
    rows: list[Row] = []
    for house in houses:
        for what, line in house.lines.items():
            last = line.counts[-1]
            figure = last.figure
            cells = [None if part is None else f"{part:.10g}" for part in (figure.low, figure.value, figure.high)]
            note = (
                f"{len(line.counts)} counts from {line.counts[0].first} to {last.day}; the last of them. File saved on"
            )
            rows.append((
                f"{house.id}-{what}", f"{COUNTED[what]}: {house.name}", KINDS[what], *cells, figure.qualifier, "people",
                house.id, last.first, last.day, "observed", counts.file, "internal", f"{note} {counts.saved}",
            ))  # fmt: skip
    header = "id,counts_what,kind,low,value,high,qualifier,unit,place,from,to,status,source_title,sensitivity,note"
    return table(header, rows)
