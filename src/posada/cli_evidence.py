"""`posada evidence`: who said what, and what rests on it."""

from __future__ import annotations

import typer

from posada.cli import app

evidence = typer.Typer(
    no_args_is_help=True, help="Who said what, and what rests on it.", pretty_exceptions_enable=False
)
app.add_typer(evidence, name="evidence")


@evidence.callback()
def evidence_() -> None:
    """Who said what, and what rests on it."""
