"""Makes docs/backtests: forecasts of real situations, issued over the past, held against what came.

    python tools/backtests.py DATA [NAME ...] [--replicates 50] [--keep DIR]

`DATA` holds displacements in Flee's files and `settings/simsetting.yml`, as in https://github.com/djgroen/FabFlee. With
`--keep` the imported scenarios, forecasts and pages stay in DIR, and what is there is gone on with. Pages of situations
that are not named stay as they are; the table of all is made anew from the pages' numbers.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs" / "backtests"
SHOWN = ("backtest.md", "skill.svg", "fans.svg", "pit.svg", "skill.csv", "summary.csv")
TARGET, LEAST, MOST = 0.3, 0.8, 0.98
"""What forecasts are meant to reach: skill, and how many counts lie in 90 %."""
FEW = 20
START, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Situation:
    """A situation and how it is tested; `split` is the first day of a displacement's later part."""

    name: str
    words: tuple[str, ...] = ()
    split: int | None = None
    every: int = 14


ALL = (
    Situation("burundi2015", split=198),
    Situation("car2013", split=410),
    Situation("mali2012", split=150),
    Situation("syria2013", split=547),
    Situation(
        "us-asylum",
        (
            *(w for day in ("2014-09-30", "2015-09-30", "2016-09-30") for w in ("--issued", day)),
            *(w for days in ("365d", "731d", "1096d") for w in ("--horizon", days)),
            *("--scale", "0.1"),
        ),
    ),
    Situation(
        "caravan-2018",
        tuple(w for day in ("10", "17", "24", "29") for w in ("--issued", f"2018-04-{day}")),
    ),
)


def posada(*words: str, folder: Path) -> None:
    """One command; its messages go to the terminal."""
    subprocess.run([sys.executable, "-m", "posada.cli", *words], check=True, cwd=folder)


def make(data: Path, one: Situation, replicates: int, folder: Path) -> None:
    """Import if need be, issue and score, and keep the page and pictures."""
    words = list(one.words)
    if one.split is not None:
        if not (folder / one.name).exists():
            there, settings = data / one.name, str(data / "settings" / "simsetting.yml")
            given = (str(there / "input_csv"), "--validation", str(there / "source_data"), "--settings", settings)
            posada("import", "flee", *given, "--out", one.name, folder=folder)
        words += [w for day in dates(folder / one.name, one) for w in ("--issued", day)]
    out = f"{one.name}-tested"
    posada("backtest", one.name, *words, "--replicates", str(replicates), "--out", out, folder=folder)
    where = DOCS / one.name
    where.mkdir(parents=True, exist_ok=True)
    for file in SHOWN:
        shutil.copyfile(folder / out / file, where / file)


def dates(scenario: Path, one: Situation) -> list[str]:
    """The day before the split, and every so many days after it."""
    from posada import load

    loaded = load(str(scenario))
    assert one.split is not None
    first: date = loaded.start + timedelta(days=one.split - 1)
    return [(first + timedelta(days=i)).isoformat() for i in range(0, (loaded.end - first).days, one.every)]


def table() -> str:
    """One row per situation: skill, coverage, and whether they are what was aimed at."""
    heads = ["situation", "counts", "best naive forecast", "skill (90 % interval)", "in 90 %", "reached"]
    rows = [heads, ["---", "---:", "---", "---:", "---:", "---"]]
    for one in ALL:
        place = DOCS / one.name
        if (place / "skill.csv").exists():
            rows.append(row_of(one.name, place))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def row_of(name: str, place: Path) -> list[str]:
    """The numbers of one situation."""
    all_of = next(row for row in read(place / "skill.csv") if not row["horizon"])
    rows = read(place / "summary.csv")
    ours = next(row for row in rows if not row["horizon"] and row["method"] == "posada")
    skill, low, high, inside = (float(v) for v in (all_of["skill"], all_of["low90"], all_of["high90"], ours["in90"]))
    reached = "yes" if skill >= TARGET and LEAST <= inside <= MOST else "no"
    if int(all_of["counts"]) < FEW:
        reached += ", of few counts"
    words = f"{100 * skill:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
    return [f"[{name}]({name}/backtest.md)", all_of["counts"], all_of["best"], words, f"{100 * inside:.0f} %", reached]


def read(file: Path) -> list[dict[str, Any]]:
    """The rows of a CSV file."""
    import csv

    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_table() -> None:
    """The table in README.md, made anew."""
    page = DOCS / "README.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8", newline="\n")


def main() -> None:
    """All that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", default=[one.name for one in ALL])
    parser.add_argument("--replicates", type=int, default=50)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = asked.keep.resolve() if asked.keep else Path(work)
        folder.mkdir(parents=True, exist_ok=True)
        for one in ALL:
            if one.name in asked.names:
                make(asked.data.resolve(), one, asked.replicates, folder)
        write_table()


if __name__ == "__main__":
    main()
