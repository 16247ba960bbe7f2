"""Sums of a result over its whole time, per replicate: person-days in states, events, waits by how they ended."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from posada.results import Result

Array = np.ndarray[Any, Any]
EVERYBODY = ("all", "all")
DETENTION, OUTSIDE = "holding", "camp"
"""Kinds of facilities in which days are days detained, and nights are nights outside."""
AWAY = ("refused", "gave_up")


class Totals:
    """Person-days, events and outcomes of a result by where, attribute and level; arrays of one value per replicate."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.facilities = result.scenario.facilities

    def days(self, state: str, where: str, of: tuple[str, str] = EVERYBODY) -> Array:
        """Person-days in a state, such as `waiting` or `apart`; of a shelter with all its classes."""
        return self._sum(self._days, state, where, of)

    def events(self, event: str, where: str, of: tuple[str, str] = EVERYBODY) -> Array:
        """People to whom something happened."""
        return self._sum(self._events, event, where, of)

    def turned_away(self, how: str, where: str, of: tuple[str, str] = EVERYBODY) -> Array:
        """People whose wait at a facility ended otherwise than by service: `refused` or `gave_up`."""
        return self._sum(self._waits, how, where, of)

    def outcome(self, name: str, of: tuple[str, str] = EVERYBODY) -> Array:
        """People whose pathway ended so."""
        return self._outcomes.get(("ended", name, *of), self._none)

    def of_kind(self, *kinds: str) -> list[str]:
        """Facilities of some kinds."""
        return [name for name, facility in self.facilities.items() if facility.kind in kinds]

    def waiting(self, where: str, of: tuple[str, str] = EVERYBODY) -> Array:
        """Person-days that people wait for a facility, those without a bed on the list of a shelter included."""
        return self.days("waiting", where, of) + self.days("no_bed", where, of)

    def order(self) -> list[str]:
        """The facilities along the chain: by when, in the mean, people come to them; those that nobody uses last."""
        come = self.result.flows.filter(
            (pl.col("attribute") == "all") & pl.col("event").cast(pl.String).is_in(["joined", "moved_in"])
        )
        when = come.group_by(pl.col("where").cast(pl.String)).agg(
            (pl.col("from").cast(pl.Int32) * pl.col("people")).sum() / pl.col("people").sum()
        )
        mean = {where.partition("/")[0]: value for where, value in when.sort("from", descending=True).iter_rows()}
        return sorted(self.facilities, key=lambda name: (mean.get(name) is None, mean.get(name) or 0.0, name))

    @property
    def _none(self) -> Array:
        return np.zeros(self.result.replicates)

    def _sum(self, table: dict[tuple[str, ...], Array], what: str, where: str, of: tuple[str, str]) -> Array:
        classes = self.facilities[where].beds if where in self.facilities else ()
        names = [where, *(f"{where}/{one.id}" for one in classes if one.id)]
        return sum((table[key] for name in names if (key := (what, name, *of)) in table), start=self._none)

    @cached_property
    def _days(self) -> dict[tuple[str, ...], Array]:
        stocks = self.result.stocks.with_columns(
            (pl.col("people_mean") * (pl.col("until") - pl.col("at")).dt.total_days()).alias("amount")
        )
        return self._by(stocks, "state", "where")

    @cached_property
    def _events(self) -> dict[tuple[str, ...], Array]:
        return self._by(self.result.flows.rename({"people": "amount"}), "event", "where")

    @cached_property
    def _waits(self) -> dict[tuple[str, ...], Array]:
        return self._by(self.result.waits.rename({"people": "amount"}), "ended", "where")

    @cached_property
    def _outcomes(self) -> dict[tuple[str, ...], Array]:
        ended = self.result.outcomes.rename({"people": "amount"})
        return self._by(ended.with_columns(pl.lit("ended").alias("event")), "event", "outcome")

    def _by(self, table: pl.DataFrame, what: str, where: str) -> dict[tuple[str, ...], Array]:
        keys = [what, where, "attribute", "level"]
        sums = table.group_by([*keys, "replicate"]).agg(pl.col("amount").sum().cast(pl.Float64))
        rows = sums.with_columns(pl.col(*keys).cast(pl.String)).group_by(keys).agg("replicate", "amount").rows()
        found = {}
        for *key, replicates, amounts in rows:
            values = np.zeros(self.result.replicates)
            values[replicates] = amounts
            found[tuple(key)] = values
        return found
