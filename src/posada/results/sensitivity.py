"""A sensitivity: what drives each headline, as plain data; kept beside a result as `sensitivity.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posada.pictured import Pictured
from posada.results.drivers import BY_CHANCE, Driven, Driver, Share
from posada.results.folders import ResultError
from posada.results.supports import Support, held_fixed, supports
from posada.scenario import Headline, Scenario

if TYPE_CHECKING:
    from posada.results.result import Result

FILE = "sensitivity.json"
SOURCED = 0.5
"""What the share of a number that rests on claims counts for in the ranking; an assumption counts whole."""


@dataclass(frozen=True)
class Ranked:
    """A number in the order in which it pays to learn more of it: its mean share, and the headline it drives most."""

    path: str
    share: float
    most: float
    drives: str
    """The id of that headline."""


@dataclass(frozen=True)
class Sensitivity(Pictured):
    """What drives the headlines of a scenario."""

    scenario: Scenario
    name: str
    hash: str
    policy: str
    seed: int
    replicates: int
    pairs: int
    """Replicates of which a second had the same numbers and other luck; 0 if luck was not measured."""
    method: str
    version: str
    command: str
    headlines: tuple[Driven, ...]
    stopped: bool = False
    rows: int = 0
    """Of `sobol`: how many points of the design."""

    @property
    def supports(self) -> dict[str, Support]:
        """What each uncertain number rests on."""
        return supports(self.scenario)

    @property
    def fixed(self) -> int:
        """How many assumed numbers have no range, and so never vary."""
        return held_fixed(self.scenario)

    def headline(self, key: str) -> Driven:
        """One headline by its id; KeyError if there is none."""
        return {d.id: d for d in self.headlines}[key]

    def ranking(self) -> list[Ranked]:
        """Which number to learn first: by mean share of all headlines that vary; what rests on claims counts half."""
        varying = [d for d in self.headlines if d.varies]
        shares: dict[str, dict[str, float]] = {}
        for d in varying:
            for driver in d.drivers:
                shares.setdefault(driver.path, {})[d.id] = max(driver.share, 0.0) if driver.share >= BY_CHANCE else 0.0
        resting = self.supports
        found = []
        for path, by in shares.items():
            drives = max(by, key=lambda key: by[key])
            if by[drives] > 0:
                found.append(Ranked(path, sum(by.values()) / len(varying), by[drives], drives))

        def weight(row: Ranked) -> float:
            claims = row.path in resting and resting[row.path].kind == "evidence"
            return row.share * (SOURCED if claims else 1.0)

        return sorted(found, key=lambda row: (-weight(row), row.path))

    def silent(self) -> list[str]:
        """Numbers of which the runs say nothing: no headline moves with them as far as can be told."""
        moving = {driver.path for d in self.headlines for driver in d.drivers if driver.share >= BY_CHANCE}
        return sorted({driver.path for d in self.headlines for driver in d.drivers} - moving)


def as_data(found: Sensitivity) -> dict[str, Any]:
    """A sensitivity as plain data for JSON; shares rounded as far as they mean something."""
    about = {
        "posada": found.version,
        "scenario": found.name,
        "title": found.scenario.title,
        "hash": found.hash,
        "policy": found.policy,
        "seed": found.seed,
        "replicates": found.replicates,
        "pairs": found.pairs,
        "method": found.method,
        "rows": found.rows,
        "command": found.command,
        "stopped": found.stopped,
    }
    return {**about, "headlines": [rounded(asdict(d)) for d in found.headlines]}


def rounded(item: Any) -> Any:
    """Numbers with five digits after the point, all the way down."""
    if isinstance(item, float):
        return round(item, 5)
    if isinstance(item, Mapping):
        return {key: rounded(value) for key, value in item.items()}
    if isinstance(item, Iterable) and not isinstance(item, str):
        return [rounded(value) for value in item]
    return item


def from_data(data: Mapping[str, Any], scenario: Scenario) -> Sensitivity:
    """The sensitivity that `as_data` made; KeyError or TypeError if it is something else."""
    about = {key: data[key] for key in ("hash", "policy", "seed", "replicates", "pairs", "method", "rows", "command")}
    headlines = tuple(
        Driven(
            **{
                **row,
                "drivers": tuple(_driver(driver) for driver in row["drivers"]),
                "luck": None if row["luck"] is None else Share(**row["luck"]),
            }
        )
        for row in data["headlines"]
    )
    return Sensitivity(
        scenario, data["scenario"], version=data["posada"], headlines=headlines, stopped=data["stopped"], **about
    )


def _driver(row: Mapping[str, Any]) -> Driver:
    parts = {key: Share(**row[key]) if row[key] is not None else None for key in ("total", "first")}
    return Driver(**{**row, **parts})


def read_kept(folder: Path, scenario: Scenario) -> Sensitivity:
    """The sensitivity in a folder; ResultError if the file is not one."""
    path = folder / FILE
    try:
        return from_data(json.loads(path.read_text(encoding="utf-8")), scenario)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{path} is not that of a sensitivity ({error}); delete it, or make it again") from None


def kept_with(result: Result) -> Sensitivity | None:
    """The sensitivity beside a result, if there is one and it is of the same scenario and policy."""
    if result.folder is None or not (result.folder / FILE).is_file():
        return None
    found = read_kept(result.folder, result.scenario)
    return found if (found.hash, found.policy) == (result.hash, result.policy) else None


def of_result(result: Result, top: int = 8) -> Sensitivity | None:
    """What drives a result's headlines: kept beside it, or from its own replicates if there are at least 200."""
    import numpy as np

    from posada.results.drivers import ENOUGH, driven_by, normals
    from posada.results.headlines import headlines
    from posada.results.shares import MOST, basis

    kept = kept_with(result)
    if kept is not None:
        return kept
    drawn = normals(result) if result.replicates >= ENOUGH else None
    if drawn is None:
        return None
    paths, h = drawn[0], basis(drawn[1])
    rows = headlines(result, weigh=False)
    found = []
    for row in rows:
        y = np.array(row["values"][:MOST], dtype=float)
        headline = result.scenario.headlines[row["id"]]
        found.append(driven_by(h, paths, y, headline, numbers_of(row), row["of_whom"], None, top, result.seed))
    i = result.info
    about = (i.scenario, i.hash, i.policy, i.seed, i.replicates, 0, "given", i.version, result.command)
    return Sensitivity(result.scenario, *about, tuple(found))


def numbers_of_headline(headline: Headline, values: Any) -> tuple[dict[str, float | None], str]:
    """Median and intervals of a headline's values, and of whom it is told."""
    from posada.results.headlines import chance, intervals, of_whom

    return chance(values) if headline.statistic == "chance_over" else intervals(values), of_whom(headline)


def numbers_of(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Median and intervals of a headline's row."""
    return {key: row[key] for key in ("median", "low50", "high50", "low90", "high90")}
