"""A situation as it stands in the input files of Flee, corrected and made daily, before it becomes a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Site:
    """A place: a row of locations.csv. `kind` is town, camp, idpcamp, hub or marker."""

    id: str
    name: str
    country: str
    lat: float | None
    lon: float | None
    kind: str
    line: int
    conflict_zone: bool = False
    conflict_day: int | None = None
    population: int | None = None
    capacity: int | None = None
    intensity: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one place to another, in one direction; `hops` are its parts where markers were joined."""

    id: str
    from_: str
    to: str
    km: float
    hops: tuple[tuple[str, str], ...]
    line: int
    forced: bool = False
    km_a_day: float | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """A row of closures.csv; days count from the start, `end` None where it never ends."""

    kind: str
    name1: str
    name2: str
    start: int
    end: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Count:
    """People registered on a day: as the files say, as corrected for wrong registrations, and on which line."""

    day: int
    registered: float
    corrected: float
    line: int = 0


@dataclass(frozen=True, slots=True)
class SiteSeries:
    """The counts of one site, summed over its files, and the whole people of each day between them.

    `peaks` are the highest counts of each file, of their sum, and of the sum as corrected; `corrected_on` are the days
    of the corrections that scale all counts before them.
    """

    site: str
    files: tuple[str, ...]
    counts: tuple[Count, ...]
    daily: tuple[int, ...]
    peaks: tuple[Count, ...] = ()
    corrected_on: tuple[int, ...] = ()

    def known_on(self, day: int) -> int:
        """The day from which the corrected count of a day could be known: that of the last correction after it."""
        return max((other for other in self.corrected_on if other > day), default=day)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that whoever imports should know; `topic` is translation or data."""

    topic: str
    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How people move and set out: Flee's settings, by what they mean."""

    km_a_day: float = 360.0
    km_on_foot: float = 35.0
    starts_on_foot: bool = False
    keeps_going: bool = False
    leaves_unsafe: float = 1.0
    leaves_camp: float = 0.001
    leaves_idpcamp: float = 0.1
    leaves_else: float = 0.3
    camp_weight: float = 1.0
    foreign_weight: float = 1.0
    unsafe_weight: float = 1.0 / 3.16227766017
    softening: float = 10.0
    distance_power: float = 1.0
    weight_softening: float = 0.0
    weight_power: float = 1.0
    home_power: float = 0.0
    population_power: float = 0.0
    leaving_population: float = 10000.0
    leaving_power: float = 0.0
    full_from: float = 0.9
    ahead: int = 1
    decay: tuple[float, ...] = ()
    inserts_day_0: bool = True
    camps_keep: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that is read from a folder of Flee. Series by day run from day 0 to the last, `days` long."""

    name: str
    start: date
    days: int
    sites: dict[str, Site]
    routes: tuple[Route, ...]
    closures: tuple[Closure, ...]
    unsafe: dict[str, tuple[float, ...]]
    open_routes: dict[str, tuple[bool, ...]]
    open_camps: dict[str, tuple[bool, ...]]
    unforced: dict[str, tuple[bool, ...]]
    series: dict[str, SiteSeries]
    total: tuple[Count, ...]
    displaced: tuple[int, ...]
    rules: Rules
    remarks: tuple[Remark, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """The country of the first place, which is Flee's home country."""
        return next(iter(self.sites.values())).country

    @property
    def registered(self) -> tuple[int, ...]:
        """People registered on each day, in all sites that have a series."""
        return tuple(sum(s.daily[day] for s in self.series.values()) for day in range(self.days))

    def date(self, day: int) -> date:
        """The date of a day."""
        return self.start + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: the folder, what was read, and the report as text."""

    folder: Path
    situation: Situation
    report: str = field(repr=False)

    def told(self) -> list[tuple[str, list[str]]]:
        """The report in short: titles, each with its first lines."""
        from .report import in_short

        return in_short(self.situation)

    def summary(self) -> dict[str, object]:
        """What was read and found, for machines."""
        s = self.situation
        return {
            "scenario": str(self.folder),
            "from": s.date(0),
            "to": s.date(s.days - 1),
            "places": len(s.sites),
            "links": len(s.routes),
            "sites_with_counts": list(s.series),
            "people_setting_out": sum(s.displaced),
            "found": [{"topic": r.topic, "file": r.file, "line": r.line, "message": r.message} for r in s.remarks],
        }
