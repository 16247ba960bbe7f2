"""Laws, checked from the tables alone: nobody is lost, levels add up, Little's law, the same bytes everywhere."""

# ruff: noqa: E501

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import scenario_base
from engine_kit import area, dates, same_tables, simulate, total, waits, write
from posada.ensemble import run

BUSY = """
end: 2018-06-10
record: {by: [group, party_type, sex_and_age, nationality]}
attributes: {nationality: [HND, SLV], lawyer: [yes, no]}
quantities: {n: {value: 9, low: 5, high: 15}}
modes: {foot: {speed_kmh: 3, hours: "06:00-16:00"}}
groups:
  crowd: {people: 300, place: there, date: 2018-04-03 05:00, pathway: walk, parties: {1: 0.4, 2: 0.3, 4: 0.3}, sex_and_age: {men_18_59: 0.4, women_18_59: 0.3, boys_5_17: 0.2, girls_0_4: rest}, attributes: {nationality: {HND: 0.7, SLV: rest}}}
  daily: {people_per_day: 6, place: here, pathway: town, parties: {1: 0.7, 3: 0.3}}
facilities:
  beds: {at: here, kind: beds, beds: {families: {beds: 40, admits: [families, women]}, all: {beds: 60}}, max_stay: 20 days, refer_to: [annex], intake_hours: "08:00-22:00"}
  annex: {at: here, kind: beds, beds: 20}
  gate: {at: here, kind: gate, slots_per_day: n, opens: "07:00", into: cells, priority: ["party_type == families"], background: {initial: [{joined: 2018-03-01, number: 60}], arrivals_per_day: 2.5}}
  cells: {at: here, kind: holding, places: 60}
  lawyers: {at: here, kind: caseload, places: 25}
  officers: {at: here, kind: desks, staff: 2, service: {lognormal: {median: 2 hours, spread: 2}}, hours: "mon-fri 08:00-17:00"}
pathways:
  walk: [{id: meet, gather: {share: 0.9, at_most: 1 days}}, {id: go, travel: {along: road, pace: {lognormal: {median: 1, spread: 1.4}}}, then: town}]
  town:
    - {id: s, stay: {in: beds}}
    - {id: think, daily: true, choose: {port: {utility: "1 - 0.1 * expected_wait_days(gate)", then: port}, wait: {utility: 0.5, then: w}, leave: {utility: -2, then: gone}}}
    - {id: w, wait: {until: "09:00"}, then: think}
    - {id: gone, outcome: gone}
  port:
    - {id: q, queue: {at: gate, gives_up_after: {exponential: {mean: 15 days}}, gives_up_to: town}}
    - {id: part, split: {who: men, to: m}}
    - {id: i, queue: {at: officers}}
    - {id: l, hold: {in: lawyers, if_full: r}}
    - {id: r, rejoin: {at_most: 9 days}}
    - {id: b, branch: {yes: {share: 0.6, then: yes}, no: {share: rest, then: gone}}}
    - {id: yes, outcome: protected}
    - {id: gone, outcome: gone}
    - {id: m, wait: {for: {erlang: {mean: 6 days, stages: 3}}}, then: r}
outcomes: {protected: {}, gone: {}}
"""
ROAD = "road,there,here,foot,30\n"


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("busy"), BUSY, links=ROAD, replicates=3)


def by_level(table: pl.DataFrame, date: str, keep: pl.Expr) -> pl.DataFrame:
    return table.filter(keep).group_by("replicate", date, "attribute", "level").agg(pl.col("people").sum())


def test_nobody_is_lost_at_any_record_at_any_level(busy):
    """For each level of each attribute that never changes: set out = present or travelling + ended."""
    here = by_level(busy.stocks, "at", pl.col("state").is_in(["present", "travelling"]))
    out = by_level(busy.flows, "from", pl.col("event") == "set_out")
    ended = by_level(busy.outcomes, "date", pl.lit(True))
    fixed = ["all", "group", "sex_and_age", "nationality"]
    table = pl.concat([
        here.rename({"at": "date"}).with_columns(pl.lit("here").alias("what")),
        out.rename({"from": "date"}).with_columns(pl.lit("out").alias("what")),
        ended.with_columns(pl.lit("ended").alias("what")),
    ]).filter(pl.col("attribute").is_in(fixed))
    checked = 0
    for _, rows in table.group_by("replicate", "attribute", "level"):
        per = {what: dict(rows.filter(pl.col("what") == what).select("date", "people").iter_rows())
               for what in ("here", "out", "ended")}
        balance = 0
        for d in dates(busy):
            balance += per["out"].get(d, 0) - per["ended"].get(d, 0)
            assert balance == per["here"].get(d, 0)
            checked += 1
    assert checked > 1000


def test_counts_are_never_negative_and_levels_add_up_to_all(busy):
    keys = {"stocks": ["at", "where", "state"], "flows": ["from", "where", "event"], "outcomes": ["date", "outcome"]}
    for name, columns in keys.items():
        table = busy.table(name)
        assert table["people"].min() >= 0
        assert table["parties"].min() >= 0
        value = pl.col("people").sum()
        everyone = table.filter(pl.col("attribute") == "all").group_by("replicate", *columns).agg(value.alias("all"))
        for attribute in ("group", "party_type", "sex_and_age", "nationality"):
            parts = table.filter(pl.col("attribute") == attribute).group_by("replicate", *columns).agg(value)
            both = everyone.join(parts, on=["replicate", *columns], how="full", coalesce=True)
            assert both.filter(pl.col("all").fill_null(0) != pl.col("people").fill_null(0)).is_empty(), (name, attribute)


def test_what_moves_in_and_out_is_what_is_there(busy):
    for room in ("beds/families", "beds/all", "annex", "cells", "lawyers"):
        moved = busy.flows.filter((pl.col("where") == room) & (pl.col("attribute") == "all"))
        inside = busy.stocks.filter((pl.col("where") == room) & (pl.col("state") == "occupied")
                                    & (pl.col("attribute") == "all"))
        for k in range(3):
            net = 0
            events = moved.filter(pl.col("replicate") == k)
            for d in dates(busy):
                now = events.filter(pl.col("from") == d)
                net += now.filter(pl.col("event") == "moved_in")["people"].sum()
                net -= now.filter(pl.col("event") == "moved_out")["people"].sum()
                assert net == inside.filter((pl.col("replicate") == k) & (pl.col("at") == d))["people"].sum()


def test_beds_are_never_given_beyond_their_number(busy):
    most = {"beds/families": 40, "beds/all": 60, "annex": 20, "cells": 60}
    for room, n in most.items():
        rows = busy.stocks.filter((pl.col("where") == room) & (pl.col("state") == "occupied"))
        assert rows["people_max"].max() <= n


def test_littles_law_holds_exactly(tmp_path):
    """Person-days in the queue are the sum of the waits, as a sample-path identity (case A57 of the analytic cases)."""
    r = simulate(tmp_path, """
end: 2018-06-30
groups: {g: {people_per_day: 40, place: here, pathway: p, parties: {1: 0.5, 3: 0.5}}}
facilities: {f: {at: here, kind: desks, staff: 3, service: {exponential: {mean: 3.4 hours}}}}
pathways: {p: [{id: q, queue: {at: f, gives_up_after: {exponential: {mean: 2 days}}, gives_up_to: end}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    by_end = waits(r, "f")
    assert set(by_end) == {"served", "gave_up", "still_waiting"}
    assert area(r, "waiting:f") == pytest.approx(sum(days for _, days in by_end.values()), rel=1e-9)
    assert total(r, "joined:f") == sum(n for n, _ in by_end.values())


# --- the same bytes ----------------------------------------------------------------------------------------------

PROGRAM = """
import sys
from posada.ensemble import run
run(sys.argv[1], replicates=6, seed=9, threads=int(sys.argv[3])).save(sys.argv[2])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("bytes") / "busy", BUSY, links=ROAD)


@pytest.fixture(scope="module")
def saved(folder):
    return run(folder, replicates=6, seed=9, threads=1).save(folder.parent / "one")


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_same_bytes_on_any_number_of_threads(folder, saved, threads):
    assert same_tables(saved, run(folder, replicates=6, seed=9, threads=threads).save(folder.parent / f"t{threads}"))


def elsewhere(folder: Path, out: str, **environment: str) -> Path:
    target = folder.parent / out
    subprocess.run([sys.executable, "-c", PROGRAM, str(folder), str(target), "2"], check=True, timeout=600,
                   env={**os.environ, **environment})
    return target


def test_the_same_bytes_in_another_process(folder, saved):
    assert same_tables(saved, elsewhere(folder, "process", PYTHONHASHSEED="77"))


@pytest.mark.prove
def test_the_same_bytes_without_fused_operations_or_wide_registers(folder, saved):
    """Another processor: the engine is compiled for it, and the maths library has no fused operations either."""
    plain = elsewhere(folder, "plain", NUMBA_CPU_NAME="x86-64", NUMBA_CPU_FEATURES="",
                      GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable")
    assert same_tables(saved, plain)


def test_another_seed_gives_other_bytes(folder, saved):
    assert not same_tables(saved, run(folder, replicates=6, seed=10).save(folder.parent / "seed"))


def test_the_order_of_keys_and_rows_does_not_matter(tmp_path):
    a = scenario_base.write(tmp_path / "a")
    lines = scenario_base.FILES["places.csv"].strip().split("\n")
    groups = scenario_base.FILES["groups.csv"].strip().split("\n")
    blocks: dict[str, list[str]] = {}
    for line in scenario_base.YAML.rstrip("\n").split("\n"):
        if not line.startswith(" "):
            key = line
            blocks[key] = []
        blocks[key].append(line)
    shuffled = "\n".join("\n".join(block) for block in reversed(list(blocks.values()))) + "\n"
    b = scenario_base.write(tmp_path / "b", {
        "scenario.yaml": shuffled, "places.csv": "\n".join([lines[0], *reversed(lines[1:])]) + "\n",
        "groups.csv": "\n".join([groups[0], *reversed(groups[1:])]) + "\n"})
    assert same_tables(run(a, replicates=3).save(tmp_path / "ra"), run(b, replicates=3).save(tmp_path / "rb"))
