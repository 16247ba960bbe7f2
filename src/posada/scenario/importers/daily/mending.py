"""Counts of each day mended: doubles, running totals, part days, what cannot be, and gaps; all of it told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from posada.evidence import fold

from .counted import Counted, Findings, Line, Read, days_told
from .estimate import differs_by_weekday
from .figures import PARTIAL, Figure

DAY = timedelta(days=1)
SHORTEST_REGISTER = 6
MOST_PEOPLE = 100_000
PLENTY = 8.0
"""From how many a day on a single zero is a day that nobody counted, rather than one on which nobody came."""


def mend(
    reads: list[Read],
    key: tuple[str, str],
    name: str,
    cumulative: bool | None,
    today: date,
    added: bool,
    found: Findings,
) -> Line | None:
    """One line of counts from what was read; `cumulative` None finds out, `added` says that rows were added up."""
    own = [read for read in reads if (read.place, read.what) == key]
    label = f"{name}, {key[1]}" if name else key[1]
    own = without_impossible(own, label, found)
    if not own:
        return None
    if added:
        counts = added_up(own, label, found)
    else:
        own = last_of_day(own, key[1], label, found)
        counts = one_a_day(sorted(own, key=lambda read: (read.day, read.line)), label, found)
    if cumulative or (cumulative is None and is_register(counts, key[1], label, found)):
        counts = differences(counts, label, found)
    if not added:
        counts = without_slips(counts, label, found)
    counts = without_odd_zeros(counts, label, found)
    if counts:
        counts = part_days(counts, own, key[1], today, added, label, found)
    if not any(count.whole for count in counts):
        found.tell("no count of a whole day is left; not used", (), label)
        return None
    tell_gaps(counts, label, found)
    tell_shape(counts, key[1], label, found)
    return Line(key[0], name, key[1], tuple(counts))


def without_impossible(reads: list[Read], label: str, found: Findings) -> list[Read]:
    """Counts that are not below zero."""
    below = [read for read in reads if read.figure.middle < 0]
    if below:
        told = ", ".join(f"{read.figure.middle:g}" for read in below[:5])
        found.tell(f"a count cannot be below zero ({told}); left open", [read.line for read in below], label)
    parts = [read for read in reads if read.figure.value is not None and read.figure.value != int(read.figure.value)]
    if parts:
        found.tell(
            f"{len(parts)} counts are not whole; they are taken as about so many", [r.line for r in parts], label
        )
    large = [read for read in reads if read.figure.middle > MOST_PEOPLE]
    if large:
        found.tell(f"more than {MOST_PEOPLE:,} people cannot be meant; left open", [read.line for read in large], label)
    return [read for read in reads if 0 <= read.figure.middle <= MOST_PEOPLE]


def added_up(reads: list[Read], label: str, found: Findings) -> list[Counted]:
    """Arrivals of each day from single intakes; a day without any, between others, had none unless many are usual."""
    by_day: dict[date, list[Read]] = {}
    for read in reads:
        by_day.setdefault(read.day, []).append(read)
    days = sorted(by_day)
    sums = {day: sum(read.figure.middle for read in rows) for day, rows in by_day.items()}
    empty = [day for i in range((days[-1] - days[0]).days) if (day := days[0] + i * DAY) not in by_day]
    usual = median(sums.values())
    if empty and usual < PLENTY:
        found.tell(f"no rows on {days_told(empty)}: nobody came, it is taken", (), label)
        sums |= dict.fromkeys(empty, 0.0)
    elif empty:
        usually = f"where about {usual:.0f} people a day are usual"
        text = f"no rows on {days_told(empty)}, {usually}: left open, not taken for zero"
        found.tell(text, (), label)
    counts = []
    for day in sorted(sums):
        rows = by_day.get(day, [])
        notes = " ".join(sorted({row.note for row in rows if PARTIAL.search(fold(row.note))}))
        counts.append(Counted(day, day, Figure(float(round(sums[day]))), rows[0].line if rows else 0, note=notes))
    return counts


def last_of_day(reads: list[Read], what: str, label: str, found: Findings) -> list[Read]:
    """Of several headcounts on one day, at different hours, the last; arrivals at different hours are added up."""
    by_day: dict[date, list[Read]] = {}
    for read in reads:
        by_day.setdefault(read.day, []).append(read)
    several = [rows for rows in by_day.values() if len({read.minute for read in rows}) == len(rows) > 1]
    if len(several) < 2 or any(read.minute is None for rows in several for read in rows):
        return reads
    kept = [rows[0] for rows in by_day.values() if len(rows) == 1]
    kept += [read for rows in by_day.values() if len(rows) > 1 and rows not in several for read in rows]
    lines = [read.line for rows in several for read in rows]
    if what == "present":
        found.tell(f"{len(several)} days have counts at several hours; the last of each day is taken", lines, label)
        return kept + [max(rows, key=lambda read: read.minute or 0) for rows in several]
    found.tell(f"{len(several)} days have counts at several hours; they are added up", lines, label)
    for rows in several:
        total = sum(read.figure.middle for read in rows)
        latest = max(rows, key=lambda read: read.minute or 0)
        kept.append(replace(latest, figure=Figure(total)))
    return kept


def one_a_day(reads: list[Read], label: str, found: Findings) -> list[Counted]:
    """One count for each day and each date on which a version was known; rival counts become a range."""
    same: list[tuple[date, list[Read]]] = []
    rivals: list[tuple[date, list[Read]]] = []
    counts: list[Counted] = []
    groups: dict[tuple[date, date | None], list[Read]] = {}
    for read in reads:
        groups.setdefault((read.day, read.known), []).append(read)
    for (day, known), rows in sorted(groups.items(), key=lambda pair: (pair[0][0], pair[0][1] or date.min)):
        figures = {row.figure for row in rows}
        if len(rows) > 1:
            (same if len(figures) == 1 else rivals).append((day, rows))
        notes = " ".join(row.note for row in rows if row.note)
        counts.append(Counted(day, day, agreed(figures), rows[-1].line, known, notes))
    if same:
        lines = [row.line for _, rows in same for row in rows]
        found.tell(f"{days_told([day for day, _ in same])}: the same number twice; counted once", lines, label)
    for day, rows in rivals[:5]:
        told = " and ".join(f"{row.figure.middle:g}" for row in rows[:4])
        text = f"{day} has {told}: rival counts, taken as between them; mend the file if one is a correction"
        found.tell(text, [row.line for row in rows], label)
    if len(rivals) > 5:
        found.tell(f"{len(rivals) - 5} more days have rival counts", [rows[0].line for _, rows in rivals[5:]], label)
    versions = len(counts) - len({count.day for count in counts})
    if versions:
        found.tell(
            f"{versions} counts are later versions of earlier ones; each is kept with the date it was known", (), label
        )
    return counts


def agreed(figures: set[Figure]) -> Figure:
    """What several counts of one day say together."""
    if len(figures) == 1:
        return next(iter(figures))
    ends = [bound for f in figures for bound in (f.low, f.value, f.high) if bound is not None]
    return Figure(None, min(ends), max(ends), "range")


def is_register(counts: list[Counted], what: str, label: str, found: Findings) -> bool:
    """Whether counts are a running total: it never falls, but to begin anew, and is far above what comes in a day."""
    values = [count.value for count in counts]
    steps = [b - a for a, b in itertools.pairwise(values)]
    if len(steps) < SHORTEST_REGISTER - 1:
        return False
    falls = [(a, b) for a, b in itertools.pairwise(values) if b < a]
    rises = [step for step in steps if step > 0]
    restarts = all(b < 0.3 * a for a, b in falls) and len(falls) <= len(steps) / 14
    if not rises or not restarts or len(rises) < 0.4 * len(steps):
        return False
    usual = median(rises)
    if falls:
        grows = median(values) > 4 * usual
    else:
        grows = values[-1] - values[0] >= 3 * usual and median(values) > 2.5 * usual
    if what != "arrivals":
        if grows and not falls and len(steps) >= 10:
            text = "the counts never fall; if they are a running total rather than people present, add --cumulative"
            found.tell(text, (), label)
        return False
    return grows


def differences(counts: list[Counted], label: str, found: Findings) -> list[Counted]:
    """What came between one reading of a running total and the next."""
    newest = {count.day: count for count in counts}
    rows = [newest[day] for day in sorted(newest)]
    made: list[Counted] = []
    falls, restarts = [], []
    for before, now in itertools.pairwise(rows):
        step = now.value - before.value
        exact = "exact" if before.figure.qualifier == now.figure.qualifier == "exact" else "about"
        if step >= 0:
            made.append(
                Counted(before.day + DAY, now.day, Figure(step, qualifier=exact), now.line, now.known, now.note)
            )
        elif now.value < 0.3 * before.value and (now.day - before.day) == DAY:
            restarts.append(now)
            made.append(Counted(now.day, now.day, Figure(now.value, qualifier=exact), now.line, now.known, now.note))
        else:
            falls.append(now)
    text = f"a running total from {rows[0].value:g} to {rows[-1].value:g}: what each day adds is taken"
    found.tell(f"{text} (--daily if each number is one day's)", (), label)
    if restarts:
        found.tell(f"it begins anew on {days_told([c.day for c in restarts])}", [c.line for c in restarts], label)
    if falls:
        found.tell(
            f"it falls on {days_told([c.day for c in falls])}; those days are left open", [c.line for c in falls], label
        )
    return made


def neighbours(counts: list[Counted], i: int, reach: int = 4) -> list[float]:
    """The counts around one."""
    return [c.value for c in (*counts[max(0, i - reach) : i], *counts[i + 1 : i + 1 + reach])]


def without_slips(counts: list[Counted], label: str, found: Findings) -> list[Counted]:
    """Counts that are not ten times those around them, as if a digit had been typed twice."""
    slips: list[Counted] = []
    far: list[Counted] = []
    for i, count in enumerate(counts[:-1]):
        around = neighbours(counts, i)
        usual = median(around) if len(around) >= 4 else 0.0
        if usual >= 5 and count.value >= 5 * max(around):
            ten = 0.5 * usual <= count.value / 10 <= 2 * usual
            (slips if ten or count.value >= 20 * max(around) else far).append(count)
    if slips:
        told = ", ".join(f"{count.value:g} on {count.day}" for count in slips[:5])
        text = f"{told}: ten times the days around it or more (a digit too many?); left open"
        found.tell(text, [c.line for c in slips], label)
    if far:
        told = ", ".join(f"{count.value:g} on {count.day}" for count in far[:5])
        found.tell(f"{told}: five times all days around it; kept, but look at it", [c.line for c in far], label)
    return [count for count in counts if count not in slips]


def without_odd_zeros(counts: list[Counted], label: str, found: Findings) -> list[Counted]:
    """Counts without single zeros among many: days that nobody counted."""
    odd = []
    for i, count in enumerate(counts):
        around = neighbours(counts, i)
        if count.value != 0 or len(around) < 4 or median(around) < PLENTY:
            continue
        same = [c.value for c in counts if c.day.weekday() == count.day.weekday() and c is not count]
        if min(around) > 0 and (not same or median(same) > 0.2 * median(around)):
            odd.append(count)
    if odd:
        text = f"0 on {days_told([c.day for c in odd])}, among many more: not counted, it is taken; left open"
        found.tell(text, [c.line for c in odd], label)
    return [count for count in counts if count not in odd]


def part_days(
    counts: list[Counted], reads: list[Read], what: str, today: date, added: bool, label: str, found: Findings
) -> list[Counted]:
    """Counts of days that were not over: at least so many arrived; of people present, left open."""
    early = early_days(reads, added)
    part: dict[date, str] = {}
    for count in counts:
        if PARTIAL.search(fold(count.note)):
            part[count.day] = f"by its note {count.note[:40]!r}"
        elif count.day in early:
            part[count.day] = early[count.day]
    last = counts[-1]
    others = [c.value for c in counts[-15:-1]]
    few = len(others) >= 4 and last.value < 0.5 * median(others)
    if last.day == today and last.day not in part and what != "present" and (few or added):
        part[last.day] = "it is today, and not over"
    if not part:
        return counts
    why = "; ".join(dict.fromkeys(part.values()))
    lines = [c.line for c in counts if c.day in part]
    if what == "present":
        found.tell(f"{days_told(list(part))} counted before the day was over ({why}); left open", lines, label)
        return [count for count in counts if count.day not in part]
    text = f"{days_told(list(part))} is only part of a day ({why}): at least so many came"
    found.tell(text, lines, label)
    return [at_least(count) if count.day in part else count for count in counts]


def at_least(count: Counted) -> Counted:
    """A count as a lower bound."""
    return replace(count, figure=Figure(None, count.value, None, "at_least"))


def early_days(reads: list[Read], added: bool) -> dict[date, str]:
    """Days that were counted hours before the usual time, with the hour; of intakes only the last day can be one."""
    latest: dict[date, int] = {}
    for read in reads:
        if read.minute is not None:
            latest[read.day] = max(latest.get(read.day, 0), read.minute)
    if len(latest) < 4:
        return {}
    usual = sorted(latest.values())
    if added:
        last = max(latest)
        first_tenth = usual[max(1, len(usual) // 10)]
        over = latest[last] >= min(first_tenth, 20 * 60)
        return {} if over else {last: f"the last row is of {clock(latest[last])}"}
    middle = median(usual)
    early = {day: minute for day, minute in latest.items() if minute < middle - 180}
    return {day: f"taken at {clock(m)}, others at about {clock(round(middle))}" for day, m in early.items()}


def clock(minute: int) -> str:
    """A minute of the day as a time."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def tell_gaps(counts: list[Counted], label: str, found: Findings) -> None:
    """Name the days without a count."""
    covered = {c.first + i * DAY for c in counts for i in range((c.day - c.first).days + 1)}
    first, last = min(covered), max(covered)
    missing = [day for i in range((last - first).days) if (day := first + i * DAY) not in covered]
    if missing:
        share = f"{len(missing)} of {(last - first).days + 1} days have no count"
        found.tell(f"{share} ({days_told(missing)}); they are left open, not taken for zero", (), label)


def tell_shape(counts: list[Counted], what: str, label: str, found: Findings) -> None:
    """Name what a reader would see: all the same, few, a weekday that differs, a sudden change."""
    values = [count.value for count in counts if count.whole]
    days = {count.day for count in counts}
    if len(days) < 14:
        found.tell(f"only {len(days)} counts: that is little to forecast from, and the ranges are wide", (), label)
    if len(values) >= 6 and len(set(values)) == 1:
        found.tell(f"all {len(values)} counts are {values[0]:g}: copied, or a house that is always full?", (), label)
        return
    days_of = {count.day: count.value for count in counts if count.whole}
    if len(values) >= 28 and what != "present" and differs_by_weekday(days_of) and (told := weekday_told(counts)):
        found.tell(told, (), label)
    if len(values) >= 14:
        recent, before = median(values[-4:]), median(values[-18:-4])
        if before >= 3 and not 1 / 2.2 < recent / before < 2.2:
            text = f"the last 4 counts are about {recent:g}, the two weeks before about {before:g}: a sudden change"
            found.tell(text, (), label)


def weekday_told(counts: list[Counted]) -> str:
    """The weekdays that differ most from the others, if any do by a third."""
    names = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    whole = [count for count in counts if count.whole]
    mean = sum(count.value for count in whole) / len(whole)
    found = []
    for weekday, name in enumerate(names):
        own = [count.value for count in whole if count.day.weekday() == weekday]
        if len(own) >= 4 and mean > 0 and abs(sum(own) / len(own) / mean - 1) > 0.33:
            found.append(f"{name} {100 * (sum(own) / len(own) / mean - 1):+.0f} %")
    return f"weekdays differ: {', '.join(found)} against the mean" if found else ""
