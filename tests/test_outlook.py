"""The nights to come: a shelter's counts become a forecast that says how far to trust it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from import_counts_kit import FIRST, TODAY, days, poisson, table
from posada.forecasting import ForecastError, counts_of, outlook, outlook_summary, outlook_text
from posada.forecasting.counted import Count
from posada.forecasting.follow import followed, held
from posada.forecasting.nights import Outlook, Worth, beds_of, dates_of, off_by, shelters_of, worth_of
from posada.forecasting.told_outlook import chance, says
from posada.scenario import Change, import_counts, load

DAYS = [(day, day) for day in days(20)]


def count(series: str, day: date, value: float) -> Count:
    """A count of one day."""
    return Count(series, day, day, value, day)


def imported(folder: Path, text: str, **options: object) -> Path:
    """A scenario made of a table."""
    file = folder / "counts.csv"
    file.write_text(text)
    return import_counts(file, folder / "out", today=TODAY, **options).folder  # type: ignore[arg-type]


def test_a_stock_goes_on_from_its_last_count_and_forgets_it_as_the_model_does() -> None:
    rng = np.random.default_rng(1)
    paths = np.zeros((20, 4000))
    paths[0] = rng.normal(50, 8, 4000)
    for i in range(1, 20):
        paths[i] = 50 + 0.8 * (paths[i - 1] - 50) + rng.normal(0, 3, 4000)
    moved = held(paths, DAYS, count("present:a", days(20)[9], 70))
    assert moved[9].mean() == pytest.approx(70, abs=0.5)
    assert moved[9].std() < 1
    for ahead in (1, 3, 8):
        assert moved[9 + ahead].mean() == pytest.approx(50 + 20 * 0.8**ahead, abs=0.7)
        exact = 3 * np.sqrt((1 - 0.64**ahead) / (1 - 0.64))
        assert moved[9 + ahead].std() == pytest.approx(exact, rel=0.06)
    assert (moved[:9] == paths[:9]).all()


def test_what_was_counted_of_a_flow_stands_and_the_rest_is_the_models() -> None:
    paths = np.full((20, 3), 7.4)
    past = [count("set_out:a", day, 4 + i) for i, day in enumerate(days(10))]
    found = followed(paths, DAYS, "set_out:a", past, days(10)[-1])
    assert found[:10, 0].tolist() == [4.0 + i for i in range(10)]
    assert (found[10:] == 7).all()


def test_a_count_that_is_old_holds_nothing() -> None:
    paths = np.random.default_rng(2).normal(50, 8, (20, 50))
    old = followed(paths, DAYS, "present:a", [count("present:a", FIRST, 90)], days(20)[12])
    assert (old == np.round(paths)).all()


def scores(ours: float, theirs: float, dates: int, each: int) -> pl.DataFrame:
    """Scores of a forecast and of the last count, alike on all dates but for a little luck."""
    rng = np.random.default_rng(3)
    rows = [
        {"method": method, "series": "present:a", "issued": FIRST + timedelta(days=7 * d), "from": day, "to": day,
         "crps": value * rng.uniform(0.9, 1.1), "in90": k % 10 > 0}
        for d in range(dates)
        for k in range(each)
        for day in [FIRST + timedelta(days=7 * d + 1 + k)]
        for method, value in (("posada", ours), ("last value", theirs), ("random walk", theirs * 1.2))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_worth_is_told_in_words_and_by_enough_counts_only() -> None:
    plain = Worth("present:a", count("present:a", FIRST, 54), off=((1, 8.2), (7, 15.0)))
    better = worth_of(plain, scores(3.0, 5.0, 6, 10))
    assert (better.dates, better.counts, better.beats) == (6, 60, True)
    assert better.skill == pytest.approx(0.4, abs=0.03)
    assert better.inside == pytest.approx(0.9)
    assert not worth_of(plain, scores(5.0, 5.0, 6, 10)).beats
    assert not worth_of(plain, scores(3.0, 5.0, 2, 5)).beats
    none = worth_of(plain, scores(3.0, 0.0, 6, 10))
    assert np.isnan(none.skill)
    assert not none.beats


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Outlook:
    """An outlook from eight nights."""
    text = table(days(8), [41, 43, 40, 46, 52, 55, 53, 58], header="night,people present")
    folder = imported(tmp_path_factory.mktemp("eight"), text, beds=60, place="Casa Mar")
    return outlook(folder, runs=40, dates=1)


def test_eight_nights_become_a_wide_forecast_that_says_how_little_that_is(eight: Outlook) -> None:
    nights = eight.nights()
    assert nights.height == 14
    assert eight.forecast.issued == days(8)[-1]
    first, last = nights.to_dicts()[0], nights.to_dicts()[-1]
    assert 50 <= first["median"] <= 66
    assert last["high90"] - last["low90"] > 1.5 * (first["high90"] - first["low90"])
    assert last["low90"] < 50 < 70 < last["high90"]
    assert 0.0 <= first["over"] <= 1.0
    (worth,) = eight.worth
    assert (worth.dates, worth.beats) == (1, False)
    told = " ".join(says(eight, worth))
    assert "only 8 counts" in told
    assert "So few counts say little" in told
    assert "Use the last count, 58" in told


def test_the_words_follow_from_the_numbers(eight: Outlook) -> None:
    (worth,) = eight.worth
    told = {
        "It beats repeating the last count: 40 % nearer": replace(
            worth, counts=60, dates=6, skill=0.4, low=0.2, high=0.5
        ),
        "It cannot be told from repeating": replace(worth, counts=60, dates=6, skill=0.1, low=-0.2, high=0.3),
        "It cannot beat repeating the last count: 10 %": replace(
            worth, counts=60, dates=6, skill=-0.1, low=-0.2, high=0
        ),
        "It could not be tried": replace(worth, counts=0),
        "So far it was 40 % nearer": replace(worth, counts=6, dates=2, skill=0.4, low=0.2, high=0.5),
    }
    for words, case in told.items():
        assert words in " ".join(says(eight, case)), words
        assert ("Use the last count, 58" in " ".join(says(eight, case))) == (not case.beats)
    assert [chance(share) for share in (0.0, 0.126, 0.999)] == ["under 1 %", "13 %", "over 99 %"]


def test_the_outlook_as_text_json_and_page(eight: Outlook, tmp_path: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from posada.report import write_outlook

    console = Console(width=100, record=True, file=StringIO())
    for part in outlook_text(eight):
        console.print(part)
    text = console.export_text()
    assert "more than 60 beds" in text
    assert "How far to trust it" in text
    told = json.loads(json.dumps(outlook_summary(eight), default=str))
    assert len(told["nights"]) == 14
    assert told["worth"][0]["beats_last_value"] is False
    page = write_outlook(eight, tmp_path / "page")
    html = (page / "outlook.html").read_text()
    assert "People at Casa Mar" in html
    assert "<script" not in html
    assert (page / "nights.csv").read_text().count("\n") == 15


def test_beds_without_counts_of_people_present_are_told_as_assumed(tmp_path: Path) -> None:
    scenario = load(imported(tmp_path, table(days(30), poisson(30, 9)), beds=60))
    assert beds_of(scenario) == {"shelter": 60}
    assert shelters_of(scenario) == ("present:shelter",)
    found = outlook(scenario, runs=30, dates=0)
    text = [str(part) for part in outlook_text(found)]
    assert any("Assumed: people at Shelter, whom nobody counted" in part for part in text)
    assert any(part.startswith("Assumed: how long people stay") for part in text)
    assert found.worth[0].counts == 0


def test_dates_of_the_past_are_spread_and_leave_counts_after_them() -> None:
    counts = {"present:a": tuple(count("present:a", day, 5) for day in days(120))}
    dates = dates_of(counts, 14, 6)
    assert len(dates) == 6
    assert dates[0] >= days(120)[-85]
    assert dates[-1] == days(120)[-8]
    assert dates_of({"present:a": counts["present:a"][:8]}, 14, 6) == tuple(days(7)[4:])
    assert dates_of({"present:a": counts["present:a"][:4]}, 14, 6) == ()


def test_a_backtest_of_a_scenario_that_drifts_learns_its_numbers() -> None:
    from posada.forecasting.backtesting import fit_of_movement, learner_of
    from posada.forecasting.nights import learn_quickly

    scenario = load("caravan-2018")
    assert learner_of(scenario) is fit_of_movement
    group = next(iter(scenario.groups.values()))
    assert group.people is not None
    drifting = scenario.replace(course=(Change("multiply", group.people.path, group.people),))
    assert learner_of(drifting) is learn_quickly


def test_what_the_last_count_was_off_by() -> None:
    line = [count("present:a", day, float(i)) for i, day in enumerate(days(30))]
    assert off_by(line) == ((1, 1.0), (7, 7.0))
    assert off_by(line[:3]) == ()


def test_without_counts_there_is_nothing_to_forecast(tmp_path: Path) -> None:
    scenario = load(imported(tmp_path, table(days(30), poisson(30, 9))))
    with pytest.raises(ForecastError, match="no count was known"):
        outlook(scenario, issued=FIRST - timedelta(days=1))
    with pytest.raises(ForecastError, match="nothing was counted"):
        outlook(scenario.replace(observations={}))


TRUTHS = 12


def truth(seed: int, what: str) -> tuple[list[int], int]:
    """Counts of a made-up shelter, and how many of them were known: none of the model's own making."""
    rng = np.random.default_rng(1000 + seed)
    known = int(rng.choice([8, 21, 45, 90]))
    n = known + 14
    level = rng.uniform(2, 40) * np.exp(np.cumsum(rng.normal(0, rng.choice([0.02, 0.05]), n)))
    burst = rng.uniform(2, 30)
    if what == "arrivals":
        week = np.exp(rng.normal(0, rng.choice([0.05, 0.4]), 7))
        level = level * np.array([week[day.weekday()] for day in days(n)])
        return [int(v) for v in rng.negative_binomial(burst, burst / (burst + level))], known
    stay, there, found = rng.uniform(2, 20), 0, []
    there = int(rng.poisson(level[0] * stay))
    for rate in level:
        there = int(rng.binomial(there, np.exp(-1 / stay)) + rng.negative_binomial(burst, burst / (burst + rate)))
        found.append(there)
    return found, known


@pytest.mark.prove
@pytest.mark.parametrize("what", ["arrivals", "present"])
def test_nine_in_ten_of_the_nights_to_come_lie_within_the_range_of_nine_in_ten(tmp_path: Path, what: str) -> None:
    inside = []
    for seed in range(TRUTHS):
        numbers, known = truth(seed, what)
        (tmp_path / str(seed)).mkdir()
        folder = imported(
            tmp_path / str(seed), table(days(known), numbers[:known], header=f"date,{what}"), cumulative=False
        )
        found = outlook(folder, dates=0)
        (series,) = counts_of(load(folder))
        nights = found.nights().filter(series=series)
        later = np.array(numbers[known : known + nights.height])
        inside += ((later >= nights["low90"].to_numpy()) & (later <= nights["high90"].to_numpy())).tolist()
    assert 0.80 <= np.mean(inside) <= 0.98
