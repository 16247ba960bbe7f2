"""IMPORTED.md: what was read, what could not be translated, and what is wrong in the data."""

from __future__ import annotations

from collections.abc import Iterable

from .rows import DATA, TRANSLATION
from .situation import Remark, Situation
from .text import title_of


def report_text(situation: Situation, capacities: bool) -> str:
    """The whole report."""
    parts = [
        f"# {title_of(situation.name)}: imported from Flee\n",
        "## What was read\n",
        *(f"- {line}" for line in what_was_read(situation)),
        "",
        *section("What could not be translated, or not literally", situation, TRANSLATION),
        *section("What is wrong, or strange, in the data", situation, DATA),
        *capacities_text(situation, capacities),
        *corrections_text(situation),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


MOST_TOLD = 8
"""How many remarks of a kind are told at once; all are in IMPORTED.md."""


def in_short(situation: Situation) -> list[tuple[str, list[str]]]:
    """Titles with the first lines of each, for the terminal."""
    found = [("What was read", list(what_was_read(situation)))]
    titles = ((TRANSLATION, "What could not be translated, or not literally"), (DATA, "What is wrong, or strange"))
    for topic, title in titles:
        lines = [f"{where(r)}{r.message}" for r in situation.remarks if r.topic == topic]
        more = len(lines) - MOST_TOLD
        found.append((title, [*lines[:MOST_TOLD], *([f"and {more} more, in IMPORTED.md"] if more > 0 else [])]))
    counts = [c for series in situation.series.values() for c in series.counts if 0 <= c.day < situation.days]
    changed = sum(count.registered != count.corrected for count in counts)
    if changed:
        found.append(("Corrected", [f"{changed} of {len(counts)} counts were corrected; IMPORTED.md has each"]))
    return [(title, lines or ["nothing was found"]) for title, lines in found]


def what_was_read(situation: Situation) -> Iterable[str]:
    """What the files hold, in numbers."""
    kinds = [site.kind for site in situation.sites.values()]
    known = [kind for kind in ("camp", "idpcamp", "town", "hub", "marker") if kind in kinds]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in known)
    yield f"files: {', '.join(situation.files)}"
    yield f"{situation.days} days from {situation.date(0)} to {situation.date(situation.days - 1)}"
    yield f"{len(situation.sites)} places ({counted}) and {len(situation.routes)} links, each one direction"
    points = [(s.lat, s.lon) for s in situation.sites.values() if s.lat is not None and s.lon is not None]
    if points:
        lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
        edges = f"latitude {min(lats):.1f} to {max(lats):.1f}, longitude {min(lons):.1f} to {max(lons):.1f}"
        yield f"all places lie at {edges}: if that is another country, the two columns are exchanged"
    yield f"{len(situation.unsafe)} places are unsafe at some time"
    if situation.closures:
        yield f"closures: {len(situation.closures)}"
    series = situation.series.values()
    counts = sum(len([c for c in s.counts if 0 <= c.day < situation.days]) for s in series)
    yield f"{len(situation.series)} sites with {counts} counts in the period"
    if situation.series:
        yield f"{situation.registered[0]} people registered on the first day, {situation.registered[-1]} on the last"
    yield f"{sum(situation.displaced)} people set out in the period"
    rules = f"the settings {situation.rules.file}" if situation.rules.file else "Flee's own defaults (no settings file)"
    yield f"movement by {rules}"
    renamed = [f"{s.name} is `{s.id}`" for s in situation.sites.values() if s.id != s.name.lower()]
    if renamed:
        yield f"ids: {'; '.join(renamed)}"


def section(title: str, situation: Situation, topic: str) -> Iterable[str]:
    """The remarks on one topic."""
    remarks = [remark for remark in situation.remarks if remark.topic == topic]
    yield f"## {title}\n"
    yield from (f"- {where(remark)}{remark.message}" for remark in remarks)
    if not remarks:
        yield "Nothing was found."
    yield ""


def where(remark: Remark) -> str:
    """File and line of a remark."""
    if not remark.file:
        return ""
    return f"`{remark.file}:{remark.line}`: " if remark.line else f"`{remark.file}`: "


def capacities_text(situation: Situation, capacities: bool) -> Iterable[str]:
    """What became of the capacities."""
    stated = [site for site in situation.sites.values() if site.capacity]
    if not stated:
        return
    yield "## Capacities\n"
    if capacities:
        yield "They were asked for: places.csv holds them, and full camps draw nobody. See above what that may mean."
    else:
        listed = ", ".join(f"{site.name} {site.capacity}" for site in stated)
        yield f"They are left out; the files say: {listed}. `--capacities` brings them in."
    yield ""


def corrections_text(situation: Situation) -> Iterable[str]:
    """The counts that were changed, as registered and as corrected."""
    rows = [
        (situation.sites[key].name, situation.date(count.day), count.registered, count.corrected)
        for key, series in situation.series.items()
        for count in series.counts
        if count.registered != count.corrected and 0 <= count.day < situation.days
    ]
    if not rows:
        return
    yield "## Counts that were corrected\n"
    yield "Counts before a date of registration_corrections.csv are scaled by the step of the series on that date.\n"
    yield "| site | date | registered | corrected |"
    yield "|---|---|---|---|"
    yield from (f"| {name} | {date} | {before:.10g} | {after:.1f} |" for name, date, before, after in rows)
    yield ""
