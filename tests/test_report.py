"""The report: one file that reads alone, in words that are neutral, the same for the same result."""

from __future__ import annotations

import base64
import csv
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import report_fake as fake
from posada.report import flow_map_csp, map, render, write_report
from posada.report.frames import band, dense, summarise
from posada.report.inputs import Names
from posada.report.loads import busiest
from posada.report.reading import Reading
from posada.report.sections_evidence import contradictions

ROOT = Path(__file__).parent.parent
FORBIDDEN = re.compile(
    r"\b(illegal\w*|loopholes?|flood\w*|surg(?:e|es|ed|ing)|waves?|invasions?|remnants?|overwhelm\w*"
    r"|ilegal(?:es|mente)?|oleadas?|invasi[oó]n(?:es)?|avalanchas?|inundaci[oó]n(?:es)?)\b",
    re.IGNORECASE,
)
QUOTED = re.compile("“[^”]*”|«[^»]*»")
VOID = {"meta", "br", "img", "hr", "link", "input", "path", "rect", "circle", "line"}


class Page(HTMLParser):
    """Collects what the tests ask about: tags in order, ids, links, text; fails on crossed tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return render(fake.result(), fake.result(with_group=False, policy="without-the-caravan"))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_file_is_written_whole_and_small(tmp_path: Path, html: str) -> None:
    path = write_report(
        fake.result(), tmp_path / "deep" / "report.html", fake.result(with_group=False, policy="without-the-caravan")
    )
    assert path.read_text(encoding="utf-8") == html  # the same result gives the same bytes
    assert path.stat().st_size < 3_000_000
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]


def test_it_needs_no_network_and_no_script_but_the_map(page: Page) -> None:
    scripts = page.all("script")
    assert [script["type"] for script in scripts] == ["application/json", "module"]
    assert all("src" not in script for script in scripts)
    assert not page.all("link")
    assert not page.all("img")
    for _, attrs in page.tags:
        assert "src" not in attrs
        for key in ("href", "xlink:href"):
            assert (attrs.get(key) or "#").startswith(("#", "https://", "data:text/csv"))
    policies = [attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv")]
    assert policies
    assert (policies[0] or "").startswith("default-src 'none'")
    assert f"script-src {flow_map_csp()}" in (policies[0] or "")


def test_landmarks_headings_and_ids(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"] for attrs in page.all("a") if (attrs.get("href") or "").startswith("#")}
    assert targets <= {f"#{name}" for name in ids}
    assert [attrs["id"] for attrs in page.all("section")] == [
        *("situation", "answers", "outlook", "queues", "outcomes", "load", "checks", "sources", "limits", "made")
    ]


def test_every_picture_has_words_and_numbers(html: str, page: Page) -> None:
    figures = html.split("<figure ")[1:]
    assert len(figures) == 9  # the map and eight charts
    for figure in figures:
        inside = figure.split("</figure>")[0]
        assert inside.count('role="img" aria-label="') == 2
        assert "<figcaption>" in inside
        assert '<details class="data">' in inside
        assert 'href="data:text/csv' in inside
    for attrs in page.all("svg"):
        assert attrs.get("aria-label") or attrs.get("aria-hidden") == "true"
    for attrs in page.all("th"):
        assert attrs.get("scope") in ("col", "row")


def test_no_text_in_a_picture_is_smaller_than_12(html: str) -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)(?:px)?"', html)]
    assert sizes
    assert min(sizes) >= 12


def test_references_within_pictures_exist(html: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= ids


def told(text: str) -> list[str]:
    """The words that are not ours to use, outside quotations."""
    return FORBIDDEN.findall(QUOTED.sub("", text))


def test_words_are_neutral(page: Page) -> None:
    assert told(" ".join(page.text)) == []
    assert told("An official spoke of “a flood”; a wave of floods") == ["wave", "floods"]


@pytest.mark.parametrize("path", sorted((ROOT / "src/posada/report").glob("*.*")), ids=lambda path: path.name)
def test_words_of_the_report_are_neutral(path: Path) -> None:
    assert told(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path",
    sorted(path for path in (ROOT / "src/posada/scenario/shipped").rglob("*.*") if path.suffix in (".yaml", ".md")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_words_of_shipped_scenarios_are_neutral(path: Path) -> None:
    assert told(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "src/posada/scenario/shipped").rglob("*.csv")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_words_of_shipped_tables_are_neutral(path: Path) -> None:
    """Addresses are those of others and stand on the page as their site only."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert (
                told(" ".join(str(text) for key, text in row.items() if key not in ("address", "source_title"))) == []
            )


def test_the_situation_is_told_in_three_sentences(page: Page) -> None:
    text = " ".join("".join(page.text).split())
    assert "Between 1,200 and 1,700 people, most likely about 1,400, set out from Tapachula on 25 March 2018." in text
    assert "At San Ysidro gate, at the peak around 8 May 2018, between" in text
    assert "By 23 May 2018 the pathway of" in text


def test_headlines_are_intervals_in_words(page: Page) -> None:
    text = " ".join("".join(page.text).split())
    assert "between 140 and 310, most likely about 220" in text
    assert "Assumed: Mean wait at the gate between 1 and 7 days, most likely about 3 days" in text  # no decimals
    assert "about 25 chances in 100" in text
    assert "between 12 % and 31 %, most likely about 21 %" in text
    assert "not known: in no run did anybody come to this point" in text


def test_titles_and_sources_cannot_carry_markup(html: str) -> None:
    assert "<b>" not in html
    assert "&lt;b&gt;north" in html
    assert 'href="javascript' not in html


def test_the_difference_is_paired_by_replicate(page: Page) -> None:
    text = " ".join(" ".join(page.text).split())
    assert "Difference from the policy “without the caravan”" in text
    # other people's cases are equal in both, so only the caravan is left
    served = fake.result().flows.filter((pl.col("event") == "served") & (pl.col("attribute") == "all"))
    median = served.group_by("replicate").agg(pl.col("people").sum())["people"].median()
    assert isinstance(median, float)
    assert re.search(rf"San Ysidro gate \+{round(median, -1):.0f} \(", text)
    assert "longer queue, at most" in text


def test_checks_tell_what_is_outside(page: Page) -> None:
    text = " ".join(" ".join(page.text).split())
    assert "Of two counts kept for checking, one lies inside" in text
    assert "OUTSIDE (model lower)" in text
    assert "Counts that set a number of the model (not scored)" in text


def test_contradicting_claims_stand_side_by_side(page: Page) -> None:
    text = " ".join(" ".join(page.text).split())
    assert (
        "People who set out, Tapachula, 25 March 2018 number according to source about 800 (700 to 900)" in text
    )


def test_claims_of_shares_and_of_no_number_are_told_in_words() -> None:
    evidence = {
        "a": {"counts_what": "denied", "value": 0.17, "qualifier": "about", "unit": "share", "base": "decided_cases"},
        "b": {"counts_what": "volunteers came", "claimant_role": "organiser"},
    }
    text = render(fake.empty(scenario=fake.scenario(evidence=evidence)))
    assert "About 17 % of decided cases: denied" in text
    assert "<strong>Volunteers came</strong>" in text


def test_unlisted_shelters_and_restricted_claims_stay_unnamed_in_public() -> None:
    evidence = {
        "a": {"counts_what": "beds", "value": 90, "claimant_org": "Casa X", "address": "X", "sensitivity": "restricted"}
    }
    text = render(fake.result(replicates=3, scenario=fake.scenario(sensitivity="public", evidence=evidence)))
    assert "Juventud" not in text
    assert "Casa X" not in text
    assert "a place that is not publicly listed" in text
    assert "not for publication" not in text
    assert '<p class="mark">public</p>' in text
    assert "facilities.shelter" not in text
    assert 'download="internal-' not in text
    open_text = render(fake.result(replicates=3))
    assert "Juventud" in open_text
    assert "internal: not for publication" in open_text
    names = re.findall(r'download="([^"]+)"', open_text)
    assert names
    assert all(name.startswith("internal-") for name in names)  # the label goes with each file


def test_what_cannot_both_be_true_contradicts() -> None:
    shared = {"kind": "present", "place": "tijuana", "from": fake.START, "to": fake.START, "unit": "people"}
    ledger = {
        "a": {**shared, "counts_what": "people", "value": 1000, "qualifier": "about"},
        "b": {**shared, "counts_what": "people", "low": 1000, "qualifier": "more"},
        "c": {**shared, "counts_what": "beds", "kind": "capacity", "value": 90},
        "d": {**shared, "counts_what": "beds and mats", "kind": "capacity", "low": 100, "high": 120},
    }
    assert [[key for key, _ in same] for same in contradictions(ledger)] == [["c", "d"]]
    newer = {**ledger["c"], "supersedes": "d"}
    assert contradictions({**ledger, "e": newer}) == []


def test_classes_of_a_shelter_are_added_up() -> None:
    result = fake.result(replicates=4)
    at = {"shelter": "shelter/families", "gate": "gate"}
    flows = result.flows.with_columns(pl.col("where").replace(at))
    split = Reading(fake.result(replicates=4, flows=flows))
    whole = Reading(result)
    for event in ("nights", "nights_no_bed"):
        ours, theirs = (
            item.flows.filter((pl.col("event") == event) & (pl.col("where") == "shelter"))["people"].sum()
            for item in (split, whole)
        )
        assert ours == theirs > 0


def test_the_busiest_weeks() -> None:
    values = np.zeros((60, 2))
    values[20:40] = 3.0
    values[45] = 7.0
    assert busiest(values, np.ones(60)) == slice(18, 46)
    assert busiest(np.ones((3, 1)), np.array([10.0, 10.0, 10.0])) == slice(0, 3)


def test_people_along_links_are_those_counted_if_they_are() -> None:
    result = fake.result(replicates=5)
    row = result.flows.filter(pl.col("event") == "set_out").with_columns(
        pl.lit("travelled").alias("event"), pl.lit("tapachula-huixtla").alias("where"), pl.lit(77).alias("people")
    )
    counted = fake.result(
        replicates=5, flows=pl.concat([result.flows, row.select(result.flows.columns)], how="vertical_relaxed")
    )
    ways = map.flows(counted, Names(counted.scenario))
    assert [(way.start, way.end, way.median) for way in ways] == [("tapachula", "huixtla", 77)]


def test_csv_files_hold_every_row(html: str) -> None:
    match = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="internal-active.csv"', html)
    assert match
    lines = base64.b64decode(match[1]).decode("utf-8-sig").splitlines()
    assert lines[0] == "series,date,median,50 % from,50 % to,90 % from,90 % to"
    assert len(lines) == 1 + fake.DAYS


@pytest.mark.parametrize(
    "made",
    [
        lambda: fake.empty(),
        lambda: fake.empty(replicates=5, scenario=fake.scenario()),
        lambda: fake.result(replicates=1),
        lambda: fake.result(replicates=3, scenario=fake.scenario(links={}, observations={}, evidence={})),
        lambda: fake.result(replicates=3, with_group=False),
        lambda: fake.result(replicates=2, heads=[], checked=[], assumed=[]),
        lambda: fake.result(replicates=2, scenario=fake.scenario(places={}, facilities={}, outcomes={}, groups={})),
    ],
    ids=["nothing", "nobody", "one run", "no links or counts", "others only", "no verbs", "no names"],
)
def test_little_data_is_no_error(made: Any) -> None:
    text = render(made())
    Page(text)
    text, _, _ = text.partition('<script type="module">')
    assert "NaN" not in text
    assert ">None<" not in text
    assert " nan" not in text


def test_absent_rows_are_zero() -> None:
    rows = pl.DataFrame({"replicate": [0, 2], "where": ["gate", "gate"], "value": [10.0, 20.0]})
    assert dense(rows, ["where"], 4)["value"].to_list() == [10.0, 0.0, 20.0, 0.0]
    assert summarise(rows, ["where"], 4)["median"].to_list() == [5.0]


def test_a_band_orders_its_ends() -> None:
    days = [fake.START] * 101
    row = band(pl.DataFrame({"replicate": list(range(101)), "date": days, "value": list(range(101))})).row(
        0, named=True
    )
    assert [row[key] for key in ("low90", "low50", "median", "high50", "high90")] == [5, 25, 50, 75, 95]
