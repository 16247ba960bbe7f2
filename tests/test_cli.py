"""The command line as its users meet it: real processes where signals and files matter, the same `main()` elsewhere."""

import json
import os
import shutil
import signal
import subprocess
from datetime import date

import polars as pl
import pytest

from cli_kit import POSADA, SMALL, files_of, needs_proc, process, started
from posada import load, open_result, run
from posada.scenario import Quantity
from scenario_base import FILES, edited, write
from test_scenario_errors import YAML
from warm import Begun


def test_json_is_all_of_stdout(small):
    done = process(small, "run", "small", *SMALL, "--json", "--out", "json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["replicates"] == 2
    assert found == json.loads((small / "json" / "summary.json").read_text(encoding="utf-8"))


def test_show_says_what_run_said(posada, small):
    told = process(small, "run", "small", *SMALL).stdout
    code, out, _ = posada("show", small / "result")
    assert code == 0
    assert out == told
    code, out, _ = posada("show", small / "result", "--json")
    assert json.loads(out)["headlines"][0]["id"] == "taken-in"


def test_show_about(posada, small):
    code, out, _ = posada("show", small / "result", "--about", "HOW long")
    assert code == 0
    assert "Largest queue" in out
    assert "People taken in" not in out
    code, out, err = posada("show", small / "result", "--about", "weather")
    assert (code, out) == (2, "")
    assert "How long?" in err


def test_full_leaves_nothing_out(posada, small):
    _, short, _ = posada("show", small / "result")
    _, full, _ = posada("show", small / "result", "--full")
    assert len(full.splitlines()) > len(short.splitlines())
    assert "--full shows all" not in full


def test_the_caravan_fits_on_two_screens(posada, tmp_path):
    code, out, _ = posada("run", "caravan-2018", *SMALL, "--out", tmp_path / "caravan")
    assert code == 0
    assert len(out.splitlines()) <= 102
    code, out, _ = posada("check", "caravan-2018")
    assert code == 0
    assert len(out.splitlines()) <= 10
    assert "--notes" in out


def test_outcomes_and_those_under_way_are_everybody(posada, tmp_path):
    write(tmp_path / "s", edited(YAML, ", warm_up: 3 days", ""))
    _, out, _ = posada("run", tmp_path / "s", "--replicates", "5", "--out", tmp_path / "r")
    assert "Still under way at the end" in out
    found = json.loads(posada("show", tmp_path / "r", "--json")[1])
    assert found["group"] == "caravan"
    went = open_result(tmp_path / "r").series("set_out:caravan").group_by("replicate").agg(pl.col("value").sum())
    assert found["in_all"]["median"] == went["value"].median() > 0


def test_whose_wait_it_is(posada, tmp_path):
    line = "  - {id: wait, label: Mean wait, series: 'wait:crossing', statistic: mean_days}\n"
    write(tmp_path, edited(YAML, "headlines:\n", "headlines:\n" + line))
    assert "Mean wait, of those let through" in posada("run", tmp_path, *SMALL)[1]


def test_a_probability_has_no_interval(posada, tmp_path):
    line = "  - {id: chance, label: More than 5 wait, series: 'waiting:crossing', statistic: chance_over, over: 5}\n"
    write(tmp_path, edited(YAML, "headlines:\n", "headlines:\n" + line))
    code, out, _ = posada("run", tmp_path, *SMALL, "--json")
    assert code == 0
    chance = json.loads(out)["headlines"][0]
    assert chance["median"] in (0, 0.5, 1)
    assert chance["low90"] is None


def test_the_report_of_a_result(posada, small):
    code, out, _ = posada("report", small / "result")
    assert code == 0
    assert str(small / "result" / "report.html") in out
    text = (small / "result" / "report.html").read_text(encoding="utf-8")
    assert len(text) > 10_000
    assert "write by: [group, party_type] under record:" in text
    assert "still under way at the end" in text


@pytest.mark.parametrize("command", ["show", "report"])
def test_a_folder_without_a_result(posada, tmp_path, command):
    code, out, err = posada(command, tmp_path)
    assert (code, out) == (2, "")
    assert "no run.json" in err


def test_a_result_holds_its_scenario(posada, tmp_path):
    """Later edits of the scenario, or its loss, do not change what is shown; an edit of the copy is told."""
    write(tmp_path / "s")
    assert posada("run", tmp_path / "s", *SMALL, "--out", tmp_path / "r")[0] == 0
    told = posada("show", tmp_path / "r")
    write(tmp_path / "s", edited(YAML, "seats: 40", "seats: 41"))
    assert posada("show", tmp_path / "r") == told
    shutil.rmtree(tmp_path / "s")
    (tmp_path / "r").rename(tmp_path / "elsewhere")
    assert posada("show", tmp_path / "elsewhere") == told
    assert posada("report", tmp_path / "elsewhere")[0] == 0
    assert str(tmp_path) not in (tmp_path / "elsewhere" / "run.json").read_text(encoding="utf-8")
    copy = tmp_path / "elsewhere" / "scenario" / "scenario.yaml"
    copy.write_text(copy.read_text(encoding="utf-8").replace("seats: 40", "seats: 41"), encoding="utf-8")
    code, _, err = posada("show", tmp_path / "elsewhere")
    assert code == 2
    assert "was changed" in err


def test_a_scenario_changed_in_python_is_kept_as_its_changes(posada, tmp_path):
    small = load(write(tmp_path / "s"))
    changed = small.change("facilities.coach.seats", 44).change("quantities.patience", "30 days")
    changed = changed.change("quantities.gate_slots", Quantity(50.0, 30.0, 70.0, evidence=("cbp-slots",)))
    result = run(changed.as_known_on(date(2018, 4, 20)), replicates=2)
    result.save(tmp_path / "r")
    again = open_result(tmp_path / "r")
    assert again.hash == result.hash != small.hash
    assert "facilities.coach.seats 44.0" in again.command
    assert posada("report", tmp_path / "r")[0] == 0


def test_a_scenario_that_no_file_tells_can_be_shown_only(posada, tmp_path):
    result = run(load(write(tmp_path / "s")).replace(title="Another"), replicates=2)
    result.save(tmp_path / "r")
    assert not (tmp_path / "r" / "scenario").exists()
    code, out, _ = posada("show", tmp_path / "r")
    assert code == 0
    assert out.startswith("Another\n")
    code, _, err = posada("report", tmp_path / "r")
    assert code == 2
    assert "changed in Python" in err


@pytest.mark.parametrize("words", [["--seed", "2"], ["--other"]], ids=["seed", "scenario"])
def test_results_that_are_no_pairs_are_not_compared(posada, small, tmp_path, words):
    scenario = small / "small"
    if words == ["--other"]:
        scenario, words = write(tmp_path / "s", edited(YAML, "seats: 40", "seats: 41")), []
    assert posada("run", scenario, *SMALL, *words, "--out", tmp_path / "r")[0] == 0
    code, out, err = posada("report", small / "result", "--compare", tmp_path / "r")
    assert (code, out) == (2, "")
    assert "cannot be compared" in err


def test_only_common_replicates_are_paired(posada, small, tmp_path):
    words = ["--replicates", "3", "--policy", "more-slots", "--out", tmp_path / "r"]
    assert posada("run", small / "small", *words)[0] == 0
    assert posada("report", tmp_path / "r", "--compare", small / "result")[0] == 0
    assert "2 pairs of runs, those that both have" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


def test_headlines_name_the_checks_that_fail(posada, tmp_path):
    """Every count of the crossing in the first days is missed by far; a count of another place is no matter."""
    text = FILES["observations.csv"] + "far,joined:crossing,2018-04-29,2018-05-02,,90000,,exact,cbp-slots,,check\n"
    write(tmp_path / "s", {"observations.csv": text + "off,arrived:south,2018-04-29,2018-05-02,,9,,exact,,,check\n"})
    code, out, _ = posada("run", tmp_path / "s", *SMALL, "--out", tmp_path / "r")
    assert code == 0
    assert "Largest queue \u2020" in out
    assert "\u2020 counts disagree: see Checked" in out
    assert "far: 90,000 counted" in out
    rows = {row["id"]: row for row in json.loads(posada("show", tmp_path / "r", "--json")[1])["headlines"]}
    assert "far" in rows["waiting"]["disagrees"]
    assert "off" not in rows["waiting"]["disagrees"]
    assert posada("report", tmp_path / "r")[0] == 0
    assert "disagree: see the checks</a>" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


# --- folders -------------------------------------------------------------------------------------------------------


def test_out_refuses_what_is_not_a_result(posada, small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("x")
    before = files_of(tmp_path)
    for name in ("mine", "file"):
        code, out, err = posada("run", small / "small", *SMALL, "--out", tmp_path / name)
        assert (code, out) == (2, "")
        assert name in err
        assert files_of(tmp_path) == before


def test_out_replaces_a_result_whole(posada, small, tmp_path):
    out = tmp_path / "deep" / "result"
    assert posada("run", small / "small", *SMALL, "--out", out)[0] == 0
    (out / "report.html").write_text("old")
    for mine in (out / "mine.txt", out / "scenario" / "notes.txt"):
        mine.write_text("kept")
    assert posada("run", small / "small", "--replicates", "3", "--out", out)[0] == 0
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["replicates"] == 3
    assert not (out / "report.html").exists()
    assert (out / "mine.txt").read_text() == "kept"
    assert (out / "scenario" / "notes.txt").read_text() == "kept"
    assert [p.name for p in out.parent.iterdir()] == ["result"]


def test_leftovers_of_killed_runs_are_cleared_up(posada, small, tmp_path):
    out = tmp_path / "result"
    assert posada("run", small / "small", *SMALL, "--out", out)[0] == 0
    shutil.copytree(out, tmp_path / ".result-abcdefgh.work")
    shutil.copytree(out, tmp_path / ".result-ijklmnop.old")
    (tmp_path / ".result-ijklmnop.old" / "mine.txt").write_text("kept")
    shutil.copytree(out, tmp_path / ".result-2-abcdefgh.work")
    (tmp_path / ".result-mine").mkdir()
    assert posada("run", small / "small", *SMALL, "--out", out)[0] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [".result-2-abcdefgh.work", ".result-mine", "result"]
    assert (out / "mine.txt").read_text() == "kept"


def test_two_runs_into_one_folder_leave_one_whole_result(small, tmp_path):
    words = ["posada", "run", str(small / "small"), "--out", "result", "--replicates"]
    begun = [Begun([*words, n], tmp_path) for n in ("2", "3")]
    assert [child.end().returncode for child in begun] == [0, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["result"]
    run_json = json.loads((tmp_path / "result" / "run.json").read_text(encoding="utf-8"))
    found = json.loads((tmp_path / "result" / "summary.json").read_text(encoding="utf-8"))
    assert found["replicates"] == run_json["replicates"]
    assert process(tmp_path, "show", "result").returncode == 0


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_cannot_be_written(posada, small, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    code, _, err = posada("run", small / "small", *SMALL, "--out", tmp_path / "locked" / "result")
    assert code == 2
    assert "ermission" in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_told_before_the_run(posada, small, monkeypatch):
    import posada.ensemble as room

    monkeypatch.setattr(room, "run", lambda *_, **__: pytest.fail("it ran"))
    code, _, err = posada("run", small / "small", *SMALL, "--out", "/proc/posada/result")
    assert code == 2
    assert "/proc/posada" in err
    assert "Traceback" not in err


def test_a_folder_below_a_file(posada, small, tmp_path):
    (tmp_path / "file").write_text("x")
    code, _, err = posada("run", small / "small", *SMALL, "--out", tmp_path / "file" / "result")
    assert code == 2
    assert str(tmp_path / "file") in err


# --- signals -------------------------------------------------------------------------------------------------------


@needs_proc
def test_ctrl_c_keeps_what_is_done(small):
    child = started(small, "run", "small", "--replicates", "20000", "--out", "stopped")
    child.send_signal(signal.SIGINT)
    done = child.end()
    assert done.returncode == 130, done.stderr
    assert "Stopped: these are the" in done.stderr
    assert "Traceback" not in done.stderr
    kept = json.loads((small / "stopped" / "run.json").read_text(encoding="utf-8"))["replicates"]
    assert 0 < kept < 20_000
    assert f"--replicates {kept} " in done.stdout
    assert process(small, "show", "stopped").returncode == 0


@needs_proc
@pytest.mark.parametrize("there", [False, True], ids=["new", "replaces another"])
def test_a_killed_run_leaves_no_half_result(small, tmp_path, there):
    if there:
        assert process(tmp_path, "run", str(small / "small"), *SMALL, "--out", "result").returncode == 0
    before = files_of(tmp_path)
    child = started(tmp_path, "run", str(small / "small"), "--replicates", "20000", "--out", "result")
    child.send_signal(signal.SIGKILL)
    assert child.end().returncode == -signal.SIGKILL
    assert files_of(tmp_path) == before


def test_killed_while_it_writes(small, tmp_path, posada, monkeypatch):
    """Whatever file is the last to be written, the folder is whole or not there."""
    import polars as pl

    written = []
    whole = pl.DataFrame.write_parquet

    def dies(self, path, **options):
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device", str(path))
        return whole(self, path, **options)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", dies)
    code, _, err = posada("run", small / "small", *SMALL, "--out", tmp_path / "result")
    assert code == 2
    assert "No space left" in err
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_mistake(small):
    child = subprocess.Popen(
        [*POSADA, "show", "result", "--json"], cwd=small, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()
    assert child.wait(timeout=60) in (0, -signal.SIGPIPE)  # as other programs end when their reader goes away
    assert b"Traceback" not in err


# --- bugs ----------------------------------------------------------------------------------------------------------


def test_a_bug_is_ours(posada, small, monkeypatch):
    import posada.ensemble as room

    def broken(*_, **__):
        raise ZeroDivisionError("a mistake in the code")

    monkeypatch.setattr(room, "run", broken)
    code, out, err = posada("run", small / "small")
    assert (code, out) == (1, "")
    assert "a bug in posada" in err
    assert "Traceback" not in err
    path = err.rsplit(" ", 1)[1].strip()
    with open(path, encoding="utf-8") as file:
        assert "ZeroDivisionError: a mistake in the code" in file.read()
    os.unlink(path)


def test_memory_is_the_users_to_mend(posada, small, monkeypatch):
    import posada.ensemble as room

    def hungry(*_, **__):
        raise MemoryError

    monkeypatch.setattr(room, "run", hungry)
    code, _, err = posada("run", small / "small")
    assert code == 2
    assert "fewer replicates" in err


# --- the rest ------------------------------------------------------------------------------------------------------


def test_list_and_schema(posada):
    code, out, _ = posada("list")
    assert code == 0
    assert out.startswith("caravan-2018 ")
    code, out, _ = posada("schema")
    assert code == 0
    assert "properties" in json.loads(out)


def test_help_names_every_command(posada):
    code, out, _ = posada("--help")
    assert code == 0
    for command in ("list", "check", "schema", "run", "show", "report"):
        assert command in out


def test_text_of_a_scenario_is_shown_as_it_is(capsys):
    from rich.table import Table

    from posada.cli.kit import print_parts

    table = Table()
    table.add_column("label [/b]")
    table.add_row("[bold]not markup[/b] :warning:")
    print_parts([table])
    shown = capsys.readouterr().out
    assert "label [/b]" in shown
    assert "[bold]not markup[/b] :warning:" in shown


def test_a_policy_in_a_file_of_its_own_is_run(posada, tmp_path):
    write(tmp_path / "small")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "posada: 1\npolicies:\n  mine: {title: Mine, changes: [{set: quantities.gate_slots, to: 90}]}\n",
        encoding="utf-8",
    )
    code, out, _ = posada("run", tmp_path / "small", "--policies", file, "--policy", "mine", *SMALL, "--json")
    assert code == 0
    assert json.loads(out)["policy"] == "mine"
    code, _, err = posada("run", tmp_path / "small", "--policies", tmp_path / "no.yaml", *SMALL)
    assert code == 2
    assert "no.yaml" in err


def test_the_runs_of_a_folder_are_listed(posada, small, tmp_path):
    code, out, _ = posada("runs", small, "--json")
    assert code == 0
    row = next(row for row in json.loads(out)["runs"] if row["id"] == "result")
    assert (row["id"], row["kind"], row["state"], row["replicates"]) == ("result", "run", "done", 2)
    code, out, _ = posada("runs", small)
    assert code == 0
    assert "result" in out
    assert posada("runs", tmp_path)[1].startswith("There are no runs")
    assert posada("runs", tmp_path / "nowhere")[0] == 2
