"""The report on paper: tagged, in words that can be read out, one sheet if it is a brief."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

import report_fake as fake
from posada.report import paper, write_report
from posada.report.blocks import Table
from posada.results import ResultError

pytest.importorskip("typst")


def words(file: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


@pytest.fixture(scope="module")
def result() -> fake.FakeResult:
    return fake.result(replicates=8)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, result: fake.FakeResult) -> Path:
    without = fake.result(replicates=8, with_group=False, policy="without-the-caravan")
    page = write_report(result, tmp_path_factory.mktemp("paper") / "report.html", without, pdf=True)
    return page.with_suffix(".pdf")


def test_it_says_what_the_page_says(file: Path, result: fake.FakeResult) -> None:
    text = words(file)
    assert "A made-up procession <b>north</b>" in text
    assert "between 140 and 310, most likely about 220" in text
    assert "Where the queue moved." in text
    assert "internal: not for publication" in text
    assert re.search(r"Casa X|Pueblo sin Fronteras", text)
    assert result.hash in text
    assert result.command in text


def test_it_is_tagged_and_has_a_title_a_language_and_page_numbers(file: Path) -> None:
    reader = PdfReader(file)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "A made-up procession <b>north</b>"
    assert [item["/Title"] for item in reader.outline if not isinstance(item, list)]
    pages = len(reader.pages)
    assert pages > 3
    for number, page in enumerate(reader.pages, 1):
        assert f"{number} / {pages}" in page.extract_text()


def test_it_holds_its_fonts(file: Path) -> None:
    fonts = {
        str(font["/BaseFont"])
        for page in PdfReader(file).pages
        for item in page["/Resources"].get("/Font", {}).values()
        for font in [item.get_object()]
    }
    assert fonts
    assert all("+" in name for name in fonts)  # a subset of its own in the file
    assert {name.partition("+")[2] for name in fonts} >= {"PosadaSans-Regular", "PosadaSans-Bold"}  # of the drawings


@pytest.mark.parametrize(("size", "width"), [("a4", 595), ("letter", 612)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_brief_is_one_sheet(tmp_path: Path, result: fake.FakeResult, size: str, width: int, language: str) -> None:
    page = write_report(result, tmp_path / "brief.html", language=language, brief=True, pdf=True, paper=size)
    reader = PdfReader(page.with_suffix(".pdf"))
    assert len(reader.pages) == 1
    assert round(reader.pages[0].mediabox.width) == width
    assert sorted(file.name for file in tmp_path.iterdir()) == ["brief.html", "brief.pdf"]
    text = words(page.with_suffix(".pdf"))
    assert ("How to read this" if language == "en" else "Cómo leer esto") in text


def test_the_same_result_gives_the_same_file(tmp_path: Path, result: fake.FakeResult) -> None:
    files = [write_report(result, tmp_path / f"{i}.html", brief=True, pdf=True).with_suffix(".pdf") for i in range(2)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_paper_is_told_and_nothing_is_written(tmp_path: Path, result: fake.FakeResult) -> None:
    with pytest.raises(ResultError, match="paper cannot be 'a3'; allowed: a4, letter"):
        write_report(result, tmp_path / "brief.html", brief=True, pdf=True, paper="a3")
    assert list(tmp_path.iterdir()) == []


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    table = Table("", ("id", "n", "why"), [["a", "12", "because it is so " * 20], ["b", "1,200 (90 to 1,300)", ""]])
    narrow, number, wide = paper.widths(table)
    assert narrow < number < wide
