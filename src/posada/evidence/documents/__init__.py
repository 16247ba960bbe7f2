"""Files of reports as text: plain text, HTML, PDF and docx, each within limits of size and time."""

from .files import Document, read_document
from .limits import DocumentError
from .plain import decode, looks_binary

__all__ = ["Document", "DocumentError", "decode", "looks_binary", "read_document"]
