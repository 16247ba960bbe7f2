"""The load that a group adds to each facility: its share, and the difference from a world without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from posada.report import charts
from posada.report.blocks import Section, Table
from posada.report.figures import ORDER, drawn
from posada.report.inputs import Names, field, plain
from posada.report.loads import LENGTH, Loads, busiest, intervals_of, spread_of
from posada.report.reading import Reading
from posada.report.words import between, count, day, listed, percent, period, with_ends
from posada.words import say

COMPARED = ("served", "nights", "nights_no_bed", "waiting", "occupied")
"""What a policy may change at a facility."""
SUMS = ("served", "nights", "nights_no_bed")
"""Of these the whole run's sum is compared; of the others the largest difference on one day."""


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
    """Another policy beside this one, with where the queue moved; and whose the load of each facility is."""
    groups = result.groups
    who = say("load.the-group", group=names.group(groups[0])) if len(groups) == 1 else say("load.each-group")
    title = say("load.section") if compare is not None else say("load.section-alone")
    section = Section("load", title)
    intervals = intervals_of(result, *([] if compare is None else [compare]))
    loads = Loads(result, intervals)
    if not loads.arrays:
        section.say(say("load.nobody"))
        return section
    if compare is not None:
        _compared(section, result, compare, names, loads, Loads(compare, intervals))
    else:
        section.say(say("load.not-compared"), style="note")
    shares = [found for group in groups for found in _shares(loads, group)]
    if shares:
        _share_figure(section, result, shares, names, groups, who)
    else:
        section.say(say("load.no-others"))
    _taken_by_others(section, result, names)
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
    rows = [
        {
            "panel": say(f"load.panel-{column}"),
            "label": names.facility(share.where) + ("" if len(groups) == 1 else f", {plain(share.level)}"),
            **{key: getattr(share, column)[key] for key in ORDER},
            "text": _told(getattr(share, column))
            + (f", {say('some.day', n=share.days)}" if column == "busy" and share.days != LENGTH else ""),
            "soft": False,
        }
        for column in ("busy", "run")
        for share in chosen
    ]
    title = say("load.title", who=who)
    keys = ("facility", "counted", "group", "weeks", "busy", "run", "mine", "whole")
    table = Table(
        say("load.data", title=title),
        tuple(say(f"load.head-{key}") for key in keys),
        [
            [
                names.facility(share.where),
                say(f"load.{share.measure}"),
                plain(share.level),
                share.weeks,
                _told(share.busy),
                _told(share.run),
                count(share.amount),
                count(share.total),
            ]
            for share in shares
        ],
        frozenset({4, 5, 6, 7}),
        file="load.csv",
    )
    top = max([0.05, *(row["high90"] for row in rows)])
    frame = pl.DataFrame(rows)
    text = say("load.text", day=day(result.scenario.end))
    section.blocks.append(drawn("load", title, text, lambda width: charts.intervals(frame, width, "%", top), table))


def _told(row: dict[str, float]) -> str:
    return with_ends(percent(row["median"]), row["low90"], row["high90"], "share")


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
        more = [say("load.more", count=len(kinds) - 3)] if len(kinds) > 3 else []
        section.say(say("load.others", shelters=listed([*kinds[:3], *more])), say("load.others-strong"))


def _compared(section: Section, result: Reading, compare: Reading, names: Names, ours: Loads, theirs: Loads) -> None:
    """Differences from another policy, paired by replicate: where the queue moved, and one row per facility."""
    pairs = min(ours.replicates, theirs.replicates)
    kinds = {key: str(field(item, "kind", "")) for key, item in (result.scenario.facilities or {}).items()}
    rows: list[tuple[float, list[str]]] = []
    for where in sorted({key.where for key in (*ours.arrays, *theirs.arrays)}):
        cells, size = [], 0.0
        for measure in COMPARED:
            difference = ours.whole(where, measure)[:, :pairs] - theirs.whole(where, measure)[:, :pairs]
            row = spread_of(difference.sum(axis=0) if measure in SUMS else _most(difference))
            if max(abs(row["low90"]), abs(row["high90"])) < 0.5:
                cells.append("")
                continue
            size = max(size, abs(row["median"]))
            ends = say("number.to", low=_signed(row["low90"]), high=_signed(row["high90"]))
            cells.append(f"{_signed(row['median'])} ({ends})")
        if any(cells) and kinds.get(where, "gate"):
            rows.append((size, [names.facility(where), *cells]))
    title = say("compared.title", policy=_policy(compare, names))
    if not rows:
        section.say(say("compared.none", title=title))
        return
    section.say(_moved(_queues(ours, theirs, pairs), names, _policy(compare, names)), say("compared.moved"))
    luck = say("compared.same-luck") if result.seed == compare.seed else say("compared.other-luck")
    fewer = "" if ours.replicates == theirs.replicates else say("compared.fewer")
    section.say(say("compared.text", n=pairs, count=f"{pairs:,}", fewer=fewer, luck=luck), f"{title}.")
    ordered = [cells for _, cells in sorted(rows, key=lambda row: (-row[0], row[1][0]))]
    kept = [i for i in range(len(ordered[0])) if any(cells[i] for cells in ordered)]
    heads = (say("head.facility"), *(say(f"compared.{measure}") for measure in COMPARED))
    table = Table(
        say("load.data", title=title),
        [heads[i] for i in kept],
        [[cells[i] or "–" for i in kept] for cells in ordered],
        frozenset(range(1, len(kept))),
        file="difference.csv",
    )
    section.blocks.append(table)


def moved(result: Reading, names: Names, compare: Reading) -> str:
    """Where the queue moved, in two sentences."""
    intervals = intervals_of(result, compare)
    pairs = min(max(result.replicates, 1), max(compare.replicates, 1))
    queues = _queues(Loads(result, intervals), Loads(compare, intervals), pairs)
    return f"{say('compared.title', policy=_policy(compare, names))}: {_moved(queues, names, _policy(compare, names))}"


def _queues(ours: Loads, theirs: Loads, pairs: int) -> dict[str, dict[str, float]]:
    """How much longer the queue of each facility is on the day on which that is most, run by run."""
    found = {}
    for where in sorted({key.where for key in (*ours.arrays, *theirs.arrays)}):
        difference = ours.whole(where, "waiting")[:, :pairs] - theirs.whole(where, "waiting")[:, :pairs]
        found[where] = spread_of(_most(difference))
    return found


def _policy(result: Reading, names: Names) -> str:
    return names.policy(result.policy) or say("made.as-it-stands")


def _moved(queues: dict[str, dict[str, float]], names: Names, policy: str) -> str:
    """Where the queue moved: the facility whose longest queue shrank most, and the one where it grew most."""
    told = []
    for key, row in (
        ("longer", max(queues.items(), key=lambda item: item[1]["median"], default=("", {"median": 0.0}))),
        ("shorter", min(queues.items(), key=lambda item: item[1]["median"], default=("", {"median": 0.0}))),
    ):
        where, ends = row
        if abs(ends["median"]) >= 0.5 and (ends["median"] > 0) == (key == "longer"):
            low, high = sorted((abs(ends["low90"]), abs(ends["high90"])))
            sure = ends["low90"] * ends["high90"] > 0
            size = abs(ends["median"])
            most = between(low, size, high) if sure else say("number.about", what=count(size))
            told.append(say(f"compared.{key}", facility=names.facility(where), people=most))
            if not sure:
                told[-1] += f" {say('compared.unsure')}"
    return " ".join(told) or say("compared.nowhere", policy=policy)


def _most(difference: Any) -> Any:
    """The largest difference of each run over its intervals, with its sign."""
    at = np.abs(difference).argmax(axis=0)
    return difference[at, np.arange(difference.shape[1])]


def _signed(value: float) -> str:
    text = count(value)
    return text if value <= 0 or text == "0" else f"+{text}"
