"""The load that a group adds to each facility: its share, and the difference from a world without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from posada.report import charts, drawing
from posada.report.blocks import Figure, Section, Table
from posada.report.inputs import Names, field, plain
from posada.report.loads import LENGTH, Loads, busiest, intervals_of, spread_of
from posada.report.reading import Reading
from posada.report.sections_flow import ORDER
from posada.report.words import count, day, percent, period, sentence, some, span

MEASURES = {"served": "people served", "nights": "nights", "occupied": "person-days of open cases"}

COMPARED = {
    "served": "people served or given a place",
    "nights": "nights in a bed, a camp or custody",
    "nights_no_bed": "nights without a bed",
    "waiting": "longer queue, at most",
    "occupied": "more places in use, at most",
}


class Share(NamedTuple):
    """A group's part of what a facility does: in the weeks in which most of it falls, and in the whole run."""

    where: str
    measure: str
    level: str
    weeks: str
    days: int
    busy: dict[str, float]
    run: dict[str, float]
    amount: float
    total: float


def load(result: Reading, names: Names, compare: Reading | None) -> Section:
    """Each facility's load: whose it is, and what would be without."""
    groups = result.groups
    who = f"the group “{plain(groups[0])}”" if len(groups) == 1 else "each group"
    section = Section("load", f"The load that {who} added" if len(groups) == 1 else "Whose load it is")
    intervals = intervals_of(result, *([] if compare is None else [compare]))
    loads = Loads(result, intervals)
    if not loads.arrays:
        section.say("No facility of this scenario served anybody.")
        return section
    shares = [found for group in groups for found in _shares(loads, group)]
    if shares:
        _share_figure(section, result, shares, names, groups, who)
    else:
        section.say(
            "This scenario has no other people beside its groups in the same facilities, so shares of a load cannot be "
            "read off it."
        )
    _taken_by_others(section, result, names)
    if compare is not None:
        _compared(section, result, compare, names, loads, Loads(compare, intervals))
    return section


def _shares(loads: Loads, group: str) -> list[Share]:
    """The group's share of every facility that others use too; nights count for places, people served elsewhere."""
    found = []
    for where in sorted({key.where for key in loads.arrays}):
        measure = next((name for name in ("nights", "served") if loads.whole(where, name).any()), None)
        if measure is None:
            continue
        mine, all_of_it = loads.get(where, measure, group), loads.whole(where, measure)
        if not mine.any() or np.allclose(mine, all_of_it):
            continue
        weeks = busiest(mine, loads.days)
        first, last = loads.starts[weeks][0].item(), loads.starts[weeks][-1].item()
        end = last + timedelta(days=int(loads.days[weeks][-1]) - 1)
        busy = _share(mine[weeks].sum(axis=0), all_of_it[weeks].sum(axis=0))
        run = _share(mine.sum(axis=0), all_of_it.sum(axis=0))
        if busy is not None and run is not None:
            middle = [float(np.median(item.sum(axis=0))) for item in (mine, all_of_it)]
            found.append(Share(where, measure, group, period(first, end), (end - first).days + 1, busy, run, *middle))
    return sorted(found, key=lambda share: (-share.busy["median"], share.where))


def _share(mine: Any, whole: Any) -> dict[str, float] | None:
    used = whole > 0
    return spread_of(np.clip(mine[used] / whole[used], 0, 1)) if used.any() else None


def _share_figure(
    section: Section, result: Reading, shares: Sequence[Share], names: Names, groups: Sequence[str], who: str
) -> None:
    chosen = sorted(shares, key=lambda share: -share.busy["median"])[:10]
    panels = {"In the weeks in which most of its load falls": "busy", "In the whole run": "run"}
    rows = [
        {
            "panel": panel,
            "label": names.facility(share.where) + ("" if len(groups) == 1 else f", {plain(share.level)}"),
            **{key: getattr(share, column)[key] for key in ORDER},
            "text": f"{percent(getattr(share, column)['median'])} ({_ends(getattr(share, column))})"
            + (f", {share.days} days" if column == "busy" and share.days != LENGTH else ""),
            "soft": False,
        }
        for panel, column in panels.items()
        for share in chosen
    ]
    title = f"Share of each facility's work due to {who}"
    text = (
        "Share of the people served (gates, desks, dockets) or of the nights (shelters, custody). The rest is other "
        f"groups and other people's cases. The weeks differ from facility to facility (dates in the table below); they "
        f"are four, or more where results were recorded more coarsely. The run ends on "
        f"{day(result.scenario.end)}. Point: median; thick line: half of the runs; thin: nine in ten. Facilities that "
        "only this group uses in the model are left out."
    )
    label = f"{title}. {text} The numbers are in the table below."
    frame = pl.DataFrame(rows)
    heads = (
        "facility",
        "counted",
        "group",
        "busiest weeks",
        "share in them",
        "share in the run",
        "of the group",
        "of all",
    )
    table = Table(
        f"Data: {title}: median (nine runs in ten)",
        heads,
        [
            [
                names.facility(share.where),
                MEASURES.get(share.measure, share.measure),
                plain(share.level),
                share.weeks,
                f"{percent(share.busy['median'])} ({_ends(share.busy)})",
                f"{percent(share.run['median'])} ({_ends(share.run)})",
                count(share.amount),
                count(share.total),
            ]
            for share in shares
        ],
        frozenset({4, 5, 6, 7}),
        file="load.csv",
    )
    top = max([0.05, *(row["high90"] for row in rows)])
    section.blocks.append(
        Figure(
            "load",
            title,
            drawing.svg(charts.intervals(frame, drawing.WIDE, "%", top), label, "load-w"),
            drawing.svg(charts.intervals(frame, drawing.NARROW, "%", top), label, "load-n"),
            text,
            table,
        )
    )


def _ends(row: dict[str, float]) -> str:
    return span(row["low90"], row["high90"], "share").replace(" to ", "–")


def _taken_by_others(section: Section, result: Reading, names: Names) -> None:
    """Beds that others hold are no nights of anybody simulated."""
    held = [
        key
        for key, facility in sorted((result.scenario.facilities or {}).items())
        if field(facility, "others") is not None
        or any(field(item, "others") is not None for item in field(facility, "beds") or ())
    ]
    if held:
        kinds = sorted({names.facility(key) for key in held})
        some = ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more" if len(kinds) > 3 else "")
        section.say(
            f"In {some} other people hold a part of the places all the time. These places are taken off the capacity; "
            "the nights of these people are not counted, so they stand in no share above.",
            "Places taken by others.",
        )


def _compared(section: Section, result: Reading, compare: Reading, names: Names, ours: Loads, theirs: Loads) -> None:
    """Differences from another policy, paired by replicate: one row per facility, the largest first."""
    pairs = min(ours.replicates, theirs.replicates)
    kinds = {key: str(field(item, "kind", "")) for key, item in (result.scenario.facilities or {}).items()}
    rows: list[tuple[float, list[str]]] = []
    for where in sorted({key.where for key in (*ours.arrays, *theirs.arrays)}):
        cells, size = [], 0.0
        for measure in COMPARED:
            difference = ours.whole(where, measure)[:, :pairs] - theirs.whole(where, measure)[:, :pairs]
            per_run = difference.sum(axis=0) if measure in ("served", "nights", "nights_no_bed") else _most(difference)
            row = spread_of(per_run)
            if max(abs(row["low90"]), abs(row["high90"])) < 0.5:
                cells.append("")
                continue
            size = max(size, abs(row["median"]))
            cells.append(f"{_signed(row['median'])} ({_signed(row['low90'])} to {_signed(row['high90'])})")
        if any(cells) and kinds.get(where, "gate"):
            rows.append((size, [names.facility(where), *cells]))
    title = f"Difference from the policy “{plain(compare.policy)}”"
    if not rows:
        section.say(f"{title}: none in any facility.")
        return
    luck = (
        "with the same seed, so that each run is compared with its own twin"
        if result.seed == compare.seed
        else "with different seeds, so that the differences hold luck too"
    )
    fewer = "" if ours.replicates == theirs.replicates else ", those that both have"
    section.say(
        f"{sentence(some(pairs, 'pair'))} of runs{fewer}, {luck}; everybody counts, other people's cases included. "
        "Sums are over the whole run; “at most” is the day on which the difference is largest. Largest differences "
        "first; no entry: no difference.",
        f"{title}.",
    )
    ordered = [cells for _, cells in sorted(rows, key=lambda row: (-row[0], row[1][0]))]
    kept = [i for i in range(len(ordered[0])) if any(cells[i] for cells in ordered)]
    heads = ("facility", *COMPARED.values())
    table = Table(
        f"{title}: median (nine runs in ten)",
        [heads[i] for i in kept],
        [[cells[i] or "–" for i in kept] for cells in ordered],
        frozenset(range(1, len(kept))),
        file="difference.csv",
    )
    section.blocks.append(table)


def _most(difference: Any) -> Any:
    """The largest difference of each run over its intervals, with its sign."""
    at = np.abs(difference).argmax(axis=0)
    return difference[at, np.arange(difference.shape[1])]


def _signed(value: float) -> str:
    text = count(value)
    return text if value <= 0 or text == "0" else f"+{text}"
