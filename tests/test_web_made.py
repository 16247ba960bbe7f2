"""Pages of results are worked out once, kept beside them, and never older than what they tell."""

from __future__ import annotations

import shutil

import pytest

from posada.ensemble import run
from posada.scenario import load
from posada.web import beds, made, results
from posada.workspace import Workspace
from scenario_base import write
from web_kit import client


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    run(load(write(folder / "scenarios" / "small")), replicates=4).save(folder / "runs" / "small-1")
    return folder


@pytest.fixture
def folder(first, tmp_path):
    shutil.copytree(first, tmp_path / "work")
    return tmp_path / "work"


def test_a_page_that_was_kept_is_shown_without_reading_the_result(folder, monkeypatch):
    app = client(folder)
    shown = app.get("/run/small-1").text
    monkeypatch.setattr(results, "opened", lambda run: pytest.fail("it was read again"))
    monkeypatch.setattr(beds, "opened", lambda run: pytest.fail("it was read again"))
    assert app.get("/run/small-1").text == shown
    assert app.get("/run/small-1/shelter/annex").status_code == 200
    assert app.get("/run/small-1/shelter/nowhere").status_code == 404


def test_a_page_is_made_anew_when_its_result_is(folder):
    app = client(folder)
    app.get("/run/small-1")
    before = {file.name for file in (folder / "runs" / "small-1" / made.KEPT).iterdir()}
    run(load(folder / "scenarios" / "small"), replicates=3).save(folder / "runs" / "small-1")
    assert "3 runs" in app.get("/run/small-1").text
    after = {file.name for file in (folder / "runs" / "small-1" / made.KEPT).iterdir()}
    assert not before & after
    assert len(after) == len(before)


def test_a_page_that_takes_long_says_so_at_once_and_comes_later(folder, monkeypatch):
    app = client(folder)
    app.app.state.patience = 0.0
    monkeypatch.setattr(made, "read", lambda run: None)
    answer = app.get("/run/small-1")
    assert "Preparing the answers" in answer.text
    assert "data-again" in answer.text
    monkeypatch.undo()
    app.app.state.patience = 300.0
    assert 'id="answers"' in app.get("/run/small-1").text


def test_what_was_kept_and_is_broken_is_made_anew(folder):
    app = client(folder)
    app.get("/run/small-1")
    found = Workspace(folder).run("small-1")
    made.kept(found, "en.json").write_text("{")
    assert 'id="answers"' in app.get("/run/small-1").text
