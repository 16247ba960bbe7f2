"""Bytes as text: UTF-8, UTF-16 with a mark, else Windows-1252, also where a file mixes them."""

from __future__ import annotations

import codecs


def decode(raw: bytes) -> tuple[str, str | None]:
    """The text, and a note if it was not plain UTF-8."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(name, "replace"), None
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    lines = raw.split(b"\n")
    decoded = [decode_line(line) for line in lines]
    odd = sum(other for _, other in decoded)
    return "\n".join(text for text, _ in decoded), f"{odd} lines were not UTF-8 and were read as Windows-1252"


def decode_line(line: bytes) -> tuple[str, bool]:
    """One line, and whether it was not UTF-8."""
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace"), True


def looks_binary(raw: bytes) -> bool:
    """Whether bytes are no text: zeros or many control characters, without the mark of UTF-16."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    start = raw[:65536]
    control = sum(start.count(bytes([b])) for b in range(32) if b not in (9, 10, 12, 13, 27))
    return b"\0" in start or control > len(start) / 50
