"""A count added to a scenario's folder: a claim in its ledger, and the observation that rests on it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from posada.evidence import Evidence, append, append_cells

from .build import FILES, load
from .problems import Problem, ScenarioErrors
from .scenario import Scenario
from .series import parse_series

LEDGER, OBSERVATIONS = "evidence.csv", "observations.csv"
COLUMNS = ("id", "series", "from", "to", "low", "value", "high", "qualifier", "evidence", "as_of", "use")
KINDS = {"present": "present", "occupied": "present", "arrived": "arrived", "left": "left", "served": "taken_in"}
"""The kind of a claim that counts a series."""


@dataclass(frozen=True)
class Count:
    """What was counted: a series on a day, or from a day to another; who says so, and when that became known."""

    series: str
    to: date
    value: float
    from_: date | None = None
    low: float | None = None
    high: float | None = None
    qualifier: str = "exact"
    who: str = ""
    source: str = ""
    known: date | None = None


def add_count(scenario: Scenario, count: Count) -> str:
    """Add a count to the scenario's folder; the id of its observation. Every letter that is there stays.

    ScenarioErrors tells what is wrong with it; then nothing is written. A shipped scenario is copied first.
    """
    try:
        series = parse_series(count.series)
    except ValueError as error:
        raise ScenarioErrors([Problem("", 0, 0, str(error))]) from None
    known = count.known or count.to
    place = series.where if series.where in scenario.places else None
    claim = Evidence(
        id="",
        counts_what=f"{series.verb.replace('_', ' ')} at {series.where}",
        kind=KINDS.get(series.verb),
        low=count.low,
        value=count.value,
        high=count.high,
        qualifier=count.qualifier,
        unit="people",
        place=place,
        from_=count.from_ or count.to,
        to=count.to,
        status="observed",
        claimant_role="shelter" if not count.who else None,
        claimant_org=count.who or None,
        source_title=count.source or None,
        published=known,
    )
    from posada.evidence import free_id

    key = free_id(claim, {*scenario.evidence, *scenario.observations})
    row = {
        "id": key, "series": count.series, "from": (count.from_ or count.to).isoformat(), "to": count.to.isoformat(),
        "low": told(count.low), "value": told(count.value), "high": told(count.high), "qualifier": count.qualifier,
        "evidence": key, "as_of": known.isoformat(), "use": "check",
    }  # fmt: skip
    write(scenario.folder, named(claim, key), row)
    return key


def named(claim: Evidence, key: str) -> Evidence:
    """A claim with its id."""
    from dataclasses import replace

    return replace(claim, id=key)


def told(value: float | None) -> str:
    """A number as it stands in a cell."""
    return "" if value is None else f"{value:.10g}"


def write(folder: Path, claim: Evidence, row: dict[str, str]) -> None:
    """Write both rows, after a copy of the scenario with them could be read."""
    with tempfile.TemporaryDirectory(prefix="posada-") as work:
        copy = Path(work) / folder.name
        copy.mkdir()
        for file in folder.iterdir():
            if file.is_file() and (file.name in FILES or file.suffix == ".csv"):
                shutil.copyfile(file, copy / file.name)
        add(copy, claim, row)
        load(copy)
    add(folder, claim, row)


def add(folder: Path, claim: Evidence, row: dict[str, str]) -> None:
    """Add both rows; the claim first, since the observation names it."""
    append(folder / LEDGER, [claim])
    append_cells(folder / OBSERVATIONS, [row], COLUMNS)
