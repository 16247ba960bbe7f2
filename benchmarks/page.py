"""docs/benchmarks.md, from what was found."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from datetime import date

import jobs
import machine
import models
from findings import Cell, Findings, Target, targets

TITLES = {
    "desk": "Eight desks at 90 % load",
    "pathway": "Reception in six stations",
    "crowd": "A crowd on the move",
}
SAYS = {
    "desk": "M/M/8, 7.2 customers an hour, an hour of service each. The answer is the mean wait in hours.",
    "pathway": "100 beds with people who give up, a daily gate of 52, officers, a branch, a court with people who give"
               " up, appeals; two classes, one served first everywhere; 50 people a day. The answer is the share that"
               " gives up at the shelter.",
    "crowd": "All set out at once and make their moves one after another; nobody queues. The answer is the mean time"
             " on the way.",
}  # fmt: skip


def text(found: Findings) -> str:
    """The page."""
    parts = [
        "# Benchmarks",
        "Written by `make bench`; do not edit. Posada is run as everybody runs it, from a scenario folder through"
        " `posada.run` on one thread with the default records, beside a loop in C and in Numba that can do this one"
        " model and nothing else, and beside three general simulation packages.",
        _machine(found),
        "## What was promised and what was reached\n\n" + _targets(targets(found)),
        *(f"## {TITLES[model]}\n\n{SAYS[model]}\n\n{_table(found.of(model))}" for model in ("desk", "pathway")),
        f"## {TITLES['crowd']}\n\n{SAYS['crowd']}\n\n{_crowd(found)}\n\n"
        "![Events a second of processor time, by people](pictures/events-per-second.svg)\n\n"
        "Both axes are logarithmic; the numbers are in"
        " [pictures/events-per-second.csv](pictures/events-per-second.csv).",
        "## Memory and cores\n\n" + _memory(found),
        "## How to read this\n\n" + _reading(found),
        HOW,
    ]
    return "\n\n".join(parts) + "\n"


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _machine(found: Findings) -> str:
    """Where and with what."""
    versions = {jobs.TOOLS[c.tool].package or "C compiler": c.version for c in found.cells if c.rows}
    said = ", ".join(f"{tool} {version}" for tool, version in versions.items())
    return (
        f"Measured on {date.today()}: {machine.processor()}, {machine.cores()} cores,"
        f" {machine.memory_gib():.0f} GiB, {platform.system()}, Python {platform.python_version()}. {said}"
        " (-O3 -march=native)."
    )


def _number(x: float) -> str:
    """Three digits."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def _million(rate: float) -> str:
    """A rate in millions."""
    return f"{rate / 1e6:.2f}" if rate >= 1e6 else f"{rate / 1e6:.3f}"


def _targets(wanted: Sequence[Target]) -> str:
    """All targets, met or not."""
    said = {True: "yes", False: "**no**", None: "not measured"}
    rows = [[t.what, f"{'at most' if t.most else 'at least'} {_number(t.wanted)}",
             "-" if t.reached is None else _number(t.reached), said[t.met]] for t in wanted]  # fmt: skip
    return _rows(["", "promised", "reached", "met"], rows)


def _table(cells: Sequence[Cell]) -> str:
    """The tools side by side."""
    mine = next((c.rate for c in cells if c.tool == "posada" and c.rows), None)
    head = ["tool", "people", "million events / CPU s", "lowest - highest", "posada / tool", "answer", "off, s.e.",
            "peak MiB"]  # fmt: skip
    return _rows(head, [_cell(c, mine) for c in cells])


def _cell(c: Cell, mine: float | None) -> list[str]:
    """A tool's row."""
    if not c.rows:
        return [c.tool, f"{c.people:,}", f"failed: {c.failure}", *[""] * 5]
    spread = f"{_million(min(c.rates))} - {_million(max(c.rates))}"
    ratio = _number(mine / c.rate) if mine else "-"
    off = f"{c.answer.off:+.1f}" + ("" if c.right else " **wrong**")
    answer = f"{c.answer.value:.4f} ± {c.answer.error:.4f}"
    return [c.tool, f"{c.people:,}", _million(c.rate), spread, ratio, answer, off, f"{c.peak_mib:,.0f}"]


def _crowd(found: Findings) -> str:
    """Rates by people and tool, and posada's share of each."""
    tools = [tool for tool in jobs.TOOLS if any(c.tool == tool for c in found.of("crowd"))]
    sizes = sorted({c.people for c in found.of("crowd")})
    head = ["million events / CPU s", *(f"{n:,} x {jobs.MOVES.get(n, 1)}" for n in sizes)]
    rates = [[tool, *(_rate(found, tool, n) for n in sizes)] for tool in tools]
    ratios = [[f"posada / {tool}", *(_ratio(found, tool, n) for n in sizes)] for tool in tools if tool != "posada"]
    wrong = [f"{c.tool} at {c.people:,}: {c.failure or 'wrong'}" for c in found.of("crowd") if not c.right]
    note = "Columns are people x moves of each; SimPy makes fewer moves where that takes too long (rates are compared)."
    checked = f"**Failed or wrong:** {'; '.join(wrong)}." if wrong else "Every answer agrees with the exact one."
    return f"{_rows(head, rates + ratios)}\n\n{note} {checked}"


def _rate(found: Findings, tool: str, people: int) -> str:
    c = found.cell("crowd", tool, people)
    return _million(c.rate) if c else "-"


def _ratio(found: Findings, tool: str, people: int) -> str:
    ratio = found.ratio("crowd", tool, people)
    return _number(ratio) if ratio else "-"


def _memory(found: Findings) -> str:
    """Bytes a party, peaks, two cores."""
    rows = []
    for c in found.of("crowd"):
        if c.tool == "posada" and c.rows:
            cpu = max(r["cpu_s"] for r in c.rows)
            rows.append([f"{c.people:,}", _number(c.grown), f"{c.peak_mib:,.0f}", f"{cpu:.1f}"])
    head = ["people of the crowd", "bytes a party", "peak MiB", "CPU s"]
    said = [_rows(head, rows)]
    said.append(
        "Bytes a party: by how much the most memory in use grew with the run: parties, events, counts, what is"
        " held for a moment besides, and the result; for a small crowd mostly the last."
    )
    if found.cores:
        one, two = (min(r[key] for r in found.cores) for key in ("one_core_s", "two_cores_s"))
        said.append(
            f"Two replicates of the pathway with {found.cores[0]['people']:,} people each took {one:.2f} s on"
            f" one core and {two:.2f} s on two (the quickest of {len(found.cores)}); the median of the ratios"
            f" is {found.two_cores():.2f}. This is wall time, which other work on the machine spoils."
        )
    return "\n\n".join(said)


def _reading(found: Findings) -> str:
    """What the numbers mean, and what they do not."""
    said = [
        "- **Rates are medians** of five runs (one for ten million people, and for SimPy with a million), each in a"
        " process of its own, the tools taking turns. On a shared machine compare the ratios, not the rates.",
        "- **An event** is an arrival, the end of a service or move, an opening of the gate, or a giving-up that takes"
        " place. Posada's records and nights, stale events in any tool, making the crowd, and SimPy's processes take"
        " their time but are not counted.",
        "- **Processor time** is from a scenario that is loaded to a result in memory: it includes turning the scenario"
        " into tables and counts into data frames, but not compiling, which happens once per machine. Numba and cimba"
        " are compiled by a small run before, too.",
        "- **The bare loops are yardsticks, not tools.** They know one model; they record nothing but the answer,"
        " nothing can be changed without programming, and the luck of a person depends on what happens to others.",
        "- **Answers**: the standard error is of batch means of all runs together, without the first"
        f" {models.WARM_UP} of {models.BATCHES} batches; `make bench` fails if one is more than {models.LIMIT} standard"
        " errors off.",
        f"- **Exact**: {models.EXACT['desk']:.6f} hours by Erlang's C formula, {models.EXACT['pathway']:.6f} by"
        " Erlang's A.",
    ]
    missed = [t.what for t in targets(found) if t.met is False]
    said.append(f"- **Not reached**: {'; '.join(missed)}." if missed else "- Everything that was promised was reached.")
    return "\n".join(said)


HOW = """## How to repeat it

`make bench` installs the other tools (the dependency group `bench`), measures for ten to fifteen minutes and writes
this page. `python benchmarks/run.py --quick` runs tiny sizes with whatever is installed, only to see that all answer
right; `--tools posada,SimPy` runs some of them; `--page` writes the page again from the last run. The models are stated
in `benchmarks/models.py`, the scenarios are in `benchmarks/scenarios`."""
