"""Files of reports as text: plain text, HTML, PDF and docx, each within limits of size and time."""

from .files import Document, read_document
from .limits import DocumentError

__all__ = ["Document", "DocumentError", "read_document"]
