"""A made-up result with the attributes that the report reads: a group on a route, a gate, a shelter, other people."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace as Row
from typing import Any

import polars as pl

START, DAYS = date(2018, 3, 25), 60
STOPS = {
    "tapachula": ("Tapachula", 14.90, -92.26, 0, 2),
    "huixtla": ("Huixtla", 15.14, -92.46, 2, 2),
    "mapastepec": ("Mapastepec", 15.44, -92.90, 4, 3),
    "arriaga": ("Arriaga", 16.24, -93.90, 7, 2),
    "matias-romero": ("Matías Romero", 16.87, -95.04, 9, 5),
    "puebla": ("Puebla", 19.04, -98.20, 14, 3),
    "mexico-city": ("Mexico City", 19.43, -99.13, 17, 5),
    "guadalajara": ("Guadalajara", 20.67, -103.35, 22, 4),
    "hermosillo": ("Hermosillo", 29.07, -110.96, 28, 4),
    "tijuana": ("Tijuana", 32.52, -117.02, 33, 27),
    "san-ysidro": ("San Ysidro", 32.543, -117.03, 99, 0),
}


@dataclass
class FakeResult:
    """Tables and scenario; the verbs compute what the real ones do, simply."""

    scenario: Any
    stocks: pl.DataFrame
    flows: pl.DataFrame
    waits: pl.DataFrame
    outcomes: pl.DataFrame
    quantities: pl.DataFrame
    background: pl.DataFrame
    replicates: int
    policy: str = ""
    seed: int = 7
    hash: str = "sha256:0123abcd"
    version: str = "0.1.0"
    command: str = "posada run made-up --seed 7"
    heads: list[dict[str, Any]] = field(default_factory=list)
    checked: list[dict[str, Any]] = field(default_factory=list)
    assumed: list[dict[str, Any]] = field(default_factory=list)

    def headlines(self) -> list[dict[str, Any]]:
        return self.heads

    def checks(self) -> list[dict[str, Any]]:
        return self.checked

    def assumptions(self) -> list[dict[str, Any]]:
        return self.assumed

    def series(self, address: str, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
        event, _, rest = address.partition(":")
        where, _, narrowed = rest.partition("{")
        attribute, _, level = (narrowed.rstrip("}") or "all=all").partition("=")
        for table, kind, when in ((self.stocks, "state", "at"), (self.flows, "event", "from")):
            rows = table.filter(
                (pl.col(kind) == event)
                & (pl.col("where") == where)
                & (pl.col("attribute") == attribute)
                & (pl.col("level") == level)
            )
            first = when
            if rows.height:
                break
        last = (self.scenario.end - self.scenario.start).days + 1
        dates = pl.DataFrame({"date": [self.scenario.start + timedelta(i) for i in range(last)]})
        grid = dates.join(pl.DataFrame({"replicate": list(range(self.replicates))}), how="cross")
        values = rows.select("replicate", pl.col(first).alias("date"), pl.col("people").cast(pl.Float64).alias("value"))
        joined = grid.join(values, on=["replicate", "date"], how="left").with_columns(pl.col("value").fill_null(0.0))
        return joined.select("replicate", "date", "value")


SCHEMAS: dict[str, dict[str, Any]] = {
    "stocks": {
        "replicate": pl.Int64, "policy": pl.String, "at": pl.Date, "until": pl.Date, "where": pl.String,
        "state": pl.String, "attribute": pl.String, "level": pl.String, "people": pl.Int64, "parties": pl.Int64,
        "people_mean": pl.Float64, "people_max": pl.Int64,
    },
    "flows": {
        "replicate": pl.Int64, "policy": pl.String, "from": pl.Date, "to": pl.Date, "where": pl.String,
        "event": pl.String, "attribute": pl.String, "level": pl.String, "people": pl.Int64, "parties": pl.Int64,
    },
    "waits": {
        "replicate": pl.Int64, "policy": pl.String, "where": pl.String, "joined": pl.Date, "ended": pl.String,
        "attribute": pl.String, "level": pl.String, "bin_days": pl.Float64, "people": pl.Int64, "sum_days": pl.Float64,
    },
    "outcomes": {
        "replicate": pl.Int64, "policy": pl.String, "date": pl.Date, "until": pl.Date, "outcome": pl.String,
        "attribute": pl.String, "level": pl.String, "people": pl.Int64, "parties": pl.Int64,
    },
    "quantities": {"replicate": pl.Int64, "policy": pl.String, "path": pl.String, "z": pl.Float64, "value": pl.Float64},
    "background": {
        "replicate": pl.Int64, "policy": pl.String, "date": pl.Date, "until": pl.Date, "where": pl.String,
        "joined": pl.Int64, "served": pl.Int64, "waiting": pl.Int64,
    },
}  # fmt: skip


def scenario(**changes: Any) -> Row:
    """A scenario with names, places, links and facilities."""
    keys = list(STOPS)
    links = {
        f"{a}-{b}": Row(from_=a, to=b, mode="foot", length_km=100.0) for a, b in itertools.pairwise(keys[:-1])
    }
    words = {
        "title": "A made-up procession <b>north</b>",
        "summary": "A made-up group walks from Tapachula to Tijuana and asks for asylum at the port.",
        "start": START,
        "end": START + timedelta(DAYS - 1),
        "law_as_of": date(2018, 4, 29),
        "sensitivity": "internal",
        "places": {
            **{key: Row(name=name, lat=lat, lon=lon) for key, (name, lat, lon, _, _) in STOPS.items()},
            "between-ports": Row(name="Between ports", lat=None, lon=None),
        },
        "links": links,
        "groups": {"caravan": Row(place="tapachula")},
        "facilities": {
            "gate": Row(name="San Ysidro gate", kind="gate", at="san-ysidro"),
            "desks": Row(name="Asylum officers", kind="desks", at="san-ysidro"),
            "shelter": Row(name="Shelter Juventud 2000", kind="beds", at="tijuana", restricted=True),
        },
        "pathways": {},
        "outcomes": {
            "settled": Row(label="Stays in Mexico", final=True, note=None),
            "court": Row(label="Released, case before an immigration court", final=False, note="Cases take years."),
            "removed": Row(label="Removed", final=True, note=None),
        },
        "headlines": [],
        "evidence": {
            "a": Row(
                counts_what="people_who_set_out", kind="left", low=None, value=1500.0, high=None, qualifier="about",
                unit="people", place="tapachula", from_=START, to=START, status="observed",
                claimant_role="organiser", claimant_org="Pueblo sin Fronteras", source_title="A report",
                publisher="A paper", published=date(2018, 3, 26), address="https://example.org/a",
            ),
            "b": {
                "counts_what": "people_who_set_out", "kind": "left", "low": 700, "value": 800, "high": 900,
                "qualifier": "about", "unit": "people", "place": "tapachula", "from": START, "to": START,
                "claimant_role": "agency", "claimant_org": "INM", "publisher": "Another paper",
                "published": date(2018, 3, 27), "address": "javascript:alert(1)",
            },
        },
        "observations": {
            "o1": Row(series="active:chain{group=caravan}", from_=None, to=START + timedelta(9), low=1000.0,
                      value=1100.0, high=1300.0, qualifier="about", evidence=("a",), use="check"),
            "o2": Row(series="active:chain{group=caravan}", from_=None, to=START, low=1200.0, value=1500.0,
                      high=1700.0, qualifier="about", evidence=("a",), use="input"),
            "o3": Row(series="served:gate{group=caravan}", from_=START + timedelta(37), to=START + timedelta(37),
                      low=None, value=14.0, high=None, qualifier="at_least", evidence=(), use="check"),
        },
        "numbers": list,
    }  # fmt: skip
    return Row(**{**words, **changes})


def result(replicates: int = 40, with_group: bool = True, **changes: Any) -> FakeResult:
    """A made-up result: a group shrinks on its way, asks at a gate, and waits."""
    rows: dict[str, list[tuple[Any, ...]]] = {key: [] for key in SCHEMAS}
    for r in range(replicates):
        luck = random.Random(r)
        size = luck.lognormvariate(0, 0.12) * (1450 if with_group else 0)
        gate = luck.uniform(8, 30)
        others = luck.uniform(20, 45)
        _replicate(rows, r, luck, size, gate, others)
    tables = {key: pl.DataFrame(rows[key], schema=SCHEMAS[key], orient="row") for key in SCHEMAS}
    base: dict[str, Any] = {
        "scenario": scenario(),
        "replicates": replicates,
        "heads": headlines(),
        "checked": checks(),
        "assumed": assumptions(),
        **tables,
    }
    return FakeResult(**{**base, **changes})


def _both(people: int) -> list[tuple[str, str, int]]:
    return [("all", "all", people), ("group", "caravan", people)] if people else []


def _replicate(
    rows: dict[str, list[tuple[Any, ...]]], r: int, luck: random.Random, size: float, gate: float, others: float
) -> None:
    started = round(size)
    for attribute, level, people in _both(started):
        counts = (attribute, level, people, people)
        rows["flows"].append((r, "", START, START + timedelta(1), "caravan", "set_out", *counts))
    queue, waited, background = 0.0, 0.0, 30.0
    keys = list(STOPS)
    for i in range(DAYS):
        at, until = START + timedelta(i), START + timedelta(i + 1)
        here = round(size * 0.965**i)
        for index, (key, (_, _, _, first, stay)) in enumerate(STOPS.items()):
            if first <= i < first + stay:
                _stock(rows, r, at, until, key, "present", here)
            elif i == first + stay and key in keys[:-2]:
                for attribute, level, people in _both(here):
                    rows["flows"].append((r, "", at, until, key, "left", attribute, level, people, people))
                _stock(rows, r, at, until, f"{key}-{keys[index + 1]}", "travelling", here)
        gone = round(size * 0.965**i * 0.025)
        for attribute, level, people in _both(gone):
            rows["outcomes"].append((r, "", at, until, "settled", attribute, level, people, people))
        served = 0.0
        if i >= 35:
            queue += size * 0.015 * (i < 45)
            served = min(queue, gate)
            queue -= served
            waited += queue
        _stock(rows, r, at, until, "gate", "waiting", round(queue))
        for attribute, level, people in _both(round(served)):
            rows["flows"].append((r, "", at, until, "gate", "served", attribute, level, people, people))
            outcome = "court" if luck.random() < 0.8 else "removed"
            rows["outcomes"].append((r, "", at, until, outcome, attribute, level, people, people))
            days = queue / gate
            lower = max(edge for edge in (0, 0.5, 1, 2, 3, 5, 7, 10) if edge <= days)
            rows["waits"].append((r, "", "gate", at, "served", attribute, level, float(lower), people, days * people))
        background = max(0.0, background + luck.uniform(-6, 6))
        rows["background"].append((r, "", at, until, "gate", 30, round(others), round(background)))
        _stock(rows, r, at, until, "chain", "active", here)
        if i >= 33:
            without = max(0, round(here * 0.4) - 150)
            for event, people in (("nights", 150), ("nights_no_bed", without)):
                for attribute, level, number in _both(people if size else 0):
                    rows["flows"].append((r, "", at, until, "shelter", event, attribute, level, number, number))
            _stock(rows, r, at, until, "shelter", "occupied", 150 if size else 0)
    for attribute, level, people in _both(round(queue)):
        rows["waits"].append((r, "", "gate", START, "still_waiting", attribute, level, 5.0, people, people * 6.0))


def _stock(
    rows: dict[str, list[tuple[Any, ...]]], r: int, at: date, until: date, where: str, state: str, people: int
) -> None:
    for attribute, level, number in _both(people):
        rows["stocks"].append((r, "", at, until, where, state, attribute, level, number, number, float(number), number))


def empty(**changes: Any) -> FakeResult:
    """A result without anybody."""
    tables = {key: pl.DataFrame(schema=schema) for key, schema in SCHEMAS.items()}
    bare = scenario(places={}, links={}, facilities={}, outcomes={}, evidence={}, observations={}, groups={})
    return FakeResult(**{"scenario": bare, "replicates": 1, **tables, **changes})


def headlines() -> list[dict[str, Any]]:
    """One of each kind."""
    shared = {"question": "How many arrive, and when?", "assumed": False, "values": [1.0, 2.0]}
    return [
        {**shared, "id": "arrive", "label": "People in Tijuana at the end of April", "statistic": "last",
         "series": "present:tijuana{group=caravan}", "median": 223.0, "low50": 190.0, "high50": 251.0, "low90": 141.0,
         "high90": 312.0},
        {**shared, "id": "wait", "label": "Mean wait at the gate", "statistic": "mean_days", "series": "wait:gate",
         "question": "How long do they wait?", "median": 3.26, "low50": 2.4, "high50": 4.1, "low90": 1.2,
         "high90": 6.7, "assumed": True},
        {**shared, "id": "over", "label": "Chance that more than 300 wait", "statistic": "chance_over",
         "series": "waiting:gate", "question": "How long do they wait?", "values": [0, 0, 1, 0], "median": 0.0,
         "low50": 0.0, "high50": 0.0, "low90": 0.0, "high90": 1.0},
        {**shared, "id": "share", "label": "Share of the caravan that asks at the port", "statistic": "share",
         "series": "joined:gate{group=caravan}", "median": 0.21, "low50": 0.18, "high50": 0.24, "low90": 0.12,
         "high90": 0.31},
        {**shared, "id": "none", "label": "Wait in court", "statistic": "mean_days", "series": "wait:court",
         "median": None, "low50": None, "high50": None, "low90": None, "high90": None, "values": []},
    ]  # fmt: skip


def checks() -> list[dict[str, Any]]:
    """An inside, an outside, an input."""
    day = START + timedelta(9)
    return [
        {"id": "o1", "series": "active:chain{group=caravan}", "from_": None, "to": day, "counted": 1100.0,
         "low": 1000.0, "high": 1300.0, "use": "check", "median": 1060.0, "low90": 880.0, "high90": 1290.0,
         "inside": True, "interval_score": 410.0, "last_value_score": 800.0},
        {"id": "o3", "series": "served:gate{group=caravan}", "from_": day, "to": day, "counted": 44.0, "low": None,
         "high": None, "use": "check", "median": 20.0, "low90": 8.0, "high90": 30.0, "inside": False,
         "interval_score": 302.0, "last_value_score": 100.0},
        {"id": "o2", "series": "active:chain{group=caravan}", "from_": None, "to": START, "counted": 1500.0,
         "low": 1200.0, "high": 1700.0, "use": "input", "median": 1450.0, "low90": 1190.0, "high90": 1770.0,
         "inside": None, "interval_score": None, "last_value_score": None},
    ]  # fmt: skip


def assumptions() -> list[dict[str, Any]]:
    """One of each kind."""
    return [
        {"path": "pathways.port.decide.choose.ask.utility", "value": None, "low": None, "high": None,
         "assumed": "No count tells why people decide.", "evidence": [], "kind": "assumed"},
        {"path": "quantities.gate_slots", "value": 18.0, "low": 8.0, "high": 30.0, "assumed": None,
         "evidence": ["a", "b"], "kind": "evidence"},
        {"path": "modes.foot.speed_kmh", "value": 4.0, "low": None, "high": None, "assumed": None, "evidence": [],
         "kind": "unsourced"},
    ]  # fmt: skip
