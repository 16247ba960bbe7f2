"""Scores against formulas and against the library; naive forecasts against what they say they are."""

import math
import sys
from datetime import date, timedelta

import numpy as np
import pytest

from posada.forecasting.counted import Count
from posada.forecasting.naive_counts import NAIVE, SAMPLES
from posada.forecasting.past_errors import STOCK_RULES, WEIGHTS, PastErrors
from posada.forecasting.scores import LEVELS, interval_score, scored

DAY = date(2024, 1, 1)


def line(values, step=7, series="present:camp"):
    days = [DAY + timedelta(days=step * i) for i in range(len(values))]
    return tuple(Count(series, day, day, float(v), day) for day, v in zip(days, values, strict=True))


def test_levels_are_the_23_of_forecast_hubs():
    assert (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99) == LEVELS


@pytest.fixture
def library(monkeypatch):
    """The scores of others, without those that they compile, which takes seconds."""
    monkeypatch.setitem(sys.modules, "numba", None)
    import scoringrules

    return scoringrules


@pytest.mark.parametrize("counted", [60.0, 100.0, 171.0])
def test_scores_agree_with_the_formulas(library, counted):
    samples = np.random.default_rng(3).normal(100, 15, 101)
    told = scored(samples, counted)
    pairs = np.abs(samples[:, None] - samples[None, :]).mean()
    assert told["crps"] == pytest.approx(np.abs(samples - counted).mean() - 0.5 * pairs)
    assert told["crps"] == pytest.approx(float(library.crps_ensemble(counted, samples, estimator="nrg")))
    off = counted - np.quantile(samples, LEVELS)
    pinball = np.maximum(np.array(LEVELS) * off, (np.array(LEVELS) - 1) * off)
    assert told["wis"] == pytest.approx(2 * pinball.mean()), "Bracher et al. (2021), equation 3"
    parts = [told[name] for name in ("dispersion", "underprediction", "overprediction")]
    assert sum(parts) == pytest.approx(told["wis"])
    assert told["in90"] == (np.quantile(samples, 0.05) <= counted <= np.quantile(samples, 0.95))
    assert told["crps_log"] == pytest.approx(scored(np.log1p(samples), math.log1p(counted))["crps"])


def test_a_certain_forecast_is_scored_by_its_error():
    told = scored(np.full(50, 80.0), 100.0)
    assert told["crps"] == pytest.approx(20)
    assert interval_score(np.full(50, 80.0), 100.0) == pytest.approx(
        {"wis": 20, "dispersion": 0, "underprediction": 20, "overprediction": 0}
    )
    assert told["pit"] == 1


@pytest.mark.parametrize("name", NAIVE)
@pytest.mark.parametrize(
    "values", [[0, 0, 0, 5000, 5200, 5100], [40], [7] * 30, [10, 12] * 12, [int(100 * 1.1**i) for i in range(20)]]
)
def test_naive_forecasts_tell_something_whatever_was_counted(name, values):
    past = line(values)
    days = np.array([past[-1].to.toordinal() + ahead for ahead in (1, 7, 28)], dtype=float)
    told = NAIVE[name](past, days)
    assert told.shape == (3, SAMPLES)
    assert np.isfinite(told).all()
    assert (told >= 0).all()
    spread = told.std(axis=1)
    assert (np.diff(spread) >= -1e-6 * (1 + spread[1:])).all()


def test_the_drift_goes_on_growing_and_the_last_value_stays():
    past = line([1000 * 1.05**i for i in range(12)])
    day = np.array([past[-1].to.toordinal() + 7.0])
    assert np.median(NAIVE["drift"](past, day)) == pytest.approx(1000 * 1.05**12, rel=0.01)
    assert NAIVE["last value"](past, day).std() == pytest.approx(0, abs=1e-9)


def test_past_errors_take_the_rule_that_would_have_foreseen_best():
    """Steady growth is best foretold by going on; counts that jump about a level by staying."""
    steady = {"present:camp": line([1000 + 50 * i for i in range(30)])}
    still = {"present:camp": line([1000 + 40 * (-1) ** i for i in range(30)])}
    day = DAY + timedelta(days=7 * 29)
    grows = PastErrors(steady, STOCK_RULES, stocks=True, day=day).of("present:camp", 7)
    stays = PastErrors(still, STOCK_RULES, stocks=True, day=day).of("present:camp", 7)
    assert WEIGHTS[grows.rule] >= 0.75
    assert WEIGHTS[stays.rule] <= 0.25
    assert np.abs(grows.off).mean() < np.abs(stays.off).mean()
    assert grows.weights.sum() == pytest.approx(1)


def test_past_errors_widen_with_the_horizon():
    walk = np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.05, 60))) * 2000
    counts = {"present:camp": line(walk)}
    told = PastErrors(counts, STOCK_RULES, stocks=True, day=DAY + timedelta(days=7 * 59))
    widths = []
    for ahead in (7, 14, 28):
        errors = told.of("present:camp", ahead)
        widths.append(np.ptp(errors.quantiles(np.array([0.05, 0.95]))))
    assert widths == sorted(widths)
    assert (
        PastErrors({"present:camp": line([100, 120])}, STOCK_RULES, stocks=True, day=DAY).of("present:camp", 7) is None
    )
