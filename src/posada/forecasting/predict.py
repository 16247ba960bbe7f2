"""From the model's paths to forecasts of counts.

Two accounts of what is to come are put together. The model's: each path, moved to what was counted last; the move fades
with the months. And that of past errors: the rule that would have foreseen the earlier counts best, with the errors it
made. The more past errors there are, the more they weigh. The order of the paths stays the model's, so that places and
days hang together as they do in it (the Schaake shuffle: Clark et al., Journal of Hydrometeorology 5:243, 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from .counted import Count, Counts, is_stock, to_log
from .naive_counts import normals
from .past_errors import FLOW_RULES, STOCK_RULES, WEIGHTS, Errors, PastErrors, Rule, a_day, growth_of_late
from .paths import Paths

Array = np.ndarray[Any, Any]

FADES = 60.0
"""Days after which half of the difference between the model and the last counts is left."""
MOST = 2.0
"""A path is moved by at most so much on the logarithmic scale; what is further off is not mended by moving it."""
LATE = 28
"""Days of counts of a flow by which the model is moved."""
COUNTING = 0.05
"""Standard deviation of the logarithm of a count about the truth, by assumption, where past errors do not tell."""
AS_MANY = 10.0
"""So many past errors weigh as much as the model does."""
MODEL = 0.5
"""Of a model that begins with the counts: how much of the growth expected is its own; the rest is that of late."""


class Predictor:
    """Forecasts of counts from the model's paths and the counts that were known when they are issued."""

    def __init__(self, paths: Paths, counts: Counts, issued: date, seed: int) -> None:
        self.paths, self.counts, self.issued = paths, counts, issued
        more = () if paths.begun is not None else (self.follows_model,)
        self._rules: dict[bool, tuple[Rule, ...]] = {True: (*STOCK_RULES, *more), False: (*FLOW_RULES, *more)}
        self._errors = {
            stocks: PastErrors(counts, rules, stocks=stocks, day=issued) for stocks, rules in self._rules.items()
        }
        self._luck = np.random.default_rng(seed)

    def of(self, series: str) -> Array:
        """A series: record intervals by samples; what was counted up to the date stands as it was counted."""
        model, past = self.paths.values[series], self.counts.get(series, ())
        held = self.held(series, model, past)
        found = self.as_counted(series, held, past)
        order = self.order(series, model, past)
        for i, (first, last) in enumerate(self.paths.intervals):
            if last > self.issued:
                found[i] = self.interval(series, held[i], past, first, last)[ranks(order[i], held[i])]
        return np.round(np.maximum(found, 0.0))

    def order(self, series: str, model: Array, past: Sequence[Count]) -> Array:
        """What the paths are ordered by: a stock as it is, a flow summed over as many days as its counts tell of.

        So what is learnt from counts of a week holds for a week, and is not lost in the luck of its days.
        """
        if is_stock(series) or not past:
            return model
        days = int(np.median([(count.to - count.from_).days + 1 for count in past]))
        blocks = np.array([(first - self.issued).days // days for first, _ in self.paths.intervals])
        sums = {block: model[blocks == block].sum(axis=0) for block in np.unique(blocks)}
        return np.array([sums[block] for block in blocks])

    def interval(self, series: str, held: Array, past: Sequence[Count], first: date, last: date) -> Array:
        """One interval to come: samples from the smallest to the largest."""
        n = len(held)
        noise = COUNTING * normals(n)[self._luck.permutation(n)]
        told = np.sort(to_log(held) + noise)
        errors = self._errors[is_stock(series)].of(series, (last - past[-1].to).days) if past else None
        if past and errors is not None:
            days = 1 if is_stock(series) else (last - first).days + 1
            learnt = np.log1p(np.expm1(self.middle(series, past, errors, first, last)) * days)
            off = self.spread(series, errors, first, last, n)
            weight = errors.effective / (errors.effective + AS_MANY)
            told = weight * (learnt + off) + (1 - weight) * told
        return np.asarray(np.expm1(np.maximum(told, 0.0)))

    def spread(self, series: str, errors: Errors, first: date, last: date, n: int) -> Array:
        """The errors of the best rule in order, wider where few tell of them.

        Where the rule is the model, what its paths differ by is added: past errors of a model whose numbers were set by
        the same counts do not tell how little is known of what is to come.
        """
        off = errors.quantiles((np.arange(n) + 0.5) / n) * np.sqrt(1 + 1 / errors.effective)
        if self._rules[is_stock(series)][errors.rule] != self.follows_model:
            return np.asarray(off)
        last_seen = self.counts[series][-1]
        grown = self.levels(series, first, last) - self.levels(series, last_seen.from_, last_seen.to)
        return np.sort(off[self._luck.permutation(n)] + grown - grown.mean())

    def middle(self, series: str, past: Sequence[Count], errors: Errors, first: date, last: date) -> float:
        """What the best rule expects (a day); of a model that begins with the counts, as much of its growth goes on."""
        rule = self._rules[is_stock(series)][errors.rule]
        begun = None if self.paths.begun is None or not is_stock(series) else self.paths.begun.get(series)
        if begun is None:
            return rule(past, first, last)
        told = self.paths.values[series][self.paths.holding(last)].mean() - begun
        late = growth_of_late(past, (last - past[-1].to).days)
        growth = MODEL * told + (1 - MODEL) * late
        return float(to_log(max(0.0, past[-1].value + WEIGHTS[errors.rule] * growth)))

    def follows_model(self, past: Sequence[Count], from_: date, to: date) -> float:
        """The last count, changed as the model changes from then on: a rule for models that begin with the scenario."""
        last = past[-1]
        changes = self.model_level(last.series, from_, to) - self.model_level(last.series, last.from_, last.to)
        return float(to_log(a_day(last))) + changes

    def model_level(self, series: str, from_: date, to: date) -> float:
        """The logarithm of the mean of the paths."""
        return float(to_log(np.expm1(self.levels(series, from_, to)).mean()))

    def levels(self, series: str, from_: date, to: date) -> Array:
        """The logarithm of each path: of a stock at the end of a day, of a flow a day."""
        values = self.paths.values[series]
        if is_stock(series):
            return np.asarray(to_log(values[max(self.paths.holding(to), 0)]))
        inside = self.paths.within(from_, to)
        days = sum((self.paths.intervals[i][1] - self.paths.intervals[i][0]).days + 1 for i in inside)
        return np.asarray(to_log(values[inside].sum(axis=0) / max(days, 1)))

    def held(self, series: str, model: Array, past: Sequence[Count]) -> Array:
        """The model's paths, each multiplied so that it meets what was counted of late; this fades."""
        if not past or (is_stock(series) and self.paths.begun is not None):
            return model
        off = self.off_stock(model, past[-1]) if is_stock(series) else self.off_flow(model, past)
        ages = np.array([max(0, (last - past[-1].to).days) for _, last in self.paths.intervals])
        return np.asarray(model * np.exp(0.5 ** (ages / FADES)[:, None] * np.clip(off, -MOST, MOST)[None, :]))

    def off_stock(self, model: Array, last: Count) -> Array:
        """By how much the last count lies above each path."""
        at = self.paths.holding(last.to)
        return np.zeros(model.shape[1]) if at < 0 else np.asarray(float(to_log(last.value)) - to_log(model[at]))

    def off_flow(self, model: Array, past: Sequence[Count]) -> Array:
        """By how much the counts of late lie above each path, as a whole."""
        counted, told = 0.0, np.zeros(model.shape[1])
        for count in past:
            if count.to > past[-1].to - timedelta(days=LATE):
                counted += count.value
                told = told + model[self.paths.within(count.from_, count.to)].sum(axis=0)
        return np.asarray(float(to_log(counted)) - to_log(told))

    def as_counted(self, series: str, held: Array, past: Sequence[Count]) -> Array:
        """The paths up to the date: of a flow what was counted, split over a count's days as the model splits it."""
        found = held.copy()
        if is_stock(series):
            return found
        fixed = np.zeros(len(found), dtype=bool)
        for count in past:
            inside = self.paths.within(count.from_, count.to)
            free = [i for i in inside if not fixed[i]]
            if not free:
                continue
            rest = max(0.0, count.value - float(found[[i for i in inside if fixed[i]]].sum(axis=0).mean()))
            told = found[free].sum(axis=0)
            split = np.where(told > 0, found[free] / np.where(told > 0, told, 1.0), 1 / len(free))
            found[free] = split * rest
            fixed[free] = True
        return found


def ranks(model: Array, held: Array) -> Array:
    """The rank of each path; equal ones in the order of their own whole course, then as they stand."""
    order = np.lexsort((np.arange(len(model)), held, model))
    found = np.empty(len(model), dtype=int)
    found[order] = np.arange(len(model))
    return found
