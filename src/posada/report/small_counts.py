"""Small counts of real people that were not published stay out of what is sent on, also where subtraction would tell.

Simulated and published counts are exempt. A count is a sum of cells: the days of its interval (a flow) or its date (a
stock), by the level of an attribute. What is hidden must not follow from what is shown, nor may two counts that are
shown differ by a small number of people; until both hold, the smallest count that gives something away is hidden too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from posada.report.inputs import field, parse_address
from posada.report.words import as_date, as_number
from posada.scenario import STOCKS

LEAST = 5
"""People: from 1 to one less than this a count could tell of somebody."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Counted:
    """A count of real people: of what it is, its days, its number, and whether it was published."""

    id: str
    thing: str
    attribute: str
    level: str
    start: date
    end: date
    value: float
    published: bool

    @property
    def small(self) -> bool:
        """Whether it is of a few people, and nobody has published it."""
        return not self.published and 0 < self.value < LEAST


def hidden_counts(observations: Mapping[str, Any], evidence: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the observations that may not be shown."""
    things: dict[str, list[Counted]] = {}
    for key, row in observations.items():
        counted = _counted(key, row, evidence)
        if counted is not None:
            things.setdefault(counted.thing, []).append(counted)
    return frozenset(key for counts in things.values() for part in _overlapping(counts) for key in _hidden(part))


def is_published(row: Any, evidence: Mapping[str, Any]) -> bool:
    """Whether a count rests on a claim that was published and is not restricted."""
    claims = [evidence[key] for key in field(row, "evidence") or () if key in evidence]
    return any(
        field(claim, "published") and str(field(claim, "sensitivity", "")) not in ("restricted", "confidential")
        for claim in claims
    )


def _counted(key: str, row: Any, evidence: Mapping[str, Any]) -> Counted | None:
    series = parse_address(str(field(row, "series", "")))
    end = as_date(field(row, "to")) or as_date(field(row, "from"))
    numbers = [as_number(field(row, name)) for name in ("value", "high", "low")]
    value = next((number for number in numbers if number is not None), None)
    if series.verb == "wait" or end is None or value is None:
        return None
    start = end if series.verb in STOCKS else as_date(field(row, "from")) or end
    published = is_published(row, evidence)
    thing = f"{series.verb}:{series.where}"
    return Counted(key, thing, series.attribute or "", series.level or "", start, end, value, published)


def _overlapping(counts: Sequence[Counted]) -> Iterator[list[Counted]]:
    """Counts of one thing, in runs whose days overlap: those of different runs tell nothing of each other."""
    part: list[Counted] = []
    for count in sorted(counts, key=lambda count: (count.start, count.end, count.id)):
        if part and count.start > max(other.end for other in part):
            yield part
            part = []
        part.append(count)
    if part:
        yield part


def _hidden(counts: Sequence[Counted]) -> set[str]:
    """Those of one thing that may not be shown."""
    hidden = {count.id for count in counts if count.small}
    if not any(not count.published for count in counts):
        return hidden
    vectors = _vectors(counts)
    while True:
        more = _gives_away(counts, vectors, hidden)
        if more is None:
            return hidden
        hidden.add(more)


def _vectors(counts: Sequence[Counted]) -> Array:
    """Each count as a sum of cells; below them what holds of all cells: the levels of an attribute make the whole."""
    edges = sorted({count.start.toordinal() for count in counts} | {count.end.toordinal() + 1 for count in counts})
    kinds = sorted({(count.attribute, count.level) for count in counts} | {("", "")})
    cells = {(kind, edge): i for i, (kind, edge) in enumerate((kind, edge) for kind in kinds for edge in edges)}
    rows = np.zeros((len(counts), len(cells)))
    for i, count in enumerate(counts):
        for edge in edges:
            if count.start.toordinal() <= edge <= count.end.toordinal():
                rows[i, cells[(count.attribute, count.level), edge]] = 1.0
    wholes = []
    for attribute in sorted({count.attribute for count in counts} - {""}):
        for edge in edges:
            row = np.zeros(len(cells))
            row[cells[("", ""), edge]] = 1.0
            for kind in kinds:
                if kind[0] == attribute:
                    row[cells[kind, edge]] = -1.0
            wholes.append(row)
    return np.vstack([rows, *wholes])


def _gives_away(counts: Sequence[Counted], vectors: Array, hidden: set[str]) -> str | None:
    """The smallest count shown from which a hidden one, or a small difference, follows; None if nothing follows."""
    shown = [i for i, count in enumerate(counts) if count.id not in hidden]
    rules = range(len(counts), len(vectors))
    basis = vectors[[*shown, *rules]]
    targets = [vectors[i] for i, count in enumerate(counts) if count.small]
    targets += [_difference(vectors, counts, i, k) for i in shown for k in shown if _differs_little(counts, i, k)]
    for target in targets:
        if not len(basis):
            continue
        parts, *_ = np.linalg.lstsq(basis.T, target, rcond=None)
        if not np.allclose(basis.T @ parts, target, atol=1e-7):
            continue
        used = [counts[i] for i, part in zip(shown, parts, strict=False) if abs(part) > 1e-7]
        ours = [count for count in used if not count.published]
        if ours:
            return min(ours, key=lambda count: (count.value, count.id)).id
    return None


def _differs_little(counts: Sequence[Counted], i: int, k: int) -> bool:
    """Whether one count holds another and a few people more."""
    whole, part = counts[i], counts[k]
    inside = whole.start <= part.start and part.end <= whole.end
    of_it = inside and (whole.attribute, whole.level) in (("", ""), (part.attribute, part.level))
    unpublished = not (whole.published and part.published)
    return i != k and of_it and unpublished and 0 < whole.value - part.value < LEAST


def _difference(vectors: Array, counts: Sequence[Counted], i: int, k: int) -> Array:
    found: Array = vectors[i] - vectors[k]
    return found
