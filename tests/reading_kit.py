"""What tests of reading share."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

import posada.cli as cli
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


class Ended(Exception):
    """`os._exit` was called."""


@pytest.fixture
def posada(monkeypatch, capsys):
    """Run the command line in this process: (exit code, stdout, stderr)."""

    def call(*words):
        def exit_at_once(code):
            raise Ended(code)

        monkeypatch.setattr(sys, "argv", ["posada", *map(str, words)])
        monkeypatch.setattr(os, "_exit", exit_at_once)
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except Ended as end:
            code = end.args[0]
        told = capsys.readouterr()
        return code, told.out, told.err

    return call
