"""Why a headline is what it is: the numbers that drive it, the claims these rest on, and what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from posada.evidence import Evidence, contradicting
from posada.results.drivers import ENOUGH, Coverage, Driven, Driver, coverage
from posada.results.folders import ResultError
from posada.results.headlines import concerns
from posada.results.sensitivity import Sensitivity, of_result
from posada.results.supports import Support, supports
from posada.scenario import Headline

if TYPE_CHECKING:
    from posada.results.result import Result

OURS = {
    "petition": "request asylum",
    "petitions": "request asylum",
    "petitioning": "request asylum",
    "apply for": "request",
    "admitted": "taken in",
    "processed": "taken in",
    "shelter": "bed",
    "jailed": "detained",
    "separated": "parted",
    "caught": "arrested",
}
"""Words that others use, and the words of posada for them."""


@dataclass(frozen=True)
class Said:
    """A claim, and claims on which the number does not rest that contradict it."""

    claim: Evidence
    against: tuple[Evidence, ...]


@dataclass(frozen=True)
class Step:
    """One number that drives the headline, what it rests on, and who says so."""

    driver: Driver
    support: Support
    claims: tuple[Said, ...]
    at_odds: tuple[str, ...] = ()
    """Ids of its claims that contradict one another."""


@dataclass(frozen=True)
class Why:
    """The way back from a headline."""

    headline: Driven
    row: dict[str, Any]
    rests: Coverage
    steps: tuple[Step, ...]
    others: tuple[Driver, ...]
    """Numbers with a smaller share that is told apart from nothing."""
    counts: tuple[dict[str, Any], ...]
    """Counts that concern the headline, beside what the model says."""
    claims_of_counts: dict[str, Evidence]
    also: tuple[str, ...]
    """Ids of other headlines that were meant as well."""
    sensitivity: Sensitivity
    public: bool


def why(result: Result, words: str, top: int = 5) -> Why:
    """Why a headline, named by id or by words of its label, is what it is.

    ResultError if there is no such headline, or if too few replicates tell what drives it.
    """
    meant = headlines_meant(result, words)
    found = of_result(result)
    if found is None:
        raise ResultError(too_few(result))
    known = {d.id: d for d in found.headlines}
    chosen = next((h for h in meant if h.id in known), None)
    if chosen is None:
        raise ResultError(f"the sensitivity beside the result does not tell of {meant[0].id!r}; make it again for all")
    driven = known[chosen.id]
    resting, ledger = supports(result.scenario), result.scenario.evidence
    out = [driver for driver in driven.drivers if driver.stands_out and driver.path in resting]
    steps = tuple(step_of(driver, resting[driver.path], ledger) for driver in out[:top])
    counts = tuple(row for row in result.checks() if concerns(row, chosen, result.scenario.start))
    return Why(
        driven,
        {"question": chosen.question, "series": chosen.series},
        coverage(driven, resting),
        steps,
        tuple(out[top:]),
        counts,
        {e: ledger[e] for row in counts for e in row["evidence"] if e in ledger},
        tuple(h.id for h in meant if h is not chosen),
        found,
        result.scenario.sensitivity == "public",
    )


def step_of(driver: Driver, support: Support, ledger: Mapping[str, Evidence]) -> Step:
    """A number with its claims; contradictions among them are told once."""
    own = [ledger[e] for e in support.evidence if e in ledger]
    against = {claim.id: contradicting(claim, ledger) for claim in own}
    said = tuple(Said(claim, tuple(o for o in against[claim.id] if o not in own)) for claim in own)
    at_odds = tuple(claim.id for claim in own if any(o in own for o in against[claim.id]))
    return Step(driver, support, said, at_odds)


def too_few(result: Result) -> str:
    """What to do about a result that does not tell what drives it."""
    name = result.folder or "RESULT"
    if result.replicates >= ENOUGH:
        return "what drives the headlines cannot be told from this result: its numbers were not drawn as stated"
    return (
        f"{result.replicates} replicates are too few to tell what drives a headline; it takes {ENOUGH}.\n"
        f"Run it with more, or make a sensitivity beside it: posada sensitivity {result.info.scenario} --out {name}"
    )


def headlines_meant(result: Result, words: str) -> list[Headline]:
    """The headlines that words may mean, the best first: an id, words of a label, then of a question, then spelling.

    ResultError, with the ids and labels that there are, if none is meant.
    """
    known = sorted(result.scenario.headlines.values(), key=lambda h: h.spot.line)
    text = " ".join(words.lower().split())
    for theirs, ours in OURS.items():
        text = " ".join(text.replace(theirs, ours).split()) if theirs not in " ".join(_labels(known)) else text
    exact = [h for h in known if h.id.lower() == words.strip().lower()]
    if exact:
        return exact
    tests: tuple[Callable[[Headline], bool], ...] = (
        lambda h: text in h.label.lower(),
        lambda h: all(word in f"{h.label} {h.id}".lower().replace("-", " ").split() for word in text.split()),
        lambda h: all(word in f"{h.label} {h.id}".lower() for word in text.split()),
        lambda h: text in (h.question or "").lower(),
        lambda h: all(word in f"{h.question} {h.label}".lower() for word in text.split()),
    )
    for test in tests:
        found = [h for h in known if text and test(h)]
        if found:
            return found
    near = get_close_matches(text, [*(h.id.lower() for h in known), *_labels(known)], 1, 0.6)
    found = [h for h in known if near and near[0] in (h.id.lower(), h.label.lower())]
    if found:
        return found
    raise ResultError("\n    ".join([f"no headline has the words {words!r}; there are", *listed(known)]))


def _labels(known: Sequence[Headline]) -> list[str]:
    return [h.label.lower() for h in known]


def listed(known: Sequence[Headline]) -> list[str]:
    """Ids and labels in columns."""
    width = max((len(h.id) for h in known), default=0)
    return [f"{h.id:{width}}  {h.label}" for h in known]
