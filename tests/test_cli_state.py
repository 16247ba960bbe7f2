"""Stopping, saving, resuming and precision on the command line, as real processes."""

from __future__ import annotations

import json
import signal
import tempfile
from pathlib import Path

import pytest

import warm
from cli_kit import files_of, needs_proc, process, started
from engine_kit import same_tables
from posada import open_state
from scenario_base import write

DAY = "2018-05-10"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A scenario, a run of it, and the same run as it stands at a date."""
    folder = tmp_path_factory.mktemp("town")
    write(folder / "town")
    for words in (["--out", "whole"], ["--until", DAY, "--save", "saved", "--out", "early"]):
        done = process(folder, "run", "town", "--replicates", "2", *words)
        assert done.returncode == 0, done.stderr
    assert "`posada resume saved` goes on with it" in done.stderr
    return folder


def test_a_saved_run_goes_on_as_if_it_had_never_stopped(town):
    left = set(Path(tempfile.gettempdir()).glob("posada-*"))
    done = process(town, "resume", "saved", "--out", "on")
    assert done.returncode == 0, done.stderr
    assert same_tables(town / "whole", town / "on")
    for name in ("run.json", "summary.json"):
        assert (town / "whole" / name).read_bytes() == (town / "on" / name).read_bytes()
    assert {p for p in Path(tempfile.gettempdir()).glob("posada-*") if (p / "town").exists()} <= left


def test_forks_and_their_names(town):
    words = ["--set", "facilities.crossing.slots_per_day=120", "--until", "2018-08-01", "--save", "later"]
    done = process(town, "resume", "saved", *words, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["policy"] == f"set@{DAY}"
    assert found["command"] == (
        f"posada run town --replicates 2 --seed 1 --until {DAY} --save state-1.posada && posada resume state-1.posada "
        "--set facilities.crossing.slots_per_day=120 --until 2018-08-01"
    )
    done = process(town, "resume", "later", "--seed", "5", "--as", "more slots", "--out", "fork")
    assert done.returncode == 0, done.stderr
    told = json.loads((town / "fork" / "run.json").read_text())
    assert told["policy"] == "more slots"
    assert [(f["date"], f["seed"]) for f in told["forks"]] == [(DAY, 1), ("2018-08-01", 5)]
    assert process(town, "show", "fork").returncode == 0
    done = process(town, "report", "fork", "--compare", "whole")
    assert done.returncode == 2
    assert "the seed differs (1, from 2018-08-01 on 5 and 1)" in done.stderr


def test_what_stood_at_a_date_is_shown_and_reported(town):
    assert process(town, "show", "early").returncode == 0
    done = process(town, "report", "early")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "town", "--save", "x"], "name the date with --until"),
        (["run", "town", "--until", "10 May"], "--until: '10 May' is not a date"),
        (["run", "town", "--until", "2018-04-01"], "--until: 2018-04-01 is not after the first day"),
        (["run", "town", "--until", "2019-04-01"], "is not after the first day"),
        (["run", "town", "--until", DAY, "--save", "town"], "town is a folder"),
        (["run", "town", "--until", DAY, "--save", "town/places.csv"], "is not a saved run of posada; name another"),
        (["run", "town", "--until", DAY, "--until-precision", "5%"], "do not go together"),
        (["run", "town", "--until-precision", "five"], "'five' is not a share; write 5% or 0.05"),
        (["run", "town", "--until-precision", "5% or so"], "is not a share"),
        (["run", "town", "--until-precision", "500%"], "must be between 0 and 1"),
        (["run", "town", "--until-precision", "5%", "--replicates", "3"], "at least 10 replicates"),
        (["run", "town", "--until-precision", "5%", "--precision-of", "servd:crossing"], "did you mean 'served'"),
        (["run", "town", "--precision-of", "served:crossing"], "give both"),
        (["resume", "nothing"], "No such file"),
        (["resume", "town/places.csv"], "is not a saved run of posada"),
        (["resume", "saved", "--until", DAY], "stands at 2018-05-10 already"),
        (["resume", "saved", "--policy", "nobody"], "there is no policy 'nobody'"),
        (["resume", "saved", "--set", "groups.caravan.people=5"], "fixed at the outset"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_mistakes_are_told_and_nothing_is_written(town, words, told):
    before = files_of(town)
    done = process(town, *words)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(town) == before


def test_until_precision(town):
    words = ["--until-precision", "50%", "--precision-of", "served:crossing", "--replicates", "10"]
    done = process(town, "run", "town", *words, "--out", "precise", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (mean,) = found["precision"]["means"]
    assert mean["reached"]
    assert mean["share"] <= 0.5
    again = process(town, "run", "town", "--replicates", str(found["replicates"]), "--out", "same")
    assert again.returncode == 0, again.stderr
    assert same_tables(town / "precise", town / "same")
    words = ["--until-precision", "0.01%", "--precision-of", "served:crossing", "--replicates-at-most", "12"]
    done = process(town, "run", "town", *words)
    assert done.returncode == 0, done.stderr
    assert "After 12 replicates 1 of 1 are not known to ± 0.01 % yet (--replicates-at-most)." in done.stdout


@needs_proc
def test_ctrl_c_saves_the_replicates_that_are_done(town):
    child = started(town, "run", "town", "--replicates", "20000", "--until", DAY, "--save", "cut")
    child.send_signal(signal.SIGINT)
    done = child.end()
    assert done.returncode == 130, done.stderr
    assert "Stopped: these are the" in done.stderr
    assert 0 < open_state(town / "cut").replicates < 20000


KILLED = """
import os, signal, sys
from posada.ensemble import state
put = state.put
def dies(file, name, content, *how):
    put(file, name, content, *how)
    if name == "state/1":
        file.fp.flush()
        os.kill(os.getpid(), signal.SIGKILL)
state.put = dies
state.open_state(sys.argv[1]).save(sys.argv[2])
"""
"""A process that saves a run again, and is killed when half of it is written."""


@pytest.mark.parametrize("there", [False, True], ids=["new", "replaces another"])
def test_killed_while_it_saves_it_leaves_the_old_file_or_none(town, tmp_path, there):
    words = ["--replicates", "3", "--until", DAY, "--save", str(tmp_path / "one")]
    assert process(town, "run", "town", *words).returncode == 0
    target = tmp_path / "saved" / "two"
    target.parent.mkdir()
    if there:
        target.write_bytes((tmp_path / "one").read_bytes())
    before = files_of(target.parent)
    done = warm.run(["python", "-c", KILLED, "one", str(target)], tmp_path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = files_of(target.parent)
    assert {name: content for name, content in left.items() if not name.endswith(".part")} == before
    assert len(left) == len(before) + 1
    open_state(tmp_path / "one").save(target)
    assert [path.name for path in target.parent.iterdir()] == ["two"], "what was left is cleared up"
    assert open_state(target).replicates == 3
