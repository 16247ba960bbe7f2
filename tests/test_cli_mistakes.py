"""Mistakes in scenarios and options, as the command line tells them."""

import os
from datetime import date

import polars as pl
import pytest

from cli_kit import SMALL, files_of, process
from posada import open_result
from scenario_base import edited, write
from test_scenario_errors import BROKEN, FILES_BROKEN, YAML
from warm import Begun

# --- mistakes in a scenario ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", BROKEN, ids=[case[0] for case in BROKEN])
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_broken_scenario_is_told_and_nothing_is_written(posada, tmp_path, monkeypatch, case, command):
    _, name, old, new, message, near = case
    write(tmp_path / "s", edited(name, old, new))
    monkeypatch.chdir(tmp_path)
    before = files_of(tmp_path)
    words = ["check", "s"] if command == "check" else ["run", "s", "--out", "result", "--json"]
    code, out, err = posada(*words)
    assert code == 2
    assert out == ""
    assert message in err
    assert f"{name}:" in err
    if near is not None:
        assert f"did you mean {near!r}?" in err
    assert "Traceback" not in err
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("case", FILES_BROKEN, ids=[case[0] for case in FILES_BROKEN])
def test_files_that_cannot_be_read_are_told(posada, tmp_path, case):
    code, out, err = posada("check", write(tmp_path / "s", case[1]))
    assert (code, out) == (2, "")
    assert case[2] in err
    assert "Traceback" not in err


def test_a_mistake_of_a_real_process(tmp_path):
    write(tmp_path / "s", edited(YAML, "along: road", "along: raod"))
    done = process(tmp_path, "run", "s", "--out", "result")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("scenario.yaml:")
    assert "no link 'raod'" in done.stderr
    assert "did you mean 'road'?" in done.stderr
    assert not (tmp_path / "result").exists()


def test_a_scenario_that_does_not_exist_names_the_nearest(posada):
    code, out, err = posada("run", "caravan-2081")
    assert (code, out) == (2, "")
    assert "caravan-2018" in err


def test_a_pipe_in_place_of_a_file_is_told_and_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    child = Begun(["posada", "import", "counts", "pipe", "--out", "made"], tmp_path)
    with (tmp_path / "pipe").open("w") as pipe:  # waits until it is read
        pipe.write("date,present\n2024-03-01,20\n2024-03-02,22\n2024-03-03,25\n")
    done = child.end()
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0] == "pipe is a pipe: waiting for what is written into it (Ctrl-C stops)"
    assert (tmp_path / "made" / "scenario.yaml").exists()


# --- mistakes in options -------------------------------------------------------------------------------------------


def test_an_unknown_policy_is_told_in_full(posada, small):
    code, out, err = posada("run", small / "small", "--policy", "more-slts")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "there is no policy 'more-slts'",
        "    did you mean 'more-slots'?",
        "    allowed: more-slots, smaller",
    ]


def test_an_unknown_path_is_told_in_full(posada, small):
    code, out, err = posada("run", small / "small", "--set", "facilities.crossing.slots_per_dya=3")
    assert (code, out) == (2, "")
    assert err.startswith("there is no number at the path 'facilities.crossing.slots_per_dya'\n")
    assert "did you mean 'facilities.crossing.slots_per_day'?" in err


@pytest.mark.parametrize(
    "text", ["nothing", "facilities.crossing.slots_per_day=", "facilities.crossing.slots_per_day=x"]
)
def test_a_set_that_is_no_change_is_told(posada, small, text):
    code, out, err = posada("run", small / "small", "--set", text)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


PLACES = "facilities.cells.places"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{PLACES}=many", "'many' is neither a number nor a named quantity"),
        (f"{PLACES}=2.5", "2.5 is not a whole number"),
        (f"{PLACES}@2018-06-02=3", "no value from '2018-06-02'\n    allowed: start, 2018-06-01"),
        ("facilities.coach.seats@2018-06-01=3", "no dated values"),
        ("cells.places=3", f"did you mean '{PLACES}'?"),
    ],
)
def test_what_a_set_cannot_be(posada, small, text, message):
    code, out, err = posada("run", small / "small", "--set", text)
    assert (code, out) == (2, "")
    assert message in err


def test_a_set_that_replaces_dated_values_says_so(posada, small, tmp_path):
    code, _, err = posada("run", small / "small", *SMALL, "--set", f"{PLACES}=250")
    assert code == 0
    assert f"{PLACES}: this replaces 1 dated value (2018-06-01: 200)" in err
    code, _, err = posada("run", small / "small", *SMALL, "--set", f"{PLACES}@start=0", "--out", tmp_path / "r")
    assert (code, "this replaces" in err) == (0, False)
    held = open_result(tmp_path / "r").series("occupied:cells").group_by("date").agg(pl.col("value").max()).sort("date")
    assert held.filter(pl.col("date") < date(2018, 6, 1))["value"].max() == 0
    assert held["value"].max() > 0


def test_a_policy_that_never_acts_says_so(posada, tmp_path):
    write(tmp_path / "s", edited(YAML, "by: 2, from: 2018-05-01}", "by: 2, until: 2018-03-01}"))
    code, _, err = posada("run", tmp_path / "s", *SMALL, "--policy", "more-slots")
    assert code == 0
    assert "this change never acts: it ends on 2018-03-01, before the start (2018-04-01)" in err
    assert "never acts" in posada("check", tmp_path / "s")[1]


@pytest.mark.parametrize(
    "words",
    [
        ["--replicates", "-3"],
        ["--replicates", "0"],
        ["--replicates", "many"],
        ["--seed", "-1"],
        ["--sed", "1"],
    ],
    ids=" ".join,
)
def test_options_out_of_range(posada, small, words):
    code, out, err = posada("run", small / "small", *words)
    assert (code, out) == (2, "")
    assert words[0] in err


# --- what is printed and written -----------------------------------------------------------------------------------
