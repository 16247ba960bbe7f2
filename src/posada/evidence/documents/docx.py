"""docx as text. Only as much is unpacked as a report can have, and its XML may not declare anything."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from .limits import MOST_LETTERS, MOST_XML, DocumentError

BODY = "word/document.xml"
TITLE = "docProps/core.xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Enough(Exception):
    """Ends parsing: there is as much text as is read."""


def text_of_docx(raw: bytes, path: Path) -> tuple[str, str | None]:
    """Text and title; DocumentError if it is no docx, or would unpack to far more than a report."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as box:
            names = box.namelist()
            if BODY not in names:
                raise DocumentError(f"{path} is a zip file but no docx (there is no {BODY} in it)")
            body = unpacked(box, BODY, MOST_XML, path)
            title = unpacked(box, TITLE, 100_000, path) if TITLE in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise DocumentError(f"{path} is a damaged or locked docx ({error}); open it and save it anew") from None
    return paragraphs_of(body, path), title_of(title)


def unpacked(box: zipfile.ZipFile, name: str, most: int, path: Path) -> bytes:
    """One part of a zip file, if it is not larger than it may be, whatever the file says of itself."""
    if box.getinfo(name).file_size > most:
        raise too_large(path, most)
    with box.open(name) as part:
        found = part.read(most + 1)
    if len(found) > most:
        raise too_large(path, most)
    return found


def too_large(path: Path, most: int) -> DocumentError:
    """The error of a docx that unpacks to too much."""
    return DocumentError(f"{path} unpacks to more than {most / 1e6:,.0f} MB of text; that is no report")


def paragraphs_of(body: bytes, path: Path) -> str:
    """The paragraphs of a document, cells of a table on one line."""
    out: list[str] = []
    state = {"text": False, "letters": 0, "cells": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{W} t":
            state["text"] = True
        elif name == f"{W} tab":
            out.append(" ")
        elif name == f"{W} br":
            out.append("\n")
        elif name == f"{W} tc":
            state["cells"] += 1
            out.append(" | ")

    def end(name: str) -> None:
        if name == f"{W} t":
            state["text"] = False
        elif name == f"{W} tc":
            state["cells"] -= 1
        elif name == f"{W} p" or name == f"{W} tr":
            out.append(" " if state["cells"] else "\n\n")

    def text(data: str) -> None:
        if state["text"]:
            out.append(data)
            state["letters"] += len(data)
            if state["letters"] > MOST_LETTERS:
                raise Enough

    def declared(*_: object) -> None:
        raise DocumentError(f"{path} declares entities in its XML, which no docx does; it is not read")

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(body, True)
    except Enough:
        pass
    except ExpatError as error:
        raise DocumentError(f"{path} is a damaged docx ({error})") from None
    lines = [line.strip(" |") for line in "".join(out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def title_of(core: bytes) -> str | None:
    """The title in the properties of a document."""
    match = re.search(rb"<dc:title>([^<]{1,400})</dc:title>", core)
    return match[1].decode("utf-8", "replace").strip() or None if match else None
