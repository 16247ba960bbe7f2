"""A file of a report as text, by what the file is, not by what it is called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .limits import MOST_BYTES, MOST_LETTERS, DocumentError
from .plain import decode, looks_binary


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file, its title if it has one, its kind and the hash of its bytes."""

    text: str
    title: str | None
    kind: str
    hash: str
    notes: tuple[str, ...] = ()
    """What the reader should know: that the file was cut, or how it was decoded."""


def read_document(path: Path) -> Document:
    """The text of a file; DocumentError if it is too large, or is no text, HTML, PDF or docx."""
    if path.is_dir():
        raise DocumentError(f"{path} is a folder; name a file of text, HTML, PDF or docx")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DocumentError(
                f"{path} has {size / 1e6:,.0f} MB; reports of up to {MOST_BYTES / 1e6:,.0f} MB are read. Save the "
                f"article or chapter by itself"
            )
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(raw) > MOST_BYTES:
        raise DocumentError(f"{path} goes on beyond {MOST_BYTES / 1e6:,.0f} MB; that is no report")
    if not raw.strip():
        raise DocumentError(f"{path} is empty")
    text, title, kind, notes = text_of(raw, path)
    if not text.strip():
        raise DocumentError(f"{path} holds no text; if it is a scan, recognise its text first (OCR)")
    if len(text) > MOST_LETTERS:
        notes = (*notes, f"only the first {MOST_LETTERS:,} letters of {len(text):,} are read")
        text = text[:MOST_LETTERS]
    return Document(text, title, kind, hashlib.sha256(raw).hexdigest(), notes)


def text_of(raw: bytes, path: Path) -> tuple[str, str | None, str, tuple[str, ...]]:
    """Text, title, kind and notes of the bytes of a file."""
    start = raw[:1024].lstrip()
    if start.startswith(b"%PDF-"):
        from .pdf import text_of_pdf

        return text_of_pdf(raw, path)
    if raw.startswith(b"PK\x03\x04"):
        from .docx import text_of_docx

        return (*text_of_docx(raw, path), "docx", ())
    if path.suffix.lower() in (".pdf", ".docx"):
        raise DocumentError(
            f"{path} is called {path.suffix} but is not one; open it in the program that made it and save it anew"
        )
    if looks_binary(raw):
        raise DocumentError(f"{path} is no text, HTML, PDF or docx; save it as one of these")
    text, note = decode(raw)
    notes = (note,) if note else ()
    if is_html(text, path):
        from .html import text_of_html

        body, title = text_of_html(text)
        return body, title, "html", notes
    return text, None, "text", notes


def is_html(text: str, path: Path) -> bool:
    """Whether a text is a page of HTML."""
    start = text[:2000].lower()
    return (
        "<html" in start
        or "<!doctype html" in start
        or (path.suffix.lower() in (".html", ".htm", ".xhtml") and "<" in start)
    )
