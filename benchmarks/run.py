"""Measure posada beside other tools: `make bench`, or `python benchmarks/run.py --quick`.

Every run is a process of its own; the repetitions of all tools take turns, so that a busy machine disturbs all alike.
Writes docs/benchmarks.md and docs/pictures/events-per-second.*; ends with 1 if an answer is wrong or a tool fails.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import jobs
import page
import picture
from findings import Findings
from jobs import Job, Row

ROOT = Path(__file__).resolve().parent.parent
LAST = ROOT / "benchmarks" / "last-run.jsonl"


def main() -> int:
    """The command."""
    options = arguments()
    if options.page:
        rows = [json.loads(line) for line in LAST.read_text(encoding="utf-8").splitlines()]
    else:
        chosen = jobs.quick() if options.quick else jobs.full()
        rows = measure([job for job in chosen if job.tool in options.tools], None if options.quick else LAST)
    found = Findings(rows)
    for cell in found.cells:
        if cell.rows:
            print(
                f"{cell.model:8} {cell.people:>10,} {cell.tool:21} {cell.rate / 1e6:8.3f} M events a CPU second"
                f"  off {cell.answer.off:+5.2f} se"
            )
    if not options.quick:
        write(found)
    for cell in found.wrong():
        print(f"WRONG: {cell.model} {cell.people:,} {cell.tool}: {cell.failure or cell.answer}", file=sys.stderr)
    return 1 if found.wrong() else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, once; writes nothing")
    parser.add_argument(
        "--tools",
        type=lambda text: text.split(","),
        default=list(jobs.TOOLS),
        help=f"only these of {','.join(jobs.TOOLS)}",
    )
    parser.add_argument("--page", action="store_true", help="write the page again from the last run")
    options = parser.parse_args()
    unknown = set(options.tools) - set(jobs.TOOLS)
    if unknown:
        parser.error(f"unknown tools: {', '.join(sorted(unknown))}; there are {', '.join(jobs.TOOLS)}")
    return options


def measure(todo: list[Job], log: Path | None) -> list[Row]:
    """Run every job as often as it says, in turns; each row is logged when it is there."""
    for tool in dict.fromkeys(job.tool for job in todo):
        why = jobs.missing(tool)
        if why:
            print(f"{tool} is left out: {why}", file=sys.stderr)
            todo = [job for job in todo if job.tool != tool]
    rows: list[Row] = []
    took: dict[Job, list[float]] = {}
    most = max((job.repeats for job in todo), default=0)
    turns = [(job, turn) for turn in range(most) for job in todo if turn < job.repeats]
    with tempfile.TemporaryDirectory(prefix="posada-bench-") as folder:
        for n, (job, turn) in enumerate(turns):
            to_go = left(turns[n:], took)
            print(f"{n + 1}/{len(turns)} {job.name}, about {to_go:.0f} s to go", file=sys.stderr, flush=True)
            start = time.perf_counter()
            rows.append(jobs.run(job, turn + 1, Path(folder)))
            took.setdefault(job, []).append(time.perf_counter() - start)
            if log is not None:
                log.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return rows


def left(turns: list[tuple[Job, int]], took: dict[Job, list[float]]) -> float:
    """Seconds to go: each job as long as it took before, or at first as long as its events at a slow rate."""
    slow = {"SimPy": 1e5, "Ciw": 2e4, "cimba": 8e5}
    guess = (
        sum(took[job]) / len(took[job])
        if job in took
        else 2 + 5 * job.people * (job.moves if job.model == "crowd" else 5) / slow.get(job.tool, 8e6) / 3
        for job, _ in turns
    )
    return sum(guess)


def write(found: Findings) -> None:
    """The page and the picture, each whole or not at all."""
    pictures = ROOT / "docs" / "pictures"
    texts = {
        ROOT / "docs" / "benchmarks.md": page.text(found),
        pictures / "events-per-second.csv": picture.table(found),
        pictures / "events-per-second.svg": picture.svg(found),
    }
    for path, text in texts.items():
        new = path.with_name(path.name + ".new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
        print(f"{path.relative_to(ROOT)}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
