"""What tests of reading share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from posada import read, read_report

ROOT = Path(__file__).resolve().parent.parent


def seed():
    """The report that the project began with, if it lies beside the repository."""
    for folder in ROOT.parents:
        found = sorted((folder / "shared" / "seeds").glob("000_*.txt"))
        if found:
            return found[0]
    return None


def stated(text, day="2018-04-25", **options):
    """(qualifier, low, value, high) of each claim."""
    return [(c.qualifier, c.low, c.value, c.high) for c in read(text, date.fromisoformat(day), **options)]


def report(text, day="2018-04-25", **options):
    """A report that is read."""
    return read_report(text, date.fromisoformat(day), **options)
