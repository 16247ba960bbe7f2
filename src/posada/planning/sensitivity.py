"""Which uncertain numbers drive which answer, and how much of it is luck."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from posada import __version__
from posada.ensemble import Part, Progress, outputs, run
from posada.planning.sobol import design_rows, needs_salib, refine
from posada.results import Driven, Result, Sensitivity, driven_by, normals, numbers_of_headline, shares, values_of
from posada.scenario import Headline, Scenario, load

METHODS = ("screen", "sobol")
REPLICATES = 1000
PAIRED = 5
"""One replicate in so many gets a second with the same numbers and other luck."""
PAIRS = 100
"""At least so many, if there are as many replicates."""


def pairs_of(replicates: int) -> int:
    """How many replicates get a second with other luck."""
    return min(replicates, max(PAIRS, replicates // PAIRED))


def runs_of(replicates: int, method: str, top: int) -> int:
    """How many replicates a sensitivity takes in all."""
    more = design_rows(replicates) * (top + 2) if method == "sobol" else 0
    return replicates + pairs_of(replicates) + more


def sensitivity(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    policy: str | Sequence[str] = (),
    method: str = "screen",
    top: int = 8,
    of: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Which uncertain numbers drive which headline: shares of its variance, with intervals, and the share of luck.

    `screen` takes replicates in which every number is drawn, and a fifth as many that share the numbers of the first
    but not their luck. `sobol` adds a Saltelli design over the `top` numbers of the screen, with luck and all other
    numbers held common in each of its rows: first-order and total shares (it needs SALib: `posada[sensitivity]`).
    `of` names headlines by id or series by address; all headlines if it is empty. Ctrl-C keeps what is done.

    Raises ScenarioErrors for mistakes in scenario, policy or `of`; ValueError for other arguments; ImportError if SALib
    is needed and missing.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    if replicates < PAIRS:
        raise ValueError(f"a sensitivity needs at least {PAIRS} replicates, not {replicates}")
    if top < 1:
        raise ValueError(f"top must be at least 1, not {top}")
    if method == "sobol":
        needs_salib()
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    wanted = outputs(scenario, of)
    whole = runs_of(replicates, method, top)
    first = run(
        scenario,
        replicates=replicates,
        seed=seed,
        policy=policy,
        threads=threads,
        progress=Part(progress, 0, whole),
    )
    stopped = first.replicates < replicates
    values = [np.array(values_of(first, h), dtype=float) for h in wanted]
    pairs = 0
    luck: list[tuple[shares.Array, shares.Array]] = []
    if not stopped:
        second = other_luck(first, pairs_of(replicates), policy, threads, Part(progress, replicates, whole))
        pairs = second.replicates if second is not None else 0
        stopped = pairs < pairs_of(replicates)
        if second is not None and pairs >= PAIRS // 2:
            luck = [(y[:pairs], np.array(values_of(second, h))) for h, y in zip(wanted, values, strict=True)]
    found = Sensitivity(
        scenario,
        first.info.scenario,
        first.hash,
        first.policy,
        seed,
        first.replicates,
        pairs if luck else 0,
        "screen",
        __version__,
        command_of(first, method, top, of),
        screened(first, wanted, values, luck, top, seed),
        stopped,
    )
    if method == "sobol" and not stopped:
        before = replicates + pairs_of(replicates)
        progresses = [Part(progress, before + k * design_rows(replicates), whole) for k in range(top + 2)]
        return refine(found, wanted, design_rows(replicates), policy, top, threads, progresses)
    return found


def other_luck(
    first: Result, pairs: int, policy: str | Sequence[str], threads: int | None, progress: Progress
) -> Result | None:
    """The first replicates again: the same numbers, the luck of another seed. None if Ctrl-C came before any."""
    draws = first.quantities.filter(first.quantities["replicate"] < pairs)
    try:
        return run(
            first.scenario,
            replicates=pairs,
            seed=first.seed + 1,
            policy=policy,
            draws=draws,
            threads=threads,
            progress=progress,
        )
    except KeyboardInterrupt:
        return None


def screened(
    first: Result,
    wanted: Sequence[Headline],
    values: Sequence[shares.Array],
    luck: Sequence[tuple[shares.Array, shares.Array]],
    top: int,
    seed: int,
) -> tuple[Driven, ...]:
    """What drives each headline."""
    drawn = normals(first)
    if drawn is None:
        raise ValueError("the scenario has no uncertain number, so nothing but luck drives its results")
    paths, h = drawn[0], shares.basis(drawn[1])
    return tuple(
        driven_by(h, paths, y[:shares.MOST], headline, *numbers_of_headline(headline, y), pair, top, seed)
        for headline, y, pair in zip_longest(wanted, values, luck)
    )


def command_of(first: Result, method: str, top: int, of: Sequence[str]) -> str:
    """The command that makes a sensitivity again."""
    i = first.info
    words = ["posada", "sensitivity", i.scenario, "--replicates", str(i.replicates), "--seed", str(i.seed)]
    words += [w for name in i.policies for w in ("--policy", name)]
    words += ["--method", method] if method != METHODS[0] else []
    words += ["--top", str(top)] if top != 8 else []
    return shlex.join([*words, *(w for name in of for w in ("--of", name))])
