"""The public report: people on the way by state, nothing of the last days, and nobody more or less for it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import report_fake as fake
from posada.report import render, write_report
from posada.report.page import published
from posada.report.public import DELAY, PublicReading, regions
from posada.results import ResultError
from test_report import Page

STATES = {"tapachula": "Chiapas", "huixtla": "Chiapas", "mapastepec": "Chiapas", "arriaga": "Chiapas"}
LATER = date(2020, 1, 1)
SMALL = ("Huixtla", "Mapastepec", "Arriaga", "Hermosillo")


def made(**changes: Any) -> fake.FakeResult:
    places = {
        key: fake.Row(name=name, lat=lat, lon=lon, state=STATES.get(key, "Elsewhere"))
        for key, (name, lat, lon, _, _) in fake.STOPS.items()
    }
    return fake.result(replicates=4, scenario=fake.scenario(places=places, **changes))


@pytest.fixture(scope="module")
def told() -> PublicReading:
    return published(made(), LATER)


def test_places_are_told_by_state(told: PublicReading) -> None:
    assert regions(made().scenario) == {
        "in-chiapas": ["tapachula", "huixtla", "mapastepec", "arriaga"],
        "in-elsewhere": [key for key in fake.STOPS if key not in STATES],
    }
    assert set(told.scenario.places) == {"in-chiapas", "in-elsewhere"}
    assert list(told.scenario.links) == ["in-chiapas-to-in-elsewhere"]
    assert told.scenario.facilities["gate"].at == "in-elsewhere"


def test_nobody_is_lost_by_it(told: PublicReading) -> None:
    exact = made()
    somewhere = pl.col("state").is_in(["present", "travelling"])
    both = [
        table.filter(somewhere).group_by("replicate", "at", "attribute", "level").agg(pl.col("people").sum())
        for table in (exact.stocks, told.stocks)
    ]
    keys = ["replicate", "at", "attribute", "level"]
    assert both[0].sort(keys).equals(both[1].sort(keys).with_columns(pl.col("people").cast(pl.Int64)))
    in_chiapas = told.series("present:in-chiapas")["value"].sum()
    within = [f"{start}-{end}" for start, end in itertools.pairwise(STATES)]
    there = [f"present:{place}" for place in STATES] + [f"travelling:{link}" for link in within]
    assert in_chiapas == sum(exact.series(address)["value"].sum() for address in there) > 0


def test_single_places_are_not_to_be_had(told: PublicReading) -> None:
    for address in ("present:huixtla", "arrived:huixtla", "travelling:tapachula-huixtla"):
        with pytest.raises(KeyError):
            told.series(address)
    kinds = set(told.flows["event"].unique())
    assert "served" in kinds
    assert not kinds & {"arrived", "left"}
    wheres = set(told.stocks.filter(pl.col("state").is_in(["present", "travelling"]))["where"].unique())
    assert wheres <= {"in-chiapas", "in-elsewhere", "in-chiapas-to-in-elsewhere"}


def test_nothing_of_the_last_seven_days_is_told_of_any_place() -> None:
    today = fake.START + timedelta(30)
    late = published(made(), today)
    located = late.stocks.filter(~pl.col("state").is_in(["active", "in_stage"]))
    assert located["until"].max() == today - DELAY + timedelta(1)
    assert late.series("present:in-chiapas")["date"].max() == today - DELAY
    assert late.series("waiting:gate")["date"].max() == today - DELAY


def test_the_page_names_no_place_on_the_way(tmp_path: Path) -> None:
    text = " ".join(Page(write_report(made(), tmp_path / "public.html", public=True).read_text(encoding="utf-8")).text)
    assert "Chiapas" in text
    assert "told by state" in text
    for name in SMALL:
        assert name not in text
    exact = " ".join(Page(render(made())).text)
    assert all(name in exact for name in SMALL)
    assert "Juventud" not in text  # a shelter that is not publicly listed


def test_a_restricted_scenario_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="restricted"):
        write_report(made(sensitivity="restricted"), tmp_path / "public.html", public=True)
    assert list(tmp_path.iterdir()) == []
