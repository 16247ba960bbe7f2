"""What the report reads: the shape of a result, addresses, and the names that stand for ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import polars as pl

from posada.scenario import Series, parse_series
from posada.words import can_say, say, told


class ResultLike(Protocol):
    """The part of `posada.results.Result` that the report reads (tables as in docs/results.md)."""

    @property
    def scenario(self) -> Any: ...  # noqa: D102
    @property
    def stocks(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def flows(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def waits(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def outcomes(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def quantities(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def background(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def policy(self) -> str: ...  # noqa: D102
    @property
    def replicates(self) -> int: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def hash(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def command(self) -> str: ...  # noqa: D102

    def headlines(self) -> Sequence[Mapping[str, Any]]: ...  # noqa: D102
    def series(self, address: str, from_: date | None = None, to: date | None = None) -> pl.DataFrame: ...  # noqa: D102
    def checks(self) -> Sequence[Mapping[str, Any]]: ...  # noqa: D102
    def assumptions(self) -> Sequence[Mapping[str, Any]]: ...  # noqa: D102


def parse_address(text: str) -> Series:
    """Take an address apart; what cannot be read becomes a series with an empty `where`."""
    try:
        return parse_series(text)
    except ValueError:
        return Series(text.strip(), "")


def field(row: Any, name: str, default: Any = None) -> Any:
    """Read `name` of a mapping, a model or a named tuple alike; `from` is also found as `from_`."""
    for key in (name, f"{name}_"):
        if isinstance(row, Mapping):
            if key in row and row[key] is not None:
                return row[key]
        elif getattr(row, key, None) is not None:
            return getattr(row, key)
    return default


class Names:
    """The names of a scenario's places, facilities, links, outcomes and groups, for people to read."""

    def __init__(self, scenario: Any, public: bool = False) -> None:
        self.scenario = scenario
        self.public = public or str(field(scenario, "sensitivity", "internal")) == "public"

    def _named(self, things: Any, identifier: str, key: str = "name") -> str:
        thing = (things or {}).get(identifier)
        return told(field(thing, key, "") or plain(identifier)) if thing is not None else plain(identifier)

    def place(self, identifier: str) -> str:
        """Name of a place."""
        return self._named(self.scenario.places, identifier)

    def facility(self, identifier: str) -> str:
        """Name of a facility; one that is not publicly listed stays unnamed in a public report."""
        facility = (self.scenario.facilities or {}).get(identifier)
        if facility is None:
            shelter, sign, bed_class = identifier.partition("/")
            return f"{self.facility(shelter)}, {level(bed_class)}" if sign else plain(identifier)
        if self.public and field(facility, "restricted", False):
            return say("name.unlisted")
        return self._named(self.scenario.facilities, identifier)

    def group(self, identifier: str) -> str:
        """What a group is called."""
        return self._called(f"groups.{identifier}") or plain(identifier)

    def number(self, path: str, whole: bool = False) -> str:
        """What a number is called, if the scenario names it (`whole`: with its path behind); else its path."""
        name = self._called(path) or self._composed(path)
        shown = self.path(path).removeprefix("" if whole else "quantities.")
        return (f"{name} ({shown})" if whole else name) if name else shown

    def _composed(self, path: str) -> str:
        """A number of a facility or group by what that is called; empty for others."""
        kind, _, rest = path.partition(".")
        identifier, _, end = rest.partition(".")
        key = f"app.lever.{end.rpartition('.')[2]}"
        things = {"facilities": self.facility, "groups": self.group}
        if kind not in things or not can_say(key) or "." in end:
            return ""
        return f"{things[kind](identifier)}: {say(key)}"

    def _called(self, address: str) -> str:
        return told((field(self.scenario, "words") or {}).get(address, ""))

    def outcome(self, identifier: str) -> str:
        """Label of an outcome."""
        return self._named(self.scenario.outcomes, identifier, "label")

    def policy(self, identifier: str) -> str:
        """Title of a policy, or its id as words; nothing for the scenario as it stands."""
        if identifier in ("", "as-stated"):
            return ""
        policy = (field(self.scenario, "policies") or {}).get(identifier)
        return told(field(policy, "title", "")) or plain(identifier)

    def where(self, identifier: str) -> str:
        """Name of whatever an address may point to."""
        scenario = self.scenario
        if identifier.partition("/")[0] in (scenario.facilities or {}) and "." not in identifier:
            return self.facility(identifier)
        if identifier in (scenario.places or {}):
            return self.place(identifier)
        link = (scenario.links or {}).get(identifier)
        if link is not None:
            return say("name.link", start=self.place(str(field(link, "from"))), end=self.place(str(field(link, "to"))))
        if ">" in identifier:
            start, _, end = identifier.partition(">")
            return say("name.link", start=self.place(start), end=self.place(end))
        if identifier in (scenario.outcomes or {}):
            return self.outcome(identifier)
        return identifier if "." in identifier else plain(identifier)

    def series(self, text: str) -> str:
        """An address in words: `waiting:gate{group=caravan}` -> people waiting at Gate, caravan."""
        address = parse_address(text)
        if not can_say(f"event.{address.verb}"):
            return text
        where = (
            self._step(address.where) if address.verb in ("took", "parted", "rejoined") else self.where(address.where)
        )
        words = say(f"event.{address.verb}", where=where)
        if not address.attribute:
            return words
        who = (
            self.group(address.level or "")
            if address.attribute == "group"
            else f"{level(address.attribute)}: {level(address.level or '')}"
        )
        return f"{words} ({who})"

    def _step(self, identifier: str) -> str:
        """`pathway.step/option` in words: at “way from Mexico City” (road centre): train."""
        step, _, option = identifier.partition("/")
        stage, _, name = step.partition(".")
        name = plain(name)
        for place in sorted(self.scenario.places or {}, key=len, reverse=True):
            name = name.replace(plain(place), self.place(place)) if plain(place) in name else name
        where = say("name.step", step=name, stage=plain(stage)) if name else say("name.stage", stage=plain(stage))
        return f"{where}: {plain(option)}" if option else where

    def path(self, text: str) -> str:
        """The path of a number; in a public report without the ids of facilities that are not publicly listed."""
        kind, _, rest = text.partition(".")
        identifier, _, key = rest.partition(".")
        facility = (self.scenario.facilities or {}).get(identifier) if kind == "facilities" else None
        if facility is None or not self.public or not field(facility, "restricted", False):
            return text
        return f"facilities.({say('name.not-listed')}).{key}"


def plain(identifier: str) -> str:
    """An id as words: hyphens and underscores become spaces."""
    return identifier.replace("-", " ").replace("_", " ")


def level(identifier: str) -> str:
    """A level of an attribute (`families`), an attribute, a mode or a unit in words; as words of its own if unknown."""
    key = f"level.{identifier.replace(' ', '-')}"
    return say(key) if can_say(key) else plain(identifier)
