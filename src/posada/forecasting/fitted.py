"""A fitted scenario as a folder: a copy of the one that it was made of, with what was learnt written into it.

Comments of scenario.yaml and all other files are kept. The copy says that it was fitted, and until when.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from pathlib import Path
from typing import Any

from posada.results import ResultError, work_folder
from posada.scenario import Group, Instant, Movement, Number, Quantity, ScenarioErrors, load

from .fit import COUNTED, Fit

FILE = "scenario.yaml"
RULES = ("leaves", "utility", "ahead", "keeps_going", "passes_through", "forced", "note")


def write_fitted(fit: Fit, out: str | os.PathLike[str]) -> Path:
    """Write the folder of a fitted scenario; ResultError if something is in the way. Nothing is left half-written."""
    target = free_for_fit(out, fit.scenario.folder)
    with work_folder(target.resolve()) as work:
        made = work / "made"
        shutil.copytree(fit.scenario.folder, made)
        rewrite(made, fit)
        check(made)
        if target.exists():
            target.rmdir()
        made.rename(target)
    return target


def free_for_fit(out: str | os.PathLike[str], scenario: Path) -> Path:
    """The folder to write to, if nothing is in the way; ResultError otherwise."""
    target = Path(out)
    if target.is_file():
        raise ResultError(f"{target} is a file; name a folder for the fitted scenario")
    if target.exists() and any(target.iterdir()):
        raise ResultError(f"{target} is not empty; name another folder for the fitted scenario")
    if target.resolve().is_relative_to(scenario.resolve()):
        raise ResultError(f"{target} lies within the scenario that is fitted; name a folder beside it")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ResultError(f"{target.parent} cannot be a folder; name another one for the fitted scenario") from None
    return target


def check(made: Path) -> None:
    """What was written must be a sound scenario: a policy may name a group or chance that fitting has replaced."""
    try:
        load(made)
    except ScenarioErrors as errors:
        told = "; ".join(f"line {p.line} of {p.file}: {p.message}" for p in errors.problems[:5])
        raise ResultError(
            f"this scenario cannot be fitted as it stands, since something rests on what fitting replaces: {told}"
        ) from None


def rewrite(folder: Path, fit: Fit) -> None:
    """Put what was learnt into the files of a folder."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10_000
    yaml.representer.ignore_aliases = lambda *_: True
    text = (folder / FILE).read_text(encoding="utf-8")
    top = yaml.load(text)
    s = fit.scenario
    top["title"] = s.title
    places = top.setdefault("places", {})
    for key in sorted(set(fit.attractions["site"].to_list())):
        here = places.get(key) or {}
        here["attraction"] = number(s.places[key].numbers["attraction"])
        places[key] = here
    before = load(fit.scenario.folder)
    for key, movement in s.movement.items():
        if movement == before.movement[key]:
            continue
        top["movement"][key].update(rules(movement))
        for word in [word for word in top["movement"][key] if word in RULES and word not in rules(movement)]:
            del top["movement"][key][word]
    groups = top["groups"]
    for key in [key for key in groups if key not in s.groups]:
        del groups[key]
    for key, group in s.groups.items():
        if key not in groups or key.startswith(COUNTED):
            groups[key] = counted(group)
        elif group != before.groups.get(key):
            shorten(groups[key], group, fit, folder)
    with io.StringIO() as stream:
        yaml.dump(top, stream)
        (folder / FILE).write_text(stream.getvalue(), encoding="utf-8", newline="\n")


def rules(movement: Movement) -> dict[str, Any]:
    """A movement as it stands in scenario.yaml."""
    return {
        "leaves": {key: number(chance) for key, chance in movement.leaves.items()},
        "utility": movement.utility.entries[0].what,
        "ahead": movement.ahead or "all",
        "passes_through": movement.passes_through,
        "note": movement.note,
    }


def number(value: Number) -> Any:
    """A number as it stands in scenario.yaml: plain, with low and high, or a dated list."""
    entries = []
    for entry in value.entries:
        found = {"value": entry.what} if isinstance(entry.what, str) else quantity(entry.what)
        entries.append(found if entry.from_ is None else {"from": entry.from_, **found})
    return entries[0] if len(entries) == 1 else entries


def quantity(value: Quantity) -> dict[str, Any]:
    """A quantity as it stands in scenario.yaml."""
    found = {
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "scale": value.scale,
        "evidence": list(value.evidence) or None,
        "assumed": value.assumed,
    }
    return {key: what for key, what in found.items() if what is not None}


def shorten(node: Any, group: Group, fit: Fit, folder: Path) -> None:
    """A group of the original from the date on: the rest of its table in a file of its own, or a later beginning."""
    if group.arrivals:
        name = f"{Path(str(node['arrivals'])).stem}-from-{fit.until}.csv"
        with open(folder / name, "w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            timed = any(row.minute is not None for row in group.arrivals)
            rows.writerow(["date", "time", "people"] if timed else ["date", "people"])
            for row in group.arrivals:
                clock = [] if row.minute is None else [f"{row.minute // 60:02}:{row.minute % 60:02}"]
                rows.writerow([row.date, *clock, row.people])
        node["arrivals"] = name
    elif group.from_ is not None:
        if "arrivals" in node:  # the table gave way to a forecast of how many come
            for word in ("arrivals", "at"):
                node.pop(word, None)
            assert group.people_per_day is not None
            node["people_per_day"] = number(group.people_per_day)
        node["from"] = str(group.from_.date) if not group.from_.minute else told_instant(group.from_)


def told_instant(instant: Instant) -> str:
    """An instant as it stands in scenario.yaml."""
    return f"{instant.date} {instant.minute // 60:02}:{instant.minute % 60:02}"


def counted(group: Group) -> dict[str, Any]:
    """The people who were counted at a site by the date."""
    assert group.people is not None
    assert group.date is not None
    return {
        "people": number(group.people),
        "place": group.place,
        "date": group.date.date,
        "pathway": group.pathway,
    }
