"""Makes docs/displacements: real displacements in Flee's files, imported, simulated and held against their counts.

    python tools/displacements.py DATA [--replicates 10] [NAME ...]

`DATA` holds the situations and `settings/simsetting.yml`, as in https://github.com/djgroen/FabFlee.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SPLIT_DAY = {"mali2012": 150, "burundi2015": 198, "car2013": 410, "syria2013": 547}
DOCS = Path(__file__).resolve().parent.parent / "docs" / "displacements"
SHOWN = ("validation.md", "sites.svg", "difference.svg")


def posada(*words: str, folder: Path) -> None:
    """One command; its messages go to the terminal."""
    subprocess.run([sys.executable, "-m", "posada.cli", *words], check=True, cwd=folder)


def make(data: Path, name: str, replicates: int) -> None:
    """Import, validate, keep the page and its pictures."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        settings = str(data / "settings" / "simsetting.yml")
        posada("import", "flee", str(data / name / "input_csv"), "--validation", str(data / name / "source_data"),
               "--settings", settings, "--out", name, folder=folder)  # fmt: skip
        split, number = str(SPLIT_DAY[name]), str(replicates)
        posada("validate", name, "--split", split, "--replicates", number, "--out", "held", folder=folder)
        (DOCS / name).mkdir(parents=True, exist_ok=True)
        for file in SHOWN:
            shutil.copyfile(folder / "held" / file, DOCS / name / file)


def main() -> None:
    """All that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", default=list(SPLIT_DAY))
    parser.add_argument("--replicates", type=int, default=10)
    asked = parser.parse_args()
    for name in asked.names:
        make(asked.data.resolve(), name, asked.replicates)


if __name__ == "__main__":
    main()
