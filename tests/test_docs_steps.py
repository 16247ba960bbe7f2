"""docs/reference-steps.md: every example runs and gives what it says; every kind of step and option has one."""

# ruff: noqa: E501

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from engine_kit import area, simulate, total
from posada.results import Result
from posada.scenario.build_facilities import FACILITY_KINDS
from posada.scenario.build_groups import SOURCES
from posada.scenario.build_pathways import BODIES, QUEUE_KEYS
from posada.scenario.numbers import DISTRIBUTIONS

PAGE = (Path(__file__).parent.parent / "docs" / "reference-steps.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (.+?)\n\n.*?```yaml\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
TOLD = re.compile(r"^#> (\w+:[^{= ]+)(?:\{(.+?)\})? = ([\d.]+)(?: \+- ([\d.]+))?( hours)?$", re.MULTILINE)
FRAME = "outcomes: {done: {}, gone: {}}\n"
STOCKS = ("waiting", "in_service", "occupied", "no_bed", "travelling", "active")


def tables(folder: Path) -> Path:
    """The files that examples name."""
    (folder / "come.csv").write_text("date,people\n2018-04-03,4\n2018-04-05,2\n", encoding="utf-8")
    (folder / "stays.csv").write_text("stay_hours\n2\n5\n8\n", encoding="utf-8")
    return folder


def found(r: Result, address: str, level: str, hours: bool) -> float:
    """What an address says of a run."""
    verb, _, where = address.partition(":")
    if verb in ("wait", "busy"):
        table = r.waits.filter((pl.col("attribute") == "all") & (pl.col("ended") == "served")) if verb == "wait" else r.busy
        rows = table.filter(pl.col("where") == where)
        return 24 * rows["sum_days"].sum() / rows["people" if verb == "wait" else "periods"].sum()
    if verb in STOCKS:
        assert hours
        return 24 * area(r, address, level)
    return total(r, address, level)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_says(tmp_path, name):
    text = EXAMPLES[name]
    assert text.count("\n") <= 12, "about ten lines"
    links = "road,here,there,bus,300\nback,there,here,bus,300\n" if "modes:" in text else ""
    r = simulate(tables(tmp_path), text + FRAME, links=links)
    told = TOLD.findall(text)
    assert len(told) == text.count("#>") > 0
    for address, level, value, around, hours in told:
        assert found(r, address, level, bool(hours)) == pytest.approx(float(value), abs=float(around or 1e-6)), address


def test_every_word_has_an_example():
    titles = " ".join(EXAMPLES)
    for kind in BODIES:
        assert kind in EXAMPLES, kind
    for key in (*QUEUE_KEYS, *SOURCES):
        assert key in titles or f"{key}:" in " ".join(EXAMPLES.values()), key
    for kind, rules in FACILITY_KINDS.items():
        assert kind in EXAMPLES, kind
        for key in rules.keys:
            assert f"`{key}`" in PAGE or re.search(rf"\b{key}:", "".join(EXAMPLES.values())), key


@pytest.mark.parametrize(("kind", "example", "mean"), re.findall(r"^\| (\w+) \| `(.+?)` \| ([\d.]+) \|$", PAGE, re.MULTILINE))
def test_a_distribution_has_the_mean_that_it_says(tmp_path, kind, example, mean):
    assert example.startswith(kind)
    text = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[-1].replace("DISTRIBUTION", example)
    r = simulate(tables(tmp_path), "end: 2018-12-31\n" + text + FRAME)
    spread = {"hyperexponential": 1.7, "fixed": 1e-9}.get(kind, 1.1) * float(mean)
    assert 24 * area(r, "active:chain") / 2000 == pytest.approx(float(mean), abs=4 * spread / 2000**0.5 + 1e-3)


def test_every_distribution_has_an_example():
    assert {kind for kind, _, _ in re.findall(r"^\| (\w+) \| `(.+?)` \| ([\d.]+) \|$", PAGE, re.MULTILINE)} == set(DISTRIBUTIONS)
