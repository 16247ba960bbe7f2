"""A stretch of a report without the names of private people, their ages and kin."""

from __future__ import annotations

import re
from bisect import bisect_left

from .people import PERSON, Cast

KIN = (
    r"(?:(?:his|her|their|su|sus|the|el|la)\s+)?(?:(?:younger|older|little|big|elder|eldest|youngest|"
    r"pregnant)\s+)?(?:brother|sister|son|daughter|wife|husband|mother|father|stepfather|stepmother|cousin|nephew|"
    r"niece|baby|hermano|hermana|hijo|hija|esposa|esposo|madre|padre|padrastro|primo|prima)(?:\s+(?:menor|"
    r"mayor))?,?\s+"
)


def redacted(text: str, start: int, end: int, cast: Cast) -> tuple[str, list[int]]:
    """A stretch of text without the names of private people, their ages and kin; and where each letter comes from."""
    out: list[str] = []
    origin: list[int] = []
    at = start

    def put(piece: str, where: int, moving: bool) -> None:
        out.append(piece)
        origin.extend(where + i if moving else where for i in range(len(piece)))

    first = bisect_left(cast.spans, (start, 0)) - 1
    for a, b in cast.spans[max(0, first) :]:
        if a >= end:
            break
        if b <= at:
            continue
        a = max(a, at)
        lead = re.search(rf"\b{KIN}$", text[at:a], re.IGNORECASE)
        stop = a - (len(lead[0]) if lead else 0)
        put(text[at:stop], at, True)
        put(PERSON, stop, False)
        tail = re.match(
            r"\s*,\s*(?:de\s+)?\d{1,3}(?:\s+(?:years old|años(?: de edad)?))?\s*(?=[,.;)\"”]|\s)|\s*\(\d{1,3}\)",
            text[b:end],
        )
        at = b + (len(tail[0]) if tail else 0)
    put(text[at:end], at, True)
    shown = "".join(out)
    assert len(shown) == len(origin)
    return shown, origin
