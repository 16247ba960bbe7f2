"""A folder of files put in place at once: written beside, then renamed, so that nothing is ever half there."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..problems import Problem, ScenarioErrors

Row = Sequence[object]
MARK = "scenario.yaml"


def write_folder(files: Mapping[str, str], out: Path, force: bool) -> Path:
    """Write files into a folder; ScenarioErrors if something is in the way."""
    check_free(out, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        made.chmod(0o755)
        keep_others(out, made)
        put_in_place(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return out


def keep_others(out: Path, made: Path) -> None:
    """Take over what somebody else put into a folder that is replaced."""
    for item in out.iterdir() if out.is_dir() else ():
        if not (made / item.name).exists():
            (shutil.copytree if item.is_dir() else shutil.copy2)(item, made / item.name)


def check_free(out: Path, force: bool) -> None:
    """Refuse to write over what is there, but for an earlier scenario when that is asked for."""
    if not out.exists():
        return
    if not out.is_dir():
        refuse(out, "is a file; name a folder for the scenario")
    elif any(out.iterdir()) and not force:
        refuse(out, "is not empty; name another folder, or add --force to replace the scenario that is there")
    elif any(out.iterdir()) and not (out / MARK).is_file():
        refuse(out, f"is not empty and holds no {MARK}; only a scenario is replaced")


def refuse(out: Path, message: str) -> None:
    """Stop with what is wrong with a folder."""
    raise ScenarioErrors([Problem(str(out), 0, 0, message)])


def put_in_place(made: Path, out: Path) -> None:
    """Rename the new folder to its place; one that is there makes room, and comes back if that fails."""
    if not out.exists():
        made.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(aside / "old")
    try:
        made.rename(out)
    except OSError:
        (aside / "old").rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def table(header: str, rows: Iterable[Row]) -> str:
    """A CSV table as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue()
