"""A scenario: everything about one situation. Immutable; what-ifs are new scenarios."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from posada.evidence import Evidence
from posada.words import Told

from .model import (
    Change,
    Facility,
    Group,
    Headline,
    Link,
    Mode,
    Movement,
    Observation,
    OutcomeKind,
    Pathway,
    Place,
    Policy,
    Price,
    Record,
    Source,
    Statement,
)
from .quantity import Number, Quantity
from .steps import Step
from .walking import canonical, field_names, find_numbers, map_numbers

if TYPE_CHECKING:
    from .problems import Problem

Value = float | int | str | Quantity
"""What a number may be changed to: a plain value, a quantity, or text as it would stand in scenario.yaml."""

LATER = ("movement", "prices", "currency", "statements", "course", "sources")
"""Parts that came later: a scenario without them has the hash that it always had."""

Edit = tuple[str, ...] | tuple[str, str, float | str]
"""A change since the files were read.

`("change", path, value)`, `("as_known_on", date)`, `("until", date)`, `("by_claims_of", side)`, or
`("policies", name, text)`, the text of a file of policies.
"""


@dataclass(frozen=True)
class Scenario:
    """All dictionaries are keyed by id and sorted by it; the steps of a pathway keep their order."""

    title: str
    start: date
    end: date
    time_zone: str
    summary: str | None = None
    law_as_of: date | None = None
    sensitivity: str = "internal"
    record: Record = field(default_factory=Record)
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quantities: dict[str, Number] = field(default_factory=dict)
    modes: dict[str, Mode] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    facilities: dict[str, Facility] = field(default_factory=dict)
    pathways: dict[str, Pathway] = field(default_factory=dict)
    outcomes: dict[str, OutcomeKind] = field(default_factory=dict)
    movement: dict[str, Movement] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    course: tuple[Change, ...] = ()
    """Changes that are part of the scenario itself: they always apply, before those of policies."""
    headlines: dict[str, Headline] = field(default_factory=dict)
    prices: dict[str, Price] = field(default_factory=dict)
    currency: str = ""
    statements: dict[str, Statement] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    words: dict[str, Told] = field(default_factory=dict, compare=False)
    """What texts, numbers and groups are called in other languages: the rows of words.csv."""
    folder: Path = field(default=Path(), compare=False)
    tables: tuple[str, ...] = field(default=(), compare=False)
    """Names of further tables in the folder that were read: arrivals, and observed lengths of time."""
    edits: tuple[Edit, ...] = field(default=(), compare=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content; formatting, comments, and the order of keys and rows do not matter."""
        names = [name for name in field_names(Scenario) if name not in LATER or getattr(self, name)]
        parts = {name: canonical(getattr(self, name)) for name in names}
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def numbers(self) -> dict[str, Number]:
        """Every number by its path for policies, sorted by path. The numbers of policies are not among them."""
        parts = (
            self.quantities,
            self.modes,
            self.groups,
            self.places,
            self.links,
            self.movement,
            self.facilities,
            self.pathways,
        )
        return {number.path: number for number in sorted(find_numbers(parts), key=lambda number: number.path)}

    def steps(self) -> dict[str, Step]:
        """Every step by its full address `pathway.step`."""
        return {f"{name}.{step.id}": step for name, pathway in self.pathways.items() for step in pathway.steps}

    def called(self, address: str) -> Told | None:
        """What words.csv calls a number or a group by its address, such as `quantities.gate_slots`; None if nothing."""
        return self.words.get(address)

    def change(self, path: str, value: Value) -> Scenario:
        """Another scenario in which the number at a path is this value throughout; ScenarioErrors if it cannot be."""
        from .changes import number_to_set

        new = number_to_set(self, path, value)
        changed = map_numbers(self, lambda number: new if number.path == new.path else number)
        return changed.replace(edits=(*self.edits, ("change", path, as_stated(value))))

    def changes(self, policies: Sequence[str] = (), sets: Sequence[str] = ()) -> tuple[Change, ...]:
        """The scenario's own course, the changes of policies, then those of texts `PATH=VALUE`, in order.

        ScenarioErrors if some cannot be.
        """
        from .changes import resolve_changes

        return (*self.course, *resolve_changes(self, policies, sets))

    def changes_from(
        self, day: date, policies: Sequence[str] = (), sets: Sequence[str] = (), before: Sequence[str] = ()
    ) -> tuple[Change, ...]:
        """The changes of policies and texts as they act from a day on, after texts that applied before it.

        ScenarioErrors if some cannot be, such as those of what is fixed at the outset.
        """
        from .changes import changes_from

        return changes_from(self, day, policies, sets, before)

    def remarks(self, policies: Sequence[str] = (), sets: Sequence[str] = ()) -> list[str]:
        """What one should know of changes: dated values that a text replaces, changes that never act."""
        from .changes import remarks, resolve_changes

        return remarks(self, resolve_changes(self, policies, sets))

    def as_known_on(self, day: date) -> Scenario:
        """The scenario as it could have been written on a day."""
        from .hindsight import forget

        return forget(self, day).replace(edits=(*self.edits, ("as_known_on", day.isoformat())))

    def by_claims_of(self, side: str) -> Scenario:
        """The scenario with one side's numbers wherever a quantity is contested; ScenarioErrors if it has none."""
        from .sides import take_side

        return take_side(self, side).replace(edits=(*self.edits, ("by_claims_of", side)))

    def sides(self) -> dict[str, list[str]]:
        """The sides whose numbers are stated, with the paths of the quantities that they contest."""
        from .sides import sides

        return sides(self)

    def with_policies(self, file: str | os.PathLike[str]) -> Scenario:
        """The scenario with the policies of a file beside its own; ScenarioErrors tells all that is wrong with them."""
        from .policy_files import read_policies

        path = Path(file)
        return read_policies(self, path.name, path)

    def until(self, day: date) -> Scenario:
        """The scenario up to the midnight with which a day begins; ValueError if that is not within its time."""
        from .until import end_before

        return end_before(self, day).replace(edits=(*self.edits, ("until", day.isoformat())))

    def edited(self, edits: Sequence[Edit]) -> Scenario:
        """The scenario after edits, in order; ScenarioErrors if one cannot be made."""
        found = self
        for kind, *values in edits:
            if kind == "by_claims_of":
                found = found.by_claims_of(str(values[0]))
            elif kind == "policies":
                from .policy_files import add_policies

                found = add_policies(found, str(values[0]), str(values[1]))
            elif kind in ("as_known_on", "until"):
                day = date.fromisoformat(str(values[0]))
                found = found.until(day) if kind == "until" else found.as_known_on(day)
            else:
                found = found.change(str(values[0]), values[1])
        return found

    def check(self) -> list[Problem]:
        """Warnings and notes: nothing that stops a run (mistakes that do are raised by `load`)."""
        from .notes import notes

        return notes(self)

    def replace(self, **parts: object) -> Scenario:
        """Another scenario with some parts exchanged; nothing is checked."""
        return replace(self, **parts)  # type: ignore[arg-type]


def as_stated(value: Value) -> float | str:
    """A value as a number, or as text that would stand in scenario.yaml."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Quantity):
        return float(value)
    parts = {field.name: getattr(value, field.name) for field in fields(value) if field.name != "known"}
    known = [{field.name: getattr(k, field.name) for field in fields(k)} for k in value.known]
    stated = {key: part for key, part in {**parts, "known": known}.items() if part not in (None, (), [])}
    return json.dumps(stated, default=str, ensure_ascii=False)
