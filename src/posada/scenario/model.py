"""The words of a scenario as types. Everything is frozen; dictionaries are keyed by id and sorted by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .clock import ALWAYS, Hours, Instant
from .problems import NOWHERE, Spot
from .quantity import Duration, Number
from .steps import Step

CLASSES = (
    "girls_0_4",
    "girls_5_17",
    "women_18_59",
    "women_60",
    "boys_0_4",
    "boys_5_17",
    "men_18_59",
    "men_60",
    "unstated",
)
PARTY_TYPES = ("men", "women", "adults", "families", "children", "unstated")
UNSTATED = "unstated"


PLACE_NUMBERS = ("unsafe", "open", "population", "capacity", "attraction", "shelter", "legal_aid", "kin")
"""What is said of places by numbers; `open` is 1 and all others are 0 where nothing is said."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the map; a place between ports has no coordinates. `time_zone` is never empty.

    `numbers` holds those of PLACE_NUMBERS that are stated.
    """

    id: str
    name: str
    lat: float | None
    lon: float | None
    time_zone: str
    country: str | None = None
    kind: str | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None
    numbers: dict[str, Number] = field(default_factory=dict)
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)
    state: str | None = field(default=None, compare=False)
    """The state, department or province, by which public reports tell of people on the way."""


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of a way from place to place, by one mode."""

    id: str
    from_: str
    to: str
    mode: str
    length_km: Number
    open: Number
    note: str | None = None
    forced: Number | None = None
    cost: Number | None = None
    danger: Number | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of moving."""

    id: str
    speed_kmh: Number
    hours: Hours = ALWAYS


@dataclass(frozen=True, slots=True)
class Movement:
    """How people choose their way over the network: when they move on, which places they see, what draws them.

    `leaves` are chances at an hour of decision, by `unsafe`, kind of place, and `else`; `ahead` counts links, 0 is
    everywhere; `at` is a minute of the day; `forced`: links that are forced are taken; `passes_through`: who follows a
    way goes on at each place along it.
    """

    id: str
    leaves: dict[str, Number]
    utility: Number
    ahead: int = 1
    at: int = 0
    clock: str = "daily"
    first_link: str | None = None
    keeps_going: bool = False
    forced: bool = True
    passes_through: bool = False
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    note: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PartyKind:
    """A row of groups.csv: the share of a group's parties that are like this. `counts` are in the order of CLASSES."""

    group: str
    party: str
    share: Number
    counts: tuple[int, ...]
    attributes: dict[str, str]
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


Date = date
Shares = dict[str, Number | None]
"""Shares by option; None is the rest."""


@dataclass(frozen=True, slots=True)
class Season:
    """A sinusoidal factor of a rate: 1 + amplitude * cos(2 pi (t - peak) / period)."""

    amplitude: Number
    period: Number
    peak: Instant


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row of a table of arrivals: so many people on a date, at a minute of it or (None) spread over it."""

    date: Date
    minute: int | None
    people: int


@dataclass(frozen=True, slots=True)
class Group:
    """A source of parties. `table` is not empty when `parties: table`; then `parties` is empty.

    They set out from `place`, or (`place` is empty) each from one of all places, by the weight `places`.

    One of `people`, `people_per_day`, `parties_per_day`, `every` and `arrivals` says how they come.
    """

    id: str
    place: str
    pathway: str
    people: Number | None = None
    people_per_day: Number | None = None
    date: Instant | None = None
    from_: Instant | None = None
    until: Instant | None = None
    parties: Shares = field(default_factory=dict)
    sex_and_age: Shares = field(default_factory=dict)
    attributes: dict[str, Shares] = field(default_factory=dict)
    table: dict[str, PartyKind] = field(default_factory=dict)
    parties_per_day: Number | None = None
    every: Duration | None = None
    batch: Number | None = None
    weekday: dict[str, Number] = field(default_factory=dict)
    season: Season | None = None
    arrivals: tuple[Arrival, ...] = ()
    arrive_at: int | None = None
    places: Number | None = None
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    note: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BedClass:
    """Beds of one class; `id` is empty where a shelter has no classes. `admits` None is everyone."""

    id: str
    beds: Number
    admits: tuple[str, ...] | None = None
    others: Number | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """People of a background who have been in the queue since `joined`."""

    joined: Instant
    number: Number


@dataclass(frozen=True, slots=True)
class Background:
    """Other people's cases that share a queue. `priority` counts from 1; None is the last class."""

    initial: tuple[Block, ...] = ()
    arrivals_per_day: Number | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Initial:
    """People who are in a step at the start, waiting there since `joined`."""

    group: str
    people: Number
    joined: Instant
    step: str


@dataclass(frozen=True, slots=True)
class Shift:
    """Staff on duty at some hours."""

    hours: Hours
    staff: Number


@dataclass(frozen=True, slots=True)
class Batch:
    """Desks that serve up to `size` together, once `at_least` wait or somebody has waited `waits_at_most`."""

    size: Number
    at_least: Number | None = None
    waits_at_most: Duration | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """Something limited that serves people at a place; which fields are set depends on `kind`."""

    id: str
    kind: str
    at: str
    name: str
    per: str
    beds: tuple[BedClass, ...] = ()
    intake_hours: Hours = ALWAYS
    max_stay: Duration | None = None
    refer_to: tuple[str, ...] = ()
    overtake: bool = False
    places: Number | None = None
    others: Number | None = None
    staff: Number | None = None
    service: Duration | None = None
    hours: Hours = ALWAYS
    slots_per_day: Number | None = None
    cases_per_day: Number | None = None
    opens: tuple[int, ...] = ()
    days: int = 0b1111111
    reason: str | None = None
    carry_over: bool = False
    into: str | None = None
    seats: Number | None = None
    leaves: tuple[int | Instant, ...] = ()
    when_full: bool = False
    priority: tuple[str, ...] = ()
    background: Background | None = None
    initial: tuple[Initial, ...] = ()
    waiting_room: Number | None = None
    preempt: bool = False
    order: str = "first_come"
    newest_first: Number | None = None
    at_closing: str = "finish"
    holidays: tuple[Date, ...] = ()
    shifts: tuple[Shift, ...] = ()
    order_by: str = "group"
    batch: Batch | None = None
    vehicles: Number | None = None
    at_least: Number | None = None
    restricted: bool = False
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    note: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pathway:
    """Steps in their order."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """A way in which pathways end; `final` False says that in life the story goes on."""

    name: str
    label: str
    final: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a policy: `op` is set, multiply or add; `position` counts from 1 in its policy."""

    op: str
    path: str
    number: Number
    from_: Instant | None = None
    until: Instant | None = None
    position: int = 1
    policy: str = ""
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rung:
    """A measure that is taken once the model itself shows that it is needed.

    It is decided at the midnight at which `series` has been above `over` (or below `under`) at `days` midnights in a
    row, and acts from the midnight `delay` days later on.
    """

    series: str
    changes: tuple[Change, ...]
    over: float | None = None
    under: float | None = None
    days: int = 1
    delay: int = 0
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A named set of changes, and of measures that follow one another: each is looked at once the last one acts."""

    name: str
    title: str
    about: str | None = None
    new_law: bool = False
    changes: tuple[Change, ...] = ()
    known_from: date | None = None
    ladder: tuple[Rung, ...] = ()
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Observation:
    """A count tied to a series of the model; `from_` and `to` are inclusive."""

    id: str
    series: str
    from_: date | None
    to: date | None
    low: float | None
    value: float | None
    high: float | None
    qualifier: str | None
    evidence: tuple[str, ...]
    as_of: date | None
    use: str
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who counts, and how: `bias` times what is true, give or take a share of `spread`, known `delay_days` later."""

    id: str
    title: str
    bias: Number
    spread: float | None = None
    delay_days: int = 0
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that is shown first."""

    id: str
    label: str
    series: str
    from_: date | None = None
    to: date | None = None
    statistic: str = "sum"
    over: float | None = None
    of: str | None = None
    question: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Price:
    """What one event of a flow, or a day of one person in a stock, costs; in the scenario's `currency`."""

    id: str
    label: str
    series: str
    each: float
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said that counts can test: it is consistent with the model where a headline is over or under.

    Without a headline it is one that counts cannot test; `note` says why.
    """

    id: str
    says: str
    evidence: tuple[str, ...] = ()
    headline: str | None = None
    over: float | None = None
    under: float | None = None
    note: str | None = None
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded, and how finely; `warm_up` in seconds."""

    daily_until: date | None = None
    weekly_until: date | None = None
    by: tuple[str, ...] = ("group",)
    warm_up: float = 0.0
