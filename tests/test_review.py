"""Reviewing proposals: the ledger is changed whole or not at all, and every decision is logged."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from posada import load
from posada.evidence import Decision, Evidence, ProposalError, append, apply, read_proposals
from scenario_base import edited, write
from test_scenario_errors import YAML

REPORT = (
    "More than 340 migrants slept in the park in Tijuana on Monday, Mayor Marta Quezada said. "
    "Between 20 and 30 people a day are taken in. Yaritza Montoya, 24, waited with 60 others.\n"
)


@pytest.fixture
def place(tmp_path):
    """A scenario of one's own, and proposals for it."""
    folder = tmp_path / "own"
    write(folder)
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    return folder


def ledger(folder):
    """The ids of the ledger."""
    return list(load(folder).evidence)


def log(folder):
    """The log of decisions."""
    with (folder / "evidence-log.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def proposals(posada, folder, *more):
    """The file of proposals of the report."""
    out = folder.parent / "p.json"
    code, _, err = posada(
        "read", folder.parent / "report.txt", "--date", "2018-04-25", "--publisher", "The Gazette", "--out", out, *more
    )
    assert code == 0, err
    return out


def test_what_is_accepted_is_in_the_ledger_and_every_decision_in_the_log(posada, place):
    file = proposals(posada, place)
    before = load(place).evidence
    known = set(ledger(place))
    code, out, err = posada(
        "review",
        file,
        "--scenario",
        place,
        "--accept",
        "c1",
        "--reject",
        "c2",
        "--skip",
        "c3",
        "--why",
        "of another crossing",
    )
    assert code == 0, err
    assert "1 accepted, 1 rejected, 1 skipped" in out
    (new,) = set(ledger(place)) - known
    claim = load(place).evidence[new]
    assert (claim.low, claim.qualifier, claim.publisher, str(claim.from_), claim.claimant_role) == (
        340,
        "more",
        "The Gazette",
        "2018-04-23",
        "official",
    )
    assert {key: claim for key, claim in load(place).evidence.items() if key != new} == before
    rows = log(place)
    assert [(r["proposal"], r["decision"], r["why"]) for r in rows] == [
        ("c1", "accepted", "of another crossing"), ("c2", "rejected", "of another crossing"), ("c3", "skipped",
            "of another crossing"),
    ]  # fmt: skip
    assert rows[0]["claim"] == new
    written = "".join(
        path.read_text(encoding="utf-8") for path in (file, place / "evidence.csv", place / "evidence-log.csv")
    )
    assert "Yaritza" not in written
    assert "Montoya" not in written


def test_what_was_decided_does_not_come_again_but_what_was_skipped_does(posada, place):
    file = proposals(posada, place)
    posada("review", file, "--scenario", place, "--accept", "c1", "--skip", "c2")
    code, _, err = posada("review", file, "--scenario", place, "--accept", "c1")
    assert code == 2
    assert "no open proposal 'c1'" in err
    assert posada("review", file, "--scenario", place, "--accept", "c2")[0] == 0


def test_a_report_may_be_reviewed_without_a_file_of_proposals(posada, place):
    code, out, err = posada(
        "review", place.parent / "report.txt", "--scenario", place, "--date", "2018-04-25", "--accept", "all"
    )
    assert code == 0, err
    assert "3 accepted" in out


def test_an_edit_changes_the_claim_and_is_logged(posada, place):
    file = proposals(posada, place)
    edits = ["--edit", "c1:place=tijuana", "--edit", "c1:low=350", "--edit", "c1:id=park-monday"]
    assert posada("review", file, "--scenario", place, "--accept", "c1", *edits)[0] == 0
    claim = load(place).evidence["park-monday"]
    assert (claim.place, claim.low) == ("tijuana", 350)
    assert log(place)[0]["changed"] == "place=tijuana; low=350; id=park-monday"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--accept", "c9"], "no open proposal 'c9'"),
        (["--accept", "c1", "--reject", "c1", "--why", "x"], "exactly one"),
        (["--reject", "c1"], "needs a reason"),
        (["--accept", "c1", "--edit", "c1:kind=arrives"], "'kind' cannot be 'arrives'; allowed: present, arrived"),
        (["--accept", "c1", "--edit", "c1:from=Monday"], "date such as"),
        (["--accept", "c1", "--edit", "c1:low=many"], "number such as"),
        (["--accept", "c1", "--edit", "c1:high=12"], "low <= value <= high"),
        (["--accept", "c1", "--edit", "c1:name=Marta"], "no column 'name'"),
        (["--accept", "c1", "--edit", "c1:id=Not An Id"], "small letters"),
        (["--accept", "c1", "--edit", "c2:low=3"], "'c2' is not"),
        (["--accept", "c1", "--edit", "low=3"], "does not say what"),
        ([], "no terminal"),
    ],
)
def test_decisions_that_cannot_be_change_nothing(posada, place, options, words):
    file = proposals(posada, place)
    before = sorted((p.name, p.read_bytes()) for p in place.iterdir())
    code, _, err = posada("review", file, "--scenario", place, *options)
    assert code == 2
    assert words in err
    assert sorted((p.name, p.read_bytes()) for p in place.iterdir()) == before


def test_one_that_is_wrong_stops_all(posada, place):
    file = proposals(posada, place)
    before = (place / "evidence.csv").read_bytes() if (place / "evidence.csv").exists() else None
    code, _, _ = posada("review", file, "--scenario", place, "--accept", "all", "--edit", "c3:status=seen")
    assert code == 2
    assert ((place / "evidence.csv").read_bytes() if (place / "evidence.csv").exists() else None) == before
    assert not (place / "evidence-log.csv").exists()


def test_other_files_are_no_proposals(posada, place, tmp_path):
    (tmp_path / "x.json").write_text('{"posada_proposals": 99, "claims": []}', encoding="utf-8")
    code, _, err = posada("review", tmp_path / "x.json", "--scenario", place, "--accept", "c1")
    assert code == 2
    assert "no file of proposals" in err
    with pytest.raises(ProposalError, match="no file of proposals"):
        read_proposals(tmp_path / "none.json")
    code, _, err = posada("review", tmp_path / "x.json", "--scenario", tmp_path / "nowhere", "--accept", "c1")
    assert code == 2
    assert "scenario.yaml" in err


def test_a_ledger_keeps_its_columns_its_delimiter_and_its_lines(tmp_path):
    path = tmp_path / "evidence.csv"
    text = 'id;counts_what;kind;value;low;note\r\na;people;present;5;;"one; two"\r\n\r\nb;people;present;7;;\r\n'
    path.write_bytes(text.encode())
    append(path, [Evidence("c", "people", "present", low=3.0, note="quoted; too")])
    assert path.read_bytes().decode() == text + 'c;people;present;;3;"quoted; too"\r\n'


def test_a_ledger_without_a_column_that_is_needed_gets_it(tmp_path):
    path = tmp_path / "evidence.csv"
    path.write_text("id,counts_what,kind,value\na,people,present,5\n", encoding="utf-8")
    append(path, [Evidence("c", "people", "present", value=3.0, qualifier="about", status="observed")])
    assert (
        path.read_text(encoding="utf-8")
        == "id,counts_what,kind,value,qualifier,status\na,people,present,5,,\nc,people,present,3,about,observed\n"
    )


def test_a_disk_that_is_full_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    import posada.evidence.writing as writing

    path = tmp_path / "evidence.csv"
    path.write_text("id,counts_what,kind,value\na,people,present,5\n", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        append(path, [Evidence("c", "people", "present", value=3.0)])
    assert [p.name for p in tmp_path.iterdir()] == ["evidence.csv"]
    assert path.read_text(encoding="utf-8").endswith("a,people,present,5\n")


def test_ids_are_not_given_twice(tmp_path, posada, place):
    file = proposals(posada, place)
    found = read_proposals(file)
    done = apply(found, [Decision("c1", "accepted")], place, ["tijuana-340", "present-340"])
    assert done.added == ("tijuana-340-2",)
    with pytest.raises(ProposalError, match="already has"):
        apply(found, [Decision("c1", "accepted", changed=(("id", "x"),))], place, ["x"])


def test_the_terminal_asks(posada, place, monkeypatch):
    file = proposals(posada, place)
    answers = iter(["what", "reject", "edit low=345", "accept seen it", "reject of another place", "quit"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    code, out, err = posada("review", file, "--scenario", place)
    assert code == 0, err
    assert ">>340<<" in out
    assert "1 accepted, 1 rejected, 0 skipped" in out
    assert [(r["decision"], r["why"], r["changed"]) for r in log(place)] == [
        ("accepted", "seen it", "low=345"),
        ("rejected", "of another place", ""),
    ]


def test_duplicates_and_contradictions_are_told(posada, tmp_path):
    (tmp_path / "r.txt").write_text(
        "Exactly 900 people arrived in Mexicali on April 24.\n157 people arrived in Mexicali on April 25.",
        encoding="utf-8",
    )
    code, out, _ = posada("read", tmp_path / "r.txt", "--date", "2018-04-26", "--scenario", "caravan-2018", "--json")
    assert code == 0
    first, second = json.loads(out)["claims"]
    assert {"id": "mexicali-130", "how": "contradiction"} in first["like"]
    assert {"id": "mexicali-157", "how": "duplicate"} in second["like"]
    assert second["row"]["place"] == "mexicali"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--date is needed"),
        (["--date", "25 April"], "not a date such as"),
        (["--date", "2018-04-25", "--language", "fr"], "en or es"),
        (["--date", "2018-04-25", "--sensitivity", "secret"], "public, internal"),
        (["--date", "2018-04-25", "--scenario", "nowhere"], "nowhere"),
    ],
)
def test_options_that_cannot_be(posada, place, options, words):
    code, _, err = posada("read", place.parent / "report.txt", *options)
    assert code == 2
    assert words in err


def test_a_shipped_scenario_is_not_changed(posada, place):
    file = proposals(posada, place)
    code, _, err = posada("review", file, "--scenario", "caravan-2018", "--accept", "c1")
    assert code == 2
    assert "not a shipped one" in err
    shutil.rmtree(place)


def test_each_answer_is_written_before_the_next_question(posada, place, monkeypatch):
    file = proposals(posada, place)
    answers = iter(["accept", "edit low=many", "stop"])

    def answer(_):
        word = next(answers)
        if word == "stop":
            raise KeyboardInterrupt
        return word

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert posada("review", file, "--scenario", place)[0] != 0
    assert "tijuana-340" in ledger(place)
    assert [row["decision"] for row in log(place)] == ["accepted"]


def test_a_change_that_cannot_be_is_told_at_once_and_an_end_of_input_ends(posada, place, monkeypatch):
    file = proposals(posada, place)
    answers = iter(["edit low=many", "accept"])

    def answer(_):
        word = next(answers, None)
        if word is None:
            raise EOFError
        return word

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    code, out, err = posada("review", file, "--scenario", place)
    assert code == 0, err
    assert "'low' is a number such as 1300, not 'many'" in out
    assert log(place)[0]["changed"] == ""


def test_a_killed_review_keeps_what_was_answered(place, posada):
    import os
    import pty
    import signal
    import subprocess
    import sys

    file = proposals(posada, place)
    ours, theirs = pty.openpty()
    code = f"import sys; sys.argv = ['posada', 'review', {str(file)!r}, '--scenario', {str(place)!r}]; "
    code += "from posada.cli import main; main()"
    running = subprocess.Popen([sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)

    def read_until(words):
        seen = ""
        while words not in seen:
            seen += os.read(ours, 4096).decode("utf-8", "replace")

    read_until("quit?")
    os.write(ours, b"accept seen\n")
    read_until("c2 ")
    running.send_signal(signal.SIGKILL)
    running.wait()
    os.close(ours)
    assert "tijuana-340" in ledger(place)
    assert [row["why"] for row in log(place)] == ["seen"]
    assert not [name for name in os.listdir(place) if name.startswith(".evidence")]


def test_two_reviews_at_once_lose_nothing(place, posada):
    from concurrent.futures import ThreadPoolExecutor

    found = read_proposals(proposals(posada, place))

    def accept(number):
        return apply(found, [Decision("c1", "accepted", changed=(("id", f"from-{number}"),))], place, ())

    with ThreadPoolExecutor(8) as pool:
        added = [done.added[0] for done in pool.map(accept, range(16))]
    assert sorted(added) == sorted(f"from-{number}" for number in range(16))
    assert {f"from-{number}" for number in range(16)} <= set(ledger(place))
    assert len(log(place)) == 16


def test_what_another_review_decided_meanwhile_is_not_decided_again(place, posada):
    found = read_proposals(proposals(posada, place))
    apply(found, [Decision("c1", "rejected", "of another place")], place, ())
    with pytest.raises(ProposalError, match="c1 was rejected by another review meanwhile"):
        apply(found, [Decision("c1", "accepted")], place, (), again=False)


@pytest.mark.parametrize("name", ["evidence.csv", "evidence-log.csv"])
def test_a_file_that_is_protected_from_writing_is_not_replaced(posada, place, name):
    file = proposals(posada, place)
    posada("review", file, "--scenario", place, "--accept", "c2")
    (place / name).chmod(0o444)
    before = {item: (place / item).read_bytes() for item in ("evidence.csv", "evidence-log.csv")}
    code, _, err = posada("review", file, "--scenario", place, "--accept", "c1")
    assert code == 2
    assert f"protected from writing; nothing was changed: {place / name}" in err
    assert before == {item: (place / item).read_bytes() for item in before}


def test_a_ledger_of_a_spreadsheet_program_is_kept_as_it_is(posada, place):
    file = proposals(posada, place)
    path = place / "evidence.csv"
    text = path.read_text(encoding="utf-8") if path.exists() else "id,counts_what\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = set(ledger(place))
    code, _, err = posada("review", file, "--scenario", place, "--accept", "c1")
    assert code == 0, err
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert set(ledger(place)) == before | {"tijuana-340"}


def test_mistakes_in_the_scenario_are_told_with_its_folder(posada, tmp_path):
    (tmp_path / "r.txt").write_text("500 people arrived in Tijuana on 3 May 2018.", encoding="utf-8")
    write(tmp_path / "mine", edited(YAML, "along: road", "along: raod"))
    code, out, err = posada("read", tmp_path / "r.txt", "--date", "2018-05-04", "--scenario", tmp_path / "mine")
    assert (code, out) == (2, "")
    assert err.startswith(f"{tmp_path / 'mine' / 'scenario.yaml'}:")
    assert "did you mean 'road'?" in err
