"""Every number of a scenario, found or replaced wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any, TypeVar

from .quantity import Number

T = TypeVar("T")


FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def field_names(kind: type) -> tuple[str, ...]:
    """The names of a dataclass's fields that belong to its content; found once per class."""
    if kind not in FIELD_NAMES:
        FIELD_NAMES[kind] = tuple(field.name for field in fields(kind) if field.compare)
    return FIELD_NAMES[kind]


DEFAULTS: dict[type, dict[str, Any]] = {}


def defaults(kind: type) -> dict[str, Any]:
    """What the fields of a dataclass hold if nothing is said; a new word of the language then changes no hash."""
    if kind not in DEFAULTS:
        found: dict[str, Any] = {}
        for field in fields(kind):
            if field.default is not MISSING:
                found[field.name] = field.default
            elif field.default_factory is not MISSING:
                found[field.name] = field.default_factory()
        DEFAULTS[kind] = found
    return DEFAULTS[kind]


def find_numbers(part: object) -> Iterator[Number]:
    """All numbers within dataclasses, dictionaries and tuples."""
    if isinstance(part, Number):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from find_numbers(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from find_numbers(value)
    elif is_dataclass(part):
        for name in field_names(type(part)):
            yield from find_numbers(getattr(part, name))


def map_numbers(part: T, change: Callable[[Number], Number]) -> T:
    """The same thing with every number changed; parts without a change are shared, not copied."""
    return _map(part, change)  # type: ignore[no-any-return]


def _map(part: Any, change: Callable[[Number], Number]) -> Any:
    if isinstance(part, Number):
        return change(part)
    if isinstance(part, dict):
        new = {key: _map(value, change) for key, value in part.items()}
        return new if any(new[key] is not part[key] for key in new) else part
    if isinstance(part, tuple) and not hasattr(part, "_fields"):
        items = [_map(value, change) for value in part]
        return tuple(items) if any(a is not b for a, b in zip(items, part, strict=True)) else part
    if is_dataclass(part) and not isinstance(part, type):
        changed = {name: _map(getattr(part, name), change) for name in field_names(type(part))}
        changed = {name: value for name, value in changed.items() if value is not getattr(part, name)}
        return replace(part, **changed) if changed else part
    return part


def canonical(part: Any) -> Any:
    """Plain lists and dictionaries of the content of a part, without positions in files."""
    if part is None or isinstance(part, str | int | float):
        return part
    if isinstance(part, dict):
        return {key: canonical(value) for key, value in part.items()}
    if isinstance(part, tuple):
        return [canonical(value) for value in part]
    if is_dataclass(part):
        usual = defaults(type(part))
        named = {name: value for name in field_names(type(part)) if (value := getattr(part, name)) != usual.get(name)}
        return {type(part).__name__: {name: canonical(value) for name, value in named.items()}}
    return str(part)
