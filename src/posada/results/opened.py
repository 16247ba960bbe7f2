"""Results read back from their folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from posada.results.folders import ResultError
from posada.results.history import FOLDER, Kept
from posada.results.info import RunInfo, forks_of
from posada.results.kept import LATER, NOT_KEPT, SCENARIO, TABLES, read_json, read_run
from posada.results.result import Result
from posada.scenario import load


def open_result(folder: str | os.PathLike[str]) -> Result:
    """Read a result, and the scenario as it was when it was run, from a folder; ResultError if there is none."""
    place = Path(folder)
    info = read_run(place)
    try:
        fields = {name: info[name] for name in RunInfo.__dataclass_fields__ if name in info or name not in LATER}
        edits = tuple(tuple(edit) for edit in info["edits"])
    except KeyError as error:
        raise ResultError(f"{place}/run.json is not that of a result (there is no {error})") from None
    if not all(isinstance(fields[name], int) for name in ("seed", "replicates")) or not all(
        isinstance(fields[name], list) for name in ("policies", "sets")
    ):
        raise ResultError(f"{place}/run.json is not that of a result (a value is not of its kind)")
    fields["policies"], fields["sets"] = tuple(fields["policies"]), tuple(fields["sets"])
    fields["forks"] = forks_of(fields.get("forks", ()))
    missing = [name for name in TABLES if not (place / f"{name}.parquet").exists()]
    if missing:
        raise ResultError(f"{place} lacks {', '.join(f'{name}.parquet' for name in missing)}; run it again")
    if not info["scenario_kept"]:
        raise ResultError(f"{place} can be shown (`posada show {place}`), but not opened or reported: {NOT_KEPT}")
    if not (place / SCENARIO).is_dir():
        raise ResultError(f"{place} lacks its folder {SCENARIO!r}; run it again")
    scenario = load(place / SCENARIO).edited(edits)
    if scenario.hash != fields["hash"]:
        raise ResultError(f"the copy of the scenario in {place / SCENARIO} was changed; run it again")
    result = Result(scenario, RunInfo(**fields), folder=place)
    if (place / FOLDER).is_dir():
        result.kept_history = Kept(place / FOLDER)
    drawn = result.stocks["replicate"].max() if "replicate" in result.stocks.columns else None
    if isinstance(drawn, int) and drawn >= result.replicates:
        raise ResultError(f"{place}/run.json tells of {result.replicates} replicates, its tables of more; run it again")
    return result


def read_summary(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """The summary of a result: worked out anew, or as it was kept where its scenario cannot be made again."""
    from posada.results.summary import summary

    place = Path(folder)
    if read_run(place).get("scenario_kept", True):
        return summary(open_result(place))
    return read_json(place, "summary.json")


def check_comparable(result: Result, other: Result) -> None:
    """ResultError unless two results are of the same scenario, seed and version, so that replicates are pairs."""
    for what, a, b in (
        ("scenario", result.hash[:12], other.hash[:12]),
        ("seed", result.info.luck, other.info.luck),
        ("version of posada", result.version, other.version),
    ):
        if a != b:
            raise ResultError(
                f"these results cannot be compared run by run: the {what} differs ({a} and {b}).\n"
                "Run both with the same scenario and --seed, and let --policy or --set be the only difference"
            )
