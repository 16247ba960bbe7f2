"""Fixtures of all tests."""

import pytest

from cli_kit import SMALL, in_this_process, process
from scenario_base import write


@pytest.fixture
def posada(monkeypatch, capsys):
    """Run the command line in this process: (exit code, stdout, stderr)."""
    return in_this_process(monkeypatch, capsys)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A good scenario, and a result of it."""
    folder = tmp_path_factory.mktemp("cli")
    write(folder / "small")
    done = process(folder, "run", "small", *SMALL, "--out", "result")
    assert done.returncode == 0, done.stderr
    return folder
