"""A report on paper: the same blocks, numbers and drawings as on the page, set by Typst into a tagged PDF."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from posada.report.blocks import (
    Answer,
    Answers,
    Bullets,
    Claims,
    Figure,
    Fold,
    Heading,
    Headlines,
    Section,
    Table,
    Text,
)
from posada.report.drawing import FONT
from posada.report.labels import text_width
from posada.report.swatches import swatch
from posada.results import ResultError
from posada.words import language, say

PAPERS = {"a4": "a4", "letter": "us-letter"}
"""Sizes of paper, by the names that users give them."""
STANDARD = "ua-1"
"""PDF/UA: tagged, so that a screen reader can follow it."""
SANS = "Posada Sans"
"""The face of drawings, which comes with posada, as that of the text with Typst: one file on every machine."""
LONGEST = 400
"""Rows of one table on paper; more stand in the files of the page."""


def as_pdf(sections: Sequence[Section], top: Mapping[str, Any], paper: str = "a4", brief: bool = False) -> bytes:
    """A report as a PDF."""
    typst = ready(paper)
    with tempfile.TemporaryDirectory(prefix="posada-paper-") as name:
        work = Path(name)
        setting = Setting(work, brief)
        data = {
            "paper": PAPERS[paper],
            "brief": brief,
            "lang": language(),
            "title": top["title"],
            "summary": top["summary"],
            "mark": say(f"page.{top['sensitivity']}").capitalize(),
            "facts": facts(top),
            "foot": say("paper.foot", title=top["title"], mark=say(f"page.{top['sensitivity']}")),
            "contents": say("page.contents"),
            "words": {
                "assumed": say("page.assumed"),
                "semicolon": say("page.claim-when", when="").rstrip(),
                "made-with": say("page.made-with", version=top["version"]),
            },
            "sections": [
                {"title": section.title, "blocks": [setting.block(block) for block in section.blocks]}
                for section in sections
            ],
        }
        text = json.dumps(data, ensure_ascii=False).replace(" %", "\u00a0%")  # no line ends before a sign
        (work / "data.json").write_text(text, encoding="utf-8")
        source = files("posada.report").joinpath("paper.typ").read_text(encoding="utf-8")
        (work / "paper.typ").write_text(source, encoding="utf-8")
        with as_file(files("posada.report").joinpath("fonts")) as fonts:
            made: bytes = typst.compile(
                str(work / "paper.typ"),
                root=str(work),
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                pdf_standards=[STANDARD],
                format="pdf",
            )
    return made


def ready(paper: str) -> Any:
    """The program that sets type; ResultError if it is not installed, or does not know the paper."""
    if paper not in PAPERS:
        raise ResultError(f"paper cannot be {paper!r}; allowed: {', '.join(PAPERS)}")
    try:
        import typst
    except ImportError as error:
        raise ResultError('PDF needs the package typst: pip install "posada[pdf]"') from error
    return typst


def facts(top: Mapping[str, Any]) -> str:
    """The line below the title: dates, law, policy, runs."""
    parts = [str(top["period"])]
    parts += [say("page.law", day=top["law"])] if top["law"] else []
    parts += [say("page.policy", policy=top["policy"])] if top["policy"] else []
    parts.append(say("page.runs", n=top["replicates"], count=f"{top['replicates']:,}"))
    return " · ".join(parts)


class Setting:
    """Blocks as plain data for the page, and their drawings as files beside it."""

    def __init__(self, work: Path, brief: bool) -> None:
        self._work, self._brief = work, brief
        self._files = 0

    def block(self, block: object) -> dict[str, Any]:
        """One block as data."""
        match block:
            case Text():
                return {"kind": "text", "text": block.text, "strong": block.strong, "style": block.style}
            case Heading():
                return {"kind": "heading", "text": block.text}
            case Bullets():
                return {"kind": "bullets", "items": [list(item) for item in block.items]}
            case Answers():
                return self._answers(block)
            case Headlines():
                return {"kind": "headlines", "questions": [self._answers(question) for question in block.questions]}
            case Table():
                return self._table(block)
            case Fold():
                inner = [self.block(item) for item in block.blocks]
                titled = not any(isinstance(item, Table) for item in block.blocks)
                return {"kind": "fold", "summary": block.summary, "blocks": inner, "titled": titled}
            case Figure():
                return self._figure(block)
            case Claims():
                return self._claims(block)
        raise TypeError(f"a {type(block).__name__} cannot stand on paper")

    def _answers(self, block: Answers) -> dict[str, Any]:
        return {"kind": "answers", "question": block.question, "items": [_answer(item) for item in block.items]}

    def _table(self, table: Table) -> dict[str, Any]:
        rows = [list(map(str, row)) for row in table.rows[:LONGEST]]
        if not rows:
            return {"kind": "text", "text": table.caption, "strong": "", "style": "note"}
        return {
            "kind": "table",
            "caption": table.caption,
            "columns": list(table.columns),
            "rows": rows,
            "numeric": sorted(table.numeric),
            "widths": widths(table),
            "note": table.note,
        }

    def _figure(self, figure: Figure) -> dict[str, Any]:
        drawn = str(figure.narrow if self._brief else figure.wide)
        return {
            "kind": "figure",
            "title": figure.title,
            "text": figure.text,
            "alt": f"{figure.title}. {figure.text}",
            "file": self._file(drawn),
            "width": 0.86 if figure.live is not None else 1,
            "key": [[self._file(swatch(shape)), said] for shape, said in figure.key],
        }

    def _claims(self, block: Claims) -> dict[str, Any]:
        return {
            "kind": "claims",
            "items": [
                {
                    "id": claim.id,
                    "what": claim.what,
                    "when": claim.when,
                    "who": say("page.claim-who", who=claim.who),
                    "source": claim.source,
                    "address": claim.address,
                    "host": claim.host,
                    "note": claim.note,
                }
                for claim in block.items
            ],
        }

    def _file(self, svg: str) -> str:
        """A drawing as a file, in the face for drawings on paper."""
        self._files += 1
        name = f"drawing-{self._files}.svg"
        svg = svg.replace(FONT, SANS)
        (self._work / name).write_text(svg, encoding="utf-8")
        return name


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "label": answer.label,
        "text": answer.text,
        "assumed": answer.assumed,
        "disagrees": answer.disagrees,
    }


def widths(table: Table) -> list[float]:
    """How wide columns are beside each other: as wide as what stands in them, within bounds."""
    found = []
    for i, head in enumerate(table.columns):
        cells = [str(row[i]) for row in table.rows]
        word = max([text_width(part) for cell in [head, *cells] for part in cell.split()] or [10.0])
        longest = max(map(text_width, cells), default=0.0)
        mean = sum(map(text_width, cells)) / max(len(cells), 1)
        wish = min(longest, 150.0 if i in table.numeric else 260.0, 1.5 * mean + 30)
        found.append(round(max(wish, min(1.3 * word, 150.0), 34.0), 1))
    return found
