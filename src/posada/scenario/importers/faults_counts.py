"""What is wrong with the counts: series that cannot be people present, capacities that know the future, gaps."""

from __future__ import annotations

from itertools import pairwise

from .counts import Points, Sources, between
from .rows import Findings
from .situation import SiteSeries, Situation

FEW = 6
NEAR = 0.005
"""A capacity within half a percent of the highest count is taken to be that count."""
SOON, MANY, MUCH = 31, 500, 0.2
"""People who come to an empty site within so many days, at least so many and this share of the most there ever are."""


def tell_count_faults(situation: Situation, label: str, sources: Sources, found: Findings) -> None:
    """Tell every fault of the series."""
    camps = [site for site in situation.sites.values() if site.kind in ("camp", "idpcamp")]
    without = [site for site in camps if site.id not in situation.series]
    for site in without:
        found.data(f"{label}/locations.csv", site.line, f"the camp {site.name!r} has no series of counts")
    for series in situation.series.values():
        tell_falls(situation, series, sources, found)
        tell_spikes(situation, series, sources, found)
        tell_outside(situation, series, sources, found)
        tell_first(situation, series, sources, found)
    tell_cumulative(situation, sources, found)
    tell_capacities(situation, label, found)
    tell_total(situation, sources, found)


def file_of(series: SiteSeries, sources: Sources) -> str:
    """The file of a series, the first of several."""
    return sources.name(series.files[0])


def tell_falls(situation: Situation, series: SiteSeries, sources: Sources, found: Findings) -> None:
    """Tell of the largest fall of a series, and how often it falls."""
    inside = [c for c in series.counts if 0 <= c.day < situation.days]
    steps = [(a.registered - b.registered, a, b) for a, b in pairwise(inside) if b.registered < a.registered]
    large = [fall for fall in steps if fall[0] > max(50, 0.02 * fall[1].registered)]
    if large:
        _, a, b = max(large, key=lambda fall: fall[0])
        name = situation.sites[series.site].name
        times = "once" if len(steps) == 1 else f"{len(steps)} times, most"
        message = (
            f"{name!r} falls {times} from {a.registered:.0f} ({situation.date(a.day)}) to {b.registered:.0f} "
            f"({situation.date(b.day)}): people who leave are not simulated; a fall holds back who sets out next"
        )
        found.data(file_of(series, sources), b.line, message)


def tell_spikes(situation: Situation, series: SiteSeries, sources: Sources, found: Findings) -> None:
    """Tell of single counts that stand out from those before and after."""
    inside = [c for c in series.counts if 0 <= c.day < situation.days]
    told = -1
    for at, (a, b, c) in enumerate(zip(inside, inside[1:], inside[2:], strict=False)):
        spike = b.registered > max(100.0, 3 * max(a.registered, c.registered))
        gap = min(a.registered, c.registered) > max(100.0, 3 * b.registered)
        if (spike or gap) and told != at:
            shown = f"{b.registered:.0f} on {situation.date(b.day)}"
            between_two = f"stands between {a.registered:.0f} and {c.registered:.0f}"
            message = f"{situation.sites[series.site].name!r}: {shown} {between_two}; a slip, or another source?"
            found.data(file_of(series, sources), b.line, message)
            told = at + 1


def tell_outside(situation: Situation, series: SiteSeries, sources: Sources, found: Findings) -> None:
    """Tell of series that begin late or end early; counts outside the period only serve to draw lines to."""
    name, file = situation.sites[series.site].name, file_of(series, sources)
    first, last = series.counts[0], series.counts[-1]
    inside = [c for c in series.counts if 0 <= c.day < situation.days]
    if not inside:
        span = f"{situation.date(0)} and {situation.date(situation.days - 1)}"
        found.data(file, last.line, f"no count of {name!r} lies between {span}")
        return
    if first.day > 0 and first.registered > 0:
        message = f"{name!r} begins on {situation.date(first.day)} with {first.registered:.0f}; as many are taken to be"
        found.data(file, first.line, f"{message} there from the first day on")
    if last.day < situation.days - 30:
        found.data(file, last.line, f"{name!r} ends on {situation.date(last.day)}; its last count is taken to last")


def tell_first(situation: Situation, series: SiteSeries, sources: Sources, found: Findings) -> None:
    """Tell of a site that is empty at the start and full soon after: those who were there before pass for new ones."""
    start = next((i for i in reversed(range(len(series.counts))) if series.counts[i].day <= 0), None)
    if start is None or start + 1 == len(series.counts):
        return
    first, second = series.counts[start], series.counts[start + 1]
    highest = max(c.registered for c in series.counts)
    if first.registered == 0 and second.day <= SOON and second.registered >= max(MANY, MUCH * highest):
        message = (
            f"{situation.sites[series.site].name!r} is 0 at the start and {second.registered:.0f} on "
            f"{situation.date(second.day)}: people who were there before may pass for people who set out in these days"
        )
        found.data(file_of(series, sources), first.line, message)


def tell_cumulative(situation: Situation, sources: Sources, found: Findings) -> None:
    """Tell of series that look like sums of crossings, not people present."""
    falling = [s for s in situation.series.values() if falls(situation, s)]
    for series in situation.series.values():
        inside = [c.registered for c in series.counts if 0 <= c.day < situation.days]
        grows = len(inside) >= FEW and inside[-1] > inside[len(inside) // 2] > 0
        if not grows or falls(situation, series):
            continue
        why = [f"it has {len(inside)} counts and never falls"]
        if falling:
            why.append(f"while {len(falling)} of the {len(situation.series)} series do")
        rises = [b - a for a, b in pairwise(inside) if b > a]
        if len(rises) > FEW and rises.count(max(set(rises), key=rises.count)) * 2 > len(rises):
            why.append("most steps are the same")
        message = (
            f"{situation.sites[series.site].name!r} may be a sum of arrivals, not people present: {', '.join(why)}"
        )
        found.data(file_of(series, sources), series.counts[-1].line, message)


def falls(situation: Situation, series: SiteSeries) -> bool:
    """Whether a series ever falls in the period."""
    inside = [c.registered for c in series.counts if 0 <= c.day < situation.days]
    return any(b < a for a, b in pairwise(inside))


def tell_capacities(situation: Situation, label: str, found: Findings) -> None:
    """Tell which capacities are the highest number that was ever registered."""
    known, later = [], []
    for key, series in situation.series.items():
        site = situation.sites[key]
        counts = [c for c in series.counts if c.day > 0 and site.capacity in (round(c.registered), round(c.corrected))]
        same = [p for p in series.peaks if site.capacity and abs(p.registered - site.capacity) <= NEAR * site.capacity]
        if same:
            known.append((site, f"{site.name} ({site.capacity}, {situation.date(same[0].day)})"))
        elif counts and site.capacity:
            later.append((site, f"{site.name} ({site.capacity}, {situation.date(counts[-1].day)})"))
    with_capacity = sum(1 for key in situation.series if situation.sites[key].capacity)
    if known:
        message = (
            f"the capacity of {len(known)} of {with_capacity} sites is the highest number ever registered there: "
            "whoever uses it knows the future. Capacities are left out unless asked for (--capacities)"
        )
        found.data(f"{label}/locations.csv", known[0][0].line, f"{message}: {', '.join(text for _, text in known)}")
    if later:
        message = f"the capacity of {len(later)} of {with_capacity} sites is, to the person, a number registered there"
        message = f"{message} on a later date, which knows the future too"
        found.data(f"{label}/locations.csv", later[0][0].line, f"{message}: {', '.join(text for _, text in later)}")


def tell_total(situation: Situation, sources: Sources, found: Findings) -> None:
    """Tell how far the stated total lies from the sum of the sites."""
    if not situation.total or not situation.series:
        return
    points: Points = [(c.day, c.registered) for c in situation.total]
    raw = [[(c.day, c.registered) for c in s.counts] for s in situation.series.values()]
    days = [c.day for c in situation.total if 0 <= c.day < situation.days]
    if not days:
        found.data(sources.name("refugees.csv"), 0, "the stated total has no count in the period")
        return
    gaps = [(between(points, day), sum(between(p, day) for p in raw), day) for day in days]
    total, of_sites, day = max(gaps, key=lambda gap: abs(gap[0] - gap[1]) / max(gap[0], gap[1], 1))
    line = next(c.line for c in situation.total if c.day == day)
    worst = abs(total - of_sites) / max(total, of_sites, 1)
    last_total, last_sites, _ = gaps[-1]
    if worst > 0.02:
        message = (
            f"the stated total and the sum of the sites differ, most on {situation.date(day)} ({total:.0f} and "
            f"{of_sites:.0f}), at the end {last_total:.0f} and {last_sites:.0f}; "
            "the sum of the sites (corrected) is taken"
        )
        found.data(sources.name("refugees.csv"), line, message)
    falling = any(b.registered < a.registered for a, b in pairwise(situation.total))
    if not falling and any(falls(situation, s) for s in situation.series.values()):
        message = "the stated total never falls, while sites do: it may be a sum of arrivals, not people present"
        found.data(sources.name("refugees.csv"), 0, message)
