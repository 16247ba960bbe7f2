"""Scores the reading of reports on labelled sentences: recall and precision of each field.

`python tools/score_reading.py` prints the table of docs/reading-scores.md; `--misses` lists what was missed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from posada.evidence import Claim, read_report
from posada.evidence.reading.places import gazetteer
from posada.evidence.reading.text import fold

DATA = Path(__file__).resolve().parent.parent / "tests" / "data" / "reading"
NAMES = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
]
SETS = {name: f"{name}.yaml" for name in NAMES}
"""Sets of sentences in the order of writing; each was read once before the rules were adjusted to it."""
FIELDS = ("count", "kind", "unit", "status", "speaker", "date", "place, first", "place, first two")


@dataclass
class Score:
    """How often each field was asked for and right; what was missed."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    proposed: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    def note(self, name: str, right: bool, told: str) -> None:
        """Count one field of one claim."""
        self.asked[name] += 1
        self.right[name] += right
        if not right:
            self.misses.append(f"{name}: {told}")

    @property
    def recall(self) -> float:
        """The share of labelled counts that are proposed with the right qualifier and numbers."""
        return self.right["count"] / self.asked["count"]

    @property
    def precision(self) -> float:
        """The share of proposals that are labelled counts."""
        return self.right["count"] / self.proposed

    def share(self, name: str) -> float:
        """How often a field is right, of the counts that were found and have it."""
        return self.right[name] / self.asked[name] if self.asked[name] else 1.0


def numbers_of(words: str) -> tuple[str, float | None, float | None, float | None]:
    """Qualifier, low, value and high of a label such as `range 80 120`."""
    qualifier, *rest = words.split()
    ends = [float(text) for text in rest]
    if len(ends) == 2:
        return qualifier, ends[0], None, ends[1]
    if qualifier in ("at_least", "more"):
        return qualifier, ends[0], None, None
    if qualifier == "at_most":
        return qualifier, None, None, ends[0]
    return qualifier, None, ends[0], None


def score(entries: list[dict[str, Any]]) -> Score:
    """Read every entry and compare."""
    found = Score()
    for entry in entries:
        report = read_report(entry["text"], entry["date"])
        left = list(report.claims)
        found.proposed += len(left)
        for label in entry["counts"]:
            wanted = numbers_of(label["is"])
            same = [c for c in left if close((c.qualifier, c.low, c.value, c.high), wanted)]
            told = f"{label} in {entry['text'][:70]!r}"
            found.note(
                "count", bool(same), f"{told}; proposed: {[(c.qualifier, c.low, c.value, c.high) for c in left]}"
            )
            if same:
                left.remove(same[0])
                compare(found, label, same[0], entry["date"], told)
        found.misses += [f"not a count: {c.words!r} ({c.counts_what}) in {entry['text'][:70]!r}" for c in left]
    return found


def close(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two claims have the same qualifier and numbers."""
    return one[0] == other[0] and all(
        (a is None) == (b is None) and (a is None or abs(a - b) < 1e-9) for a, b in zip(one[1:], other[1:], strict=True)
    )


def compare(found: Score, label: dict[str, Any], claim: Claim, published: date, told: str) -> None:
    """Compare the labelled fields of one claim."""
    if "kind" in label:
        found.note("kind", claim.kind == label["kind"], f"{told}: {claim.kind}")
    if "unit" in label:
        found.note("unit", claim.unit == label["unit"], f"{told}: {claim.unit}")
    if "status" in label:
        found.note("status", claim.status == label["status"], f"{told}: {claim.status}")
    speaker = claim.speaker.shown if claim.speaker else None
    wanted = label.get("who")
    wanted = wanted if isinstance(wanted, list) else [wanted]
    found.note("speaker", any(same_words(speaker, who) for who in wanted), f"{told}: {speaker}")
    found.note("date", dates_agree(claim, label), f"{told}: {claim.from_} to {claim.to}")
    if "place" in label:
        names = [place.name for place in claim.places[:2]]
        found.note("place, first", bool(names) and same_words(names[0], label["place"]), f"{told}: {names}")
        found.note("place, first two", any(same_words(name, label["place"]) for name in names), f"{told}: {names}")


def dates_agree(claim: Claim, label: dict[str, Any]) -> bool:
    """Whether a claim has the labelled day; days that are not labelled are not judged unless none is told."""
    if "date" not in label:
        return True
    return label["date"] in (claim.from_, claim.to)


def same_words(one: str | None, other: str | None) -> bool:
    """Whether one text is the other or a part of it, but for case, accents and other names of a place."""
    if one is None or other is None:
        return one is other
    known = gazetteer()
    a, b = (fold(known[fold(name)].name if fold(name) in known else name) for name in (one, other))
    return a in b or b in a


def table(scores: dict[str, Score]) -> str:
    """The table for the docs."""
    names = list(scores)
    rows = [
        "| field | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
        "| counts labelled | " + " | ".join(str(s.asked["count"]) for s in scores.values()) + " |",
        "| counts: recall | " + " | ".join(f"{s.recall:.2f}" for s in scores.values()) + " |",
        "| counts: precision | " + " | ".join(f"{s.precision:.2f}" for s in scores.values()) + " |",
    ]
    for name in FIELDS[1:]:
        cells = [f"{s.share(name):.2f} of {s.asked[name]}" for s in scores.values()]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    """Print the table, and the misses when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS), help="only these sets")
    options = parser.parse_args()
    scores = {
        title: score(yaml.safe_load((DATA / name).read_text(encoding="utf-8")))
        for title, name in SETS.items()
        if title in options.sets
    }
    print(table(scores))
    if options.misses:
        for title, found in scores.items():
            print(f"\n{title}:\n" + "\n".join(found.misses))


if __name__ == "__main__":
    main()
