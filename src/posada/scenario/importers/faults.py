"""What is wrong in a situation as a whole: sealed places, counts that cannot be, sites out of reach."""

from __future__ import annotations

from .counts import Sources
from .faults_counts import tell_count_faults
from .rows import Findings
from .situation import Closure, Situation

MOST_NAMED = 8


def tell_faults(
    situation: Situation, conflicts: dict[str, tuple[float, ...]], label: str, sources: Sources | None, found: Findings
) -> None:
    """Tell every fault that shows only when the files are held against each other."""
    tell_reach(situation, label, found)
    tell_closures(situation, label, found)
    tell_sealed(situation, label, found)
    tell_conflicts(situation, conflicts, label, found)
    tell_nowhere(situation, label, found)
    if sources is not None:
        tell_count_faults(situation, label, sources, found)


def listed(names: list[str]) -> str:
    """Names as text, the first few of many."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def dates(situation: Situation, days: list[int]) -> str:
    """Days as spans of dates."""
    spans: list[list[int]] = []
    for day in days:
        if spans and day == spans[-1][1] + 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    words = [str(situation.date(a)) if a == b else f"{situation.date(a)} to {situation.date(b)}" for a, b in spans]
    return listed(words)


def tell_reach(situation: Situation, label: str, found: Findings) -> None:
    """Tell of places without links, and of sites that nobody who sets out can ever reach."""
    file = f"{label}/locations.csv"
    linked = {r.from_ for r in situation.routes}
    reached = reachable(situation, set(situation.unsafe))
    for key, site in situation.sites.items():
        if site.kind == "marker":
            continue
        if key not in linked:
            counted = "; it has a series of counts, but nobody can come there" if key in situation.series else ""
            found.data(file, site.line, f"no route leads to {site.name!r}{counted}")
        elif situation.unsafe and key not in reached and (site.kind != "town" or key in situation.series):
            found.data(file, site.line, f"{site.name!r} ({site.kind}) cannot be reached from any unsafe place")


def reachable(situation: Situation, origins: set[str]) -> set[str]:
    """The places that can be reached if nothing is closed."""
    reached, fresh = set(origins), list(origins)
    ways: dict[str, list[str]] = {}
    for route in situation.routes:
        ways.setdefault(route.from_, []).append(route.to)
    while fresh:
        for to in ways.get(fresh.pop(), ()):
            if to not in reached:
                reached.add(to)
                fresh.append(to)
    return reached


def tell_closures(situation: Situation, label: str, found: Findings) -> None:
    """Tell of closures that do otherwise than they seem to."""
    file = f"{label}/closures.csv"
    sites = situation.sites
    hops = {hop for route in situation.routes for hop in route.hops}
    for c in situation.closures:
        names = " and ".join(repr(sites[n].name if n in sites else n) for n in (c.name1, c.name2) if n)
        if c.start >= situation.days:
            message = f"this closure begins on day {c.start}, after the last day ({situation.days - 1}), and never acts"
            found.data(file, c.line, message)
        if c.kind == "location" and c.name2:
            message = f"a closure of the kind `location` closes all links of {sites[c.name1].name!r}; Flee ignores"
            found.data(file, c.line, f"{message} name2 ({c.name2!r}). Was `link` meant, the way between the two?")
        elif c.kind == "link":
            tell_link(c, names, file, (c.name1, c.name2) in hops or (c.name2, c.name1) in hops, found)
        elif c.kind == "country" and not any(is_between(c, hop, situation) for hop in hops):
            found.data(file, c.line, f"no route leads between {names}, so this closes nothing")
        elif c.kind in ("camp", "idpcamp") and sites[c.name1].kind not in ("camp", "idpcamp"):
            message = f"{names} is a {sites[c.name1].kind}, not a camp; Flee would make a camp of it when this ends"
            found.data(file, c.line, message)
        elif c.kind == "remove_forced_redirection":
            forced = {(r.from_, r.to) for r in situation.routes if r.forced}
            if (c.name1, c.name2) not in forced:
                found.data(file, c.line, f"nobody is redirected from {names} in routes.csv, so nothing is removed")


def is_between(closure: Closure, hop: tuple[str, str], situation: Situation) -> bool:
    """Whether a way crosses the border of a closure."""
    ends = {situation.sites[hop[0]].country, situation.sites[hop[1]].country}
    return ends == {closure.name1, closure.name2}


def tell_link(closure: Closure, names: str, file: str, exists: bool, found: Findings) -> None:
    """Tell what Flee makes of the closure of a link."""
    if not exists:
        found.data(file, closure.line, f"there is no route between {names}, so this closes nothing")
        return
    message = (
        f"the closure of the link between {names} is one-way in Flee, whose code takes only the way from the second to "
        "the first, and in Flee 3.1 it never acts (names are compared by identity). Here both directions are closed"
    )
    found.untranslated(file, closure.line, message)


def tell_sealed(situation: Situation, label: str, found: Findings) -> None:
    """Tell of unsafe places that nobody can leave because all their links are closed."""
    sealed: dict[str, list[int]] = {}
    all_sealed: list[int] = []
    ways: dict[str, list[str]] = {}
    for route in situation.routes:
        ways.setdefault(route.from_, []).append(route.id)
    for day in range(situation.days):
        unsafe = [key for key, values in situation.unsafe.items() if values[day] > 0 and key in ways]
        shut = [key for key in unsafe if all(not is_open(situation, way, day) for way in ways[key])]
        for key in shut:
            sealed.setdefault(key, []).append(day)
        if shut and {k for k in unsafe if (situation.sites[k].population or 0) > 0} <= set(shut):
            all_sealed.append(day)
    for key, days in sealed.items():
        closure = blamed(situation, key, days[0])
        line = closure.line if closure else 0
        people = sum(situation.displaced[day] for day in days if day in set(all_sealed) and situation.displaced)
        only = [day for day in days if day in set(all_sealed)]
        name = situation.sites[key].name
        message = f"all links of {name!r} are closed on {dates(situation, days)} while it is unsafe"
        if only:
            message += (
                f"; on {len(only)} of these days no other unsafe place has people who set out: the closure seals the "
                f"only place from which {people} people are to come"
            )
        message += ". Translated as Flee does it; a closure of one link may have been meant"
        found.data(f"{label}/closures.csv", line, message)


def is_open(situation: Situation, way: str, day: int) -> bool:
    """Whether a route is open on a day."""
    return way not in situation.open_routes or situation.open_routes[way][day]


def blamed(situation: Situation, key: str, day: int) -> Closure | None:
    """The closure that seals a place on a day: one of the place itself first."""
    acting = [c for c in situation.closures if c.start <= day and (c.end is None or day < c.end)]
    own = [c for c in acting if c.kind == "location" and c.name1 == key]
    return next(iter(own), next((c for c in acting if c.kind != "camp"), None))


def tell_conflicts(situation: Situation, conflicts: dict[str, tuple[float, ...]], label: str, found: Findings) -> None:
    """Tell where conflicts.csv and locations.csv disagree, and of zones from which nobody can come."""
    file, table = f"{label}/locations.csv", f"{label}/conflicts.csv"
    zones = {key: site for key, site in situation.sites.items() if site.conflict_zone}
    if conflicts:
        missing = [zones[key] for key in zones if key not in conflicts]
        if missing:
            message = "are conflict zones in locations.csv and have no column here"
            found.data(table, 1, f"{message}: {listed([site.name for site in missing])}")
        tell_dates(situation, conflicts, file, table, found)
        odd = [situation.sites[k].name for k, v in conflicts.items() if any(x not in (0.0, 1.0) for x in v)]
        if odd:
            message = (
                "a spell keeps the intensity of its first day, and ends only after a day of exactly 1, as in Flee 3.1"
            )
            found.untranslated(table, 1, f"intensities other than 0 and 1 ({listed(odd)}): {message}")
    empty = [situation.sites[k] for k in situation.unsafe if not situation.sites[k].population]
    empty = [site for site in empty if site.kind == "town"]
    if empty:
        message = "become unsafe and have no population, so nobody sets out there"
        found.data(file, empty[0].line, f"{listed([site.name for site in empty])} {message}")


def tell_dates(
    situation: Situation, conflicts: dict[str, tuple[float, ...]], file: str, table: str, found: Findings
) -> None:
    """Tell of conflict dates that conflicts.csv does not bear out."""
    wrong, never, unnamed = [], [], []
    for key, values in conflicts.items():
        site = situation.sites[key]
        first = next((day for day, value in enumerate(values) if value > 0), None)
        stated = site.conflict_day if site.conflict_zone else None
        if site.conflict_zone and first is None and (stated or 0) < situation.days:
            never.append(site)
        elif site.conflict_zone and first is not None and first != (stated or 0):
            wrong.append((site, f"{site.name} (line {site.line}): day {stated} and day {first}"))
        elif not site.conflict_zone and first is not None:
            unnamed.append(site)
    if wrong:
        message = "`conflict_date` disagrees with the first day of conflict in conflicts.csv (which counts)"
        found.data(file, wrong[0][0].line, f"{message}: {listed([text for _, text in wrong])}")
    if never:
        message = "conflict zones with a date, but without a day of conflict in conflicts.csv"
        found.data(table, 1, f"{message}: {listed([site.name for site in never])}")
    if unnamed:
        message = "become unsafe in conflicts.csv and are no conflict zones in locations.csv"
        found.data(file, unnamed[0].line, f"{listed([f'{s.name} ({s.kind})' for s in unnamed])} {message}")


def tell_nowhere(situation: Situation, label: str, found: Findings) -> None:
    """Tell of days on which people are to set out and no place has any."""
    days = days_from_nowhere(situation)
    if days:
        people = sum(situation.displaced[day] for day in days)
        message = f"{people} people are to set out on {dates(situation, days)}, when no place with people is unsafe"
        message += ". Flee 3.1 stops there; here they set out by population alone"
        found.data(f"{label}/conflicts.csv", 0, message)


def days_from_nowhere(situation: Situation) -> list[int]:
    """The days on which people are to set out and no place that has people is unsafe."""
    places = [(situation.sites[k].population or 0, values) for k, values in situation.unsafe.items()]
    return [
        day
        for day, people in enumerate(situation.displaced)
        if people > 0 and not any(size > 0 and values[day] > 0 for size, values in places)
    ]
