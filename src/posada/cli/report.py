"""`posada report`: a result as a page that can be sent on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.kit import app, fail


@app.command()
def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the HTML file; default: report.html in RESULT")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="RESULT", help="a second result, such as without-the-caravan")
    ] = None,
    language: Annotated[str, typer.Option(metavar="en|es", help="the language of the report")] = "en",
) -> None:
    """Make the report of a result: one HTML file that opens without the internet."""
    from posada.report import write_report
    from posada.results import check_comparable, open_result
    from posada.words import LANGUAGES

    if language not in LANGUAGES:
        fail(f"--language cannot be {language!r}; allowed: {', '.join(LANGUAGES)}")
    opened = open_result(result)
    other = open_result(compare) if compare is not None else None
    if other is not None:
        check_comparable(opened, other)
    path = write_report(opened, out or result / "report.html", other, language)
    print(f"The report is {path.resolve()}")
