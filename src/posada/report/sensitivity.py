"""The page of a sensitivity, with its tables; alone in a folder, or beside the result that it is of."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from posada.report import drawing
from posada.report.sections_drivers import pages
from posada.report.words import day
from posada.results import SENSITIVITY_FILE, ResultError, Sensitivity, as_data, coverage, open_result
from posada.scenario import Scenario

FILES = ("sensitivity.html", "sensitivity.csv", SENSITIVITY_FILE)


def free_for_sensitivity(folder: str | os.PathLike[str], scenario: Scenario, policy: str | Sequence[str] = ()) -> Path:
    """A folder to which a sensitivity may be written: new, empty, with an earlier one, or a result of the same kind.

    ResultError if it holds something else, or a result of another scenario or policy.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise ResultError(f"{target} is a file; name a folder")
    if (target / "run.json").is_file():
        kept = open_result(target)
        policies = (policy,) if isinstance(policy, str) else tuple(policy)
        if kept.info.sets or kept.info.forks or kept.info.until:
            raise ResultError(f"{target} holds a result of changed numbers or dates; write the sensitivity elsewhere")
        if kept.hash != scenario.hash or kept.info.policies != policies:
            raise ResultError(f"{target} holds a result of another scenario or policy; write the sensitivity elsewhere")
    elif target.exists() and any(target.iterdir()) and not (target / SENSITIVITY_FILE).is_file():
        raise ResultError(f"{target} is not empty and holds no sensitivity of posada; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=target.parent):
        pass
    return target


def write_sensitivity(found: Sensitivity, folder: str | os.PathLike[str]) -> Path:
    """Write `sensitivity.html`, `.csv` and `.json`, each whole; other files of the folder stay.

    `posada why`, `posada evidence coverage` and the headlines of a result use the last one, if it is beside them.
    """
    target = Path(folder)
    html = as_html(found)
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=f".{target.name}-", suffix=".work") as name:
        work = Path(name)
        (work / FILES[0]).write_text(html, encoding="utf-8", newline="\n")
        shares(found).write_csv(work / FILES[1], float_precision=5)
        told = json.dumps(as_data(found), indent=1, ensure_ascii=False, sort_keys=True)
        (work / FILES[2]).write_text(f"{told}\n", encoding="utf-8", newline="\n")
        target.mkdir(exist_ok=True)
        for file in FILES:
            os.replace(work / file, target / file)
    return target


def as_html(found: Sensitivity) -> str:
    """The page as HTML text that needs neither network nor JavaScript."""
    drawing.easel()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = files("posada.report")
    template = environment.from_string(folder.joinpath("template.html.j2").read_text(encoding="utf-8"))
    scenario = found.scenario
    return template.render(
        title=f"{scenario.title}: what drives the answers",
        summary=scenario.summary or "",
        sensitivity=scenario.sensitivity,
        period=f"{day(scenario.start)} to {day(scenario.end)}",
        law=day(scenario.law_as_of),
        policy="" if found.policy == "as-stated" else found.policy,
        replicates=found.replicates,
        version=found.version,
        style=Markup(folder.joinpath("style.css").read_text(encoding="utf-8")),
        sections=pages(found),
        svg=lambda picture: Markup(str(picture)),
    )


def shares(found: Sensitivity) -> pl.DataFrame:
    """One row for each answer and number, and one for each answer's luck; shares as they are, chance included."""
    resting = found.supports
    rows: list[dict[str, object]] = []
    for d in found.headlines:
        for x in d.drivers:
            kind = resting[x.path].kind if x.path in resting else ""
            row = {"headline": d.id, "number": x.path, "rests_on": kind, "direction": x.direction, "share": x.share}
            total, first = x.total.value if x.total else None, x.first.value if x.first else None
            rows.append({**row, "low": x.low, "high": x.high, "first": first, "total": total})
        rests = coverage(d, resting)
        if d.luck is not None:
            ends = {"low": d.luck.low, "high": d.luck.high}
            rows.append({"headline": d.id, "number": "luck", "rests_on": "luck", "share": d.luck.value, **ends})
        rows.append({"headline": d.id, "number": "together", "rests_on": "together", "share": rests.together})
    text = dict.fromkeys(("headline", "number", "rests_on"), pl.String)
    floats = dict.fromkeys(("share", "low", "high", "first", "total"), pl.Float64)
    return pl.DataFrame(rows, schema={**text, "direction": pl.Int64, **floats})
