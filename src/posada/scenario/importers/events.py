"""What changes by day: conflicts.csv and closures.csv, played through as Flee plays them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .rows import Findings, Layout, Line, day_of, or_perhaps, plain_name, read_lines, resolve, split_lines, text_of
from .situation import Closure, Route, Rules, Site

CLOSURES = Layout(
    ("kind", "name1", "name2", "start", "end"),
    {"closure_type": "kind", "type": "kind", "closure_start": "start", "closure_start=0": "start", "closure_end": "end",
     "start_day": "start", "end_day": "end"},
)  # fmt: skip
KINDS = ("location", "country", "link", "camp", "idpcamp", "remove_forced_redirection")
TINY = 0.000001
DECAY_DAYS = 30
Hop = tuple[str, str]


def read_closures(
    path: Path | None, label: str, sites: dict[str, Site], start: date, found: Findings
) -> tuple[Closure, ...]:
    """The closures, their names as ids of places (countries as written)."""
    if path is None:
        return ()
    rows = [read_closure(line, sites, start, found) for line in read_lines(path, label, CLOSURES, found)]
    return tuple(row for row in rows if row is not None)


def read_closure(line: Line, sites: dict[str, Site], start: date, found: Findings) -> Closure | None:
    """One closure, None if it closes nothing."""
    kind = line.get("kind").lower()
    if kind not in KINDS:
        listed = or_perhaps(kind, KINDS) or f"; allowed: {', '.join(KINDS)}"
        found.data(line.file, line.number, f"there is no closure of the kind {line.get('kind')!r}{listed}")
        return None
    first, last = closure_day(line, "start", start, found), closure_day(line, "end", start, found)
    first = 0 if first is None else first
    if last is not None and last >= 0 and last == first:
        found.data(line.file, line.number, "this closure ends on the day on which it begins and closes nothing")
        return None
    end = None if last is None or last < first else last
    names = [line.get("name1"), line.get("name2")]
    if kind == "country":
        countries = {site.country for site in sites.values()}
        for name in names:
            if name not in countries:
                message = f"no place is in the country {name!r}, so this closes nothing{or_perhaps(name, countries)}"
                found.data(line.file, line.number, message)
                return None
        return Closure(kind, names[0], names[1], first, end, line.number)
    ids = {site.name: key for key, site in sites.items()}
    wanted = names if kind in ("link", "remove_forced_redirection") else names[:1]
    keys = [resolve(name, ids, (line.file, line.number), "the place of a closure", found) for name in wanted]
    if not all(keys):
        return None
    return Closure(kind, keys[0] or "", (keys[1] or "") if len(keys) > 1 else names[1], first, end, line.number)


def closure_day(line: Line, column: str, start: date, found: Findings) -> int | None:
    """The day of a closure: a number, or a date."""
    text = line.get(column)
    if not text:
        if column == "end":
            message = "this closure has no end and is taken to last; Flee 3.1 stops at such a row"
            found.data(line.file, line.number, message)
        return None
    try:
        return int(float(text))
    except ValueError:
        pass
    try:
        found_day = (day_of(text) - start).days
    except ValueError:
        found.data(line.file, line.number, f"{text!r} is neither a day nor a date; the closure is taken to last")
        return None
    message = f"a closure has days counted from the start, not dates; {text} is day {found_day}"
    found.data(line.file, line.number, message)
    return found_day


def play_closures(
    closures: tuple[Closure, ...], routes: tuple[Route, ...], sites: dict[str, Site], days: int
) -> tuple[dict[str, tuple[bool, ...]], dict[str, tuple[bool, ...]], dict[str, tuple[bool, ...]]]:
    """By day, in the order of the file: which routes are open, which camps, which redirections are lifted."""
    hops = {hop: True for route in routes for hop in route.hops}
    camps = {c.name1: True for c in closures if c.kind in ("camp", "idpcamp")}
    lifted = {r.id: False for r in routes if r.forced}
    ends = {(r.from_, r.to): r.id for r in routes if r.forced}
    open_routes: dict[str, list[bool]] = {route.id: [] for route in routes}
    open_camps: dict[str, list[bool]] = {key: [] for key in camps}
    unforced: dict[str, list[bool]] = {key: [] for key in lifted}
    for day in range(days):
        for closure in closures:
            for moment, to in ((closure.start, False), (closure.end, True)):
                if moment != day:
                    continue
                if closure.kind in ("camp", "idpcamp"):
                    camps[closure.name1] = to
                elif closure.kind == "remove_forced_redirection":
                    if (closure.name1, closure.name2) in ends:
                        lifted[ends[closure.name1, closure.name2]] = not to
                else:
                    hops.update((hop, to) for hop in hops if closes(closure, hop, sites))
        for route in routes:
            open_routes[route.id].append(all(hops[hop] for hop in route.hops))
        for key in camps:
            open_camps[key].append(camps[key])
        for key in lifted:
            unforced[key].append(lifted[key])
    return changing(open_routes, True), changing(open_camps, True), changing(unforced, False)


def changing(by_day: dict[str, list[bool]], usual: bool) -> dict[str, tuple[bool, ...]]:
    """Only what is ever otherwise than usual."""
    return {key: tuple(values) for key, values in by_day.items() if any(value != usual for value in values)}


def closes(closure: Closure, hop: Hop, sites: dict[str, Site]) -> bool:
    """Whether a closure is one of this way."""
    if closure.kind == "location":
        return closure.name1 in hop
    if closure.kind == "link":
        return set(hop) == {closure.name1, closure.name2}
    countries = (sites[hop[0]].country, sites[hop[1]].country)
    return countries in ((closure.name1, closure.name2), (closure.name2, closure.name1))


def read_conflicts(
    path: Path | None, label: str, sites: dict[str, Site], start: date, days: int, found: Findings
) -> dict[str, tuple[float, ...]]:
    """The intensity of the conflict by day, for each place of conflicts.csv; nothing without that file."""
    if path is None:
        return {}
    rows = split_lines(text_of(path, label, found))
    if not rows:
        found.data(label, 0, "is empty; `conflict_date` of locations.csv is used")
        return {}
    names = {site.name: key for key, site in sites.items()}
    known = {plain_name(name) for name in names}
    while len(rows) > 1 and rows[0][1][0].strip().startswith("#") and not heads(rows[0][1], known):
        rows = rows[1:]
    (header_line, header), *rest = rows
    columns = {}
    for at, cell in enumerate(header[1:], 1):
        if cell.strip():
            key = resolve(cell.strip(), names, (label, header_line), "a column of the conflicts:", found)
            if key is not None:
                columns[at] = key
    by_day = read_days(rest, label, start, found)
    if not by_day:
        found.data(label, 0, "holds no days; `conflict_date` of locations.csv is used")
        return {}
    if max(by_day) < days - 1:
        message = f"ends on day {max(by_day)}, the simulation on day {days - 1}; its last row is taken to last"
        found.data(label, 0, f"{message} (Flee 3.1 stops there)")
    values: dict[str, list[float]] = {key: [] for key in columns.values()}
    wrong: list[int] = []
    for day in range(days):
        number, cells = by_day.get(day) or by_day[max((d for d in by_day if d <= day), default=min(by_day))]
        for at, key in columns.items():
            values[key].append(intensity(cells[at] if at < len(cells) else "", number, wrong))
    if wrong:
        found.data(label, wrong[0], f"{len(wrong)} cells hold no number of 0 or more and are taken for 0")
    return {key: tuple(v) for key, v in values.items()}


def heads(cells: tuple[str, ...], known: set[str]) -> bool:
    """Whether a row that begins with `#` is the header, not a comment: it names days, or places."""
    return plain_name(cells[0]) in ("day", "date") or any(plain_name(cell) in known for cell in cells[1:])


def intensity(text: str, line: int, wrong: list[int]) -> float:
    """The intensity in a cell; 0 where it is empty or wrong."""
    try:
        value = float(text.strip() or 0)
        if value >= 0:
            return value
    except ValueError:
        pass
    wrong.append(line)
    return 0.0


def read_days(
    rows: list[tuple[int, tuple[str, ...]]], label: str, start: date, found: Findings
) -> dict[int, tuple[int, tuple[str, ...]]]:
    """The rows of conflicts.csv by their day."""
    by_day: dict[int, tuple[int, tuple[str, ...]]] = {}
    for line, cells in rows:
        text = cells[0].strip()
        if text.startswith("#"):
            continue
        try:
            day = int(float(text))
        except ValueError:
            try:
                day = (day_of(text) - start).days
            except ValueError:
                found.data(label, line, f"{text!r} is not a day; this row is passed over")
                continue
        if day in by_day:
            found.data(label, line, f"day {day} is already on line {by_day[day][0]}; this row is passed over")
            continue
        if day > 0 and by_day and day - 1 not in by_day:
            message = f"day {day} follows day {max(by_day)}; Flee counts rows, and would be wrong from here on"
            found.data(label, line, message)
        by_day[day] = (line, cells)
    return by_day


def play_conflicts(
    sites: dict[str, Site], conflicts: dict[str, tuple[float, ...]], rules: Rules, days: int
) -> dict[str, tuple[float, ...]]:
    """How unsafe each place is by day: the intensity times what the decay leaves of it."""
    found = {}
    for key, site in sites.items():
        if conflicts:
            values = spells(site, conflicts.get(key), rules.decay, days)
        else:
            values = from_date(site, rules.decay, days)
        if any(values):
            found[key] = values
    return found


def spells(site: Site, by_day: tuple[float, ...] | None, decay: tuple[float, ...], days: int) -> tuple[float, ...]:
    """The days of one place: a spell begins where the intensity leaves 0 and keeps the intensity of its first day."""
    now, since = (site.intensity, -1) if site.conflict_zone and (site.conflict_day or 0) <= 0 else (0.0, -1)
    values = []
    for day in range(days):
        if by_day is not None:
            today, before = by_day[day], by_day[day - 1] if day else 0.0
            if today > TINY and before < TINY:
                now, since = today, day
            elif day and today < TINY and before == 1.0:
                now = 0.0
        values.append(now * left_of(decay, day - since) if now > 0 else 0.0)
    return tuple(values)


def from_date(site: Site, decay: tuple[float, ...], days: int) -> tuple[float, ...]:
    """The days of a place that is unsafe from the date of locations.csv on."""
    if not site.conflict_zone:
        return (0.0,) * days
    first = max(0, site.conflict_day or 0)
    return tuple(site.intensity * left_of(decay, day - first) if day >= first else 0.0 for day in range(days))


def left_of(decay: tuple[float, ...], days: int) -> float:
    """What is left of the first push so many days into a spell."""
    return decay[min(int(days / DECAY_DAYS), len(decay) - 1)] if decay else 1.0
