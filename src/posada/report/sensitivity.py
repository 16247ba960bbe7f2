"""The page of a sensitivity, with its tables; alone in a folder, or beside the result that it is of."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from posada.report import drawing
from posada.report.pages import about, as_html, free_for, put, write_text
from posada.report.sections_drivers import pages
from posada.results import SENSITIVITY_FILE, ResultError, Sensitivity, as_data, coverage, open_result
from posada.scenario import Scenario


def free_for_sensitivity(folder: str | os.PathLike[str], scenario: Scenario, policy: str | Sequence[str] = ()) -> Path:
    """A folder to which a sensitivity may be written: new, empty, with an earlier one, or a result of the same kind.

    ResultError if it holds something else, or a result of another scenario or policy.
    """
    target = Path(folder)
    if (target / "run.json").is_file():
        kept = open_result(target)
        policies = (policy,) if isinstance(policy, str) else tuple(policy)
        if kept.info.sets or kept.info.forks or kept.info.until:
            raise ResultError(f"{target} holds a result of changed numbers or dates; write the sensitivity elsewhere")
        if kept.hash != scenario.hash or kept.info.policies != policies:
            raise ResultError(f"{target} holds a result of another scenario or policy; write the sensitivity elsewhere")
    return free_for(target, ("run.json", SENSITIVITY_FILE), "sensitivity")


def write_sensitivity(found: Sensitivity, folder: str | os.PathLike[str]) -> Path:
    """Write `sensitivity.html`, `.csv` and `.json`, each whole; other files of the folder stay.

    `posada why`, `posada evidence coverage` and the headlines of a result use the last one, if it is beside them.
    """
    drawing.easel()
    sections = pages(found)

    def write(work: Path) -> None:
        policy = "" if found.policy == "as-stated" else found.policy
        top = about(found.scenario, "what drives the answers", policy=policy, replicates=found.replicates)
        write_text(work / "sensitivity.html", as_html(sections, **top, version=found.version))
        shares(found).write_csv(work / "sensitivity.csv", float_precision=5)
        told = json.dumps(as_data(found), indent=1, ensure_ascii=False, sort_keys=True)
        write_text(work / SENSITIVITY_FILE, f"{told}\n")

    return put(Path(folder), write, SENSITIVITY_FILE)


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
