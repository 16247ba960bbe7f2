"""Runs what the README and docs show, and compares. `python tests/docs_blocks.py` writes today's outputs into them.

A ```console block: each line `$ posada ...` or `$ python ...` runs (a line that ends with a backslash goes on), and
what is shown below it must be what it prints; a line `...` stands for any number of lines, and `...` within a line for
any text. A ```python block runs; a ```text block right after it is what it prints. A block after a line that ends with
`` `path/file`: `` is that file (``Add to `path/file`: `` appends to it). Each page has an empty folder of its own, with
the tutorial's scenario in it for how-to's.
"""

from __future__ import annotations

import difflib
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from warm import run

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(Add to )?`([\w./-]+\.(?:yaml|csv|py|txt))`:$")
ANY = "..."
SILENT = ("Compiling the engine",)


@dataclass(frozen=True)
class Block:
    """A fenced block, where it stands in the text, and the line above it."""

    language: str
    content: str
    start: int
    end: int
    above: str

    @property
    def file(self) -> tuple[str, bool] | None:
        """Path of the file that it is, and whether it is added to it."""
        found = FILE.search(self.above)
        return (found[2], found[1] is not None) if found else None


def pages() -> list[Path]:
    """The README and every page of the docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    found = []
    for match in FENCE.finditer(text):
        above = text[: match.start()].rstrip().rsplit("\n", 1)[-1]
        found.append(Block(match[1], match[2], match.start(2), match.end(2), above))
    return found


def runs(block: Block) -> bool:
    """Whether a block says something that can be executed."""
    return block.language == "python" or bool(re.search(r"^\$ (posada|python)\b", block.content, re.MULTILINE))


def write_file(block: Block, folder: Path) -> None:
    """Write or extend the file that a block is."""
    assert block.file is not None
    name, more = block.file
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if more else "w", encoding="utf-8") as file:
        file.write(block.content)


def prepare(page: Path, folder: Path) -> None:
    """Put the tutorial's scenario into the folder of a how-to."""
    if page.parent.name == "how-to":
        for block in blocks(TUTORIAL.read_text(encoding="utf-8")):
            if block.file:
                write_file(block, folder)


def commands(content: str) -> list[tuple[str, list[str]]]:
    """(command, lines shown below it) of a console block."""
    found: list[tuple[str, list[str]]] = []
    joined = content.replace("\\\n", " ")
    for line in joined.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def execute(words: list[str], folder: Path) -> list[str]:
    """What a command prints, line by line; it may fail only with a mistake of the user, code 2."""
    done = run(words, folder, {"PYTHONIOENCODING": "utf-8", "COLUMNS": "120", "NO_COLOR": "1"}, merged=True)
    assert done.returncode in (0, 2), f"{shlex.join(words)} ended with {done.returncode}:\n{done.stdout}"
    return [line.rstrip() for line in done.stdout.splitlines() if not line.startswith(SILENT)]


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether the shown lines are the printed ones, with `...` for any that are left out; empty lines do not count."""
    shown = [line.rstrip() for line in shown if line.strip()]
    printed = [line for line in printed if line.strip()]
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == ANY else re.escape(line).replace(re.escape(ANY), ".*") + "\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def renewed(shown: list[str], printed: list[str]) -> list[str]:
    """The shown lines, each exchanged for the printed line that is most like it; all lines if nothing was left out."""
    if not any(ANY in line for line in shown):
        return printed
    found, rest = [], list(printed)
    for line in shown:
        if not line.strip() or ANY in line:
            found.append(line)
            continue
        ratios = [difflib.SequenceMatcher(None, line, other).ratio() for other in rest]
        best = max(range(len(rest)), key=lambda i: (ratios[i], -i)) if rest else None
        if best is not None and ratios[best] > 0.4:
            found.append(rest[best])
            rest = rest[best + 1 :]
    return found


@dataclass(frozen=True)
class Shown:
    """What one command or Python block shows and prints."""

    command: str
    shown: list[str]
    printed: list[str]
    block: Block


def follow(page: Path, folder: Path) -> list[Shown]:
    """Do everything that a page does, in order."""
    found: list[Shown] = []
    prepare(page, folder)
    before: Block | None = None
    output: list[str] = []
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.file:
            write_file(block, folder)
        elif block.language == "python":
            output = execute(["python", "-c", block.content], folder)
        elif block.language == "text" and before is not None and before.language == "python":
            found.append(Shown("python block", block.content.splitlines(), output, block))
        elif block.language == "console":
            for command, shown in commands(block.content):
                if command.split()[0] in ("posada", "python"):
                    found.append(Shown(command, shown, execute(shlex.split(command), folder), block))
        before = block
    return found


def renew(page: Path) -> None:
    """Write today's outputs into a page."""
    import tempfile

    text = page.read_text(encoding="utf-8")
    if not any(runs(block) for block in blocks(text)):
        return
    with tempfile.TemporaryDirectory() as folder:
        shown = follow(page, Path(folder))
    for block in reversed(blocks(text)):
        mine = [s for s in shown if s.block == block]
        if not mine:
            continue
        content = block.content
        if block.language == "text":
            content = "\n".join(renewed(mine[0].shown, mine[0].printed)) + "\n"
        else:
            lines: list[str] = []
            todo = list(mine)
            skipping = False
            for line in content.splitlines():
                if line.startswith("$ ") or (skipping and lines and lines[-1].endswith("\\")):
                    lines.append(line)
                    skipping = True
                    if not line.endswith("\\") and todo and runs(Block("console", _head(lines), 0, 0, "")):
                        s = todo.pop(0)
                        lines += renewed(s.shown, s.printed)
                elif not skipping:
                    lines.append(line)
            content = "\n".join(lines) + "\n"
        text = text[: block.start] + content + text[block.end :]
    page.write_text(text, encoding="utf-8")


def _head(lines: list[str]) -> str:
    """The last command of a console block, with the lines that it goes on over."""
    i = len(lines) - 1
    while i > 0 and lines[i - 1].endswith("\\"):
        i -= 1
    return lines[i] + "\n"


if __name__ == "__main__":
    for chosen in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        print(chosen.relative_to(ROOT))
        renew(chosen)
