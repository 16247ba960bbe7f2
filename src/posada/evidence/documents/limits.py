"""How much of a file is read: reports are short, and whatever is not may be an accident or an attack."""

from __future__ import annotations

MOST_BYTES = 20_000_000
"""Of a file."""
MOST_LETTERS = 200_000
"""Of text taken from a file; some thirty thousand words."""
MOST_PAGES = 200
"""Of a PDF."""
MOST_XML = 30_000_000
"""Bytes of the text of a docx, unpacked."""
MOST_SECONDS = 20.0
"""For the text of a PDF."""


class DocumentError(Exception):
    """A file that cannot be read as a report; says what it is and what to do."""
