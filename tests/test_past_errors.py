"""What past counts teach of the spread: quiet series stay narrow beside restless ones, and one leap is no habit."""

from datetime import date, timedelta

import numpy as np

from posada.forecasting.counted import Count
from posada.forecasting.past_errors import STOCK_RULES, PastErrors, Restlessness

START = date(2020, 1, 1)
LAST = 40


def line(series, values, every=7):
    days = [START + timedelta(days=every * i) for i in range(len(values))]
    return tuple(Count(series, d, d, float(v), d) for d, v in zip(days, values, strict=True))


def walk(step, seed):
    """A series whose logarithm takes steps of this size."""
    return 5000 * np.exp(np.cumsum(step * np.random.default_rng(seed).standard_normal(LAST)))


def spread(counts, series):
    told = PastErrors(counts, STOCK_RULES, stocks=True, day=counts[series][-1].to).of(series, 14)
    low, high = told.quantiles(np.array([0.05, 0.95]))
    return high - low


def test_a_quiet_series_is_not_made_wide_by_its_restless_neighbours():
    quiet, restless = line("present:quiet", walk(0.003, 1)), line("present:restless", walk(0.1, 2))
    both = {"present:quiet": quiet, "present:restless": restless}
    assert spread(both, "present:quiet") < 2 * spread({"present:quiet": quiet}, "present:quiet")
    assert spread(both, "present:restless") > 5 * spread(both, "present:quiet")


def test_a_series_that_woke_up_is_as_wide_as_those_that_are_awake():
    calm = walk(0.003, 3)
    awake = np.concatenate([calm[:-6], calm[-6] * np.exp(np.cumsum([0.1, -0.08, 0.12, -0.1, 0.09, 0.1]))])
    others = {"present:other": line("present:other", walk(0.1, 4))}
    before = spread({**others, "present:a": line("present:a", calm)}, "present:a")
    after = spread({**others, "present:a": line("present:a", awake)}, "present:a")
    assert after > 5 * before


def test_one_leap_does_not_make_a_series_restless():
    calm = walk(0.003, 5)
    leaped, doubled = calm.copy(), calm.copy()
    leaped[20:] *= 1.6
    doubled[20:] = calm[20:] * np.exp(0.1 * np.resize([1.0, -1.0], LAST - 20))
    found = {
        name: Restlessness({"present:a": line("present:a", values)}, True).of("present:a", LAST)
        for name, values in (("calm", calm), ("leaped", leaped), ("restless", doubled))
    }
    assert found["calm"] <= found["leaped"] < found["restless"]
    assert found["leaped"] - found["calm"] < 0.5 * (found["restless"] - found["calm"])


def test_a_series_with_one_count_is_as_restless_as_the_others():
    counts = {"present:a": line("present:a", walk(0.05, 6)), "present:b": line("present:b", [400])}
    told = Restlessness(counts, True)
    assert abs(told.of("present:b", 1) - told.of("present:a", LAST)) < 0.7


def test_a_series_that_falls_fast_is_foreseen_at_nobody_not_below():
    falling = {"present:a": line("present:a", [9000, 8000, 5000, 2000, 400, 120, 101, 100])}
    told = PastErrors(falling, STOCK_RULES, stocks=True, day=falling["present:a"][-1].to).of("present:a", 28)
    assert np.isfinite(told.off).all()
    assert all(np.isfinite(rule(falling["present:a"][:5], START, START + timedelta(days=60))) for rule in STOCK_RULES)
