"""The measures and the counts between counts, by hand."""

from datetime import date, timedelta

import numpy as np
import pytest

from posada import load
from posada.forecasting import ValidationError, counted_sites, crps, registered, rescaled, split_date
from posada.forecasting.measures import (
    averaged_relative_difference,
    inside,
    mean_absolute_scaled_error,
    scaled_errors,
)
from validation_kit import FILES, write

NAN = np.nan
PEOPLE = np.array([[100.0, 300.0], [200.0, 200.0], [0.0, 0.0]])


def test_the_averaged_relative_difference_is_the_mean_of_the_days_with_anybody():
    forecast = np.array([[150.0, 250.0], [100.0, 200.0], [7.0, 7.0]])
    # day 1: (50 + 50) / 400; day 2: (100 + 0) / 400; day 3: nobody is registered
    assert averaged_relative_difference(forecast, PEOPLE) == pytest.approx((0.25 + 0.25) / 2)
    assert np.isnan(averaged_relative_difference(forecast[2:], PEOPLE[2:]))


def test_of_replicates_it_is_the_mean_of_each_ones_not_that_of_their_mean():
    over_and_under = PEOPLE[:2, :, None] * np.array([0.5, 1.5])
    assert averaged_relative_difference(over_and_under, PEOPLE[:2]) == pytest.approx(0.5)
    assert averaged_relative_difference(over_and_under.mean(axis=2), PEOPLE[:2]) == 0


def test_rescaled_forecasts_have_the_registered_total_and_keep_their_shares():
    forecast = np.array([[10.0, 30.0], [0.0, 50.0], [0.0, 0.0]])
    found = rescaled(forecast, np.array([400.0, 400.0, 400.0]))
    assert found.tolist() == [[100, 300], [0, 400], [0, 0]]
    members = rescaled(np.stack([forecast, 2 * forecast], axis=2), np.array([400.0, 400.0, 400.0]))
    assert members[:, :, 0].tolist() == members[:, :, 1].tolist() == found.tolist()


def test_scaled_errors_divide_by_those_of_repeating_the_count_before():
    counted = np.array([[10.0, 5.0], [NAN, 5.0], [30.0, NAN], [20.0, 5.0]])
    point = np.array([[12.0, 9.0], [99.0, 9.0], [24.0, 9.0], [20.0, 9.0]])
    every = np.ones(4, dtype=bool)
    # first site: errors 2, 6, 0; steps 20, 10. The second never changes.
    assert scaled_errors(point, counted, every)[0] == pytest.approx((8 / 3) / 15)
    assert np.isnan(scaled_errors(point, counted, every)[1])
    # together: 3 counts of mean error 8/3 and 3 of 4, over 3 of 15 and 3 of 0
    assert mean_absolute_scaled_error(point, counted, every) == pytest.approx((8 + 12) / 45)
    # of the last day alone: error 0 over a step of 10; of the third alone: 6 over 20
    assert scaled_errors(point, counted, np.arange(4) == 3)[0] == 0
    assert scaled_errors(point, counted, np.arange(4) == 2)[0] == pytest.approx(0.3)
    assert np.isnan(mean_absolute_scaled_error(point, counted, np.arange(4) == 0))


def test_all_sites_together_are_scaled_by_all_naive_errors():
    counted = np.array([[0.0, 0.0], [10.0, NAN], [20.0, 10.0]])
    point = np.array([[0.0, 0.0], [15.0, NAN], [25.0, 40.0]])
    late = np.array([False, True, True])
    assert scaled_errors(point, counted, late).tolist() == [0.5, 3.0]
    assert mean_absolute_scaled_error(point, counted, late) == pytest.approx((2 * 5 + 30) / (2 * 10 + 10))


def test_crps_by_hand_and_by_its_integral():
    assert crps(np.array([[7.0]]), np.array([10.0])).tolist() == [3.0]
    assert crps(np.array([[2.0, 0.0]]), np.array([1.0])).tolist() == [0.5]
    rng = np.random.default_rng(5)
    members, count = rng.gamma(3.0, 20.0, 37), 41.0
    edges = np.sort([*members, count])
    widths, middles = np.diff(edges), (edges[1:] + edges[:-1]) / 2
    below = (members[None, :] <= middles[:, None]).mean(axis=1)
    integral = float(np.sum(widths * (below - (middles >= count)) ** 2))
    assert crps(members[None, :], np.array([count]))[0] == pytest.approx(integral)


def test_intervals_hold_the_share_that_they_say():
    members = np.tile(np.arange(101.0), (6, 1))
    counts = np.array([4.0, 5.0, 24.0, 25.0, 75.0, 95.1])
    assert inside(members, counts, 0.5).tolist() == [False, False, False, True, True, False]
    assert inside(members, counts, 0.9).tolist() == [False, True, True, True, True, False]


def days(first: date, n: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(n)]


def test_sites_are_the_places_with_counts_that_are_kept_for_checking(tmp_path):
    far, hill, near = counted_sites(load(write(tmp_path / "s")))
    assert (far.place, far.name, far.counted) == ("far", "Far camp", (50, 150))  # not the 7,000 that are `input`
    assert hill.counted == (150, 450)  # the middle of 100 to 200
    assert near.dates == (date(2024, 3, 5), date(2024, 3, 15), date(2024, 3, 29))


def test_two_counts_of_one_day_are_averaged(tmp_path):
    more = FILES["observations.csv"] + "far-3,present:far,2024-03-21,2024-03-21,,250,,,,,check\n"
    assert counted_sites(load(write(tmp_path / "s", {"observations.csv": more})))[0].counted == (50, 200)


def test_people_between_counts_lie_on_a_line_and_stay_beyond_them(tmp_path):
    sites = counted_sites(load(write(tmp_path / "s")))
    found = registered(sites, days(date(2024, 3, 1), 30))
    assert found.people[[0, 10, 15, 20, 29], 0].tolist() == [50, 50, 100, 150, 150]
    assert found.total[0] == 50 + 150 + 100
    assert np.flatnonzero(~np.isnan(found.counted[:, 0])).tolist() == [10, 20]


def test_counts_beyond_the_time_of_the_scenario_only_bend_the_line(tmp_path):
    rows = FILES["observations.csv"].splitlines()
    later = [
        "far-9,present:far,2024-04-10,2024-04-10,,350,,,,,check",
        "far-0,present:far,2024-02-28,2024-02-28,,0,,,,,check",
    ]
    elsewhere = "town-9,present:town,2024-05-10,2024-05-10,,350,,,,,check"
    scenario = load(write(tmp_path / "s", {"observations.csv": "\n".join([*rows, *later, elsewhere]) + "\n"}))
    sites = counted_sites(scenario)
    assert [site.place for site in sites] == ["far", "hill", "near"]
    found = registered(sites, days(date(2024, 3, 1), 30), date(2024, 3, 1))
    assert found.people[[0, 29], 0] == pytest.approx([50 * 2 / 12, 150 + 200 * 9 / 20])
    assert np.flatnonzero(~np.isnan(found.counted[:, 0])).tolist() == [10, 20]


def test_a_count_within_a_week_belongs_to_its_end(tmp_path):
    sites = counted_sites(load(write(tmp_path / "s")))
    weeks = [date(2024, 3, 7), date(2024, 3, 14), date(2024, 3, 21), date(2024, 3, 31)]
    found = registered(sites, weeks, date(2024, 3, 1))
    assert found.counted[:, 2].tolist()[:1] == [100]
    assert np.isnan(found.counted[1, 2])
    assert found.counted[[1, 2], 0].tolist() == [50, 150]


def test_shares_before_a_day_know_no_later_count(tmp_path):
    found = registered(counted_sites(load(write(tmp_path / "s"))), days(date(2024, 3, 1), 30))
    assert found.shares_before(date(2024, 3, 11)).tolist() == [0, 0.6, 0.4]
    assert found.shares_before(date(2024, 3, 12)).tolist() == [50 / 300, 150 / 300, 100 / 300]
    with pytest.raises(ValidationError, match="nobody was counted before 2024-03-05"):
        found.shares_before(date(2024, 3, 5))


@pytest.mark.parametrize("split", ["12", 12, "2024-03-13", date(2024, 3, 13)])
def test_a_split_is_a_date_or_a_number_of_days(tmp_path, split):
    assert split_date(load(write(tmp_path / "s")), split) == date(2024, 3, 13)


@pytest.mark.parametrize("split", ["0", "30", "-3", "2024-03-01", "2025-01-01", "soon", "9" * 30])
def test_a_split_leaves_days_on_both_sides(tmp_path, split):
    with pytest.raises(ValidationError, match="split"):
        split_date(load(write(tmp_path / "s")), split)
