"""What was said and counts can test: consistent with the model, not consistent, or not testable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posada.results.headlines import values_of
from posada.results.result import Result
from posada.scenario import Headline, Statement

CONSISTENT, NOT_CONSISTENT, NOT_TESTABLE = "consistent", "not consistent", "not testable"
LEAST = 0.05
"""A statement that holds in fewer of the runs than this is not consistent with them."""


@dataclass(frozen=True)
class Verdict:
    """What the runs say of a statement: the number that tests it with its 90 % interval, and in how many it holds."""

    statement: Statement
    verdict: str
    who: str = ""
    headline: Headline | None = None
    median: float | None = None
    low90: float | None = None
    high90: float | None = None
    holds: float | None = None


def verdicts(result: Result) -> list[Verdict]:
    """Every statement of the scenario against a result. Intent, generosity and rights are never scored."""
    return [verdict_on(result, statement) for statement in result.scenario.statements.values()]


def verdict_on(result: Result, statement: Statement) -> Verdict:
    """One statement against a result."""
    claims = [result.scenario.evidence[key] for key in statement.evidence]
    who = "; ".join(dict.fromkeys(claim.claimant_org or claim.claimant_role or "" for claim in claims))
    if statement.headline is None:
        return Verdict(statement, NOT_TESTABLE, who)
    headline = result.scenario.headlines[statement.headline]
    values = np.asarray(values_of(result, headline), dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return Verdict(statement, NOT_TESTABLE, who, headline)
    true = values > statement.over if statement.over is not None else values < (statement.under or 0.0)
    low, median, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    holds = float(true.mean())
    return Verdict(statement, CONSISTENT if holds >= LEAST else NOT_CONSISTENT, who, headline, median, low, high, holds)
