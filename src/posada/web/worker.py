"""The process that does the work: one thing at a time, told on its input, with progress on its output, as JSON lines.

A process of its own, so that Ctrl-C means here what it means in the command line, and a run that dies takes nothing
else with it. It warms the engine before the first line comes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from posada.words import speaking
from posada.workspace import DONE, FAILED, STOPPED, Asked, Workspace, asked_of

WARM = "caravan-2018"
"""The shipped scenario of which one run loads all of the compiled engine."""


class Told:
    """Progress as JSON lines; Ctrl-C counts between `begin` and `saving` only."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stoppable = False
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, number: int, frame: Any) -> None:
        if self._stoppable:
            self._stoppable = False
            raise KeyboardInterrupt

    def say(self, **what: Any) -> None:
        """One line."""
        self._out.write(json.dumps(what, ensure_ascii=False, default=str) + "\n")
        self._out.flush()

    def begin(self) -> None:
        """From now on it can be stopped.

        Set each time, for Polars sets a handler of its own when it is imported, which stops it while it writes too.
        """
        signal.signal(signal.SIGINT, self._stop)
        self._stoppable = True
        self.say(begun=True)

    def saving(self) -> None:
        """The runs are done and are being written; it is too late to stop."""
        self._stoppable = False
        self.say(saving=True)

    def compiling(self) -> None:
        """The engine is being compiled."""
        self.say(compiling=True)

    def done(self, replicates: int, of: int) -> None:
        """So many replicates are done."""
        self.say(done=replicates, of=of)


def main() -> None:
    """Work until the input ends."""
    lines = sys.stdin
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints does not mix with what is told
    told = Told(out)
    workspace = Workspace(Path.cwd())
    warm(told)
    for line in lines:
        ended = attempt(workspace, asked_of(json.loads(line)), told)
        told.say(**ended)


def warm(told: Told) -> None:
    """Load, or once on a machine compile, the engine."""
    from posada.ensemble import run
    from posada.scenario import shipped

    class Silent:
        def compiling(self) -> None:
            told.compiling()

        def done(self, replicates: int, of: int) -> None:
            pass

    run(shipped()[WARM], replicates=1, progress=Silent())
    told.say(ready=True)


def attempt(workspace: Workspace, asked: Asked, told: Told) -> dict[str, Any]:
    """Do one thing; how it ended."""
    from posada.workspace.work import do

    try:
        told.begin()
        outcome = do(workspace, asked, told)
        if outcome.result is not None:
            prepare(workspace, asked, outcome.result, told)
        return {"ended": STOPPED if outcome.stopped else DONE, "answer": outcome.answer}
    except KeyboardInterrupt:
        return {"ended": STOPPED, "message": "nothing-done"}
    except Exception as error:
        return {"ended": FAILED, "message": in_words(error)}


def prepare(workspace: Workspace, asked: Asked, result: Any, told: Told) -> None:
    """Work out what the page of a result shows before it is asked for, in the language in which it was asked."""
    from posada.web.made import make

    told.say(preparing=True)
    found = workspace.run(Path(asked.out).name)
    with suppress(Exception), speaking(asked.language):  # the page itself tells what is wrong
        if found is not None:
            make(found, result)


def in_words(error: Exception) -> str:
    """A mistake of the user in words; a bug as one, with where it is told in full."""
    from posada.web.mistakes import bug, mistake

    return mistake(error) or bug(error)


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
