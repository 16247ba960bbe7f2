"""The diary of a plan: every candidate as it was tried, so that a second call goes on where the first one ended."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from posada.results import ResultError

Array = np.ndarray[Any, Any]
FILE = "tried.jsonl"
"""One line for the question, then one for each batch of replicates of a candidate."""


class Diary:
    """What is known of candidates and replicates; kept in a file, if there is a folder."""

    def __init__(self, folder: Path | None, question: Mapping[str, Any]) -> None:
        self._known: dict[tuple[int, ...], dict[int, Array]] = {}
        self._file: Any = None
        self.earlier = 0
        if folder is None:
            return
        path = folder / FILE
        if path.exists():
            self._read(path, question)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps({"posada": 1, "question": question}) + "\n")
        self._file = path.open("a", encoding="utf-8", newline="\n")

    def get(self, point: tuple[int, ...], replicate: int) -> Array | None:
        """What a candidate came to in a replicate, if it has been run."""
        return self._known.get(point, {}).get(replicate)

    def add(self, point: tuple[int, ...], replicates: Sequence[int], values: Array) -> None:
        """Keep what a candidate came to in some replicates (columns)."""
        self._remember(point, replicates, values)
        if self._file is not None:
            line = {"point": list(point), "replicates": list(replicates), "values": values.tolist()}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _remember(self, point: tuple[int, ...], replicates: Sequence[int], values: Array) -> None:
        kept = self._known.setdefault(point, {})
        for i, r in enumerate(replicates):
            kept[r] = values[:, i]

    def _read(self, path: Path, question: Mapping[str, Any]) -> None:
        """Read an earlier diary; a last line that was cut off is left out."""
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")]
        try:
            head = json.loads(whole[0])["question"]
            rows = [json.loads(line) for line in whole[1:]]
            for row in rows:
                self._remember(tuple(row["point"]), row["replicates"], np.array(row["values"], dtype=float))
        except (ValueError, KeyError, TypeError, IndexError):
            raise ResultError(f"{path} is damaged; remove it to begin anew") from None
        if head != json.loads(json.dumps(question)):
            other = [key for key in question if head.get(key) != json.loads(json.dumps(question))[key]]
            raise ResultError(
                f"{path.parent} holds a plan for another question ({', '.join(other)}); name another folder"
            )
        self.earlier = sum(len(row["replicates"]) for row in rows)
        if len(whole) < len(lines):
            write_whole(path, "".join(whole))


def write_whole(path: Path, text: str) -> None:
    """Write a file whole: to a temporary name, then renamed."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, path)
