"""Between fits, the draws of the last one are weighed by the counts that came since."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from posada.forecasting import backtest, fit_movement
from posada.forecasting.counted import Count, counts_of
from posada.forecasting.paths import Asked, Paths, draws_since, model_paths
from posada.forecasting.since_fit import LEAST, drawn_again, tempered, weights_since
from posada.scenario import load
from test_fit import situation

SINCE = date(2020, 1, 1)
DAYS = [SINCE + timedelta(days=i) for i in range(11)]
SITE = "present:site"


def counted(*rows):
    return {SITE: tuple(Count(SITE, DAYS[i], DAYS[i], value, DAYS[i]) for i, value in rows)}


def growing(*daily):
    """Paths of a site that begins with 1000 people and grows by so many a day."""
    values = np.array([[1000.0 + rate * i for rate in daily] for i in range(len(DAYS))])
    return Paths(tuple((day, day) for day in DAYS), {SITE: values})


def test_a_path_near_the_newest_count_weighs_more_than_one_far_off():
    weights = weights_since(growing(0, 5, 10, 20, 40), counted((4, 1000), (10, 1100)), SINCE, DAYS[-1])
    assert weights.sum() == pytest.approx(1)
    assert np.argmax(weights) == 2
    assert weights[2] > weights[3] > weights[4]


def test_only_counts_of_after_the_fit_weigh():
    assert weights_since(growing(0, 40), counted((0, 1000)), SINCE, DAYS[-1]) is None
    assert weights_since(growing(0, 40), counted((9, 1000)), SINCE, DAYS[5]) is None


def test_weights_are_never_so_sharp_that_few_paths_are_left():
    weights = tempered(-(np.linspace(0, 1000, 40) ** 2))
    assert 1 / (weights**2).sum() >= LEAST * 40
    assert (np.diff(weights) <= 0).all()
    assert tempered(np.zeros(4)) == pytest.approx(0.25)


def test_draws_stand_as_often_as_they_weigh_and_keep_their_place():
    draws = pl.DataFrame({"replicate": [0, 1, 2, 3], "path": ["a"] * 4, "z": [0.0, 1.0, 2.0, 3.0]})
    again = drawn_again(draws, np.array([0.0, 0.5, 0.25, 0.25])).sort("replicate")
    assert again["z"].to_list() == [1.0, 1.0, 2.0, 3.0]
    assert again["replicate"].to_list() == [0, 1, 2, 3]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = situation(tmp_path_factory.mktemp("s") / "a")
    return load(str(folder)), fit_movement(str(folder), until=91, total=True)


def test_paths_are_weighed_where_counts_came_since_the_fit(fitted):
    scenario, fit = fitted
    learnt_on = fit.until - timedelta(days=1)
    asked = Asked(learnt_on, learnt_on + timedelta(days=60), ("present:mid",), 20, 1)
    assert draws_since(fit, scenario, counts_of(scenario, asked.issued), asked) is None
    later = replace(asked, issued=learnt_on + timedelta(days=30))
    draws = draws_since(fit, scenario, counts_of(scenario, later.issued), later)
    assert "groups.come.people_per_day" in set(draws["path"])
    assert draws.group_by("replicate").len().height == 20
    paths = model_paths(scenario, counts_of(scenario, later.issued), later, fit, None)
    assert paths.values["present:mid"].shape == (len(paths.intervals), 20)


def test_a_site_that_nobody_counted_by_then_is_not_told_of(tmp_path):
    folder = situation(tmp_path / "a")
    table = folder / "observations.csv"
    rows = table.read_text().splitlines()
    early = [row for row in rows if not (row.startswith("far-") and int(row.split(",")[0][4:]) < 100)]
    table.write_text("\n".join(early) + "\n")
    day = date(2024, 3, 31)
    found = backtest(folder, issued=[day, day + timedelta(days=28)], horizons=[28], calibrations=1, replicates=10)
    told = [one.series for one in found.forecasts]
    assert told == [["present:mid", "present:near"], ["present:far", "present:mid", "present:near"]]
