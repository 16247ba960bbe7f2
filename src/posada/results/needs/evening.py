"""One night at one shelter in numbers: who comes and when, who sleeps there, who leaves, where others can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from posada.results.needs.amounts import MEMBERS, ages_known
from posada.results.needs.beds import Beds
from posada.results.needs.overflow import EVERYONE, Case, kinds_of, overflow, size_of, types_known
from posada.results.series import array_of
from posada.scenario import Series, Stay

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]
Range = tuple[float, float, float]
"""The 5 %, 50 % and 95 % points."""

SAFE = 0.8
"""How sure it is that mats and suppers are enough."""
JOURNEYS = ("travel", "roam")
CHILDREN = ("girls_5_17", "boys_5_17")
ASKED_FOR = {"men": MEMBERS["men"], "women": MEMBERS["women"], "children": CHILDREN, "babies": MEMBERS["babies"],
             "unstated": ("unstated",)}  # fmt: skip


@dataclass(frozen=True)
class Arrivals:
    """Who comes on a day: people, and those of them by sex and age, families (and their people), children alone."""

    people: Range
    who: dict[str, Range]
    families: Range
    in_families: Range
    alone: Range
    hours: tuple[float, float, float] | None
    """Minutes of the day by which a tenth, half and nine tenths of the people of all runs have come."""


@dataclass(frozen=True)
class Referral:
    """Another shelter: what is free there at midnight, and with what probability nothing is."""

    shelter: str
    free: Range
    full: float


@dataclass(frozen=True)
class Evening:
    """The night that follows a day, at one shelter or camp. `row` and `others` are None for a camp."""

    result: Result
    shelter: str
    day: date
    arrivals: Arrivals
    inside: Range
    row: dict[str, Any] | None
    tightest: dict[str, Any] | None
    others: Range | None
    suppers: int
    mats: int | None
    """None where people are on the list of a shelter that they ask first."""
    leave_today: Range
    leave_tomorrow: Range | None
    referrals: tuple[Referral, ...]
    asked_first: tuple[str, ...] = ()


def can_tell(result: Result, day: date) -> bool:
    """Whether a result knows enough of an evening: ages, types of party, the day by itself, and who came when."""
    daily = any(start == day and (end - start).days == 1 for start, end in result.record)
    return ages_known(result) and types_known(result) and daily and result.kept_history is not None


def busiest_day(result: Result, shelter: str) -> date:
    """The day on which most people come, in the mean of the replicates; the first of several."""
    moved = array_of(result, Series("moved_in", shelter)).mean(axis=1)
    if result.scenario.facilities[shelter].kind == "beds":
        listed = array_of(result, Series("no_bed", shelter)).mean(axis=1)
        moved = moved + np.maximum(0.0, np.diff(listed, prepend=0.0))
    lengths = np.array([(end - start).days for start, end in result.record], dtype=float)
    day: date = result.record[int(np.argmax(np.round(moved / lengths, 9)))][0]
    return day


def evening(result: Result, shelter: str, day: date) -> Evening:
    """The numbers of a night; the result must know enough (`can_tell`)."""
    k = next(i for i, (start, _) in enumerate(result.record) if start == day)
    beds, facility = result.beds, result.scenario.facilities[shelter]
    inside = array_of(result, Series("occupied", shelter))[k]
    rows: dict[str, dict[str, Any]] = {}
    others, waiting = np.zeros(result.replicates), np.zeros(result.replicates)
    if facility.kind == "beds":
        rows = {row["who"]: row for row in overflow(result, shelter, day, day).to_dicts()}
        others = np.asarray(sum(beds.others(room.where)[k] for room in beds.of(shelter)))
        waiting = array_of(result, Series("no_bed", shelter))[k]
    first = () if facility.kind != "beds" or asked_first(result, shelter) else who_is_asked(result, shelter)
    following = (
        k + 1 if k + 1 < len(result.record) and (result.record[k + 1][1] - result.record[k + 1][0]).days == 1 else None
    )
    left = array_of(result, Series("moved_out", shelter))
    return Evening(
        result=result,
        shelter=shelter,
        day=day,
        arrivals=arrivals(result, shelter, day, k),
        inside=points(inside),
        row=rows.get(EVERYONE),
        tightest=tightest(rows),
        others=points(others) if others.any() else None,
        suppers=safe(inside + waiting + others),
        mats=None if first else safe(waiting if rows else inside),
        leave_today=points(left[k]),
        leave_tomorrow=None if following is None else points(left[following]),
        referrals=tuple(referral(result, beds, other, k) for other in elsewhere(result, shelter)),
        asked_first=first,
    )


def points(values: Array) -> Range:
    """5 %, 50 % and 95 % points."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(low), float(middle), float(high)


def safe(values: Array) -> int:
    """How many are enough in four of five replicates."""
    return int(np.ceil(np.quantile(values, SAFE, method="higher")))


def tightest(rows: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """The row of the type of party for which no free bed is likeliest; families, if it is as likely for them."""
    kinds = [rows[who] for who in ("families", *rows) if who in rows and who not in (EVERYONE, "unstated")]
    worst = max(kinds, key=lambda row: row["no_free_bed"], default=None)
    return worst if worst and worst["no_free_bed"] > rows[EVERYONE]["no_free_bed"] else None


def asked_first(result: Result, shelter: str) -> bool:
    """Whether some step asks this shelter first, so that people may stand on its list."""
    return any(isinstance(s.body, Stay) and s.body.in_[0] == shelter for s in result.scenario.steps().values())


def who_is_asked(result: Result, shelter: str) -> tuple[str, ...]:
    """The shelters that are asked before this one."""
    bodies = [s.body for s in result.scenario.steps().values()]
    return tuple(dict.fromkeys(b.in_[0] for b in bodies if isinstance(b, Stay) and shelter in b.in_))


def elsewhere(result: Result, shelter: str) -> list[str]:
    """Where a shelter refers to; else the other shelters of its place that admit somebody whom it admits."""
    facilities = result.scenario.facilities
    if facilities[shelter].refer_to:
        return list(facilities[shelter].refer_to)
    here = set(kinds_of(result, result.beds.of(shelter))) if facilities[shelter].kind == "beds" else {EVERYONE}
    return [
        f.id
        for f in facilities.values()
        if f.kind == "beds"
        and f.id != shelter
        and f.at == facilities[shelter].at
        and here & set(kinds_of(result, result.beds.of(f.id)))
    ]


def referral(result: Result, beds: Beds, other: str, k: int) -> Referral:
    """What is free in another shelter at midnight."""
    case = Case(result, beds, other, EVERYONE, size_of(result, EVERYONE))
    return Referral(other, points(case.free()[k]), float(case.no_room()[k].mean()))


def arrivals(result: Result, shelter: str, day: date, k: int) -> Arrivals:
    """Who comes on a day, by the shelter's clock: parties that ask for a bed for the first time since a journey."""
    came = asking(result, shelter, day)
    n = result.replicates

    def of(expression: pl.Expr, rows: pl.DataFrame = came) -> Range:
        sums = rows.group_by("replicate").agg(expression.alias("n"))
        values = np.zeros(n)
        values[sums["replicate"].to_numpy()] = sums["n"].to_numpy()
        return points(values)

    families, alone = (came.filter(pl.col("party_type") == kind) for kind in ("families", "children"))
    return Arrivals(
        people=of(pl.col("people").sum()),
        who={name: of(pl.sum_horizontal([pl.col(c).sum() for c in cs])) for name, cs in ASKED_FOR.items()},
        families=of(pl.len(), families),
        in_families=of(pl.col("people").sum(), families),
        alone=of(pl.col("people").sum(), alone),
        hours=hours_of(came),
    )


def asking(result: Result, shelter: str, day: date) -> pl.DataFrame:
    """The parties that ask for a bed of a shelter on a day, with the minute; each once for a visit of the place."""
    zone = result.scenario.places[result.scenario.facilities[shelter].at].time_zone
    begin, end = (instant(day + timedelta(days=i), zone) for i in (0, 1))
    steps = [name for name, s in result.scenario.steps().items() if isinstance(s.body, Stay) and shelter in s.body.in_]
    first = [
        n
        for n in steps
        if (body := result.scenario.steps()[n].body) and isinstance(body, Stay) and body.in_[0] == shelter
    ]
    facility, step = pl.col("facility").cast(pl.String), pl.col("step").cast(pl.String)
    given = (facility == shelter) | facility.str.starts_with(f"{shelter}/")
    here = (pl.col("kind") == "stay") & (
        (pl.col("how") == "bed") & given | (pl.col("how") == "no_bed") & step.is_in(first)
    )
    members = [c for cs in ASKED_FOR.values() for c in cs]
    columns = ["replicate", "party", "nth", "kind", "joined", "people", "party_type", *members]
    rows = (
        result.history.filter(pl.col("joined") < end, pl.col("kind").is_in([*JOURNEYS, "stay"]))
        .select(*columns, here.fill_null(False).alias("here"))
        .filter(pl.col("here") | pl.col("kind").is_in(JOURNEYS))
        .sort("replicate", "party", "nth")
        .with_columns(pl.col("kind").is_in(JOURNEYS).cum_sum().over("replicate", "party").alias("visit"))
        .filter(pl.col("here"))
        .unique(["replicate", "party", "visit"], keep="first", maintain_order=True)
        .filter(pl.col("joined") >= begin)
        .collect()
    )
    local = pl.col("joined").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    minute = local.dt.hour().cast(pl.Float64) * 60 + local.dt.minute()
    return rows.with_columns(minute.alias("minute"))


def instant(day: date, zone: str) -> datetime:
    """The midnight with which a day begins on a clock, in UTC, as histories have it."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def hours_of(came: pl.DataFrame) -> tuple[float, float, float] | None:
    """By when a tenth, half and nine tenths of the people have come; None if nobody does."""
    if came.is_empty():
        return None
    ordered = came.sort("minute")
    minutes, passed = ordered["minute"].to_numpy(), np.cumsum(ordered["people"].to_numpy())
    at = [int(np.searchsorted(passed, share * passed[-1])) for share in (0.1, 0.5, 0.9)]
    first, middle, last = (float(minutes[min(i, len(minutes) - 1)]) for i in at)
    return first, middle, last


def shelters(result: Result) -> Sequence[str]:
    """Those of whom an evening can be told: shelters and camps."""
    return [name for name, f in result.scenario.facilities.items() if f.kind in ("beds", "camp")]
