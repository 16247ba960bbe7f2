"""What all commands have in common: arguments, how a mistake is told, how machines are answered."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, NoReturn

import typer

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="a folder, or the name of a shipped scenario")]
AsJson = Annotated[bool, typer.Option("--json", help="print the summary as JSON, and nothing else")]


def fail(message: str) -> NoReturn:
    """Say what the user can mend, and leave with exit code 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def print_json(found: dict[str, Any]) -> None:
    """Print a summary for machines."""
    print(json.dumps(found, indent=1, default=str, ensure_ascii=False))
