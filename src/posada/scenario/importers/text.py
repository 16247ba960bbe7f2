"""The text of scenario.yaml: what was imported, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .faults import days_from_nowhere
from .movement import figure, leaves, modes, utility
from .situation import Site, Situation

Changes = list[tuple[int, float]]


def changes(values: Iterable[float]) -> Changes:
    """The days on which a series changes, with what it is from then on; the first day always."""
    found: Changes = []
    for day, value in enumerate(values):
        if not found or value != found[-1][1]:
            found.append((day, value))
    return found


def title_of(name: str) -> str:
    """A title from the name of a folder: `burundi2015` is Burundi 2015."""
    words = re.sub(r"(?<=[A-Za-z])(?=\d)", " ", name).replace("_", " ").replace("-", " ").split()
    return " ".join(word[:1].upper() + word[1:] for word in words) or "A situation of Flee"


def quoted(text: str) -> str:
    """A text in quotes, safe in YAML."""
    return "'" + text.replace("'", "''") + "'"


def scenario_text(situation: Situation, capacities: bool) -> str:
    """The whole of scenario.yaml."""
    parts = [
        head(situation), modes_text(situation), places_text(situation), links_text(situation),
        movement_text(situation, capacities), groups_text(situation), pathway_text(), headlines_text(situation),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def head(situation: Situation) -> str:
    """Title, time and records."""
    first, last = situation.date(0), situation.date(situation.days - 1)
    return f"""\
# Imported from files of Flee; IMPORTED.md says what was read, what could not be translated and what is wrong in them.
posada: 1
title: {quoted(title_of(situation.name))}
summary: {quoted(f"{len(situation.sites)} places, {situation.days} days; people choose their way from day to day.")}
start: {first}
end: {last}
time_zone: UTC
sensitivity: public
record: {{by: []}}
"""


def modes_text(situation: Situation) -> str:
    """The modes."""
    lines = ["# Ways of moving. Flee counts km a day; here a day has 24 hours on the way."]
    lines.append("modes:")
    for mode, speed in modes(situation).items():
        lines.append(f"  {mode}: {{speed_kmh: {figure(speed)}}}  # {speed * 24:g} km a day")
    return "\n".join(lines) + "\n"


def dated(word: str, values: Changes, situation: Situation, indent: str) -> list[str]:
    """A dated list as lines."""
    shown = []
    for day, value in values:
        since = f"from: {situation.date(day)}, " if day else ""
        shown.append(f"{{{since}value: {figure(value)}}}")
    if len(shown) == 1:
        return [f"{indent}{word}: {figure(values[0][1])}"]
    if len(shown) <= 3:
        return [f"{indent}{word}: [{', '.join(shown)}]"]
    return [f"{indent}{word}:", *(f"{indent}  - {entry}" for entry in shown)]


def places_text(situation: Situation) -> str:
    """Where it is unsafe, and which camps are not yet, or no longer, camps."""
    lines = []
    for key in situation.sites:
        own = []
        if key in situation.unsafe:
            own += dated("unsafe", changes(situation.unsafe[key]), situation, "    ")
        if key in situation.open_camps:
            own += dated("open", changes(map(float, situation.open_camps[key])), situation, "    ")
        if own:
            lines += [f"  {key}:", *own]
    if not lines:
        return ""
    note = [
        "# unsafe: 0 is safe; above 0 how strongly it drives people out, waning as `conflict_spawn_decay` says.",
        "# open: at 0 a camp counts as an ordinary place.",
        "places:",
    ]
    return "\n".join([*note, *lines]) + "\n"


def links_text(situation: Situation) -> str:
    """Which links are closed when, and where redirection ends."""
    lines = []
    for route in situation.routes:
        own = []
        if route.id in situation.open_routes:
            own += dated("open", changes(map(float, situation.open_routes[route.id])), situation, "    ")
        if route.id in situation.unforced:
            forced = changes(float(not lifted) for lifted in situation.unforced[route.id])
            own += dated("forced", forced, situation, "    ")
        if own:
            lines += [f"  {route.id}:", *own]
    if not lines:
        return ""
    return "\n".join(["# Closed links (open: 0), from closures.csv.", "links:", *lines]) + "\n"


def movement_text(situation: Situation, capacities: bool) -> str:
    """The rules of movement."""
    rules = situation.rules
    chances = ", ".join(f"{kind}: {chance}" for kind, chance in leaves(situation).items())
    lines = [
        f"# Flee's rules, {'from ' + rules.file if rules.file else 'with its own defaults'}.",
        "movement:",
        "  flight:",
        "    # The chance of moving on each day, by what the place is.",
        f"    leaves: {{{chances}}}",
        "    # How much a place draws, given the way there; the choice among the places in sight is a logit.",
        f'    utility: "{utility(situation, capacities)}"',
        f"    ahead: {max(1, rules.ahead)}  # how many links ahead places are known",
        '    at: "00:00"',
        "    clock: daily",
    ]
    lines += ["    first_link: foot"] if rules.starts_on_foot else []
    lines += ["    keeps_going: true  # no rest before half a day's way is behind one"] if rules.keeps_going else []
    lines += ["    forced: ignored  # as in Flee, which reads forced redirection and never obeys it"]
    return "\n".join(lines) + "\n"


def weight(situation: Situation) -> str:
    """How likely each place is as the one from which people set out."""
    populated = any(situation.sites[key].population for key in situation.unsafe)
    if not situation.unsafe:
        return "population" if any(s.population for s in situation.sites.values()) else "1"
    if not populated:
        return "unsafe" if not days_from_nowhere(situation) else "max(unsafe, 0.000001)"
    return "population * max(unsafe, 0.000001)" if days_from_nowhere(situation) else "population * unsafe"


def groups_text(situation: Situation) -> str:
    """Those who set out day by day, and those registered in camps on the first day."""
    lines = [
        "# Who sets out: each day as many as the registered of all sites rise by; from unsafe places, by population.",
        "groups:",
        "  displaced:",
        '    {arrivals: displaced.csv, at: "00:00", pathway: displaced,',
        f'     places: {{weight: "{weight(situation)}"}}}}',
    ]
    begin = [(key, s.daily[0]) for key, s in situation.series.items() if s.daily[0] > 0]
    if begin and situation.rules.inserts_day_0:
        lines.append("  # Registered on the first day.")
        day = situation.date(0)
        lines += [f"  at-{key}: {{people: {n}, date: {day}, place: {key}, pathway: displaced}}" for key, n in begin]
    return "\n".join(lines) + "\n"


def pathway_text() -> str:
    """The one pathway: people move until the end of the simulation."""
    return """\
pathways:
  displaced:
    - {id: on-the-move, roam: {by: flight}}  # it has no end: people may always move on

outcomes:
  arrived: {label: has arrived for good, final: false}  # nobody ends: who is in a camp may leave it
"""


def headlines_text(situation: Situation) -> str:
    """People in each site with a series at the end."""
    shown: list[Site] = [situation.sites[key] for key in situation.series]
    if not shown:
        return ""
    lines = ["headlines:"]
    for site in shown:
        label = quoted(f"People in {site.name} at the end")
        lines.append(f"  - {{id: in-{site.id}, label: {label}, series: 'present:{site.id}', statistic: last,")
        lines.append("     question: 'Where are people at the end?'}")
    return "\n".join(lines) + "\n"
