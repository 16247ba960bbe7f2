"""The files of a result: its tables, what made it, and a copy of its scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.results import folders
from posada.results.folders import ResultError
from posada.results.history import FOLDER
from posada.results.series import KEYS
from posada.scenario import Scenario, ScenarioErrors, load

TABLES = ("stocks", "flows", "waits", "outcomes", "quantities", "background", "busy")
MEASURES = "measures"
"""The table of a run under a policy with a ladder."""
SCENARIO = "scenario"
LATER = ("until", "forks", "calibration")
"""What `run.json` of the first results did not say."""
NOT_KEPT = "its scenario was changed in Python in a way that its files do not tell"


def keep_scenario(scenario: Scenario, copy: Path) -> bool:
    """Copy the files of a scenario; False, and no copy, if they and its edits do not make the scenario again."""
    folders.copy_scenario(scenario.folder, copy, scenario.tables)
    if copy.exists():
        try:
            if load(copy).edited(scenario.edits).hash == scenario.hash:
                return True
        except ScenarioErrors:
            pass
        folders.remove_own(copy)
    return False


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON whole: to a temporary name, then renamed."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(
        json.dumps(content, indent=1, ensure_ascii=False, default=_plain, sort_keys=True) + "\n", encoding="utf-8"
    )
    temporary.replace(path)


def _plain(value: Any) -> Any:
    """Values that JSON does not know."""
    if isinstance(value, np.generic):
        return value.item()
    return str(value)


def in_place(found: Mapping[str, Any]) -> dict[str, Any]:
    """A summary as it is kept: histories are in a folder beside it."""
    return {**found, "history": {**found["history"], "folder": FOLDER}} if "history" in found else dict(found)


def read_table(folder: Path, name: str) -> pl.DataFrame:
    """One table of a result; ResultError if its file is damaged or is another table."""
    path = folder / f"{name}.parquet"
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ResultError(f"{path} is damaged ({str(error).splitlines()[0]}); run it again") from None
    needed = {"replicate", *KEYS[name]} - {None} if name in KEYS else {"replicate"}
    if not needed <= set(table.columns):
        raise ResultError(f"{path} is not the table {name!r}; run it again")
    return table


def read_run(place: Path) -> dict[str, Any]:
    """What `run.json` says; ResultError if there is no such file, or it is not that of a result."""
    if not (place / "run.json").exists():
        raise ResultError(
            f"{place} holds no result: there is no run.json (make one with `posada run SCENARIO --out {place}`)"
        )
    return read_json(place, "run.json")


def read_json(place: Path, name: str) -> dict[str, Any]:
    """The content of one file of a result."""
    try:
        found = json.loads((place / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ResultError(f"{place} lacks {name}; run it again") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ResultError(f"{place}/{name} is not that of a result ({error})") from None
    if not isinstance(found, dict):
        raise ResultError(f"{place}/{name} is not that of a result")
    return found
