"""PDF as text, page by page, within a time."""

from __future__ import annotations

import logging
import time
from io import BytesIO
from pathlib import Path

from .limits import MOST_LETTERS, MOST_PAGES, MOST_SECONDS, DocumentError


def text_of_pdf(raw: bytes, path: Path) -> tuple[str, str | None, str, tuple[str, ...]]:
    """Text, title, kind and notes; DocumentError if it is damaged or locked."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    notes: list[str] = []
    pages: list[str] = []
    try:
        reader = PdfReader(BytesIO(raw), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{path} is locked with a password; save it without one")
        began, letters = time.monotonic(), 0
        for number, page in enumerate(reader.pages):
            if number >= MOST_PAGES or letters > MOST_LETTERS or time.monotonic() - began > MOST_SECONDS:
                notes.append(f"only the first {number} of {len(reader.pages)} pages are read")
                break
            pages.append(unwrapped(page.extract_text() or ""))
            letters += len(pages[-1])
        title = reader.metadata.title if reader.metadata else None
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError(f"{path} is nested too deep to be read") from None
    except Exception as error:  # pypdf raises whatever a broken file makes it stumble over
        raise DocumentError(f"{path} is a damaged PDF ({type(error).__name__}: {error})"[:300]) from None
    return "\n\n".join(pages), str(title)[:200] if title else None, "pdf", tuple(notes)


def unwrapped(page: str) -> str:
    """The lines of a page joined where a sentence goes on, with words that were parted put together."""
    lines = [line.strip() for line in page.split("\n")]
    widest = max((len(line) for line in lines), default=0)
    out = ""
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        goes_on = len(line) > 0.6 * widest and after and not line.endswith((".", ":", "?", "!"))
        if line.endswith("-") and len(line) > 1 and line[-2].isalpha() and after[:1].islower():
            out += line[:-1]
        else:
            out += line + (" " if goes_on or (len(line) > 0.8 * widest and after) else "\n\n")
    return out
