"""What all commands share: the app, options, how mistakes are told, printing, and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    name="posada",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Simulate the whole chain of reception, person by person: road, shelters, gates, screening, custody, courts.",
)

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="a folder, or the name of a shipped scenario")]
Policies = Annotated[list[str] | None, typer.Option("--policy", metavar="NAME", help="apply a policy of the scenario")]
Full = Annotated[bool, typer.Option("--full", help="leave no row out")]
AsJson = Annotated[bool, typer.Option("--json", help="print the summary as JSON, and nothing else")]
Calibrated = Annotated[
    Path | None,
    typer.Option("--calibration", metavar="DIR", help="with the numbers that `posada calibrate --out DIR` learnt"),
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="set a number of the scenario")]


def fail(message: str) -> NoReturn:
    """Say what the user can mend, and leave with exit code 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def date_of(text: str | None, option: str) -> Any:
    """The date that an option names; None without one."""
    from posada.scenario import parse_date

    try:
        return parse_date(text) if text else None
    except ValueError as error:
        fail(f"{option}: {error}")


def print_json(found: dict[str, Any]) -> None:
    """Print a summary for machines."""
    print(json.dumps(found, indent=1, default=str, ensure_ascii=False))


def print_parts(parts: Any) -> None:
    """Print Rich tables, as wide as the terminal, or 120 columns where there is none."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part)


def tell(found: Any, as_json: bool, summary: Callable[[Any], dict[str, Any]], text: Callable[[Any], Any]) -> None:
    """Print what a command found, as JSON or in words; the exit code tells if it was stopped before its end."""
    if as_json:
        print_json(summary(found))
    else:
        print_parts(text(found))
    if found.stopped:
        raise SystemExit(130)


@contextmanager
def goes_on(out: Path | None, told: str) -> Iterator[None]:
    """Ctrl-C is told with what is kept in a folder, if there is one; what is not installed is told as a mistake."""
    from posada.forecasting import NotInstalled

    try:
        yield
    except NotInstalled as error:
        fail(str(error))
    except KeyboardInterrupt:
        if out is None:
            raise
        print(f"Stopped. {told} {out}; the same command goes on from there.", file=sys.stderr)
        raise SystemExit(130) from None


def print_sections(sections: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Print titles, each with its lines as a list, as wide as the terminal."""
    from shutil import get_terminal_size
    from textwrap import TextWrapper

    width = min(get_terminal_size((120, 24)).columns, 120)
    wrap = TextWrapper(width, "  - ", "    ", break_long_words=False, break_on_hyphens=False)
    for number, (title, lines) in enumerate(sections):
        print(("\n" if number else "") + title)
        for line in lines:
            print(wrap.fill(line))


def calibrated(scenario: Any, folder: Path | None, seed: int) -> tuple[Any, Any]:
    """The scenario to run, and the calibration whose numbers it runs with (None without one); a word on the luck."""
    if folder is None:
        return scenario, None
    from posada.forecasting import fitting, open_calibration

    found = open_calibration(folder)
    other_luck(found, folder, seed)
    return fitting(found, scenario), found


def other_luck(calibration: Any, folder: Path, seed: int) -> None:
    """Tell if runs with a calibration are to have another luck than its own."""
    if calibration.seed != seed:
        print(
            f"The runs of {folder} had the luck of seed {calibration.seed}, and its numbers make up for it. With seed "
            f"{seed} they fit the counts less well; --seed {calibration.seed} keeps it.",
            file=sys.stderr,
        )


class Bar:
    """Progress on stderr, with the time left; silent where stderr is not a terminal."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar, self._task = bar, task

    def compiling(self) -> None:
        """Say that the engine is being compiled."""
        print("Compiling the engine, once on this machine; it takes half a minute or so.", file=sys.stderr, flush=True)

    def done(self, replicates: int, of: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(self._task, completed=replicates, total=of)


@contextmanager
def progress_bar(total: int) -> Iterator[Bar]:
    """A progress bar for so many replicates."""
    if not sys.stderr.isatty():
        yield Bar(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("Simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        yield Bar(bar, bar.add_task("replicates", total=total))
