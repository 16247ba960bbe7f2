"""Replicates shared out among threads; Ctrl-C loses none that is done."""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

HURRY_SECONDS = 2.0
"""A second Ctrl-C so soon after the first is the same one, pressed twice."""


def in_threads(
    which: Sequence[int],
    worker: Callable[[threading.Event], Callable[[int], T]],
    threads: int,
    on_done: Callable[[int], None],
) -> list[T]:
    """What a worker makes of each replicate, in order; each thread has a worker of its own.

    The first error stops every thread. So does Ctrl-C, after which those that are done, in order, are returned if there
    are any: one that is under way while later ones are done is waited for, unless Ctrl-C comes again.
    """
    n = len(which)
    found: list[T | None] = [None] * n
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for i in range(n):
        todo.put(i)
    news: queue.SimpleQueue[BaseException | int] = queue.SimpleQueue()
    stop, enough = threading.Event(), threading.Event()

    def work() -> None:
        try:
            one = worker(stop)
            while not enough.is_set():
                i = todo.get_nowait()
                found[i] = one(which[i])
                news.put(i)
        except queue.Empty:
            pass
        except BaseException as error:  # handed to the caller's thread
            news.put(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(threads, n))]
    for thread in workers:
        thread.start()
    try:
        for done in range(1, n + 1):
            item = news.get()
            if isinstance(item, BaseException):
                raise item
            on_done(done)
    except KeyboardInterrupt:
        ignore_a_hurried_second()
        enough.set()
        with suppress(KeyboardInterrupt):
            while has_gap(found) and any(thread.is_alive() for thread in workers):
                time.sleep(0.01)
        if found[0] is None:
            raise
    finally:
        enough.set()
        stop.set()
        for thread in workers:
            thread.join()
    done = first_missing(found)
    return [item for item in found[:done] if item is not None]


def first_missing(found: Sequence[Any]) -> int:
    """Where the first is that is not done."""
    return next((i for i, item in enumerate(found) if item is None), len(found))


def has_gap(found: Sequence[Any]) -> bool:
    """Whether one that is done comes after one that is not."""
    return any(item is not None for item in found[first_missing(found) :])


def ignore_a_hurried_second() -> None:
    """For a moment Ctrl-C does nothing, so that what is done can be gathered and written; then it is what it was."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        return
    until = time.monotonic() + HURRY_SECONDS

    def hurried(number: int, frame: Any) -> None:
        if time.monotonic() >= until:
            signal.signal(signal.SIGINT, before)
            signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, hurried)
