"""When shelters have no bed: the nights at a glance for each, and night by night for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posada.web import made
from posada.web.asking import opened
from posada.words import language, say, told
from posada.workspace import Found

FAMILIES, EVERYONE = "families", "everyone"
LIKELY = 0.5
"""From here on it is more likely than not that there is none."""
MOST_SPANS = 3


@dataclass(frozen=True)
class Shelter:
    """A shelter at a glance: the nights on which it more likely than not has no bed for a family."""

    id: str
    name: str
    text: str
    worst: float


def table(run: Found) -> Any:
    """The probabilities of every shelter, kind of party and night of a result, as they were kept."""
    import polars as pl

    file = made.kept(run, "beds.parquet")
    return pl.read_parquet(file) if file.exists() else opened(run).overflow()


def shelters(result: Any, nights: Any) -> list[Shelter]:
    """Every shelter that anybody uses, those first that are fullest for a family."""
    found = []
    for name in dict.fromkeys(nights["shelter"].to_list()):
        rows = rows_of(nights, name, FAMILIES)
        if rows:
            worst = max(row["no_free_bed"] for row in rows)
            found.append(Shelter(name, label(result.scenario, name), glance(rows, worst), worst))
    return sorted(found, key=lambda shelter: (-shelter.worst, shelter.name))


def label(scenario: Any, shelter: str) -> str:
    """A shelter and its place."""
    facility = scenario.facilities[shelter]
    name, place = told(facility.name), told(scenario.places[facility.at].name)
    return name if place in name else f"{name}, {place}"


def rows_of(nights: Any, shelter: str, who: str) -> list[dict[str, Any]]:
    """The nights of a shelter for a kind of party."""
    import polars as pl

    return list(nights.filter((pl.col("shelter") == shelter) & (pl.col("who") == who)).iter_rows(named=True))


def glance(rows: Sequence[dict[str, Any]], worst: float) -> str:
    """The nights on which there is likely no bed, in words."""
    spans = spans_of([row["date"] for row in rows if row["no_free_bed"] >= LIKELY])
    if not spans:
        if worst <= 0:
            return say("app.beds.always")
        night = max(rows, key=lambda row: row["no_free_bed"])["date"]
        return say("app.beds.unlikely", share=percent(worst), night=day(night))
    nights = [day(a) if a == b else say("app.beds.span", first=day(a), last=day(b)) for a, b in spans[:MOST_SPANS]]
    more = len(spans) - MOST_SPANS
    shown = "; ".join(nights) + (f"; {say('app.beds.more', n=more)}" if more > 0 else "")
    return say("app.beds.likely", nights=shown, share=percent(worst))


def spans_of(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow one another, as first and last."""
    found: list[tuple[date, date]] = []
    for one in days:
        if found and 0 < (one - found[-1][1]).days <= 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def percent(share: float) -> str:
    """A probability in whole per cent; no more certain than runs can tell."""
    whole = round(100 * share)
    if share > 0 and whole == 0:
        return say("app.beds.under", share="1 %")
    return say("app.beds.over", share="99 %") if share < 1 and whole == 100 else f"{whole} %"


def day(when: date) -> str:
    """A date in words."""
    from posada.results.needs.phrases import Speech

    return Speech(language()).day(when)


@dataclass(frozen=True)
class Nights:
    """A shelter night by night, for one kind of party of those that are known."""

    who: str
    size: int
    kinds: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    glance: str


def nights(run: Found, shelter: str, who: str) -> Nights:
    """Night by night; of a kind of party that is not known, everybody."""
    import polars as pl

    found = table(run)
    kinds = tuple(dict.fromkeys(found.filter(pl.col("shelter") == shelter)["who"].to_list()))
    who = who if who in kinds else (kinds[0] if kinds else EVERYONE)
    rows = rows_of(found, shelter, who)
    worst = max((row["no_free_bed"] for row in rows), default=0.0)
    lines = tuple({**row, "night": day(row["date"]), "chance": percent(row["no_free_bed"])} for row in rows)
    return Nights(who, rows[0]["size"] if rows else 1, kinds, lines, glance(rows, worst) if rows else "")
