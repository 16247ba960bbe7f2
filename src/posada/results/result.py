"""A result: tidy tables of an ensemble, with the scenario, seed, version and hash that made them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.pictured import Pictured
from posada.results import folders
from posada.results.folders import ResultError, free_folder
from posada.results.history import FOLDER, Kept
from posada.results.info import RunInfo, edit_in_words
from posada.results.kept import MEASURES, SCENARIO, TABLES, in_place, keep_scenario, read_table, write_json
from posada.results.series import KEYS, Parts, read_series
from posada.scenario import Scenario, record_intervals

if TYPE_CHECKING:
    from posada.results.needs import Again, Beds, Tonight
    from posada.results.sensitivity import Sensitivity
    from posada.results.why import Why


class Result(Pictured):
    """Tables of an ensemble, read when asked for; docs/results.md tells their columns."""

    def __init__(
        self,
        scenario: Scenario,
        info: RunInfo,
        tables: Mapping[str, pl.DataFrame] | None = None,
        timing: Mapping[str, float] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.scenario = scenario
        self.info = info
        self.timing = dict(timing or {})
        self.folder = folder
        self.state: Any = None
        """Of a run that stopped at a date: where it stands (`posada.RunState`)."""
        self.precision: Any = None
        """Of a run until precision: what was reached (`posada.ensemble.Reached`)."""
        self.again: Again | None = None
        """How its runs are made once more with all that is asked of one night; set by the room that runs."""
        self.kept_history: Kept | None = None
        """The files of its history, if one was kept."""
        self._tables = dict(tables or {})
        self._parts: dict[str, Parts] = {}

    def table(self, name: str) -> pl.DataFrame:
        """One of the tables by its name."""
        if name not in self._tables:
            if self.folder is None:
                raise KeyError(name)
            self._tables[name] = read_table(self.folder, name)
        return self._tables[name]

    @property
    def stocks(self) -> pl.DataFrame:
        """People in a state at the end of each interval."""
        return self.table("stocks")

    @property
    def flows(self) -> pl.DataFrame:
        """What happened in each interval."""
        return self.table("flows")

    @property
    def waits(self) -> pl.DataFrame:
        """Waits by when they began and how they ended."""
        return self.table("waits")

    @property
    def outcomes(self) -> pl.DataFrame:
        """People whose pathway ended."""
        return self.table("outcomes")

    @property
    def quantities(self) -> pl.DataFrame:
        """Every uncertain number as drawn."""
        return self.table("quantities")

    @property
    def background(self) -> pl.DataFrame:
        """Blocks of other people's cases."""
        return self.table("background")

    @property
    def measures(self) -> pl.DataFrame | None:
        """Which measures of ladders were taken, and when; None if the run's policies have no ladder."""
        if MEASURES in self._tables:
            return self._tables[MEASURES]
        there = self.folder is not None and (self.folder / f"{MEASURES}.parquet").exists()
        return self.table(MEASURES) if there else None

    @property
    def busy(self) -> pl.DataFrame:
        """Busy periods of desks by length."""
        return self.table("busy")

    @property
    def history(self) -> pl.LazyFrame:
        """What each party did, step by step: one row for each, read when and as far as it is asked for.

        ResultError if the run kept none.
        """
        if self.kept_history is None:
            raise ResultError("this run kept no histories: run it with history=True, or `posada run --history`")
        return self.kept_history.scan()

    @property
    def policy(self) -> str:
        """The policies that applied, joined by +; `as-stated` for none."""
        return self.info.policy

    @property
    def replicates(self) -> int:
        """How many."""
        return self.info.replicates

    @property
    def seed(self) -> int:
        """The seed."""
        return self.info.seed

    @property
    def hash(self) -> str:
        """Hash of the scenario's content."""
        return self.info.hash

    @property
    def version(self) -> str:
        """Version of posada."""
        return self.info.version

    @property
    def command(self) -> str:
        """The command that makes this result again; it says if the scenario was changed in Python before."""
        told = [edit_in_words(edit) for edit in self.scenario.edits if edit[0] != "until"]
        return self.info.command + (f"  # after {'; '.join(told)} in Python" if told else "")

    def __repr__(self) -> str:
        i = self.info
        return f"<Result {i.scenario!r} policy={i.policy!r} replicates={i.replicates} seed={i.seed}>"

    @cached_property
    def record(self) -> list[tuple[date, date]]:
        """(first day, day after the last) of each record interval."""
        return record_intervals(self.scenario)

    @cached_property
    def starts(self) -> np.ndarray[Any, Any]:
        """First days of the record intervals, as an array of dates."""
        return np.array([start for start, _ in self.record], dtype="datetime64[D]")

    def parts(self, table: str) -> Parts:
        """A table taken apart by place and event, kept for the next question."""
        if table not in self._parts:
            self._parts[table] = Parts(self.table(table), KEYS[table])
        return self._parts[table]

    def series(self, address: str, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
        """(replicate, date, value): one row per replicate and record interval of a stock or flow; absent rows are 0.

        `address` is as in docs/results.md; ValueError if it is not one. `from_` and `to` are inclusive.
        """
        return read_series(self, address, from_, to)

    def headlines(self) -> list[dict[str, Any]]:
        """The scenario's headline numbers with medians and intervals."""
        from posada.results.headlines import headlines

        return headlines(self)

    def sensitivity(self, top: int = 5) -> Sensitivity | None:
        """What drives the headlines: as kept in the result's folder, or from its own replicates if there are 200.

        None if neither is there. The `top` largest shares of each headline have intervals.
        """
        from posada.results.sensitivity import of_result

        return of_result(self, top)

    def why(self, headline: str, top: int = 5) -> Why:
        """Back from a headline to the numbers that drive it, to their claims, and to what was counted.

        `headline` is an id, or words of a label. ResultError if there is no such headline, or too few replicates.
        """
        from posada.results.why import why

        return why(self, headline, top)

    def checks(self) -> list[dict[str, Any]]:
        """Counts that were observed beside what the model says, with scores for those that are `check`."""
        return [dict(row) for row in self._checks]

    @cached_property
    def _checks(self) -> list[dict[str, Any]]:
        from posada.results.checks import checks

        return checks(self)

    def assumptions(self) -> list[dict[str, Any]]:
        """Every number of the scenario: assumed, resting on evidence, or stated without a source."""
        from posada.results.assumptions import assumptions

        return assumptions(self.scenario)

    @cached_property
    def beds(self) -> Beds:
        """Beds of each shelter by interval and replicate: how many there are, how many are taken and free."""
        from posada.results.needs import Beds

        return Beds(self)

    def needs(
        self,
        at: str | None = None,
        from_: date | None = None,
        to: date | None = None,
        phase: str = "emergency",
        standards: str | os.PathLike[str] | None = None,
    ) -> pl.DataFrame:
        """What the people at each site need, by published standards: one row per site, interval and need.

        `at` is a place, shelter or camp; `from_` and `to` are included; `phase` is emergency or after; `standards` is a
        pack of one's own. KeyError if there is no such site; ScenarioErrors for mistakes in the pack.
        """
        from posada.results.needs import needs, read_standards

        return needs(self, at, from_, to, phase, read_standards(standards))

    def overflow(self, at: str | None = None, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
        """With what probability no bed is free, and somebody has none: a row per shelter, kind of party and night.

        `at` is a shelter or a place (KeyError if it is neither); `from_` and `to` are included.
        """
        from posada.results.needs import overflow

        return overflow(self, at, from_, to)

    def tonight(self, shelter: str, date: date | str | None = None, language: str = "en") -> Tonight:
        """The ten lines that a coordinator needs: `print(result.tonight("the-shelter", date="2018-04-25"))`.

        `shelter` is the id or name of a shelter or camp; without `date` it is the day on which most people come.
        `language` is en or es. A result without ages, types of party or histories makes its runs again up to that day.
        ScenarioErrors with the nearest spelling if there is no such shelter; ValueError for a date outside the run.
        """
        from posada.results.needs import night_of

        return night_of(self, shelter, date, language, self.again)

    def save(self, folder: str | os.PathLike[str], extra: Mapping[str, Any] | None = None) -> Path:
        """Write the tables, histories, `run.json`, `timing.json`, `summary.json` and a copy of the scenario's files.

        A result that is there is replaced whole; files that are not posada's stay. Of two processes that write to one
        folder at once the last wins whole. OSError if the folder cannot be written; ResultError if it holds something
        that is not a result.
        """
        from posada.results.summary import summary

        target = free_folder(folder).resolve()
        with folders.work_folder(target) as work:
            for name in (*TABLES, *([MEASURES] if self.measures is not None else [])):
                self.table(name).write_parquet(
                    work / f"{name}.parquet", compression="zstd", compression_level=1, statistics=False
                )
            if self.kept_history is not None:
                self.kept_history.put_into(work / FOLDER)
            kept = keep_scenario(self.scenario, work / SCENARIO)
            about = {"command": self.command, "posada": 1, "edits": self.scenario.edits, "scenario_kept": kept}
            write_json(work / "run.json", {**asdict(self.info), **about})
            write_json(work / "timing.json", self.timing)
            write_json(work / "summary.json", in_place(summary(self) if extra is None else extra))
            folders.put_in_place(work, target)
        return Path(folder)
