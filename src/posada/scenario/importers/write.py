"""The scenario folder of a situation: the text of every file."""

from __future__ import annotations

from pathlib import Path

from .folder import Row, table, write_folder
from .movement import mode_of
from .situation import Count, SiteSeries, Situation
from .text import scenario_text


def write_scenario(situation: Situation, report: str, out: Path, capacities: bool, force: bool) -> Path:
    """Write the folder; ScenarioErrors if something is in the way."""
    return write_folder(files_of(situation, report, capacities), out, force)


def files_of(situation: Situation, report: str, capacities: bool) -> dict[str, str]:
    """The text of every file."""
    found = {
        "scenario.yaml": scenario_text(situation, capacities),
        "places.csv": places_table(situation, capacities),
        "links.csv": links_table(situation),
        "displaced.csv": displaced_table(situation),
        "IMPORTED.md": report,
    }
    if situation.series:
        found["observations.csv"] = observations_table(situation)
        found["evidence.csv"] = evidence_table(situation)
    return found


def places_table(situation: Situation, capacities: bool) -> str:
    """Places.csv, without markers; capacities only when they are asked for."""
    rows = [
        (s.id, s.name, s.lat, s.lon, s.country, s.kind, s.population, *((s.capacity,) if capacities else ()), s.note)
        for s in situation.sites.values()
        if s.kind != "marker"
    ]
    return table(f"id,name,lat,lon,country,kind,population,{'capacity,' if capacities else ''}note", rows)


def links_table(situation: Situation) -> str:
    """Links.csv: each route in both directions."""
    return table(
        "id,from,to,mode,length_km,forced,note",
        (
            (r.id, r.from_, r.to, mode_of(r.km_a_day), f"{r.km:.10g}", "yes" if r.forced else "no", through(r.hops))
            for r in situation.routes
        ),
    )


def through(hops: tuple[tuple[str, str], ...]) -> str:
    """Which markers a route was joined from."""
    return f"through {', '.join(a for a, _ in hops[1:])}" if len(hops) > 1 else ""


def displaced_table(situation: Situation) -> str:
    """Displaced.csv: who sets out on each day; one row of nobody where no series says it."""
    rows = [(situation.date(day), people) for day, people in enumerate(situation.displaced) if people > 0]
    return table("date,people", rows or [(situation.date(0), 0)])


def observations_table(situation: Situation) -> str:
    """Observations.csv: the counts of the period, as corrected, to hold the scenario against.

    A count that a later correction scaled could be known as such only from the date of that correction on.
    """
    rows: list[Row] = []
    for key, series in situation.series.items():
        stated = {count.day for count in series.counts}
        for count in period(series, situation.days):
            date = situation.date(count.day)
            exact = count.registered == count.corrected and count.day in stated
            value, qualifier = f"{count.corrected:.10g}", "exact" if exact else "about"
            source, known = f"series-{key}", situation.date(known_on(series, count.day))
            rows.append((f"{key}-{date}", f"present:{key}", "", date, value, qualifier, source, known, "check"))
    return table("id,series,from,to,value,qualifier,evidence,as_of,use", rows)


def known_on(series: SiteSeries, day: int) -> int:
    """The day from which a count could be known; one that lies between two counts, from the later of them on."""
    days = [count.day for count in series.counts]
    later = min((other for other in days if other >= day), default=day)
    return max(series.known_on(day), later)


def period(series: SiteSeries, days: int) -> list[Count]:
    """The counts within the period; where more lie outside, also what is between on the first or last day."""
    found = {count.day: count for count in series.counts if 0 <= count.day < days}
    for day, outside in ((0, series.counts[0].day < 0), (days - 1, series.counts[-1].day >= days)):
        if outside:
            value = float(series.daily[day])
            found.setdefault(day, Count(day, value, value))
    return [found[day] for day in sorted(found)]


def evidence_table(situation: Situation) -> str:
    """Evidence.csv: one claim for each site, the last count of its series."""
    rows: list[Row] = []
    for key, series in situation.series.items():
        inside = [count for count in series.counts if 0 <= count.day < situation.days] or [series.counts[-1]]
        last = inside[-1]
        name = situation.sites[key].name
        changed = sum(c.registered != c.corrected for c in inside)
        to = situation.date(last.day)
        note = f"{len(inside)} counts in the period, {situation.date(inside[0].day)} to {to}; value: the last"
        note += f"; {changed} of them scaled by registration corrections, see IMPORTED.md" if changed else ""
        value, title = f"{last.registered:.10g}", f"{situation.name}: {', '.join(series.files)}"
        rows.append((f"series-{key}", f"people registered in {name}", "present", value, "exact", "people", key, to, to,
                     "observed", title, "public", note))  # fmt: skip
    return table("id,counts_what,kind,value,qualifier,unit,place,from,to,status,source_title,sensitivity,note", rows)
