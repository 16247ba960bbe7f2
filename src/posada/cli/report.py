"""`posada report`: a result as a page, a PDF or one sheet that can be sent on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.kit import app, fail


@app.command()
def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="the HTML file; default: report.html (or brief.html) in RESULT"),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="RESULT", help="a second result, such as without-the-caravan")
    ] = None,
    language: Annotated[str, typer.Option(metavar="en|es", help="the language of the report")] = "en",
    brief: Annotated[bool, typer.Option("--brief", help="one sheet: situation, five answers, map, shelters")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="write a PDF of the same name too")] = False,
    paper: Annotated[str, typer.Option(metavar="a4|letter", help="of the PDF")] = "a4",
    forecasts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="issued forecasts: shows the newest and past scores")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="for anybody: people on the way by state, nothing of the last 7 days")
    ] = False,
) -> None:
    """Make the report of a result: one HTML file that opens without the internet, and a PDF if you like."""
    from posada.report import PAPERS, write_report
    from posada.results import check_comparable, open_result
    from posada.words import LANGUAGES

    for option, word, allowed in (("--language", language, LANGUAGES), ("--paper", paper, PAPERS)):
        if word not in allowed:
            fail(f"{option} cannot be {word!r}; allowed: {', '.join(allowed)}")
    opened = open_result(result)
    other = open_result(compare) if compare is not None else None
    if other is not None:
        check_comparable(opened, other)
    target = out or result / ("brief.html" if brief else "report.html")
    if pdf and target.suffix == ".pdf":
        target = target.with_suffix(".html")
    path = write_report(
        opened, target, other, language, brief=brief, pdf=pdf, paper=paper, public=public, forecasts=forecasts
    )
    print(f"The report is {path.resolve()}")
    if pdf:
        print(f"The PDF is {path.with_suffix('.pdf').resolve()}")
