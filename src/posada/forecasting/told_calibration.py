"""A calibration in words and tables, for the terminal and for machines."""

from __future__ import annotations

import shlex
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from .calibration import Calibration, as_plain

SHOWN = 12
DAY = 86400.0
NOTHING = "the data say nothing about this"


def command(found: Calibration) -> str:
    """The command that makes it again."""
    q = found.question
    words = ["posada", "calibrate", q.scenario, "--runs", str(q.runs), "--rounds", str(q.rounds)]
    words += ["--inflation", f"{q.inflation:g}", "--seed", str(q.seed)]
    words += ["--until", q.until] if q.until else []
    words += ["--as-known-on"] if q.as_known_on else []
    words += ["--inputs"] if q.inputs else []
    words += [w for name in q.policies for w in ("--policy", name)] + [w for text in q.sets for w in ("--set", text)]
    return shlex.join(words)


def units(found: Calibration) -> dict[str, str]:
    """By path what its number is: `days` for lengths of time, `%` for shares, else nothing."""
    names = {"seconds": "days", "share": "%", "chance": "%", "leaving": "%"}
    return {path: names.get(number.role, "") for path, number in found.model.numbers().items()}


def in_words(value: float | None, unit: str) -> str:
    """A number with three figures, lengths of time in days."""
    if value is None or value != value:
        return ""
    if unit == "days":
        return f"{value / DAY:.3g} days"
    return f"{100 * value:.3g} %" if unit == "%" else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def between(low: float | None, high: float | None, unit: str) -> str:
    """An interval."""
    first, last = in_words(low, unit), in_words(high, unit)
    unit_less = first.removesuffix(" days").removesuffix(" %")
    return f"{unit_less} to {last}" if first and last else ""


def unit_of(path: str, known: dict[str, str]) -> str:
    """The unit of a path; a dated entry `PATH@DATE` has that of its number."""
    return known.get(path) or known.get(path.partition("@")[0], "")


def said_of(row: dict[str, Any]) -> str:
    """What the counts say of a number."""
    if row["silent"]:
        return NOTHING
    return f"{100 * max(row['shrinkage'], 0.0):.0f} % surer, moved {row['moved']:+.1f} sd"


def calibration_summary(found: Calibration) -> dict[str, Any]:
    """What `--json` prints."""
    known = units(found)
    return {
        "posada": found.version,
        "command": command(found),
        "question": as_plain(found.question),
        "learnt_from": list(found.learnt),
        "effective_sample_size": round(found.effective, 2),
        "warnings": list(found.warnings),
        "quantities": [{**row, "unit": unit_of(row["path"], known)} for row in found.quantities.to_dicts()],
        "checks": [{key: str(v) if key in ("from", "to") else v for key, v in row.items()}
                   for row in found.checks.to_dicts()],
    }  # fmt: skip


def calibration_text(found: Calibration, full: bool = False) -> list[Any]:
    """What was learnt, number by number and count by count."""
    q, known = found.question, units(found)
    title = Text(found.scenario.title, style="bold")
    day = f", as known on {q.until}" if q.until else ""
    about = f"{command(found)}: {len(found.learnt)} counts{day}; {q.rounds + 1} times {q.runs} runs."
    rows = found.quantities.to_dicts()
    told = [row for row in rows if not row["silent"]]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Number", overflow="fold", max_width=52)
    for head in ("as stated (90 %)", "after the counts", "the counts say"):
        table.add_column(head, justify="left" if head == "the counts say" else "right")
    for row in rows if full else told[:SHOWN]:
        unit = unit_of(row["path"], known)
        table.add_row(row["path"], between(row["prior_low90"], row["prior_high90"], unit),
                      between(row["low90"], row["high90"], unit), said_of(row))  # fmt: skip
    silent = len(rows) - len(told)
    more = "" if full or len(told) <= SHOWN else f"{len(told) - SHOWN} more numbers were learnt a little; --full. "
    rest = Text(f"{more}Of {silent} of {len(rows)} uncertain numbers the data say nothing.")
    held = f"{int(found.checks['inside'].sum())} of {found.checks.height} counts lie within their 90 % intervals."
    lines = [title, Text(about), table, rest, Text(held)]
    if full:
        lines.append(checks_table(found))
    if found.weights is not None:
        worth = f"Weighted since: the {found.runs} runs are worth {found.effective:.0f} equal ones."
        lines.append(Text(worth))
    return [*lines, *(Text(f"Warning: {text}.") for text in found.warnings)]


def checks_table(found: Calibration) -> Table:
    """Each count beside what its source would have reported of the runs."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Count", overflow="fold")
    for head in ("counted", "as stated", "after the counts", ""):
        table.add_column(head, justify="right")
    for row in found.checks.to_dicts():
        kind = {"at_least": "at least ", "more": "more than ", "at_most": "at most "}.get(row["qualifier"], "")
        table.add_row(row["id"], f"{kind}{row['counted']:,.0f}", between(row["prior_low90"], row["prior_high90"], ""),
                      between(row["low90"], row["high90"], ""), "" if row["inside"] else "outside")  # fmt: skip
    return table
