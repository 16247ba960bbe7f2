"""What made a result: scenario, seed, policies, where it went on otherwise; and the command that makes it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fork:
    """Where a run went on otherwise: from a date on, with further changes, or with the luck of another seed."""

    date: str
    seed: int
    policies: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunInfo:
    """What made a result; the same run gives the same, byte for byte."""

    scenario: str
    hash: str
    seed: int
    replicates: int
    policy: str
    policies: tuple[str, ...]
    sets: tuple[str, ...]
    version: str
    events: int
    until: str | None = None
    """The date at which the run stopped."""
    forks: tuple[Fork, ...] = ()
    calibration: str | None = None
    """Where the draws came from: the folder of a calibration, empty if it has no name; None if all were drawn anew."""

    @property
    def luck(self) -> str:
        """Whose luck: the seed, and those that took its place from some dates on."""
        parts, last = [str(self.seed)], self.seed
        for fork in self.forks:
            if fork.seed != last:
                parts.append(f"from {fork.date} on {fork.seed}")
                last = fork.seed
        return ", ".join(parts)

    @property
    def command(self) -> str:
        """The command, or commands, that make this result again."""
        words = ["posada", "run", self.scenario, "--replicates", str(self.replicates), "--seed", str(self.seed)]
        words += _options(self.policies, self.sets)
        words += ["--calibration", self.calibration] if self.calibration else []
        commands = []
        luck = self.seed
        for i, fork in enumerate(self.forks):
            file = f"state-{i + 1}.posada"
            commands.append(shlex.join([*words, "--until", fork.date, "--save", file]))
            words = ["posada", "resume", file, *_options(fork.policies, fork.sets)]
            words += ["--seed", str(fork.seed)] if fork.seed != luck else []
            luck = fork.seed
        words += ["--until", self.until] if self.until else []
        unnamed = "  # with draws that were given in Python" if self.calibration == "" else ""
        return " && ".join([*commands, shlex.join(words)]) + unnamed


def _options(policies: Sequence[str], sets: Sequence[str]) -> list[str]:
    """Changes as options of a command."""
    return [w for name in policies for w in ("--policy", name)] + [w for text in sets for w in ("--set", text)]


def forks_of(stated: Sequence[Mapping[str, Any]]) -> tuple[Fork, ...]:
    """Where a run went on otherwise, from JSON."""
    return tuple(Fork(f["date"], f["seed"], tuple(f["policies"]), tuple(f["sets"])) for f in stated)


def edit_in_words(edit: Sequence[Any]) -> str:
    """What was changed since a scenario's files were read."""
    kind, *values = edit
    if kind == "policies":
        return f"with_policies {values[0]}"
    return " ".join(map(str, edit))
