"""The steps of a pathway, one class for what each kind of step does. Targets are full addresses `pathway.step`."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import Instant
from .problems import NOWHERE, Spot
from .quantity import Duration, Number


@dataclass(frozen=True, slots=True)
class Travel:
    """Moves `along` a link, or `to` a place in the time that it `takes`, times `pace`."""

    along: str | None = None
    to: str | None = None
    takes: Duration | None = None
    pace: Duration | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """One of several things that may come first: `after` a duration, or `at` an instant."""

    name: str
    after: Duration | None
    at: Instant | None
    then: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Lets time pass: for a duration, until an instant or a minute of the day, or until the first of risks."""

    for_: Duration | None = None
    until: Instant | int | None = None
    first_of: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """Joins the shortest of some queues and is served there, or gives up."""

    at: tuple[str, ...]
    service: Duration | None = None
    gives_up_after: Duration | None = None
    gives_up_at: Instant | None = None
    gives_up_to: str | None = None
    refused_to: str | None = None
    gives_up_when: str | None = None
    with_: tuple[str, ...] = ()
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """Asks for a bed in the first of some shelters or camps, and goes on at once."""

    in_: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Takes a place in a holding or caseload, waiting for one unless `if_full` names another step."""

    in_: str
    if_full: str | None = None
    refused_to: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Gives back what is held at a facility, or `all`."""

    from_: str


@dataclass(frozen=True, slots=True)
class Option:
    """One way on from a branch (`share`; None is the rest) or a choice (`utility`, allowed `if_`)."""

    name: str
    then: str
    share: Number | None = None
    utility: Number | None = None
    if_: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """Goes on by chance."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """Goes on by decision: the largest utility, each with a Gumbel draw added."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Parts some members (classes, in `who`) from the party and sends them `to` a step."""

    who: tuple[str, ...]
    to: str
    at_most: Number | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rejoin:
    """Waits, for `at_most` a duration, for the parts of one's family; `at` moves them to a place to meet."""

    at_most: Duration | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Gather:
    """Waits for a share of the group, for `at_most` a duration."""

    share: Number
    at_most: Duration


@dataclass(frozen=True, slots=True)
class Set:
    """Sets attributes of the party to levels."""

    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Roam:
    """Chooses its way over the network `by` a movement until it comes to an open place of a kind in `ends`."""

    by: str
    ends: tuple[str, ...] = ()
    at_most: Duration | None = None
    at_most_to: str | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """Goes to the step's `then`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end."""

    name: str


Body = (
    Travel
    | Roam
    | Wait
    | Queue
    | Stay
    | Hold
    | Release
    | Branch
    | Choose
    | Split
    | Rejoin
    | Gather
    | Set
    | Go
    | Outcome
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `then` is a full address, None where the options or the end decide."""

    id: str
    kind: str
    body: Body
    then: str | None
    by: str | None = None
    daily: bool = False
    label: str | None = None
    law: str | None = None
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    note: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)

    def targets(self) -> tuple[str, ...]:
        """Every step that may come next."""
        found = [self.then]
        body = self.body
        if isinstance(body, Branch | Choose):
            found = [option.then for option in body.options]
        elif isinstance(body, Wait) and body.first_of:
            found = [risk.then for risk in body.first_of]
        elif isinstance(body, Queue):
            found.extend((body.gives_up_to, body.refused_to))
        elif isinstance(body, Roam):
            found.append(body.at_most_to)
        elif isinstance(body, Hold):
            found.extend((body.if_full, body.refused_to))
        elif isinstance(body, Split):
            found.append(body.to)
        return tuple(dict.fromkeys(target for target in found if target))
