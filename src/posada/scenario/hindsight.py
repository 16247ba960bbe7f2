"""A scenario without what became known after a date."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from posada.evidence import Evidence

from .model import Observation
from .quantity import Entry, Number, Quantity
from .scenario import Scenario
from .walking import field_names, map_numbers


def forget(scenario: Scenario, day: date) -> Scenario:
    """The scenario as it could have been written on a day."""
    dropped = {key for key, claim in scenario.evidence.items() if not was_published(claim, day)}
    kept = {
        "policies": {key: p for key, p in scenario.policies.items() if p.known_from is None or p.known_from <= day},
        "observations": {key: o for key, o in scenario.observations.items() if was_known(scenario, o, day)},
        "evidence": {key: claim for key, claim in scenario.evidence.items() if key not in dropped},
    }
    remembered = map_numbers(scenario.replace(**kept), lambda number: as_believed(number, day))
    without: Scenario = without_evidence(remembered, dropped)
    return without


def was_published(claim: Evidence, day: date) -> bool:
    """Whether a claim was public on a day; one without a date of publication counts from its first day."""
    since = claim.published or claim.from_
    return since is None or since <= day


def was_known(scenario: Scenario, observation: Observation, day: date) -> bool:
    """Whether an observation was there on a day."""
    since = known_since(scenario, observation)
    return since is None or since <= day


def known_since(scenario: Scenario, observation: Observation) -> date | None:
    """When an observation became known: `as_of`, else its last day and the delay of its source after it."""
    if observation.as_of or observation.to is None:
        return observation.as_of
    source = scenario.sources.get(observation.source or "")
    return observation.to + timedelta(days=source.delay_days if source else 0)


def as_believed(number: Number, day: date) -> Number:
    """The number as it was believed: later dated entries fall away, values fall back to what was known."""
    entries = [number.entries[0], *(entry for entry in number.entries[1:] if entry_known(entry, day))]
    believed = tuple(replace(entry, what=believe(entry.what, day)) for entry in entries)
    return number if believed == number.entries else replace(number, entries=believed)


def entry_known(entry: Entry, day: date) -> bool:
    """Whether a dated entry was known on a day, at least in some version."""
    what = entry.what
    if isinstance(what, str) or what.known_from is None or what.known_from <= day:
        return True
    return any(known.known_from <= day for known in what.known)


def believe(what: Quantity | str, day: date) -> Quantity | str:
    """A quantity as it was believed on a day: the newest of `known` and itself, else its earliest belief."""
    if isinstance(what, str):
        return what
    own = what.known_from or date.min
    past = [known for known in what.known if known.known_from <= day]
    newest = past[-1] if past else None
    if own <= day and (newest is None or newest.known_from < own):
        return replace(what, known=())
    if newest is None:
        newest = what.known[0] if what.known else None
    if newest is None:
        return what
    return replace(
        what,
        value=newest.value,
        low=newest.low,
        high=newest.high,
        evidence=newest.evidence,
        known=(),
        claims=(),
        known_from=newest.known_from,
    )


def without_evidence(part: Any, dropped: set[str]) -> Any:
    """The same thing with the ids of dropped claims taken out wherever they are cited."""
    if isinstance(part, dict):
        return {key: without_evidence(value, dropped) for key, value in part.items()}
    if isinstance(part, tuple):
        return tuple(without_evidence(value, dropped) for value in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    new = {name: without_evidence(getattr(part, name), dropped) for name in field_names(type(part))}
    if isinstance(new.get("evidence"), tuple):
        new["evidence"] = tuple(key for key in new["evidence"] if key not in dropped)
    return replace(part, **new)
