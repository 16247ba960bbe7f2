"""Replicates on threads: in order whatever is done first, and Ctrl-C loses none that is done."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from posada.ensemble import threads
from posada.ensemble.threads import in_threads


def same(stop):
    return lambda replicate: replicate


def test_they_come_in_order_from_any_number_of_threads():
    told = []
    assert in_threads([3, 1, 2], same, 2, told.append) == [3, 1, 2]
    assert told == [1, 2, 3]
    assert in_threads([], same, 2, told.append) == []


def test_the_first_error_stops_all():
    def worker(stop):
        def one(replicate):
            if replicate == 1:
                raise ValueError("of replicate 1")
            assert replicate == 0 or stop.wait(60)
            return replicate

        return one

    with pytest.raises(ValueError, match="of replicate 1"):
        in_threads(range(100), worker, 3, lambda done: None)


def test_one_that_is_under_way_is_waited_for_when_later_ones_are_done():
    interrupted = threading.Event()

    def worker(stop):
        def one(replicate):
            assert replicate or interrupted.wait(60)
            return replicate

        return one

    def on_done(done):
        if done == 5:
            interrupted.set()
            raise KeyboardInterrupt

    kept = in_threads(range(100_000), worker, 2, on_done)
    assert 6 <= len(kept) < 100_000
    assert kept == list(range(len(kept)))


def test_a_second_ctrl_c_waits_no_longer(monkeypatch):
    monkeypatch.setattr(threads.time, "sleep", lambda seconds: signal.raise_signal(signal.SIGINT))
    monkeypatch.setattr(threads, "HURRY_SECONDS", 0.0)

    def worker(stop):
        def one(replicate):
            if replicate == 3:
                assert stop.wait(60)
                raise KeyboardInterrupt
            return replicate

        return one

    def on_done(done):
        if done == 5:
            raise KeyboardInterrupt

    assert in_threads(range(100_000), worker, 2, on_done) == [0, 1, 2]


def test_nothing_is_kept_when_nothing_is_done():
    def worker(stop):
        def one(replicate):
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(60)
            raise KeyboardInterrupt

        return one

    with pytest.raises(KeyboardInterrupt):
        in_threads([0], worker, 1, lambda done: None)


def test_ctrl_c_pressed_twice_is_one(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(threads.time, "monotonic", lambda: now[0])
    threads.ignore_a_hurried_second()
    signal.raise_signal(signal.SIGINT)
    now[0] = threads.HURRY_SECONDS
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
