"""What each uncertain number of a scenario rests on: claims, an assumption, or nothing that is stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from posada.evidence import amount, who
from posada.scenario import Number, Quantity, Scenario, find_numbers

MINUS = "\u2212"
SIGNS = {1: "+", -1: MINUS, 0: "\u00b1"}
LEGEND = f"+ the answer rises with the number, {MINUS} it falls, \u00b1 neither, or both."
MOST_CLAIMS = 3


@dataclass(frozen=True)
class Support:
    """One uncertain number: its three points as stated (lengths of time in days), and what it rests on."""

    path: str
    kind: str
    value: float
    low: float
    high: float
    unit: str = ""
    evidence: tuple[str, ...] = ()
    assumed: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The path without what all named quantities share."""
        return self.path.removeprefix("quantities.")

    @property
    def stated(self) -> str:
        """`1.9 (1.3 to 2.5)`."""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g}){unit}"


def supports(scenario: Scenario) -> dict[str, Support]:
    """Every number that has a range, those of policies included, by its path."""
    found = {}
    for number in every_number(scenario):
        ranged = [q for q in stated(number) if q.low is not None]
        if ranged:
            found[number.path] = support(number, ranged)
    return found


def every_number(scenario: Scenario) -> tuple[Number, ...]:
    """The numbers of a scenario and those of its policies."""
    return (*scenario.numbers().values(), *find_numbers((scenario.policies, scenario.course)))


def stated(number: Number) -> Iterator[Quantity]:
    """The quantities of a number's dated list."""
    return (entry.what for entry in number.entries if isinstance(entry.what, Quantity))


def support(number: Number, ranged: list[Quantity]) -> Support:
    """What a number rests on; of a dated list it is assumed if one of its entries is."""
    first = ranged[0]
    assert first.low is not None
    assert first.high is not None
    assumed = next((q.assumed for q in ranged if q.assumed), None)
    claims = tuple(dict.fromkeys(e for q in ranged for e in q.evidence))
    scale = 86400.0 if number.role == "seconds" else 1.0
    return Support(
        number.path,
        "assumed" if assumed else "evidence" if claims else "unsourced",
        first.value / scale,
        first.low / scale,
        first.high / scale,
        "days" if scale != 1.0 else "",
        claims,
        assumed or "",
        first.note or "",
    )


def held_fixed(scenario: Scenario) -> int:
    """How many numbers are assumed without a range: they never vary, so nothing can tell what they drive."""
    numbers = scenario.numbers().values()
    return sum(any(q.assumed and q.low is None for q in stated(number)) for number in numbers)


def supported(support: Support, scenario: Scenario) -> str:
    """What a number rests on, in a line; sources that may not be named in public stay unnamed."""
    if support.kind == "assumed":
        return f"assumed: {support.assumed}"
    if support.kind == "unsourced":
        return "stated without a source"
    public = scenario.sensitivity == "public"
    claims = [scenario.evidence[e] for e in support.evidence if e in scenario.evidence]
    told = [": ".join(filter(None, (who(claim, public), amount(claim)))) for claim in claims[:MOST_CLAIMS]]
    more = f"; and {len(claims) - MOST_CLAIMS} more" if len(claims) > MOST_CLAIMS else ""
    return f"{len(claims)} claim{'s' if len(claims) != 1 else ''}: {'; '.join(told)}{more}"


def percent(share: float) -> str:
    """Whole per cent: shares are hardly known better."""
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{100 * max(share, 0.0):.0f} %"
