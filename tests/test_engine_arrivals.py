"""Streams, intervals, batches, seasons and tables of arrivals: exact traces, and how many come."""

# ruff: noqa: E501

from __future__ import annotations

import math
from datetime import date

import numpy as np
import polars as pl
import pytest

from engine_kit import area, day, flow, simulate, total, write
from posada.scenario import ScenarioErrors, load

PASS = "pathways: {p: [{id: end, outcome: done}]}\noutcomes: {done: {}}\n"


def group(keys: str) -> str:
    return f"groups: {{g: {{{keys}, place: here, pathway: p}}}}\n" + PASS


def counts(r, event="set_out:g") -> dict[str, int]:
    return flow(r, event)


def test_arrivals_at_intervals_begin_one_interval_after_the_first_instant(tmp_path):
    r = simulate(tmp_path / "a", group("every: 16 hours, until: 2018-04-05"))
    assert counts(r) == {day(0): 1, day(1): 1, day(2): 2}  # after 16, 32, 48 and 64 hours
    r = simulate(tmp_path / "b", group("every: 1 days, from: 2018-04-04 12:00"))
    assert counts(r) == {day(k): 1 for k in range(3, 10)}
    r = simulate(tmp_path / "c", group("every: 3 days, from: 2018-03-31"))  # April 3, 6, 9
    assert counts(r) == {day(1): 1, day(4): 1, day(7): 1}


def test_batches_come_at_once_and_a_stream_brings_as_many_as_without(tmp_path):
    r = simulate(tmp_path / "a", group("every: 2 days, batch: 3, parties: {2: 1}"))
    assert counts(r) == {day(k): 6 for k in (2, 4, 6, 8)}
    r = simulate(tmp_path / "b", group("parties_per_day: 30, batch: 4"), replicates=50)
    assert r.flows.filter(pl.col("attribute") == "all")["people"].sum() == pytest.approx(50 * 300, abs=3.5 * math.sqrt(50 * 300 * 4))


def test_parties_and_people_per_day(tmp_path):
    r = simulate(tmp_path / "a", group("parties_per_day: 20, parties: {3: 1}"), replicates=50)
    assert total(r, "set_out:g", count="parties") == pytest.approx(50 * 200, rel=0.035)
    assert total(r, "set_out:g") == 3 * total(r, "set_out:g", count="parties")
    r = simulate(tmp_path / "b", group("people_per_day: 60, parties: {3: 1}"), replicates=50)
    assert total(r, "set_out:g", count="parties") == pytest.approx(50 * 200, rel=0.035)


def test_weekdays_shut_a_stream_and_open_it(tmp_path):
    r = simulate(tmp_path, group("parties_per_day: 50, rate: {weekday: {mon: 0, tue: 0, sat: 0, sun: 2}}"), replicates=40)
    found = counts(r)
    assert day(0) not in found  # Monday
    assert day(1) not in found
    assert day(5) not in found
    assert found[day(6)] == pytest.approx(40 * 100, abs=3.5 * math.sqrt(4000))
    assert found[day(2)] == pytest.approx(40 * 50, abs=3.5 * math.sqrt(2000))


@pytest.mark.parametrize("weekday", ["", "weekday: {mon: 2, wed: 0}, "])
def test_a_season_follows_its_sine(tmp_path, weekday):
    r = simulate(tmp_path, group(f"parties_per_day: 100, rate: {{{weekday}season: {{amplitude: 0.9, period: 5 days, peak: 2018-04-03 06:00}}}}"), replicates=60)
    found = counts(r)
    for k in range(10):
        a, b = (2 * math.pi * (x - 1.25) / 5 for x in (k, k + 1))
        mean = 60 * 100 * (1 + 0.9 * 5 / (2 * math.pi) * (math.sin(b) - math.sin(a)))
        mean *= {0: 2, 2: 0}.get(k % 7, 1) if weekday else 1
        assert found.get(day(k), 0) == pytest.approx(mean, abs=3.5 * math.sqrt(mean) + 1e-9), k


def test_a_season_that_changes_no_rate_changes_no_arrival(tmp_path):
    plain = simulate(tmp_path / "a", group("parties_per_day: 30"))
    flat = simulate(tmp_path / "b", group("parties_per_day: 30, rate: {season: {amplitude: 0, period: 9 days, peak: 2018-04-02}, weekday: {mon: 1}}"))
    assert counts(flat) == counts(plain)


def test_what_a_policy_does_to_a_rate_later_changes_nothing_before(tmp_path):
    text = group("parties_per_day: 30, rate: {weekday: {fri: 0.5}}") + (
        "policies: {half: [{multiply: groups.g.rate.weekday.sun, by: 0}], more: [{multiply: groups.g.rate.weekday.fri, by: 3}]}\n").replace(
            "{multiply: groups.g.rate.weekday.sun, by: 0}", "{multiply: groups.g.rate.weekday.fri, by: 0}")
    plain = simulate(tmp_path / "a", text)
    more = simulate(tmp_path / "b", text, policy="more")
    assert [counts(more)[day(k)] for k in range(4)] == [counts(plain)[day(k)] for k in range(4)]
    assert counts(more)[day(4)] > counts(plain)[day(4)]
    none = simulate(tmp_path / "c", text, policy="half")
    assert day(4) not in counts(none)


def test_a_dated_rate_with_weekdays(tmp_path):
    r = simulate(tmp_path, group("parties_per_day: [{value: 0}, {from: 2018-04-05, value: 80}], rate: {weekday: {sat: 0}}"), replicates=30)
    found = counts(r)
    assert set(found) == {day(k) for k in (3, 4, 6, 7, 8, 9)}
    assert sum(found.values()) == pytest.approx(30 * 480, abs=3.5 * math.sqrt(30 * 480))


def table(folder, rows, name="come.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(rows, encoding="utf-8")
    return folder


def test_a_daily_series_brings_so_many_on_each_date_over_the_whole_day(tmp_path):
    f = table(tmp_path / "s", "date,people\n2018-04-03,400\n2018-04-01,9\n2018-04-05,200\n2018-04-04,0\n2030-01-01,5\n")
    r = simulate(f, "groups: {g: {arrivals: come.csv, place: here, pathway: p}}\n"
                    "pathways: {p: [{id: w, wait: {until: 2018-04-12}}, {id: end, outcome: done}]}\noutcomes: {done: {}}\n")
    assert counts(r) == {day(1): 400, day(3): 200}
    present = r.stocks.filter((pl.col("state") == "active") & (pl.col("attribute") == "all")).sort("at")
    # those of a day come at its middle on average
    assert present["people_mean"][0] == pytest.approx(200, abs=3.5 * math.sqrt(400 / 12))
    assert present["people_mean"][2] == pytest.approx(500, abs=3.5 * math.sqrt(200 / 12))


def test_a_daily_series_at_an_hour_or_at_times(tmp_path):
    wait = "pathways: {p: [{id: w, wait: {until: 2018-04-12}}, {id: end, outcome: done}]}\noutcomes: {done: {}}\n"
    f = table(tmp_path / "a", "date,people\n2018-04-03,4\n")
    r = simulate(f, "groups: {g: {arrivals: come.csv, at: \"18:00\", place: here, pathway: p}}\n" + wait)
    assert area(r, "active:chain") == pytest.approx(4 * 8.25)
    f = table(tmp_path / "b", "date;time;people\n2018-04-03;06:00;4\n2018-04-03;18:00;2\n")
    r = simulate(f, "groups: {g: {arrivals: come.csv, place: here, pathway: p}}\n" + wait)
    assert area(r, "active:chain") == pytest.approx(4 * 8.75 + 2 * 8.25)


def test_what_the_last_party_of_a_row_has_too_many_is_taken_off_the_next(tmp_path):
    f = table(tmp_path / "s", "date,people\n2018-04-03,5\n2018-04-04,2\n2018-04-05,4\n")
    r = simulate(f, group("arrivals: come.csv, parties: {3: 1}"))
    assert counts(r) == {day(1): 6, day(2): 3, day(3): 3}


@pytest.mark.parametrize(("keys", "told"), [
    ("people: 3, parties_per_day: 2, date: 2018-04-02", "needs one of"),
    ("every: 0 hours", "above 0"),
    ("people: 3, date: 2018-04-02, batch: 2", "'batch' goes with"),
    ("every: 1 hours, rate: {weekday: {mon: 1}}", "'rate' goes with"),
    ("parties_per_day: 2, batch: 0", "at least 1"),
    ("parties_per_day: 2, rate: {season: {amplitude: 1.5, period: 7 days, peak: 2018-04-02}}", "between 0 and 1"),
    ("parties_per_day: 2, rate: {weekday: {monday: 1}}", "monday"),
    ("arrivals: other.csv", "cannot be read"),
    ("arrivals: ../come.csv", "names a CSV file"),
    ("arrivals: come.csv", "in every row, or in none"),
    ("arrivals: twice.csv", "stands in two rows"),
    ("arrivals: half.csv", "whole number"),
])
def test_mistakes_are_told(tmp_path, keys, told):
    table(tmp_path, "date,time,people\n2018-04-03,,4\n2018-04-04,18:00,2\n")
    table(tmp_path, "date,people\n2018-04-03,4\n2018-04-03,2\n", "twice.csv")
    table(tmp_path, "date,people\n2018-04-03,4.5\n", "half.csv")
    write(tmp_path, group(keys))
    with pytest.raises(ScenarioErrors, match=told):
        load(tmp_path)


def test_the_hash_covers_what_the_files_hold(tmp_path):
    found = set()
    for k, rows in enumerate(("date,people\n2018-04-03,4\n", "date,people\n2018-04-03,5\n", "people,date\n5,2018-04-03\n")):
        table(tmp_path / str(k), rows)
        found.add(load(write(tmp_path / str(k), group("arrivals: come.csv"))).hash)
    assert len(found) == 2


def test_a_result_keeps_the_tables_and_is_replaced_with_them(tmp_path):
    from posada.results import open_result

    table(tmp_path / "s", "date,people\n2018-04-03,4\n")
    table(tmp_path / "s", "hours,note\n4,\n", "waits.csv")
    text = "groups: {g: {arrivals: come.csv, place: here, pathway: p}}\npathways: {p: [{id: w, wait: {for: {empirical: waits.csv:hours}}}, {id: end, outcome: done}]}\noutcomes: {done: {}}\n"
    r = simulate(tmp_path / "s", text)
    for _ in range(2):
        out = r.save(tmp_path / "out")
        assert open_result(out).scenario.hash == r.scenario.hash
    assert {p.name for p in (out / "scenario").iterdir()} == {"scenario.yaml", "places.csv", "come.csv", "waits.csv", "tables.json"}
    (out / "scenario" / "mine.csv").write_text("x\n")
    r.save(out)
    assert (out / "scenario" / "mine.csv").exists()


def test_intervals_drawn_from_a_distribution_have_its_mean_and_spread(tmp_path):
    r = simulate(tmp_path, "end: 2018-12-31\n" + group("every: {gamma: {mean: 6 hours, shape: 4}}"), replicates=30)
    n = r.flows.filter(pl.col("attribute") == "all").group_by("replicate").agg(pl.col("people").sum())["people"].to_numpy()
    days = (date(2019, 1, 1) - date(2018, 4, 2)).days
    assert np.mean(n) == pytest.approx(4 * days, abs=3.5 * math.sqrt(4 * days / 4 / 30) + 1)
    assert np.var(n) == pytest.approx(4 * days / 4, rel=0.9)


def test_a_policy_changes_a_stream_from_a_date_on(tmp_path):
    text = """
groups: {g: {people_per_day: 400, place: here, pathway: p}}
pathways: {p: [{id: end, outcome: done}]}
outcomes: {done: {}}
policies: {fewer: [{multiply: groups.g.people_per_day, by: 0.25, from: 2018-04-06}]}
"""
    before = simulate(tmp_path / "a", text)
    after = simulate(tmp_path / "b", text, policy="fewer")
    counts = [list(flow(r, "set_out:g").values()) for r in (before, after)]
    assert counts[0][:4] == counts[1][:4]
    assert all(60 < n < 140 for n in counts[1][4:])
