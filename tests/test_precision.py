"""Replicates until means are known well enough; records without the time in which a queue fills."""

# ruff: noqa: E501

from __future__ import annotations

import importlib
import math
import threading
from datetime import date

import numpy as np
import polars as pl
import pytest

from engine_kit import simulate, write
from posada.ensemble import Precision, run
from posada.ensemble.precision import Mean, likely, mean_of, next_number, outputs, student
from posada.scenario import Headline, ScenarioErrors, load

RUN = importlib.import_module("posada.ensemble.run")
TABLES = ("stocks", "flows", "waits", "outcomes", "quantities", "background", "busy")
HEADLINE = Headline("h", "A number", "served:f", None, None, "sum")

SMALL = """
groups: {g: {parties_per_day: {value: 8, low: 6, high: 11}, place: here, pathway: p}}
facilities:
  f: {at: here, kind: desks, staff: 1, service: {exponential: {mean: 2 hours}}}
  idle: {at: here, kind: desks, staff: 1, service: 1 hours}
pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}]}
outcomes: {done: {}}
headlines:
  - {id: served, label: People served, series: "served:f", statistic: sum}
  - {id: wait, label: Mean days in line, series: "wait:f", statistic: mean_days}
  - {id: never, label: People at the idle desk, series: "served:idle", statistic: sum}
"""


@pytest.fixture
def small(tmp_path):
    """A desk, its headlines, and one that is always 0."""
    return load(write(tmp_path / "s", SMALL))


@pytest.mark.parametrize(("df", "t"), [(5, 2.5706), (9, 2.2622), (19, 2.0930), (30, 2.0423), (100, 1.9840), (9999, 1.9602)])
def test_student(df, t):
    """Tables of the 97.5th percentile."""
    assert abs(student(df) - t) < 3e-4


def test_a_mean_and_its_half_width():
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, math.nan]
    found = mean_of(HEADLINE, values, 0.5)
    assert (found.replicates, found.mean) == (10, 5.5)
    assert abs(found.half_width - 2.2622 * 3.02765 / math.sqrt(10)) < 1e-3
    assert found.share == found.half_width / 5.5
    assert found.reached
    assert not mean_of(HEADLINE, values, 0.3).reached
    assert not mean_of(HEADLINE, values[:9], 0.9).reached, "too few to believe"
    assert not mean_of(HEADLINE, [math.nan] * 50, 0.5).reached
    assert mean_of(HEADLINE, [0.0] * 20, 0.5).reached, "always 0 is known"
    assert mean_of(HEADLINE, [-1.0, 1.0] * 20, 0.5).share == math.inf


def test_how_many_next():
    goal = Precision(0.05)
    short = [Mean("h", "h", "sum", 20, 1.0, 0.1, 0.10, False)]
    assert likely(short, goal, 20) == math.ceil(1.05 * 80)
    assert next_number(short, goal, 20) == 40, "at most twice as many"
    near = [Mean("h", "h", "sum", 400, 1.0, 0.1, 0.051, False)]
    assert next_number(near, goal, 400) == 440, "at least a tenth more"
    none = [Mean("h", "h", "sum", 20, 0.0, math.inf, math.inf, False)]
    assert next_number(none, goal, 20) == 40
    assert next_number(none, Precision(0.05, at_most=30), 20) == 30


def test_until_precise_is_the_run_with_so_many_replicates(small):
    goal = Precision(0.06, of=("served", "wait", "in_service:f"))
    found = run(small, precision=goal, threads=2)
    n = found.replicates
    assert 20 < n < 10_000
    same = run(small, replicates=n)
    assert all(found.table(name).equals(same.table(name)) for name in TABLES)
    assert found.info == same.info
    assert run(small, precision=goal, threads=1).info == same.info
    assert found.precision.met
    assert not found.precision.stopped
    values = np.array(same.headlines()[0]["values"])
    served = found.precision.means[0]
    assert served.mean == values.mean()
    assert abs(served.half_width - student(n - 1) * values.std(ddof=1) / math.sqrt(n)) < 1e-12
    assert all(mean.share <= 0.06 and mean.replicates == n for mean in found.precision.means)
    assert max(mean.share for mean in found.precision.means) > 0.045, "not many more than needed"


def test_it_begins_with_enough_and_ends_with_too_many(small):
    easy = run(small, precision=Precision(0.9, of=("served",)))
    assert easy.replicates == 20
    assert run(small, precision=0.9, replicates=33).replicates == 33
    hard = run(small, precision=Precision(0.001, of=("served",), at_most=45))
    assert hard.replicates == 45
    assert not hard.precision.met


def test_all_headlines_if_nothing_is_said(small):
    found = run(small, precision=0.3)
    assert [mean.id for mean in found.precision.means] == ["served", "wait", "never"]
    assert found.precision.means[2].half_width == 0


class Stops:
    """Ctrl-C when so many replicates are done; the next begins when one has been told of, however busy the machine."""

    def __init__(self, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.after, self.told = after, []
        self.turns = threading.Semaphore(1)
        whole = RUN.simulate

        def in_turn(*args: object, stop: threading.Event, **more: object) -> object:
            while not self.turns.acquire(timeout=0.01):
                if stop.is_set():
                    raise KeyboardInterrupt
            return whole(*args, stop=stop, **more)

        monkeypatch.setattr(RUN, "simulate", in_turn)

    def compiling(self) -> None:
        """Nothing to say."""

    def done(self, replicates: int, of: int) -> None:
        """Count."""
        self.told.append((replicates, of))
        self.turns.release()
        if replicates >= self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", [15, 20, 33])
def test_ctrl_c_keeps_what_is_done(small, after, monkeypatch):
    with monkeypatch.context() as patch:
        stops = Stops(after, patch)
        found = run(small, precision=Precision(0.001), threads=1, progress=stops)
    assert found.precision.stopped
    assert after <= found.replicates <= after + 2, "the one that was under way, and one just done"
    same = run(small, replicates=found.replicates)
    assert all(found.table(name).equals(same.table(name)) for name in TABLES)
    counts = [done for done, _ in stops.told]
    assert counts == sorted(counts)
    assert all(of >= done for done, of in stops.told)


def test_what_cannot_be_asked(small):
    for share in (0.0, 1.0, -0.1, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Precision(share)
    with pytest.raises(ValueError, match="at least 10 replicates"):
        Precision(0.1, at_least=5)
    with pytest.raises(ValueError, match="fewer than the 20"):
        Precision(0.1, at_most=15)
    with pytest.raises(ScenarioErrors, match="there is no headline 'serve'"):
        outputs(small, ["serve"])
    with pytest.raises(ScenarioErrors, match="there is no facility 'g'"):
        outputs(small, ["served:g"])
    with pytest.raises(ValueError, match="has no headlines"):
        outputs(small.replace(headlines={}), [])
    with pytest.raises(ValueError, match="stops at a date"):
        run(small, precision=0.1, until=date(2018, 4, 5))


def test_a_sequential_interval_covers_nearly_as_often_as_it_says():
    """Of 1,000 sequences of exponential numbers that stop at 10 %, the interval holds the true mean about 94 times in
    100: stopping when the interval looks narrow favours those that are narrow by luck (Law and Kelton)."""
    random = np.random.default_rng(7)
    goal = Precision(0.1)
    inside = 0
    for _ in range(1000):
        values = random.exponential(size=goal.at_least)
        while not (found := mean_of(HEADLINE, values, goal.share)).reached:
            more = next_number([found], goal, len(values)) - len(values)
            values = np.append(values, random.exponential(size=more))
        inside += abs(found.mean - 1.0) <= found.half_width
    assert 910 <= inside <= 955, inside


QUEUE = """
end: 2018-05-01
record: {{daily_until: 2018-05-01{warm}}}
groups: {{g: {{parties_per_day: 16, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 0.05 days}}}}}}}}
pathways: {{p: [{{id: q, queue: {{at: f}}}}, {{id: end, outcome: done}}]}}
outcomes: {{done: {{}}}}
"""


def in_line(result) -> tuple[float, float]:
    """The mean number in line over replicates, and its standard error."""
    rows = result.stocks.filter((pl.col("where") == "f") & (pl.col("state") == "waiting") & (pl.col("attribute") == "all"))
    days = result.stocks["at"].n_unique()
    means = rows.group_by("replicate").agg(pl.col("people_mean").sum() / days)["people_mean"].to_numpy()
    means = np.append(means, np.zeros(result.replicates - len(means)))
    return float(means.mean()), float(means.std(ddof=1) / math.sqrt(len(means)))


def test_a_warm_up_takes_away_the_bias_of_an_empty_start(tmp_path):
    """M/M/1 at a load of 0.8: 3.2 are in line in the long run; a queue that begins empty has fewer."""
    theory = 0.8**2 / 0.2
    cold, cold_error = in_line(simulate(tmp_path / "a", QUEUE.format(warm=""), replicates=1500))
    warm, warm_error = in_line(simulate(tmp_path / "b", QUEUE.format(warm=", warm_up: 20 days"), replicates=1500))
    assert cold < theory - 3.5 * cold_error, "the bias is there"
    assert abs(warm - theory) < 3.5 * warm_error
    assert abs(warm - theory) < 0.3 * abs(cold - theory)


def test_a_warm_up_cuts_records_and_nothing_else(tmp_path):
    whole = simulate(tmp_path / "a", QUEUE.format(warm=""), replicates=2)
    cut = simulate(tmp_path / "b", QUEUE.format(warm=", warm_up: 20 days"), replicates=2)
    day = date(2018, 4, 22)
    for name, column in (("stocks", "at"), ("flows", "from"), ("outcomes", "date"), ("waits", "joined"), ("busy", "ended")):
        assert cut.table(name)[column].min() == day
        assert cut.table(name).equals(whole.table(name).filter(pl.col(column) >= day)), name
