"""A scenario held against counts: baselines by hand, the whole by its pages and tables, mistakes in words."""

import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from cli_kit import process
from posada import load, validate
from posada.forecasting import Network, baselines, counted_sites, registered
from posada.forecasting.naive import daily, equal, gravity, nearest, newcomers
from posada.report import write_validation
from posada.scenario import Entry, Number, Quantity
from validation_kit import FILES, write

SPLIT = date(2024, 3, 20)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Three camps."""
    return load(write(tmp_path_factory.mktemp("validation") / "three-camps"))


@pytest.fixture(scope="module")
def found(scenario):
    """Their validation."""
    return validate(scenario, replicates=8, seed=3, split=SPLIT)


def dated(*entries: tuple[date | None, float]) -> Number:
    """A number with dated values."""
    return Number(tuple(Entry(day, Quantity(value)) for day, value in entries))


def link(from_: str, to: str, km: float, opened: Number | None = None) -> SimpleNamespace:
    """One direction of a way."""
    return SimpleNamespace(from_=from_, to=to, length_km=dated((None, km)), open=opened)


LATER = date(2024, 3, 3)


def three_sites(**numbers: dict[str, Number]) -> Network:
    """Two towns, both unsafe from the third day on, at first only `big`; `a` and `b` beyond them, `c` behind `b`.

    big - a 100 km, big - b 50 km, small - b 25 km, b - c 200 km; `small` has a longer way to `c` of its own.
    """
    places = {
        "big": {"population": dated((None, 300)), "unsafe": dated((None, 1))},
        "small": {"population": dated((None, 100)), "unsafe": dated((None, 0), (LATER, 1))},
        "a": {},
        "b": {},
        "c": {},
    }
    links = [link("big", "a", 100), link("big", "b", 50), link("small", "b", 25), link("b", "c", 200)]
    links += [link("small", "c", 400), link("c", "a", 1)]
    scenario = SimpleNamespace(
        places={key: SimpleNamespace(numbers=own | numbers.get(key, {})) for key, own in places.items()},
        links={str(i): one for i, one in enumerate(links)},
        quantities={},
        groups={},
        start=date(2024, 3, 1),
    )
    return Network(scenario, ("a", "b", "c"))


def shares(network: Network, day: int) -> dict[str, list[float]]:
    """How newcomers split on one of the first days of March by each rule."""
    days = tuple(date(2024, 3, 1) + timedelta(days=i) for i in range(5))
    return {rule.__name__: daily(network, days, rule)[day - 1].tolist() for rule in (nearest, equal, gravity)}


def test_the_way_is_the_shortest_and_links_have_a_direction():
    network = three_sites()
    km = network.distances(["big", "small"], network.open_links(date(2024, 3, 1)))
    assert km.tolist() == [[100, 50, 250], [226, 25, 225]]
    assert np.isinf(network.distances(["a"], network.open_links(date(2024, 3, 1)))[0, 1])


def test_rules_by_hand():
    first, later = shares(three_sites(), 1), shares(three_sites(), 3)
    assert first["nearest"] == later["nearest"] == [0, 1, 0]
    assert first["equal"] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    big = np.array([1 / 100, 1 / 50, 1 / 250])
    assert first["gravity"] == pytest.approx(big / big.sum())
    small = np.array([1 / 226, 1 / 25, 1 / 225])
    assert later["gravity"] == pytest.approx((300 * big / big.sum() + 100 * small / small.sum()) / 400)


def test_everybody_goes_to_their_own_nearest_open_site():
    network = three_sites(b={"open": dated((None, 0), (date(2024, 3, 4), 1))}, small={"unsafe": dated((None, 1))})
    assert shares(network, 1)["nearest"] == [0.75, 0, 0.25]
    assert shares(network, 1)["equal"] == [0.5, 0, 0.5]
    assert shares(network, 4)["nearest"] == [0, 1, 0]


def test_shares_stay_when_nobody_can_come():
    network = three_sites()
    for way in network.scenario.links.values():
        way.open = dated((None, 1), (LATER, 0))
    assert shares(network, 3) == shares(network, 2)
    for way in network.scenario.links.values():
        way.open = dated((None, 0))
    assert shares(network, 1)["gravity"] == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_newcomers_split_by_the_day_and_leavers_alike():
    split = np.array([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75], [1.0, 0.0]])
    assert newcomers(np.array([100.0, 300.0, 150.0, 190.0]), split).tolist() == [
        [100, 0],
        [100, 200],
        [50, 100],
        [90, 100],
    ]
    assert newcomers(np.array([0.0, 8.0]), split[:2]).tolist() == [[0, 0], [0, 8]]


def test_shares_by_capacity_are_there_only_where_all_capacities_are_and_called_leaky():
    days = [date(2024, 3, 1), date(2024, 3, 2)]
    sites = [SimpleNamespace(place=p, dates=(days[0],), counted=(400.0,)) for p in ("a", "b", "c")]
    counts = registered(sites, days)
    some = {place: {"capacity": dated((None, people))} for place, people in (("a", 100), ("b", 500))}
    assert not any(b.leaky for b in baselines(three_sites(**some), counts, None))
    every = some | {"c": {"capacity": dated((None, 400))}}
    last = baselines(three_sites(**every), counts, None)[-1]
    assert (last.name, last.leaky) == ("by capacity (leaky)", True)
    assert last.people.tolist() == [[120, 600, 480]] * 2


def test_without_unsafe_places_people_come_from_where_groups_set_out(scenario):
    network = Network(scenario, ("far", "hill", "near"))
    assert network.origins(date(2024, 3, 1)) == {"town": 60}
    assert network.origins(date(2024, 3, 10)) == {"town": 600}
    sites = counted_sites(scenario)
    naive = {b.name: b for b in baselines(network, registered(sites, [date(2024, 3, 29)]), SPLIT)}
    total = 900 + 450 + 150
    assert naive["nearest site"].people.tolist() == [[0, 0, total]]
    pull = np.array([1 / 180, 1 / 90, 1 / 60])
    assert naive["gravity"].people[0] == pytest.approx(total * pull / pull.sum())
    assert naive["frozen at the split"].people[0] == pytest.approx(total * np.array([50, 150, 400]) / 600)


def test_posada_is_given_the_total_and_only_splits_it(found):
    ours, own = (next(f for f in found.forecasts if f.name == name) for name in ("posada", "posada, own total"))
    arrived = own.members.sum(axis=1) > 0
    given = np.broadcast_to(found.counts.total[:, None], arrived.shape)[arrived]
    assert ours.members.sum(axis=1)[arrived] == pytest.approx(given)
    for forecast in found.forecasts:
        if forecast.baseline:
            assert forecast.members[:, :, 0].sum(axis=1) == pytest.approx(found.counts.total)
    assert own.members[-1, :, 0].tolist() == [found_people(found, place) for place in ("far", "hill", "near")]


def found_people(found, place):
    """People at a place at the end of the first replicate of the run itself."""
    from posada import run

    result = run(found.scenario, replicates=8, seed=3)
    return result.series(f"present:{place}").filter(replicate=0)["value"][-1]


def test_measures_are_those_of_the_members(found):
    last = next(f for f in found.forecasts if f.name == "posada").members
    people, total = found.counts.people, found.counts.total
    late = np.array([day >= SPLIT for day in found.days])
    off = np.abs(last - people[:, :, None]).sum(axis=1) / total[:, None]
    assert found.measure("ard") == pytest.approx(off.mean())
    assert found.measure("ard", part="after") == pytest.approx(off[late].mean())
    each = found.measures.filter(forecast="posada", part="all")
    assert each.filter(site="")["ard"].item() == pytest.approx(each.filter(pl.col("site") != "")["ard"].sum())
    assert each.filter(site="")["counts"].item() == 7
    assert found.measure("ard", "gravity") != found.measure("ard", "equal shares")


def test_the_frozen_shares_are_scored_only_after_the_split(found):
    rows = found.measures.filter(forecast="frozen at the split")
    assert rows["part"].unique().to_list() == ["after"]
    assert found.by_day.filter(forecast="frozen at the split")["date"].min() == SPLIT
    assert found.measure("ard", "frozen at the split") is None


def test_a_run_that_is_as_counted_has_no_error(scenario, tmp_path):
    """Counts that the simulation itself made, of one replicate without ranges."""
    certain = FILES["scenario.yaml"].replace("{value: 60, low: 40, high: 90}", "60")
    first = validate(write(tmp_path / "a", {"scenario.yaml": certain}), replicates=1)
    own = next(f for f in first.forecasts if f.name == "posada, own total").members
    rows = [
        f"{site.place}-{i},present:{site.place},{day},{day},,{own[i, j, 0]:.0f},,,,,check"
        for j, site in enumerate(first.sites)
        for i, day in enumerate(first.days)
    ]
    counts = "\n".join([FILES["observations.csv"].splitlines()[0], *rows]) + "\n"
    again = validate(write(tmp_path / "b", {"scenario.yaml": certain, "observations.csv": counts}), replicates=1)
    for forecast in ("posada", "posada, own total"):
        assert [again.measure(m, forecast) for m in ("ard", "mase", "crps")] == [0, 0, 0]
        assert [again.measure(m, forecast) for m in ("inside50", "inside90")] == [1, 1]


def test_the_same_luck_gives_the_same_validation(scenario, found):
    again = validate(scenario, replicates=8, seed=3, split=19, threads=1)
    assert again.measures.equals(found.measures)
    assert again.by_day.equals(found.by_day)


def test_pages_and_tables(found, tmp_path):
    out = write_validation(found, tmp_path / "deep" / "out")
    assert " ".join(sorted(file.name for file in out.iterdir())) == (
        "by_day.parquet difference.svg measures.csv sites.svg validation.html validation.json validation.md"
    )
    page = (out / "validation.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count("<svg role") == 4
    assert "Near camp" in page
    assert "given the registered total of each day" in page
    words = (out / "validation.md").read_text(encoding="utf-8")
    for picture in ("sites.svg", "difference.svg"):
        assert f"]({picture})" in words
        assert ET.parse(out / picture).getroot().tag.endswith("svg")
    measures = pl.read_csv(out / "measures.csv")
    assert measures.height == found.measures.height
    told = json.loads((out / "validation.json").read_text(encoding="utf-8"))
    assert told["split"] == "2024-03-20"
    assert {"forecast", "ard", "mase", "crps", "inside90"} <= set(told["measures"][0])
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_validation_is_replaced_and_other_files_stay(found, tmp_path):
    out = write_validation(found, tmp_path / "out")
    (out / "mine.txt").write_text("mine")
    before = (out / "validation.html").read_bytes()
    write_validation(found, out)
    assert (out / "mine.txt").read_text() == "mine"
    assert (out / "validation.html").read_bytes() == before


def test_the_command(tmp_path):
    write(tmp_path / "camps")
    done = process(tmp_path, "validate", "camps", "--replicates", "2", "--split", "12", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "gravity" in done.stdout
    assert "frozen at the split" in done.stdout
    assert (tmp_path / "out" / "validation.md").is_file()
    plain = process(tmp_path, "validate", "camps", "--replicates", "2", "--json")
    told = json.loads(plain.stdout)
    assert {row["part"] for row in told["measures"]} == {"all"}
    assert told["command"] == "posada validate camps --replicates 2 --seed 1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--split", "2030-01-01"], "must be after the first day"),
        (["--split", "soon"], "neither a date"),
        (["--split", "2"], "nobody was counted before"),
        (["--out", "camps"], "is not empty and holds no validation"),
        (["--out", "camps/scenario.yaml"], "is a file"),
        (["--set", "groups.displaced.people_per_dya=3"], "people_per_day"),
    ],
)
def test_mistakes_are_told(tmp_path, words, told):
    write(tmp_path / "camps")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = process(tmp_path, "validate", "camps", "--replicates", "1", *words)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_scenario_without_counts_cannot_be_validated(tmp_path):
    header = FILES["observations.csv"].splitlines()[0]
    write(tmp_path / "camps", {"observations.csv": f"{header}\n"})
    done = process(tmp_path, "validate", "camps")
    assert done.returncode == 2
    assert "nothing to validate against" in done.stderr


ROAMING = """\
posada: 1
title: Two towns and three camps
start: 2024-03-01
end: 2024-03-20
time_zone: Africa/Bangui
modes: {foot: {speed_kmh: 4}}
places:
  big: {unsafe: 1}
  small: {unsafe: [{value: 0}, {from: 2024-03-03, value: 1}]}
  b: {open: [{value: 0}, {from: 2024-03-04, value: 1}]}
links:
  big-a: {open: [{value: 1}, {from: 2024-03-06, value: 0}]}
movement:
  flight: {leaves: {unsafe: 1, camp: 0, else: 0.5}, utility: "-log(distance_km)"}
groups:
  displaced: {people_per_day: 50, places: {weight: "population * unsafe"}, pathway: flight, parties: {1: 1}}
pathways:
  flight:
    - {id: on-the-move, roam: {by: flight}}
    - {id: end, outcome: settled}
outcomes: {settled: {label: Settled}}
"""
ROAMING_FILES = {
    "scenario.yaml": ROAMING,
    "places.csv": """\
id,name,lat,lon,kind,population,capacity
big,Big,5,15,town,300,
small,Small,5.1,15,town,100,
a,A,5,15.9,camp,,100
b,B,5,15.4,camp,,500
c,C,5,17,camp,,400
""",
    "links.csv": """\
id,from,to,mode,length_km
big-a,big,a,foot,100
big-b,big,b,foot,50
small-b,small,b,foot,25
b-c,b,c,foot,200
""",
    "observations.csv": """\
id,series,from,to,low,value,high,qualifier,evidence,as_of,use
a-1,present:a,2024-03-10,2024-03-10,,100,,,,,check
b-1,present:b,2024-03-10,2024-03-10,,200,,,,,check
c-1,present:c,2024-03-10,2024-03-10,,0,,,,,check
c-2,present:c,2024-03-20,2024-03-20,,500,,,,,check
""",
}


def test_a_scenario_of_movement_tells_its_baselines(tmp_path):
    scenario = load(write(tmp_path / "roaming", ROAMING_FILES))
    network = Network(scenario, ("a", "b", "c"))
    assert network.origins(date(2024, 3, 2)) == {"big": 300}
    assert network.origins(date(2024, 3, 3)) == {"big": 300, "small": 100}
    assert network.open_sites(date(2024, 3, 3)).tolist() == [True, False, True]
    days = tuple(date(2024, 3, 1) + timedelta(days=i) for i in range(6))
    near = daily(network, days, nearest)
    assert near[0].tolist() == [1, 0, 0]  # b is closed
    assert near[2].tolist() == [0.75, 0, 0.25]
    assert near[3].tolist() == near[5].tolist() == [0, 1, 0]
    assert daily(network, days, gravity)[5][0] == 0  # the only way to a is closed
    found = validate(scenario, replicates=2, split="2024-03-12")
    assert found.forecasts[-1].leaky
    assert 0 < found.measure("ard", "posada", "after") < 2
