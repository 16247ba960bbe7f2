"""A count added to a scenario's folder: a claim in its ledger, and the observation that rests on it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from posada.evidence import Evidence, append, append_cells

from .build import FILES, SHIPPED, load
from .model import Observation
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
    """Add a count to the folder of a scenario; the id of its observation, of the one that is there if it is the same.

    Every letter that is there stays. ScenarioErrors tells what is wrong with it, or that the scenario is a shipped one,
    which is never changed; then nothing is written. OSError if the folder cannot be written.
    """
    from posada.evidence import alone

    if scenario.folder.resolve().parent == SHIPPED.resolve():
        said = f"{scenario.folder.name} comes with posada and is not changed; copy it, and add counts to the copy"
        raise ScenarioErrors([Problem("", 0, 0, said)])
    check(count)
    with alone(scenario.folder):  # another may have added one since the scenario was read
        return added(load(scenario.folder), count)


def check(count: Count) -> None:
    """ScenarioErrors if a count says nothing that can be one."""
    said = []
    try:
        parse_series(count.series)
    except ValueError as error:
        said.append(str(error))
    numbers = {"value": count.value, "low": count.low, "high": count.high}
    said += [f"{name} {x:g} is no count of people" for name, x in numbers.items() if x is not None and not x >= 0]
    if count.low is not None and count.high is not None and count.low > count.high:
        said.append(f"low {count.low:g} is above high {count.high:g}")
    if count.from_ is not None and count.from_ > count.to:
        said.append(f"it begins on {count.from_}, after its end on {count.to}")
    if said:
        raise ScenarioErrors([Problem("", 0, 0, text) for text in said])


def added(scenario: Scenario, count: Count) -> str:
    """The id of a count that was added, or was there."""
    from posada.evidence import free_id

    claim = claim_of(scenario, count)
    there = next((row.id for row in scenario.observations.values() if is_same(scenario, row, count)), None)
    if there is not None:
        return there
    named_by = claim if claim.place else replace(claim, place=parse_series(count.series).where)
    key = free_id(named_by, {*scenario.evidence, *scenario.observations})
    row = {
        "id": key, "series": count.series, "from": (count.from_ or count.to).isoformat(), "to": count.to.isoformat(),
        "low": told(count.low), "value": told(count.value), "high": told(count.high), "qualifier": count.qualifier,
        "evidence": key, "as_of": (count.known or count.to).isoformat(), "use": "check",
    }  # fmt: skip
    write(scenario.folder, replace(claim, id=key), row)
    return key


def claim_of(scenario: Scenario, count: Count) -> Evidence:
    """A count as a claim of the ledger."""
    series = parse_series(count.series)
    return Evidence(
        id="",
        counts_what=f"{series.verb.replace('_', ' ')} at {series.where}",
        kind=KINDS.get(series.verb),
        low=count.low,
        value=count.value,
        high=count.high,
        qualifier=count.qualifier,
        unit="people",
        place=series.where if series.where in scenario.places else None,
        from_=count.from_ or count.to,
        to=count.to,
        status="observed",
        claimant_role="shelter" if not count.who else None,
        claimant_org=count.who or None,
        source_title=count.source or None,
        published=count.known or count.to,
    )


def is_same(scenario: Scenario, row: Observation, count: Count) -> bool:
    """Whether an observation is this count, sent twice: the same number of the same thing by the same people."""
    ours = (count.series, count.from_ or count.to, count.to, count.low, count.value, count.high, count.qualifier)
    theirs = (row.series, row.from_ or row.to, row.to, row.low, row.value, row.high, row.qualifier or "exact")
    claims = [scenario.evidence[key] for key in row.evidence if key in scenario.evidence]
    return ours == theirs and (count.who or None) in {claim.claimant_org for claim in claims}


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
