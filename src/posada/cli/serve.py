"""The folder of work: what is in it, and the app."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from posada.cli.kit import app, fail, print_json

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="the folder of work; default: this one")]


@app.command()
def runs(
    folder: Folder = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print the rows as JSON, and nothing else")] = False,
) -> None:
    """The runs and comparisons in a folder, and what the app was asked for and has not done yet."""
    from posada.workspace import listing

    if not folder.is_dir():
        fail(f"there is no folder {folder}")
    rows = listing(folder)
    if as_json:
        print_json({"runs": rows})
    elif not rows:
        print(f"There are no runs in {folder}.")
    else:
        from rich.table import Table

        from posada.cli.kit import print_parts
        from posada.workspace.listing import COLUMNS

        table = Table(*COLUMNS, box=None)
        for row in rows:
            table.add_row(*(str(row[name]) for name in COLUMNS))
        print_parts([table])


@app.command()
def serve(
    folder: Folder = Path(),
    host: Annotated[str, typer.Option(help="where to listen; elsewhere than here it takes a token")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8800,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="serve over TLS, with this certificate (PEM)")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="its private key (PEM)")] = None,
    open_: Annotated[bool, typer.Option("--open", help="open the app in the browser")] = False,
) -> None:
    """The app: scenarios, runs and evidence of a folder, in the browser. Only this machine can reach it."""
    if folder.exists() and not folder.is_dir():
        fail(f"{folder} is a file; name a folder")
    if (certificate is None) != (key is None):
        fail("--certificate and --key go together")
    for file in (certificate, key):
        if file is not None and not file.is_file():
            fail(f"there is no file {file}")
    try:
        from posada.web import serve as begin
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "starlette", "uvicorn", "python_multipart"):
            raise
        fail(f"the app needs further packages ({error.name} is not there): pip install 'posada[web]'")
    begin(folder, host=host, port=port, certificate=certificate, key=key, browser=open_, say=tell)


def tell(text: str) -> None:
    """Say something to whoever started the app."""
    print(text, file=sys.stderr, flush=True)
