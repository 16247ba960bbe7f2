"""Addresses of series, `state-or-event:where{attribute=level}`: what they name, and whether it exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .model import CLASSES, PARTY_TYPES
from .problems import Problems, Spot, nearest
from .scenario import Scenario
from .steps import Branch, Choose, Rejoin, Split, Wait

ADDRESS = re.compile(r"([a-z_]+):([^{}]+?)(?:\{([a-z_]+)=([^{}=]+)\})?")
STOCKS = {
    "present": "place",
    "travelling": "link",
    "waiting": "facility",
    "all_waiting": "queue with background",
    "in_service": "desks",
    "occupied": "holder",
    "no_bed": "shelter",
    "in_stage": "pathway",
    "active": "chain",
    "apart": "chain",
    "children_apart": "chain",
}
FLOWS = {
    "arrived": "place",
    "left": "place",
    "travelled": "link",
    "joined": "facility",
    "served": "facility",
    "all_served": "queue with background",
    "gave_up": "facility",
    "refused": "waiting room",
    "interrupted": "desks",
    "moved_in": "holder",
    "moved_out": "holder",
    "stay_limit": "shelter",
    "nights": "holder",
    "nights_no_bed": "shelter",
    "set_out": "group",
    "took": "option",
    "parted": "split step",
    "rejoined": "rejoin step",
    "ended": "outcome",
}
WAITS = {"wait": "facility"}
VERBS = STOCKS | FLOWS | WAITS
HOLDERS = ("beds", "camp", "holding", "caseload")
STATISTICS_OF = {
    "sum": FLOWS,
    "last": STOCKS,
    "mean": STOCKS,
    "max": STOCKS,
    "chance_over": STOCKS,
    "days_over": STOCKS,
    "mean_days": WAITS,
    "p90_days": WAITS,
    "share": VERBS,
}


@dataclass(frozen=True, slots=True)
class Series:
    """A series by the parts of its address; `attribute` None is all people."""

    verb: str
    where: str
    attribute: str | None = None
    level: str | None = None

    @property
    def kind(self) -> str:
        """stock, flow or wait."""
        return "stock" if self.verb in STOCKS else "flow" if self.verb in FLOWS else "wait"


def parse_series(address: str) -> Series:
    """The parts of an address; ValueError if it is not one. Whether the parts exist is not checked."""
    match = ADDRESS.fullmatch(address.strip())
    if not match:
        example = "served:san-ysidro-gate{group=caravan}"
        raise ValueError(f"{address!r} is not the address of a series; write state-or-event:where, such as {example}")
    return Series(match[1], match[2].strip(), match[3], match[4])


def check_series(address: str, spot: Spot, scenario: Scenario, problems: Problems) -> Series | None:
    """The parts of an address, None with a problem noted if it names something that does not exist."""
    before = len(problems.found)
    try:
        series = parse_series(address)
    except ValueError as error:
        problems.add(spot, str(error), VERBS)
        return None
    if series.verb not in VERBS:
        problems.add(spot, f"there is no state or event {series.verb!r}", VERBS, nearest(series.verb, VERBS))
        return None
    what = VERBS[series.verb]
    known = set(WHERES[what](scenario))
    if series.where not in known and not (what == "link" and is_leg(series.where, scenario)):
        problems.unknown(spot, what, series.where, known)
    check_level(series, spot, scenario, problems)
    return series if len(problems.found) == before else None


def is_leg(where: str, scenario: Scenario) -> bool:
    """Whether this is `from>to` with two places."""
    from_, mark, to = where.partition(">")
    return bool(mark) and from_ in scenario.places and to in scenario.places


def check_level(series: Series, spot: Spot, scenario: Scenario, problems: Problems) -> None:
    """Note an attribute that is not recorded, or a level that it does not have."""
    if series.attribute is None:
        return
    if series.attribute not in scenario.record.by:
        message = f"results are not broken down by {series.attribute!r}; name it in record: {{by: [...]}}"
        problems.add(spot, message, scenario.record.by, nearest(series.attribute, scenario.record.by))
        return
    levels = levels_of(series.attribute, scenario)
    if series.level not in levels:
        problems.unknown(spot, f"level of {series.attribute}", series.level or "", levels)


def levels_of(attribute: str, scenario: Scenario) -> tuple[str, ...]:
    """The levels of an attribute, declared or built in."""
    built_in = {"group": tuple(scenario.groups), "party_type": PARTY_TYPES, "sex_and_age": CLASSES}
    return built_in.get(attribute) or scenario.attributes.get(attribute, ())


def of_kind(*kinds: str) -> Callable[[Scenario], Iterable[str]]:
    """The facilities of some kinds, as a function of the scenario."""
    return lambda scenario: (key for key, facility in scenario.facilities.items() if facility.kind in kinds)


def options(scenario: Scenario) -> Iterable[str]:
    """Every `pathway.step/option` of branches, choices and first_of."""
    for address, step in scenario.steps().items():
        if isinstance(step.body, Branch | Choose):
            yield from (f"{address}/{option.name}" for option in step.body.options)
        elif isinstance(step.body, Wait):
            yield from (f"{address}/{risk.name}" for risk in step.body.first_of)


def steps_with(body: type) -> Callable[[Scenario], Iterable[str]]:
    """The addresses of steps of one kind, as a function of the scenario."""
    return lambda scenario: (address for address, step in scenario.steps().items() if isinstance(step.body, body))


WHERES: dict[str, Callable[[Scenario], Iterable[str]]] = {
    "place": lambda scenario: scenario.places,
    "link": lambda scenario: scenario.links,
    "facility": lambda scenario: scenario.facilities,
    "desks": of_kind("desks"),
    "queue with background": of_kind("gate", "docket"),
    "waiting room": lambda scenario: (k for k, f in scenario.facilities.items() if f.waiting_room is not None),
    "holder": of_kind(*HOLDERS),
    "shelter": of_kind("beds"),
    "pathway": lambda scenario: scenario.pathways,
    "chain": lambda _: ("chain",),
    "group": lambda scenario: scenario.groups,
    "option": options,
    "split step": steps_with(Split),
    "rejoin step": steps_with(Rejoin),
    "outcome": lambda scenario: scenario.outcomes,
}
