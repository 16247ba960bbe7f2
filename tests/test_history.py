"""Histories: one row for each party and step says the same as the tables, whatever the memory, threads and stops."""

# ruff: noqa: E501

from __future__ import annotations

import hashlib
import json
import math
import signal
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import posada
from cli_kit import needs_proc, process, started
from engine_kit import same_tables, simulate, total, write
from posada.engine import EngineError, compile_scenario, draw_z, key_of, matrix, new_state, with_history
from posada.engine import history as buffers
from posada.engine import simulate as one_replicate
from posada.ensemble import StateError, histories, open_state, resume, run
from posada.results import ResultError, open_result
from posada.scenario import CLASSES, ScenarioErrors, load
from test_engine_fuzz import examples, fuzzed, pathways
from test_engine_roam import frame, simulated

TABLES = ("stocks", "flows", "waits", "outcomes", "quantities", "background", "busy")
ENDS = "outcomes: {done: {}, gone: {}}\n"
LINE = "pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}, {id: out, outcome: gone}]}\n" + ENDS
DAY = 86_400e6
"""Microseconds."""


def prints(result) -> dict[str, str]:
    """The files of a history and hashes of their bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in result.kept_history.files}


def same(a, b) -> bool:
    """Whether two results have the same tables."""
    return all(a.table(name).equals(b.table(name)) for name in TABLES)


def rows_of(result) -> pl.DataFrame:
    """A history, with names as text."""
    return result.history.with_columns(pl.col(pl.Enum, pl.Categorical).cast(str)).collect()


def counts(rows: pl.DataFrame, keys: list[str], attribute: str) -> dict[tuple, int]:
    """People of a history by replicate, some columns and the levels of an attribute."""
    if attribute == "sex_and_age":
        rows = rows.unpivot(on=CLASSES, index=["replicate", *keys], variable_name="level", value_name="n")
    else:
        level = pl.lit("all") if attribute == "all" else pl.col(attribute)
        rows = rows.select("replicate", *keys, level.alias("level"), pl.col("people").alias("n"))
    found = rows.group_by("replicate", *keys, "level").agg(pl.col("n").cast(int).sum()).filter(pl.col("n") > 0)
    return {row[:-1]: row[-1] for row in found.iter_rows()}


def told(table: pl.DataFrame, keys: list[str], attribute: str, people: str = "people") -> dict[tuple, int]:
    """People of a table by replicate, some columns and the levels of an attribute."""
    rows = table.filter(pl.col("attribute") == attribute).with_columns(pl.col(pl.Enum, pl.Categorical).cast(str))
    found = rows.group_by("replicate", *keys, "level").agg(pl.col(people).sum()).filter(pl.col(people) > 0)
    return {row[:-1]: row[-1] for row in found.iter_rows()}


def agrees(result, attributes=("all", "group", "party_type", "sex_and_age")) -> None:
    """A history says what the tables say: outcomes, options taken, waits, those still there, families."""
    rows = rows_of(result)
    flows = result.flows.with_columns(pl.col(pl.Enum, pl.Categorical).cast(str))
    ends = rows.filter(pl.col("kind") == "outcome")
    waited = rows.filter(pl.col("kind").is_in(["queue", "hold"]) & pl.col("facility").is_not_null())
    waited = waited.with_columns(
        pl.when(pl.col("started").is_not_null()).then(pl.lit("served"))
        .when(pl.col("how") == "still_there").then(pl.lit("still_waiting")).otherwise(pl.col("how")).alias("ended_as"))
    took = rows.filter(pl.col("kind").is_in(["branch", "choose", "wait"]) & ~pl.col("how").is_in(["done", "still_there"]))
    took = took.with_columns((pl.col("step") + "/" + pl.col("how")).alias("where"))
    last = result.stocks.filter((pl.col("state") == "active") & (pl.col("at") == result.record[-1][0]))
    for attribute in attributes:
        assert counts(ends.rename({"how": "outcome"}), ["outcome"], attribute) == told(result.outcomes, ["outcome"], attribute)
        assert counts(took, ["where"], attribute) == told(flows.filter(pl.col("event") == "took"), ["where"], attribute)
        renamed = waited.select("replicate", "people", *attribute_columns(rows, attribute),
                                pl.col("facility").alias("where"), pl.col("ended_as").alias("ended"))
        assert counts(renamed, ["where", "ended"], attribute) == told(result.waits, ["where", "ended"], attribute)
        assert counts(rows.filter(pl.col("how") == "still_there"), [], attribute) == told(last, [], attribute)
    until = pl.when(pl.col("started").is_not_null()).then("started").otherwise("ended")
    days = waited.with_columns(((until - pl.col("joined")).dt.total_microseconds() / DAY * pl.col("people")).alias("days"))
    mine = dict(days.group_by("facility").agg(pl.col("days").sum()).iter_rows())
    for where, theirs in result.waits.filter(pl.col("attribute") == "all").group_by("where").agg(pl.col("sum_days").sum()).iter_rows():
        assert mine[str(where)] == pytest.approx(theirs, rel=1e-9, abs=1e-6)
    whole = flows.filter(pl.col("attribute") == "all")
    for event, how in (("parted", "parted"), ("rejoined", "rejoined")):
        assert rows.filter(pl.col("how") == how).height == whole.filter(pl.col("event") == event)["parties"].sum()
    born = rows.filter((pl.col("nth") == 1) & pl.col("parent").is_null())
    assert born.height == whole.filter(pl.col("event") == "set_out")["parties"].sum()


def attribute_columns(rows: pl.DataFrame, attribute: str) -> list[str]:
    """The columns of an attribute."""
    return [*CLASSES] if attribute == "sex_and_age" else [attribute] if attribute in rows.columns else []


def hangs_together(result) -> None:
    """The steps of a party follow one another without a gap, from its first to an outcome, a reunion or the end."""
    rows = rows_of(result).sort("replicate", "party", "nth")
    party = ["replicate", "party"]
    chained = rows.with_columns(pl.col("joined").shift(-1).over(party).alias("next"),
                                pl.col("nth").rank("ordinal").over(party).alias("rank"),
                                (pl.len().over(party) == pl.col("nth")).alias("last"))
    assert (chained["nth"] == chained["rank"]).all()
    inner = chained.filter(~pl.col("last"))
    assert (inner["next"] == inner["ended"]).all()
    assert not inner["how"].is_in(["still_there", "rejoined"]).any()
    final = chained.filter(pl.col("last"))
    assert ((final["kind"] == "outcome") | final["how"].is_in(["still_there", "rejoined"])).all()
    begun = rows.filter(pl.col("started").is_not_null())
    assert (begun["joined"] <= begun["started"]).all()
    assert (begun["started"] <= begun["ended"]).all()
    assert (rows["joined"] <= rows["ended"]).all()
    parts = rows.filter((pl.col("nth") == 1) & pl.col("parent").is_not_null())
    split = rows.filter(pl.col("how") == "parted").select(
        "replicate", pl.col("party").alias("parent"), pl.col("ended").alias("joined"), "group", "number")
    assert parts.join(split, on=["replicate", "parent", "joined", "group", "number"]).height == parts.height == split.height


# --- what it says ---------------------------------------------------------------------------------------------------


@examples(40)
@given(pathways(), st.integers(0, 3))
def test_a_history_says_what_the_tables_say_whatever_the_steps(text, seed):
    with tempfile.TemporaryDirectory() as folder:
        place = fuzzed(Path(folder), text)
        try:
            plain = run(place, replicates=2, seed=seed, threads=1)
        except (EngineError, ScenarioErrors):
            assume(False)
        r = run(place, replicates=2, seed=seed, threads=1, history=Path(folder) / "h")
        assert same(plain, r)
        agrees(r)
        hangs_together(r)


@pytest.fixture(scope="module")
def caravan():
    """A run of a whole scenario with histories."""
    return run("caravan-2018", replicates=3, history=True)


def test_the_caravan_and_its_tables(caravan):
    agrees(caravan, ("all", "nationality", "party_type"))
    hangs_together(caravan)
    assert same(caravan, run("caravan-2018", replicates=3))


def test_every_row_says_that_it_is_synthetic_and_whose_it_is(caravan):
    rows = caravan.history.collect()
    assert rows["synthetic"].dtype == pl.Boolean
    assert rows["synthetic"].all()
    assert rows["policy"].unique().to_list() == ["as-stated"]
    assert sorted(rows["replicate"].unique()) == [0, 1, 2]
    names = ["replicate", "policy", "group", "number", "party", "parent", "nth", "step", "kind", "place", "to", "facility",
             "joined", "started", "ended", "how", "people"]
    assert rows.columns == [*names, "nationality", "party_type", "counted", "synthetic"]


def test_an_exact_trace(tmp_path):
    """A party of two walks 10 km at 4 km/h, waits for a desk that opens at noon, is served for an hour, and is done."""
    r = simulate(tmp_path, """
        modes: {foot: {speed_kmh: 4}}
        groups: {g: {people: 2, place: here, date: 2018-04-02 06:00, pathway: p, parties: {2: rest}}}
        facilities: {f: {at: there, kind: desks, staff: 1, service: 1 hours, hours: "12:00-17:00"}}
        pathways: {p: [{id: go, travel: {along: out}}, {id: q, queue: {at: f}}, {id: end, outcome: done}]}
        outcomes: {done: {}}
        """, links="out,here,there,foot,10", history=True)
    rows = rows_of(r).select("nth", "step", "kind", "place", "to", "facility", "joined", "started", "ended", "how", "people")

    expected = [(1, "p.go", "travel", "here", "there", None, 6, 6, 8.5, "done", 2),
                (2, "p.q", "queue", "there", "there", "f", 8.5, 12, 13, "served", 2),
                (3, "p.end", "outcome", "there", "there", None, 13, None, 13, "done", 2)]
    for row, wanted in zip(rows.iter_rows(), expected, strict=True):
        hours = [None if x is None else (x - rows["joined"][0]) / timedelta(hours=1) + 6 for x in row[6:9]]
        assert (*row[:6], *hours, *row[9:]) == wanted
    assert rows["joined"][0].isoformat() == "2018-04-02T06:00:00"


def test_instants_are_told_in_utc(tmp_path):
    r = simulate(tmp_path, """
        time_zone: America/Tijuana
        groups: {g: {people: 1, place: west, date: 2018-04-02 06:00, pathway: p}}
        pathways: {p: [{id: end, outcome: done}]}
        outcomes: {done: {}}
        """, history=True)
    assert rows_of(r)["joined"][0].isoformat() == "2018-04-02T13:00:00"


def test_percentiles_of_waits_at_eight_servers(tmp_path):
    """M/M/8 at 90 % of load, from histories: P(W > t) = C exp(-(c mu - lambda) t), with Erlang's C."""
    c, load = 8, 7.2
    blocked = load**c / math.factorial(c) / (1 - load / c)
    erlang = blocked / (sum(load**k / math.factorial(k) for k in range(c)) + blocked)
    end = date(2018, 4, 2) + timedelta(days=4000)
    r = simulate(tmp_path, f"""
end: {end}
record: {{daily_until: 2018-04-02, by: [group]}}
groups: {{g: {{parties_per_day: {load}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: {c}, service: {{exponential: {{mean: 1 days}}}}}}}}
""" + LINE, replicates=60, history=True)
    waits = r.history.filter((pl.col("kind") == "queue") & pl.col("started").is_not_null() & (pl.col("joined") > date(2018, 8, 1)))
    waits = waits.select("replicate", days=(pl.col("started") - pl.col("joined")).dt.total_microseconds() / DAY)
    for share in (0.5, 0.8, 0.9, 0.95):
        exact = math.log(erlang / (1 - share)) / (c - load)
        found = waits.group_by("replicate").agg(pl.col("days").quantile(share)).collect()["days"].to_numpy()
        error = found.std(ddof=1) / math.sqrt(len(found))
        assert error < 0.03 * exact
        assert abs(found.mean() - exact) < 3.5 * error, (share, found.mean(), exact, error)


FAMILY = "group,party,share,men_18_59,women_18_59,girls_5_17,boys_0_4\ng,f,1,1,1,1,1\n"


def test_a_part_of_a_family_has_its_own_number_and_knows_its_parent(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p, parties: table}}
record: {by: [sex_and_age]}
pathways:
  p:
    - {id: part, split: {who: men, to: cell}}
    - {id: home, wait: {for: 1 days}, then: meet}
    - {id: cell, wait: {for: 3 days}, then: meet}
    - {id: meet, rejoin: {}}
    - {id: rest, wait: {for: 1 days}}
    - {id: end, outcome: done}
outcomes: {done: {}}
""", groups=FAMILY, history=True)
    rows = rows_of(r).select("party", "parent", "number", "nth", "step", "how", "people", "men_18_59", "boys_0_4")
    assert rows.sort("party", "nth").rows() == [
        (0, None, 0, 1, "p.part", "parted", 3, 0, 1),
        (0, None, 0, 2, "p.home", "done", 3, 0, 1),
        (0, None, 0, 3, "p.meet", "done", 4, 1, 1),
        (0, None, 0, 4, "p.rest", "done", 4, 1, 1),
        (0, None, 0, 5, "p.end", "done", 4, 1, 1),
        (1, 0, 0, 1, "p.cell", "done", 1, 1, 0),
        (1, 0, 0, 2, "p.meet", "rejoined", 1, 1, 0),
    ]


def test_a_bed_and_a_list_for_one(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 2, place: here, date: 2018-04-02, pathway: p}}
facilities: {b: {at: here, kind: beds, beds: 1}}
pathways: {p: [{id: night, stay: {in: b}}, {id: rest, wait: {for: 1 days}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""", history=True)
    rows = rows_of(r).filter(pl.col("kind") == "stay")
    assert rows.select("facility", "how").rows() == [("b", "bed"), ("b", "no_bed")]


def test_a_name_of_an_attribute_that_is_a_column_already(tmp_path):
    r = simulate(tmp_path, """
record: {by: [how]}
attributes: {how: [fast, slow]}
groups: {g: {people: 1, place: here, date: 2018-04-02, pathway: p, attributes: {how: {fast: 1}}}}
pathways: {p: [{id: end, outcome: done}]}
outcomes: {done: {}}
""", history=True)
    assert rows_of(r).select("how", "how_").rows() == [("done", "fast")]


def test_a_history_without_anybody(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 1, place: here, date: 2018-04-11, pathway: p}}
pathways: {p: [{id: end, outcome: done}]}
outcomes: {done: {}}
""", until="2018-04-05", replicates=2, history=True)
    assert rows_of(r).height == 0
    assert r.kept_history.size()["files"] == 2


def test_who_roams_has_a_row_for_each_link(tmp_path):
    """240 km a day: on the first day to b, where half of the days people stay, on to c, a camp, where the journey ends."""
    r = simulated(tmp_path, frame("leaves: {camp: 0, else: 0.5}, utility: 0", people=200, roam="by: m, ends: [camp], at_most: 3 days, at_most_to: late"),
                  "ab,a,b,road,300\nbc,b,c,road,100\n", history=True)
    agrees(r, ("all",))
    hangs_together(r)
    rows = rows_of(r).filter(pl.col("kind") == "roam")
    for link, place, to in (("ab", "a", "b"), ("bc", "b", "c")):
        legs = rows.filter((pl.col("place") == place) & (pl.col("to") == to) & pl.col("started").is_not_null())
        assert legs.height == total(r, f"travelled:{link}") > 20
    assert rows.filter(pl.col("how") == "gave_up").height == total(r, "ended:late") > 0
    first = rows.filter((pl.col("nth") == 1) & (pl.col("to") == "b"))
    assert ((first["ended"] - first["started"]).dt.total_days() == 1).all()


# --- memory, threads ------------------------------------------------------------------------------------------------

CROWD = """
end: 2018-04-20
groups: {g: {people: 6000, place: here, date: 2018-04-02, pathway: p}}
facilities: {f: {at: here, kind: gate, slots_per_day: 2500, opens: "08:00"}}
""" + LINE


def test_the_buffer_is_a_fixed_number_of_rows(tmp_path, monkeypatch):
    """A tiny buffer makes the same bytes; what is in it at once is its length, and what one event may add."""
    whole = simulate(tmp_path, CROWD, history=True)
    took: list[int] = []
    take = histories.Writer.take

    def watched(self, rows, levels):
        took.append(len(rows))
        take(self, rows, levels)

    monkeypatch.setattr(histories.Writer, "take", watched)
    monkeypatch.setattr(buffers, "ROWS", 1)
    tiny = run(tmp_path, replicates=1, history=True)
    assert prints(tiny) == prints(whole)
    assert len(took) > 50
    assert max(took) <= 2501, "those who pass the gate in one morning"
    assert sum(took) == rows_of(whole).height == 12000


def test_files_are_filled_one_after_another(tmp_path, monkeypatch):
    whole = simulate(tmp_path, CROWD, replicates=2, history=True)
    monkeypatch.setattr(histories, "ROWS", 5000)
    parts = run(tmp_path, replicates=2, history=True)
    assert rows_of(parts).equals(rows_of(whole))
    assert [pl.read_parquet(path).height for path in parts.kept_history.files] == [5000, 5000, 2000] * 2
    assert [path.name for path in parts.kept_history.files][:2] == ["0000000-00000.parquet", "0000000-00001.parquet"]


def test_a_run_without_histories_has_no_room_for_them():
    compiled = compile_scenario(load("caravan-2018"))
    state = new_state(compiled.program, compiled.sizes)
    assert state.trace.nbytes == state.history.nbytes == state.history_levels.nbytes == 0
    seeds = np.array([key_of("replicate", 1, 0)], np.uint64)
    values = matrix(compiled.columns, draw_z(compiled.columns, seeds), 1)[0]

    def why(reason, state):
        return AssertionError(reason)

    _, state = one_replicate(compiled.program, compiled.sizes, values, int(seeds[0]), state, explain=why)
    assert state.trace.nbytes == state.history.nbytes == state.history_levels.nbytes == 0
    assert int(state.head["history_n"][0]) == 0
    kept = with_history(compiled.program, state)
    assert len(kept.trace) == len(kept.party)


def test_the_same_bytes_on_any_number_of_threads(caravan):
    for threads in (1, 5):
        assert prints(run("caravan-2018", replicates=3, threads=threads, history=True)) == prints(caravan)


def test_fewer_replicates_are_the_first_of_more(caravan):
    found = prints(run("caravan-2018", replicates=2, history=True))
    assert found == {name: text for name, text in prints(caravan).items() if name < "0000002"}


def test_a_party_has_its_number_under_every_policy(caravan):
    """Pairs of parties under two policies are found by group and number, whatever came before them."""
    other = run("caravan-2018", replicates=1, policy="without-the-caravan", history=True)
    first = caravan.history.filter((pl.col("replicate") == 0) & (pl.col("nth") == 1) & (pl.col("group") == "others-at-san-ysidro"))
    mine = first.select("number", "joined", "people").sort("number").collect()
    theirs = other.history.filter((pl.col("nth") == 1) & (pl.col("group") == "others-at-san-ysidro"))
    both = mine.join(theirs.select("number", "joined", "people").collect(), on=["number", "joined", "people"])
    assert both.height == mine.height > 1000


# --- runs that stop, and go on --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [None, 5000])
def test_a_saved_run_goes_on_with_the_same_history(tmp_path, monkeypatch, rows):
    if rows is not None:
        monkeypatch.setattr(histories, "ROWS", rows)
    whole = run("caravan-2018", replicates=3, history=True)
    stopped = run("caravan-2018", replicates=3, until="2018-04-24", history=True, threads=2)
    file = stopped.state.save(tmp_path / "a.posada")
    assert prints(resume(file, history=True, threads=1)) == prints(whole)
    later = resume(stopped.state, until="2018-06-01", history=tmp_path / "h")
    end = resume(later.state, history=True)
    assert prints(end) == prints(whole)
    assert same(end, whole)
    run("caravan-2018", replicates=3, until="2018-04-24", history=True).state.save(tmp_path / "b.posada")
    assert file.read_bytes() == (tmp_path / "b.posada").read_bytes()


def test_the_history_of_a_stopped_run_is_that_of_one_that_ends_there():
    stopped = run("caravan-2018", replicates=2, until="2018-04-24", history=True)
    short = run(load("caravan-2018").until(date(2018, 4, 24)), replicates=2, history=True)
    assert rows_of(stopped).equals(rows_of(short))


def test_a_fork_keeps_what_was_before_under_its_own_name(tmp_path):
    stopped = run("caravan-2018", replicates=2, until="2018-04-24", history=True)
    fork = resume(stopped.state, sets=["facilities.san-ysidro-gate.slots_per_day=200"], history=True)
    agrees(fork, ("all", "nationality"))
    hangs_together(fork)
    assert rows_of(fork)["policy"].unique().to_list() == [fork.policy]
    before = pl.col("ended") < pl.datetime(2018, 4, 24)
    mine, whole = (rows_of(r).filter(before & (pl.col("how") != "still_there")).drop("policy") for r in (fork, stopped))
    assert mine.equals(whole)
    assert not rows_of(fork).drop("policy").equals(rows_of(resume(stopped.state, history=True)).drop("policy"))


def test_other_luck_from_a_date_on(caravan):
    stopped = run("caravan-2018", replicates=1, until="2018-04-24", history=True)
    agrees(resume(stopped.state, seed=7, history=True), ("all", "nationality"))


def test_histories_may_end_where_a_run_goes_on_but_not_begin_there(tmp_path):
    with_, without = (run("caravan-2018", replicates=1, until="2018-04-24", history=h) for h in (True, False))
    assert same(resume(with_.state.save(tmp_path / "s")), run("caravan-2018", replicates=1))
    with pytest.raises(StateError, match="saved without histories"):
        resume(without.state, history=True)
    assert open_state(tmp_path / "s").history is not None


# --- kept, opened, replaced -----------------------------------------------------------------------------------------


def test_a_history_is_kept_with_the_result_and_opened_again(tmp_path, caravan):
    caravan.save(tmp_path / "r")
    opened = open_result(tmp_path / "r")
    assert opened.history.collect().equals(caravan.history.collect())
    assert isinstance(opened.history, pl.LazyFrame)
    run("caravan-2018", replicates=3, threads=1, history=True).save(tmp_path / "again")
    assert same_tables(tmp_path / "r", tmp_path / "again")
    assert prints(opened) == prints(open_result(tmp_path / "again"))
    for name in ("run.json", "summary.json"):
        assert (tmp_path / "r" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_result_that_is_replaced_takes_its_history_with_it(tmp_path, caravan):
    caravan.save(tmp_path / "r")
    (tmp_path / "r" / "history" / "notes.txt").write_text("mine")
    run("caravan-2018", replicates=2, history=True).save(tmp_path / "r")
    assert sorted(p.name for p in (tmp_path / "r" / "history").iterdir()) == [
        "0000000-00000.parquet", "0000001-00000.parquet", "notes.txt"]
    (tmp_path / "r" / "history" / "notes.txt").unlink()
    run("caravan-2018", replicates=2).save(tmp_path / "r")
    assert not (tmp_path / "r" / "history").exists()
    with pytest.raises(ResultError, match="kept no histories"):
        _ = open_result(tmp_path / "r").history
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r"]


def test_a_folder_for_histories_is_new_or_empty(tmp_path):
    r = run("caravan-2018", replicates=1, history=tmp_path / "h")
    assert [path.parent for path in r.kept_history.files] == [tmp_path / "h"]
    with pytest.raises(ValueError, match="not an empty folder"):
        run("caravan-2018", replicates=1, history=tmp_path / "h")


def test_ctrl_c_keeps_the_histories_of_replicates_that_are_done():
    class Impatient:
        def compiling(self):
            pass

        def done(self, replicates, of):
            if replicates == 2:
                raise KeyboardInterrupt

    r = run("caravan-2018", replicates=40, threads=1, progress=Impatient(), history=True)
    assert 2 <= r.replicates < 40
    assert [int(name[:7]) for name in prints(r)] == list(range(r.replicates))
    assert prints(r) == prints(run("caravan-2018", replicates=r.replicates, history=True))


def test_a_precision_keeps_the_histories_of_all_batches():
    r = run("caravan-2018", precision=posada.Precision(0.5, at_least=10, at_most=12), history=True)
    assert rows_of(r)["replicate"].n_unique() == r.replicates
    agrees(r, ("all",))


def test_what_a_killed_run_left_is_cleared_up(tmp_path):
    left = tmp_path / ".r-abcd1234.work" / "history"
    left.mkdir(parents=True)
    for name in ("0000000-00000.parquet", "0000000-00001.parquet.tmp"):
        (left / name).write_bytes(b"half")
    run("caravan-2018", replicates=1).save(tmp_path / "r")
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


# --- the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path):
    """A small scenario in a folder of its own."""
    write(tmp_path / "town", CROWD)
    return tmp_path


def names_of(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_the_command_line_tells_where_histories_are_and_how_large(town):
    done = process(town, "run", "town", "--replicates", "2", "--history", "--out", "r", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["history"]
    files = list((town / "r" / "history").iterdir())
    assert found == {"folder": "r/history", "files": 2, "rows": 24000, "bytes": sum(p.stat().st_size for p in files)}
    assert names_of(town) == ["r", "town"]
    shown = process(town, "show", "r")
    assert "Histories: 24,000 rows in 2 files of" in shown.stdout
    assert process(town, "show", "r", "--json").stdout.count('"rows": 24000') == 1


def test_the_command_line_goes_on_with_histories(town):
    words = ["--replicates", "2", "--history", "--out"]
    assert process(town, "run", "town", *words, "whole").returncode == 0
    assert process(town, "run", "town", *words, "a", "--until", "2018-04-04", "--save", "with").returncode == 0
    assert process(town, "resume", "with", "--history", "--out", "b").returncode == 0
    assert prints(open_result(town / "b")) == prints(open_result(town / "whole"))
    assert process(town, "run", "town", "--until", "2018-04-04", "--save", "without").returncode == 0
    before = names_of(town)
    for state, told_ in (("without", "saved without histories"), ("with", "name it with --out")):
        refused = process(town, "resume", state, "--history", *(["--out", "c"] if state == "without" else []))
        assert refused.returncode == 2
        assert told_ in refused.stderr
        assert "Traceback" not in refused.stderr
    assert names_of(town) == before


def test_histories_are_a_part_of_a_result(town):
    refused = process(town, "run", "town", "--history")
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == "--history writes files into the folder of the result; name it with --out"
    assert names_of(town) == ["town"]


@needs_proc
def test_ctrl_c_keeps_whole_histories(town):
    child = started(town, "run", "town", "--replicates", "20000", "--history", "--out", "cut")
    child.send_signal(signal.SIGINT)
    done = child.end()
    assert done.returncode == 130, done.stderr
    cut = open_result(town / "cut")
    assert 0 < cut.replicates < 20000
    assert [int(name[:7]) for name in prints(cut)] == list(range(cut.replicates))
    assert cut.history.select(pl.len()).collect().item() == 12000 * cut.replicates
    assert names_of(town) == ["cut", "town"]
