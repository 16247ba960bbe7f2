"""What is asked for: a run, a comparison or a night, as plain data, and the command that does the same."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

RUN, COMPARE, TONIGHT, FORECAST = "run", "compare", "tonight", "forecast"
HORIZON = "14d"
"""How far ahead a forecast looks."""


@dataclass(frozen=True)
class Asked:
    """One thing to be done in the folder; paths are as a command names them that is given there."""

    kind: str
    scenario: str
    """The name of a shipped scenario, or the path of one's own."""
    replicates: int = 100
    seed: int = 1
    policies: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Files in which some of the policies stand."""
    against: str = "as-stated"
    out: str = ""
    """The folder of the result; of a night, the result that is looked at."""
    shelter: str = ""
    date: str = ""
    """Of a night, its day; of a forecast, the day on which it is issued."""
    language: str = "en"

    def plain(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        return asdict(self)

    @property
    def words(self) -> list[str]:
        """The command that does it, word by word."""
        if self.kind == TONIGHT:
            day = ["--date", self.date] if self.date else []
            return ["posada", "tonight", self.out, "--at", self.shelter, *day, "--language", self.language]
        if self.kind == FORECAST:
            how = ["--issued", self.date, "--horizon", HORIZON, "--replicates", str(self.replicates)]
            return ["posada", "forecast", self.scenario, *how, "--seed", str(self.seed), "--again"]
        words = ["posada", self.kind, self.scenario]
        words += [w for file in self.files for w in ("--policies", file)]
        words += [w for name in self.policies for w in ("--policy", name)]
        words += [w for text in self.sets for w in ("--set", text)]
        words += ["--against", self.against] if self.kind == COMPARE and self.against != "as-stated" else []
        return [*words, "--replicates", str(self.replicates), "--seed", str(self.seed), "--out", self.out]

    @property
    def command(self) -> str:
        """The command that does it, to be given in the folder."""
        return shlex.join(self.words)


def asked_of(plain: Mapping[str, Any]) -> Asked:
    """What was asked, from JSON; TypeError or KeyError if it is not of this kind."""
    known = {name: plain[name] for name in Asked.__dataclass_fields__ if name in plain}
    lists = {name: tuple(str(item) for item in known.get(name, ())) for name in ("policies", "sets", "files")}
    return Asked(**{**known, **lists})
