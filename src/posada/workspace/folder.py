"""A folder of work: scenarios of one's own, policies, runs and comparisons; what is there is found by listing it.

    FOLDER/scenarios/NAME/        a scenario of one's own
    FOLDER/policies/NAME/*.yaml   policies of one's own for the scenario NAME
    FOLDER/runs/ID/               a result, or a comparison with its results
    FOLDER/reviews/NAME/*.json    proposals of reports that were read for the scenario NAME
    FOLDER/jobs/ID.json           what was asked of the app

Scenarios, results and comparisons that stand in FOLDER itself, as the command line writes them, are found too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCENARIOS, POLICIES, RUNS, REVIEWS, JOBS = "scenarios", "policies", "runs", "reviews", "jobs"
RUN, COMPARISON = "run", "comparison"
HEADS = {"run.json": RUN, "comparison.json": COMPARISON}
"""The file by which a folder is known, and what it then is."""
MOST_LETTERS = 60


@dataclass(frozen=True)
class Found:
    """A result or a comparison in the folder."""

    id: str
    kind: str
    folder: Path
    made: float
    """When it was written, in seconds."""

    def head(self) -> dict[str, Any]:
        """What its head says; nothing if it cannot be read."""
        name = next(name for name, kind in HEADS.items() if kind == self.kind)
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Place:
    """A scenario that can be opened: shipped with posada (`own` is False), or one's own."""

    id: str
    own: bool
    folder: Path

    @property
    def home(self) -> str:
        """Where it stands, in one word for an address."""
        return "own" if self.own else "shipped"


class Workspace:
    """A folder of work. Nothing outside it is ever named by what comes from outside: ids are looked up in lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def scenarios(self) -> list[Place]:
        """The scenarios: those that are shipped first."""
        from posada.scenario import FILES, shipped

        own = {
            entry.name: Place(entry.name, True, entry)
            for parent in (self.folder, self.folder / SCENARIOS)
            for entry in folders_in(parent)
            if (entry / FILES[0]).is_file()
        }
        ships = [Place(name, False, folder) for name, folder in shipped().items() if not (self.folder / name).is_dir()]
        return ships + [own[name] for name in sorted(own)]

    def scenario(self, home: str, id: str) -> Place | None:
        """One of the scenarios."""
        return next((place for place in self.scenarios() if place.home == home and place.id == id), None)

    def policy_files(self, scenario: str) -> list[Path]:
        """Files of policies of one's own for a scenario."""
        there = next((entry for entry in folders_in(self.folder / POLICIES) if entry.name == scenario), None)
        return [] if there is None else sorted(file for file in there.iterdir() if file.suffix == ".yaml")

    def runs(self) -> list[Found]:
        """Results and comparisons, the newest first."""
        found: dict[str, Found] = {}
        for parent in (self.folder, self.folder / RUNS):
            for entry in folders_in(parent):
                for name, kind in HEADS.items():
                    head = entry / name
                    if head.is_file():
                        found[entry.name] = Found(entry.name, kind, entry, head.stat().st_mtime)
        return sorted(found.values(), key=lambda run: (-run.made, run.id))

    def run(self, id: str) -> Found | None:
        """One of the results or comparisons."""
        return next((run for run in self.runs() if run.id == id), None)

    def reviews(self, scenario: str) -> list[Path]:
        """Proposals of reports that were read for a scenario."""
        there = next((entry for entry in folders_in(self.folder / REVIEWS) if entry.name == scenario), None)
        return [] if there is None else sorted(file for file in there.iterdir() if file.suffix == ".json")

    def named(self, place: Path) -> str:
        """A path as a command names it that is given in the folder."""
        try:
            return place.resolve().relative_to(self.folder).as_posix()
        except ValueError:
            return str(place)


def folders_in(parent: Path) -> Iterator[Path]:
    """The folders in a folder, without hidden ones and links to elsewhere; none if it is not there."""
    if parent.is_dir():
        for entry in sorted(parent.iterdir()):
            if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
                yield entry


def slug(text: str) -> str:
    """A text as a name for files: small letters, digits and hyphens; `unnamed` if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_LETTERS].strip("-") or "unnamed"
