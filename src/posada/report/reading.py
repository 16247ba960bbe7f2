"""A result as the report reads it: everybody and the groups, shelters whole, each answer worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from posada.report.inputs import ResultLike, field, parse_address
from posada.report.small_counts import hidden_counts
from posada.results import Result

_STOCK_KEYS = ["replicate", "policy", "at", "until", "where", "state", "attribute", "level"]
_FLOW_KEYS = ["replicate", "policy", "from", "to", "where", "event", "attribute", "level"]


UNTOLD = {
    **dict.fromkeys(("counted", "low", "high", "qualifier", "inside", "last_value")),
    **dict.fromkeys(("interval_score", "last_value_score")),
    "hidden": True,
}
"""What is said of a count that may not be shown."""


class Reading:
    """A result with its tables narrowed to the attributes `all` and `group`, which is a fifth of a large run.

    The rows of a shelter's classes (`el-refugio/families`) are added up under the shelter; `series` of a class still
    gives the class.
    """

    blurred = False
    """Whether people on the way are told by state only."""

    def __init__(self, result: ResultLike) -> None:
        self._result = result
        self.scenario: Any = result.scenario
        self.policy = result.policy
        self.replicates = result.replicates
        self.seed = result.seed
        self.hash = result.hash
        self.version = result.version
        self.command = result.command

    @cached_property
    def stocks(self) -> pl.DataFrame:
        """People in a state at the end of each interval."""
        sums = ["people", "parties", "people_mean", "people_max"]
        return _whole(_narrowed(self._result.stocks), _STOCK_KEYS, sums)

    @cached_property
    def flows(self) -> pl.DataFrame:
        """What happened in each interval."""
        return _whole(_narrowed(self._result.flows), _FLOW_KEYS, ["people", "parties"])

    @cached_property
    def waits(self) -> pl.DataFrame:
        """Waits by when they began and how they ended."""
        return _narrowed(self._result.waits)

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """People whose pathway ended."""
        return _narrowed(self._result.outcomes)

    @property
    def quantities(self) -> pl.DataFrame:
        """Every uncertain number as drawn."""
        return self._result.quantities

    @property
    def background(self) -> pl.DataFrame:
        """Counted blocks of other people's cases."""
        return self._result.background

    def series(self, address: str, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
        """(replicate, date, value) of an address."""
        return self._result.series(address, from_, to)

    def by_party_type(self, event: str) -> pl.DataFrame:
        """People of one event by the type of their party: (replicate, where, level, value); empty if not recorded."""
        rows = self._result.flows.lazy().filter((pl.col("event") == event) & (pl.col("attribute") == "party_type"))
        keys = ["replicate", pl.col("where").cast(pl.String), pl.col("level").cast(pl.String)]
        return rows.group_by(keys).agg(pl.col("people").sum().cast(pl.Float64).alias("value")).collect()

    @property
    def whole(self) -> Result | None:
        """The result itself, with all its attributes; None if it is none of `posada.results`."""
        return self._result if isinstance(self._result, Result) else None

    @cached_property
    def _headlines(self) -> list[Mapping[str, Any]]:
        return list(self._result.headlines())

    def headlines(self) -> Sequence[Mapping[str, Any]]:
        """The scenario's headline numbers."""
        return self._headlines

    def checks(self) -> Sequence[Mapping[str, Any]]:
        """Counts that were observed beside what the model says; small ones that nobody published without number."""
        hidden = self.hidden
        return [{**row, **UNTOLD} if row.get("id") in hidden else row for row in self._result.checks()]

    def released(self, found: pl.DataFrame) -> pl.DataFrame:
        """The nights of shelters that the report may tell: all."""
        return found

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The ids of counts of real people that are too small to be sent on."""
        return hidden_counts(self.scenario.observations or {}, self.scenario.evidence or {})

    def assumptions(self) -> Sequence[Mapping[str, Any]]:
        """Every number of the scenario with what it rests on."""
        return self._result.assumptions()

    def sensitivity(self) -> Any:
        """What drives the headlines, if the result tells."""
        told = getattr(self._result, "sensitivity", None)
        return told() if told is not None else None

    @cached_property
    def groups(self) -> list[str]:
        """The groups that the scenario asks about: those in its headlines and observations, else all, largest first."""
        known = self._levels()
        texts = [str(row.get("series", "")) for row in self.headlines()]
        texts += [str(field(row, "series", "")) for row in (self.scenario.observations or {}).values()]
        asked: list[str] = []
        for address in map(parse_address, texts):
            if address.attribute == "group":
                level = address.level
            elif address.verb == "set_out":
                level = address.where
            else:
                continue
            if level in known and level not in asked:
                asked.append(level)
        return asked or known

    def _levels(self) -> list[str]:
        """Levels of the attribute `group` in the results, those with most people first, then by name."""
        sizes: dict[str, float] = {}
        for table in (self.stocks, self.outcomes):
            if table.is_empty():
                continue
            rows = table.filter(pl.col("attribute") == "group")
            for level, size in rows.group_by("level").agg(pl.col("people").max()).iter_rows():
                sizes[str(level)] = max(float(size), sizes.get(str(level), 0.0))
        return sorted(sizes, key=lambda level: (-sizes[level], level))


def reading(result: ResultLike) -> Reading:
    """The reading of a result; a reading is its own."""
    return result if isinstance(result, Reading) else Reading(result)


def focus_groups(result: ResultLike) -> list[str]:
    """The groups that the scenario asks about."""
    return reading(result).groups


def _narrowed(table: pl.DataFrame) -> pl.DataFrame:
    return table if table.is_empty() else table.filter(pl.col("attribute").is_in(["all", "group"]))


def _whole(table: pl.DataFrame, keys: Sequence[str], sums: Sequence[str]) -> pl.DataFrame:
    """Rows of a shelter's classes, added up as rows of the shelter."""
    if table.is_empty():
        return table
    classes = [key for key in table["where"].unique().to_list() if "/" in key and "." not in key]
    if not classes:
        return table
    inside = pl.col("where").is_in(classes)
    shelter = pl.col("where").cast(pl.String).str.split("/").list.first().cast(table.schema["where"])
    parts = table.filter(inside).with_columns(shelter.alias("where"))
    both = pl.concat([table.filter(~inside), parts.select(table.columns)])
    shelters = {key.split("/")[0] for key in classes}
    mine = pl.col("where").is_in(sorted(shelters))
    summed = both.filter(mine).group_by(keys, maintain_order=True).agg(pl.col(sums).sum())
    return pl.concat([both.filter(~mine), summed.select(table.columns)])
