"""Claims of a scenario pooled into one of its numbers, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from posada.evidence import Opinion, PoolError, pool
from posada.scenario import Number, Quantity, Scenario


def pooled_quantity(
    scenario: Scenario, path: str, weights: Mapping[str, float], keep: float = 0.0
) -> tuple[Quantity, tuple[str, ...]]:
    """The number at a path as claims say it, and how it was made; PoolError if it cannot be.

    `weights`: claims by id; without any, those that the number cites, with equal weights. `keep`: the weight of what
    the number is now.
    """
    numbers = scenario.numbers()
    if path not in numbers:
        from posada.scenario import nearest_path

        near = nearest_path(path, numbers)
        raise PoolError(f"there is no number {path!r}" + (f"; did you mean {near!r}?" if near else ""))
    number = numbers[path]
    now = quantity_of(number)
    chosen = dict(weights) or dict.fromkeys(now.evidence if now else (), 1.0)
    if not chosen:
        raise PoolError(f"{path} cites no claim; name some with --claim ID=WEIGHT")
    unknown = sorted(key for key in chosen if key not in scenario.evidence)
    if unknown:
        raise PoolError(f"the ledger has no claim {', '.join(unknown)}")
    if keep > 0 and now is None:
        raise PoolError(f"{path} is not one number now, so it cannot be kept as an opinion")
    present = opinion_of(now, keep) if now and keep > 0 else None
    made = pool([scenario.evidence[key] for key in chosen], chosen, present, number.role in ("capacity", "count"))
    return Quantity(
        made.value, made.low, made.high, None, made.evidence, note="pooled: " + "; ".join(made.steps)
    ), made.steps


def quantity_of(number: Number) -> Quantity | None:
    """The quantity that a number is, if it is one throughout."""
    what = number.entries[0].what
    return what if len(number.entries) == 1 and isinstance(what, Quantity) else None


def opinion_of(now: Quantity, weight: float) -> Opinion:
    """What a number is at present, as an opinion."""
    low = now.value if now.low is None else now.low
    high = now.value if now.high is None else now.high
    return Opinion("present", low, now.value, high, weight)
