"""What the app is asked for is done by a process of its own: as the command line does it, through stops and crashes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cli_kit import process
from posada.web.queue import Queue
from posada.workspace import COMPARE, DONE, FAILED, FORECAST, RUN, STOPPED, TONIGHT, Asked, Records, Workspace, listing
from scenario_base import write

LONG = 4000
"""Replicates that take longer than a test waits."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("queue")
    write(folder / "scenarios" / "small")
    return Workspace(folder)


@pytest.fixture(scope="module")
def queue(workspace):
    queue = Queue(workspace)
    queue.start()
    yield queue
    queue.close()


def small(kind=RUN, **more):
    return Asked(kind, "scenarios/small", **{"replicates": 3, **more})


def until(queue, id, test=lambda job: job.over, seconds=240.0):
    """The job, once it is as wanted."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = queue.job(id)
        if test(job):
            return job
        time.sleep(0.02)
    raise AssertionError(queue.job(id))


def test_what_was_asked_is_what_the_command_line_makes(queue, workspace):
    asked = small(seed=5, policies=("smaller",), sets=("quantities.gate_slots=90",))
    job = until(queue, queue.ask(asked).id)
    assert job.state == DONE, job
    made = workspace.run(job.id).folder
    words = job.asked.words
    words[-1] = "by-command"
    done = process(workspace.folder, *words[1:])
    assert done.returncode == 0, done.stderr
    other = workspace.folder / "by-command"
    for name in ("run.json", *(f"{table}.parquet" for table in ("stocks", "flows", "waits", "outcomes", "quantities"))):
        assert (made / name).read_bytes() == (other / name).read_bytes(), name
    rows = {row["id"]: row for row in listing(workspace.folder)}
    assert {job.id, "by-command"} <= rows.keys()
    assert "by-command" in {run.id for run in workspace.runs()}


def test_what_is_stopped_keeps_the_runs_that_are_done(queue, workspace):
    job = queue.ask(small(replicates=LONG))
    behind = queue.ask(small())
    assert queue.ahead(behind.id) >= 1
    until(queue, job.id, lambda job: job.done > 0)
    queue.cancel(job.id)
    stopped = until(queue, job.id)
    assert stopped.state == STOPPED
    kept = json.loads((workspace.run(job.id).folder / "run.json").read_text())["replicates"]
    assert 0 < kept < LONG
    assert until(queue, behind.id).state == DONE


LATE = """
import os, signal, sys
from posada.web.worker import Told
told = Told(sys.stdout)
import polars
def stopped(frame):
    os.kill(os.getpid(), signal.SIGINT)
    return frame
told.begin()
told.saving()
polars.LazyFrame({"people": [1]}).map_batches(stopped).collect()
"""
"""A process that is stopped while Polars works, when what is done is being written."""


def test_what_is_being_written_is_not_stopped():
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_waits_can_be_taken_back(queue, workspace):
    first, second = queue.ask(small(replicates=LONG)), queue.ask(small())
    queue.cancel(second.id)
    queue.cancel(first.id)
    assert until(queue, second.id).state == STOPPED
    assert until(queue, first.id).over
    assert workspace.run(second.id) is None


def test_a_mistake_is_told_in_words_and_leaves_nothing(queue, workspace):
    job = until(queue, queue.ask(small(policies=("more-slot",))).id)
    assert job.state == FAILED
    assert "did you mean 'more-slots'?" in job.message
    assert workspace.run(job.id) is None


def test_a_comparison_a_night_and_a_forecast(queue, workspace):
    compared = until(queue, queue.ask(small(COMPARE, policies=("more-slots",))).id)
    assert compared.state == DONE, compared
    head = workspace.run(compared.id).head()
    assert head["policies"] == ["more-slots"]
    assert head["moved"]
    run = until(queue, queue.ask(small()).id)
    asked = small(TONIGHT, out=run.asked.out, shelter="refugio", date="2018-05-02", language="es")
    night = until(queue, queue.ask(asked).id)
    assert "refugio" in night.answer["lines"][0]
    assert "pernocta" in night.answer["lines"][0]
    told = until(queue, queue.ask(small(FORECAST, date="2018-05-07", replicates=10)).id)
    assert told.state == DONE, told
    assert (workspace.folder / told.answer["forecast"]).is_dir()


@pytest.mark.prove
def test_a_process_that_dies_is_begun_anew_and_the_job_with_it_once(queue):
    job = queue.ask(small(replicates=LONG))
    until(queue, job.id, lambda job: job.done > 0)
    os.kill(queue._worker.pid, signal.SIGKILL)
    until(queue, job.id, lambda job: job.tries == 2 and job.done > 0)
    os.kill(queue._worker.pid, signal.SIGKILL)
    failed = until(queue, job.id)
    assert (failed.state, failed.message) == (FAILED, "stopped-twice")
    assert until(queue, queue.ask(small()).id).state == DONE


def test_what_was_asked_before_the_app_ended_is_done_after_it_begins_again(tmp_path):
    write(tmp_path / "scenarios" / "small")
    workspace = Workspace(tmp_path)
    first = Queue(workspace)
    jobs = [first.ask(small(seed=seed)) for seed in (1, 2)]
    again = Queue(workspace)
    assert [job.state for job in Records(workspace).read()] == ["waiting", "waiting"]
    again.start()
    try:
        assert [until(again, job.id).state for job in jobs] == [DONE, DONE]
    finally:
        again.close()
    assert [job.state for job in Records(workspace).read()] == [DONE, DONE]
    (tmp_path / "jobs" / "broken.json").write_text("{")
    assert len(Records(workspace).read()) == 2
