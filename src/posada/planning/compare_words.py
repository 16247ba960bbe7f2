"""A comparison as tables for a terminal, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from rich.text import Text

from posada.planning.compare import Comparison, Difference
from posada.planning.measures import CHANCE, COST, DAYS, DECIDED, HELD, NEED, OUTCOMES, SHARE
from posada.planning.paired import Paired
from posada.results import Verdict, blank, verdicts

MOST_ROWS, MOST_QUEUES = 12, 6
MINUS = "\u2212"
LEAST = 0.05
"""A measure that changes in fewer replicates than this is left out of the short table."""


def render(found: Comparison, full: bool = False) -> list[Any]:
    """Each policy: what changes, where the queue moved; then what was said. `full` leaves nothing out."""
    against = "the scenario as stated" if found.against == "as-stated" else f"{found.title(found.against)!r}"
    parts: list[Any] = [
        Text(f"{found.scenario.title}: policies on the same luck", style="bold"),
        Text(
            f"{found.replicates} replicates each, compared with {against}. Replicate by replicate everybody has the "
            "same luck, so a difference is one of policy. Numbers are medians: that of the differences is not the "
            "difference of the medians."
        ),
        Text(""),
    ]
    for side in found.sides:
        if len(side.policies) > 1:
            parts += at_a_glance(found, side.name)
        if side.name:
            parts += [Text(f"By the numbers of: {side.name}", style="bold underline"), Text("")]
        for policy in side.policies:
            parts += of_policy(found, side.name, policy, full)
    return parts + statements_of(found)


GLANCE = {
    "waiting": "days waiting",
    "no-bed": "nights without a bed",
    "outside": "nights in camps",
    "detained": "days held",
    "apart": "days apart",
    "cost": "cost",
}


def at_a_glance(found: Comparison, side: str) -> list[Any]:
    """All policies beside each other, in what matters to people: medians of the paired differences."""
    rows = {(d.policy, d.measure.id): d for d in found.differences if d.side == side}
    shown = [key for key in GLANCE if any(changes(d, 0.0) for (_, name), d in rows.items() if name == key)]
    if not shown:
        return []
    table = blank(f"At a glance: change{f', numbers of: {side}' if side else ''}", [GLANCE[key] for key in shown])
    for policy in found.names:
        cells = (rows[policy, key].paired for key in shown)
        table.add_row(found.title(policy), *("-" if p is None else signed(p.median, "") for p in cells))
    return [table, Text("")]


def of_policy(found: Comparison, side: str, policy: str, full: bool) -> list[Any]:
    """What one policy changes, and where the queue moved."""
    rows = [d for d in found.differences if d.policy == policy and d.side == side]
    law = " (needs new law)" if needs_law(found, policy) else ""
    parts: list[Any] = [Text(f"{found.title(policy)}{law}", style="bold")]
    here = next(one for one in found.sides if one.name == side)
    parts += [Text(f"  {line}") for line in found.climbed(here, policy)]
    if not any(changes(d, 0.0) for d in rows):
        return [*parts, Text("Nothing changes: every difference is exactly zero."), Text("")]
    shown = rows if full else chosen(rows)
    table = blank("", ("before", "after", "difference", "90 % interval", "more / less"))
    for d in shown:
        table.add_row(d.measure.label, *cells(d))
    parts += [table]
    if len(rows) > len(shown):
        parts += [
            Text(f"and {len(rows) - len(shown)} more, most of which change little: --full shows all", style="dim")
        ]
    return [*parts, *queues(found, side, policy, full), Text("")]


def chosen(rows: Sequence[Difference]) -> list[Difference]:
    """What changes most surely: some headlines, then waits, unmet need, custody and cost."""
    own = [d for d in rows if changes(d, LEAST) and d.measure.family not in (NEED, HELD, COST, OUTCOMES, DECIDED)]
    common = [
        d
        for d in rows
        if changes(d, LEAST) and d.measure.family in (NEED, HELD, COST) and not any(same(d, other) for other in own)
    ]
    surest = sorted(own, key=lambda d: -sure(d))[: MOST_ROWS - min(len(common), MOST_ROWS // 2)]
    return [*(d for d in own if d in surest), *common]


def same(a: Difference, b: Difference) -> bool:
    """Whether two measures are one and the same."""
    pairs = ((a.measure, b.measure), (a.before, b.before))
    return all(np.array_equal(one.values, other.values, equal_nan=True) for one, other in pairs)


def sure(d: Difference) -> float:
    """In how many more replicates a measure changes one way than the other."""
    return 0.0 if d.paired is None else abs(d.paired.more - d.paired.less)


def needs_law(found: Comparison, policy: str) -> bool:
    """Whether a policy needs new law."""
    known = found.scenario.policies
    return any(known[name].new_law for name in policy.split("+") if name in known)


def changes(d: Difference, least: float) -> bool:
    """Whether a measure differs in more than a share of the replicates."""
    return d.paired is not None and d.paired.more + d.paired.less > least


def cells(d: Difference) -> tuple[str, ...]:
    """A difference in words."""
    if d.paired is None:
        return "-", "-", "-", "-", "-"
    p, unit = d.paired, d.measure.unit
    if unit == CHANCE:
        return chances(d, p)
    interval = span(p.low90, p.high90, unit)
    before, after = (told(median_of(m.values), unit) for m in (d.before, d.measure))
    return before, after, signed(p.median, unit), interval, f"{100 * p.more:.0f} / {100 * p.less:.0f} %"


def chances(d: Difference, p: Paired) -> tuple[str, ...]:
    """The change of a probability, with the 95 % confidence interval of that."""
    before, after = (told(float(np.nanmean(m.values)), SHARE) for m in (d.before, d.measure))
    interval = span(p.mean - p.half_width, p.mean + p.half_width, SHARE)
    return before, after, signed(p.mean, SHARE), interval, f"{100 * p.more:.0f} / {100 * p.less:.0f} %"


def median_of(values: Any) -> float:
    """The median of what is defined."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan


def told(value: float, unit: str) -> str:
    """A number in its unit."""
    if math.isnan(value):
        return "-"
    if unit == SHARE:
        return f"{100 * value:.2g} %" if abs(value) < 0.1 else f"{100 * value:.0f} %"
    if unit == DAYS and abs(value) < 10:
        return f"{value:.1f}"
    return f"{math.floor(value + 0.5):,}"


def signed(value: float, unit: str) -> str:
    """A difference with its sign; nothing is +0 or -0."""
    text = told(abs(value), unit).replace("%", "points")
    if not any(letter in "123456789" for letter in text):
        return "0"
    return f"{'+' if value > 0 else MINUS}{text}"


def span(low: float, high: float, unit: str = "") -> str:
    """The ends of an interval of differences."""
    return f"{signed(low, unit)} to {signed(high, unit)}"


def queues(found: Comparison, side: str, policy: str, full: bool) -> list[Any]:
    """Where the queue moved: facilities along the chain whose waiting changes most."""
    rows = found.moved.filter((pl.col("policy") == policy) & (pl.col("side") == side))
    rows = rows.filter((pl.col("low90").abs() + pl.col("high90").abs() + pl.col("mean").abs()) > 0.5)
    if not rows.height:
        return []
    most = rows.height if full else MOST_QUEUES
    chosen = rows.with_row_index().sort(pl.col("mean").abs(), descending=True).head(most).sort("index")
    table = blank("Where the queue moved (person-days waiting)", ("before", "change", "90 % interval"))
    for row in chosen.iter_rows(named=True):
        interval = span(row["low90"], row["high90"])
        table.add_row(f"  {row['name']}", told(row["before"], ""), signed(row["median"], ""), interval)
    return [table]


def statements_of(found: Comparison) -> list[Any]:
    """What was said, against the runs of what everything is compared with."""
    parts: list[Any] = []
    for side in found.sides:
        rows = verdicts(side.against)
        if rows:
            parts += [Text(f"What was said{f' (numbers of: {side.name})' if side.name else ''}", style="bold")]
            parts += [Text(f"  {in_words(row)}") for row in rows]
    return parts


def in_words(row: Verdict) -> str:
    """A verdict in one sentence."""
    said = quoted(row.statement.says) + (f" ({row.who})" if row.who else "")
    if row.headline is None or row.median is None or row.low90 is None or row.high90 is None or row.holds is None:
        return f"{said}: {row.verdict}. {row.statement.note or ''}".rstrip()
    unit = SHARE if row.headline.statistic == "share" else DAYS if "days" in row.headline.statistic else ""
    bound = f"over {told(row.statement.over, unit)}" if row.statement.over is not None else None
    bound = bound or f"under {told(row.statement.under or 0.0, unit)}"
    number = f"{told(row.median, unit)} ({told(row.low90, unit)} to {told(row.high90, unit)})"
    note = f" {row.statement.note}" if row.statement.note else ""
    return (
        f"{said}: {row.verdict}. {row.headline.label}: {number}; {bound} in {100 * row.holds:.0f} % of the runs.{note}"
    )


def quoted(words: str) -> str:
    """Words within quotation marks, if they do not stand within some already."""
    return words if words[:1] in '\u201c\u00ab"' else f"\u201c{words}\u201d"


def summary(found: Comparison) -> dict[str, Any]:
    """A comparison for machines."""
    info = found.sides[0].against.info
    return {
        "scenario": info.scenario, "hash": info.hash, "seed": info.seed, "replicates": found.replicates,
        "version": info.version, "against": found.against, "policies": found.names, "stopped": found.stopped,
        "differences": plain(found.table()), "moved": plain(found.moved), "by_attribute": plain(found.by_attribute),
        "statements": [
            {"side": side.name, "id": v.statement.id, "says": v.statement.says, "who": v.who, "verdict": v.verdict,
             "headline": v.headline.id if v.headline else None, "median": v.median, "low90": v.low90,
             "high90": v.high90, "holds": v.holds, "note": v.statement.note}
            for side in found.sides for v in verdicts(side.against)
        ],
    }  # fmt: skip


def plain(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON, which knows no infinity."""
    return [
        {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}
        for row in table.iter_rows(named=True)
    ]
