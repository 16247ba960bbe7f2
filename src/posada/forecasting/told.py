"""A validation as plain data, and as a table for the terminal."""

from __future__ import annotations

import shlex
from typing import Any

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from .fit import Fit
from .validation import OURS, Validation

LIKE_FOR_LIKE = (
    "Every forecast but 'posada, own total' is given the registered total of each day and only splits it among the "
    "sites; that total is not known in advance."
)
ARD = (
    "ARD: averaged relative difference of the median of the replicates, 0 is perfect. MASE: below 1 is nearer than "
    "repeating the count before."
)
PARTS = {"all": "all days", "before": "before the split", "after": "from the split on"}


def validation_summary(found: Validation) -> dict[str, Any]:
    """What `--json` prints, and `validation.json` holds."""
    rows = found.measures.filter(site="").drop("site").to_dicts()
    return {
        "posada": found.info.version,
        "scenario": found.info.scenario,
        "title": found.scenario.title,
        "command": command(found),
        "hash": found.info.hash,
        "seed": found.info.seed,
        "replicates": found.info.replicates,
        "policy": found.info.policy,
        "first_day": found.days[0].isoformat(),
        "last_day": found.days[-1].isoformat(),
        "split": None if found.split is None else found.split.isoformat(),
        "sites": [
            {"place": s.place, "name": s.name, "counts": int((~np.isnan(found.counts.counted[:, j])).sum())}
            for j, s in enumerate(found.sites)
        ],
        "like_for_like": LIKE_FOR_LIKE,
        "forecasts": {f.name: f.about for f in found.forecasts},
        "measures": rows,
    }


def command(found: Validation) -> str:
    """The command that makes this again."""
    split = ["--split", found.split.isoformat()] if found.split else []
    changes = [w for p in found.info.policies for w in ("--policy", p)]
    changes += [w for text in found.info.sets for w in ("--set", text)]
    luck = ["--replicates", str(found.info.replicates), "--seed", str(found.info.seed)]
    return shlex.join(["posada", "validate", found.info.scenario, *luck, *split, *changes])


def validation_text(found: Validation) -> list[Any]:
    """One table: each forecast's measures; those behind the relative differences are of the later part."""
    part = "all" if found.split is None else "after"
    counts = int((~np.isnan(found.counts.counted)).sum())
    places = f"{len(found.sites)} places" if len(found.sites) > 1 else "one place"
    about = f"{command(found)}: {counts} counts at {places}, {found.days[0]} to {found.days[-1]}."
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Forecast")
    for name in found.parts:
        table.add_column(f"ARD{'' if len(found.parts) == 1 else f' {name}'}", justify="right")
    for head in ("MASE", "CRPS, people", "in 50 %", "in 90 %"):
        table.add_column(head, justify="right")
    for forecast in found.forecasts:
        shares = [found.measure("ard_median", forecast.name, name) for name in found.parts]
        mase, score, half, most = (
            found.measure(name, forecast.name, part) for name in ("mase", "crps", "inside50", "inside90")
        )
        numbers = [*(decimals(x) for x in (*shares, mase)), whole(score), percent(half), percent(most)]
        table.add_row(forecast.name, *numbers, style="bold" if forecast.name == OURS else "")
    after = f" {found.split} splits before and after; MASE, CRPS and coverage are from it on."
    words = ARD + ("" if part == "all" else after)
    leaky = [f.name for f in found.forecasts if f.leaky]
    knows = [Text(f"{name!r} knows the future, and is no forecast.") for name in leaky]
    return [Text(found.scenario.title, style="bold"), Text(about), table, Text(words), Text(LIKE_FOR_LIKE), *knows]


def fit_text(found: Fit) -> list[Any]:
    """What was learnt, in a table: what draws people to each site from the date on, and how sure that is."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Site")
    for head in ("Attraction", "90 % interval", "Grew by, last period"):
        table.add_column(head, justify="right")
    for site in found.attractions["site"].unique(maintain_order=True):
        rows = found.attractions.filter(site=site).to_dicts()
        last, seen = rows[-1], [row["newcomers_counted"] for row in rows[:-1]]
        interval = f"{last['low']:.1f} to {last['high']:.1f}"
        table.add_row(site, f"{last['attraction']:.1f}", interval, whole(seen[-1] if seen else None))
    share = f"{100 * found.misfit[-1]:.0f} %"
    words = (
        f"Fitted to counts before {found.until}: {share} of the newcomers go to another site in the simulation than in "
        f"the counts ({100 * found.misfit[0]:.0f} % before fitting)."
    )
    gap = (found.until - found.last_count).days
    late = f"The last count is of {found.last_count}, {gap} days before: who set out since then is not in the forecast."
    return [Text(words), table, *([Text(late)] if gap > 7 else [])]


def decimals(value: float | None) -> str:
    """A relative number."""
    return "" if value is None else f"{value:.2f}"


def whole(value: float | None) -> str:
    """People."""
    return "" if value is None else f"{value:,.0f}"


def percent(value: float | None) -> str:
    """A share."""
    return "" if value is None else f"{100 * value:.0f} %"
