"""Reading of a folder of Flee, and its import as a scenario."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from ..problems import ScenarioErrors, Spot, nearest
from .counts import Sources, arrivals, read_series
from .events import play_closures, play_conflicts, read_closures, read_conflicts
from .faults import tell_faults
from .network import read_network
from .report import report_text
from .rows import Findings, amount, day_of, find_file, split_lines, text_of
from .settings import read_settings
from .situation import Imported, Remark, Situation
from .write import write_scenario

Named = str | os.PathLike[str]
SETTINGS = ("simsetting.yml", "simulationsetting.yml", "simsetting.yaml", "simulationsetting.yaml")
INPUTS = ("locations.csv", "routes.csv", "closures.csv", "conflicts.csv", "sim_period.csv",
          "registration_corrections.csv", "conflict_period.csv")  # fmt: skip
LONGEST_DAYS = 36_525


def import_flee(
    input_dir: Named, out: Named, validation: Named | None = None, settings: Named | None = None, *,
    capacities: bool = False, force: bool = False,
) -> Imported:  # fmt: skip
    """Translate a folder of Flee into a scenario folder.

    `input_dir` holds `input_csv` (or is it), `validation` the series (default: `source_data` beside), `settings` is
    Flee's settings file (default: one that lies there, else Flee's own defaults). Raises ScenarioErrors, with every
    problem, if it cannot be done; nothing is written then.
    """
    situation = read_flee(input_dir, validation, settings)
    report = report_text(situation, capacities)
    folder = write_scenario(situation, report, Path(out), capacities, force)
    return Imported(folder, situation, report)


def read_flee(input_dir: Named, validation: Named | None = None, settings: Named | None = None) -> Situation:
    """What the files of Flee say, in memory: nothing is written. Raises ScenarioErrors if they cannot be used."""
    found = Findings()
    inputs = input_folder(Path(input_dir), found)
    sources = series_folder(Path(input_dir), inputs, validation, found)
    settings_path = settings_file(Path(input_dir), inputs, settings, found)
    stop_if_wrong(found)
    assert inputs is not None
    situation = read_folder(inputs, sources, settings_path, situation_name(Path(input_dir), inputs), found)
    stop_if_wrong(found)
    assert situation is not None
    return situation


def stop_if_wrong(found: Findings) -> None:
    """Raise every problem that makes the import impossible."""
    if found.problems.found:
        raise ScenarioErrors(found.problems.found)


def situation_name(given: Path, inputs: Path) -> str:
    """The name of a situation: that of its folder."""
    folder = given.resolve()
    return folder.parent.name if folder == inputs.resolve() and folder.name.lower() == "input_csv" else folder.name


def input_folder(given: Path, found: Findings) -> Path | None:
    """The folder of the input files: `input_csv` in the one given, or that one."""
    if not given.is_dir():
        what = "is a file; name the folder that holds `input_csv`" if given.exists() else "there is no such folder"
        near = nearest(given.name, [p.name for p in given.parent.iterdir()]) if given.parent.is_dir() else None
        found.problems.add(Spot(str(given), 0, 0), what, (), near)
        return None
    folder = given / "input_csv" if (given / "input_csv").is_dir() else given
    if not any(find_file(folder, name) for name in INPUTS):
        message = "holds none of the input files of Flee; name the folder that holds `input_csv`"
        found.problems.add(Spot(str(folder), 0, 0), message, INPUTS)
        return None
    return folder


def series_folder(given: Path, inputs: Path | None, validation: Named | None, found: Findings) -> Sources | None:
    """The folder of the series, if there is one."""
    if validation is not None:
        folder = Path(validation)
        if not folder.is_dir():
            found.problems.add(Spot(str(folder), 0, 0), "there is no such folder of series")
            return None
        inner = folder / "source_data"
        folder = inner if inner.is_dir() and not find_file(folder, "data_layout.csv") else folder
        return Sources(folder, folder.name)
    beside = (
        []
        if inputs is None
        else [given / "source_data", inputs / "source_data", inputs.resolve().parent / "source_data"]
    )
    folders = [folder for folder in beside if folder.is_dir()]
    return Sources(folders[0], folders[0].name) if folders else None


def settings_file(given: Path, inputs: Path | None, settings: Named | None, found: Findings) -> Path | None:
    """The settings file, if there is one."""
    if settings is not None:
        path = Path(settings)
        if not path.is_file():
            near = nearest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
            found.problems.add(Spot(str(path), 0, 0), "there is no such settings file", (), near)
            return None
        return path
    places = [] if inputs is None else [given, inputs, inputs.resolve().parent]
    return next((p for place in places for name in SETTINGS if (p := find_file(place, name))), None)


def read_folder(
    inputs: Path, sources: Sources | None, settings: Path | None, name: str, found: Findings
) -> Situation | None:
    """The situation of an input folder; None if problems make it useless."""
    label = inputs.name
    paths = {word: find_file(inputs, word) for word in INPUTS}
    rules = read_settings(settings, settings.name if settings else "", found)
    start, days = read_period(paths, label, inputs, found)
    locations, routes = paths["locations.csv"], paths["routes.csv"]
    there = [path.name for path in inputs.glob("*")]
    needed = {"locations.csv": "there are no places", "routes.csv": "nobody can go anywhere"}
    for word, why in needed.items():
        if paths[word] is None:
            message = f"is missing: without it {why}"
            found.problems.add(Spot(f"{label}/{word}", 0, 0), message, (), nearest(word, there))
    if locations is None or routes is None:
        return None
    sites, ways = read_network(locations, routes, (f"{label}/{locations.name}", f"{label}/{routes.name}"), found)
    if not sites or start is None or days is None:
        return None
    closures = read_closures(paths["closures.csv"], f"{label}/closures.csv", sites, start, found)
    open_routes, open_camps, unforced = play_closures(closures, ways, sites, days)
    conflicts = read_conflicts(paths["conflicts.csv"], f"{label}/conflicts.csv", sites, start, days, found)
    unsafe = play_conflicts(sites, conflicts, rules, days)
    corrections = paths["registration_corrections.csv"]
    series, total = read_series(
        sources, corrections, f"{label}/registration_corrections.csv", sites, start, days, found
    )
    registered = tuple(sum(s.daily[day] for s in series.values()) for day in range(days)) if series else ()
    situation = Situation(
        name, start, days, sites, ways, closures, unsafe, open_routes, open_camps, unforced, series, total,
        arrivals(registered, rules.inserts_day_0), rules, (), tuple(dict.fromkeys(found.files)),
    )  # fmt: skip
    tell_faults(situation, conflicts, label, sources, found)
    tell_missing(paths, inputs, label, found)
    return with_remarks(situation, found)


def with_remarks(situation: Situation, found: Findings) -> Situation:
    """The situation with everything that was found, each once, in the order of the files."""
    from dataclasses import replace

    order = {file: at for at, file in enumerate(dict.fromkeys(found.files))}
    known: dict[Remark, None] = dict.fromkeys(found.remarks)
    remarks = sorted(known, key=lambda r: (order.get(r.file, len(order)), r.file, r.line))
    return replace(situation, remarks=tuple(remarks), files=tuple(order))


def tell_missing(paths: dict[str, Path | None], inputs: Path, label: str, found: Findings) -> None:
    """Tell which input files are not there, and which lie there unread."""
    instead = {
        "closures.csv": "nothing closes",
        "conflicts.csv": "places are unsafe from their `conflict_date` in locations.csv on",
        "registration_corrections.csv": "no series is corrected",
    }
    for word, what in instead.items():
        if paths[word] is None:
            found.untranslated(f"{label}/{word}", 0, f"is not there: {what}")
    read = {path.name for path in paths.values() if path is not None}
    for path in sorted(inputs.glob("*.csv")):
        if path.name not in read:
            found.untranslated(f"{label}/{path.name}", 0, f"is not read{guess(path.name)}")


def guess(name: str) -> str:
    """Which input file a file may have been meant as."""
    near = nearest(name, INPUTS) or next((word for word in INPUTS if name.lower().startswith(word[:-4])), None)
    return f"; Flee reads {near!r} only" if near else "; Flee's movement rules do not use it"


def read_period(
    paths: dict[str, Path | None], label: str, inputs: Path, found: Findings
) -> tuple[date | None, int | None]:
    """The first day and how many days there are."""
    path = paths["sim_period.csv"] or paths["conflict_period.csv"]
    name = f"{label}/{path.name if path else 'sim_period.csv'}"
    if path is None:
        there = [p.name for p in inputs.iterdir()]
        message = "is missing: it holds the lines `StartDate,2015-05-01` and `Length,396`"
        found.problems.add(Spot(name, 0, 0), message, (), nearest("sim_period.csv", there))
        return None, None
    start: date | None = None
    days: int | None = None
    for line, cells in split_lines(text_of(path, name, found)):
        key, value = cells[0].strip().lstrip("#").lower(), cells[1].strip() if len(cells) > 1 else ""
        spot = Spot(name, line, len(cells[0]) + 2)
        try:
            if key in ("startdate", "start_date", "start"):
                start = day_of(value)
            elif key in ("length", "days", "number_of_steps"):
                days = int(amount(value))
        except ValueError as error:
            found.problems.add(spot, f"{cells[0].strip()}: {error}")
            return None, None
    if start is None:
        found.problems.add(Spot(name, 0, 0), "does not say when the simulation starts: `StartDate,2015-05-01`")
    if days is None or not 2 <= days <= LONGEST_DAYS:
        said = "does not say how many days it has" if days is None else f"has {days} days, not 2 to {LONGEST_DAYS}"
        found.problems.add(Spot(name, 0, 0), f"{said}: `Length,396`")
        days = None
    return start, days
