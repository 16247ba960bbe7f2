"""Which place a number is likely about: the nearest of its sentence, then those of sentences before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .places import WEIGHT, Mention, Place, place_key
from .text import Sentence


def ranked(
    found: Sequence[Sequence[Mention]],
    sentences: Sequence[Sentence],
    index: int,
    start: int,
    end: int,
    flat: str,
    kind: str,
) -> list[tuple[Place, bool]]:
    """Places that a number at a span may be about, likeliest first, and whether its own sentence names them."""
    scores: dict[str, tuple[float, Place, bool]] = {}
    offset = sentences[index].start
    for mention in found[index]:
        score = distance(mention, start, end, flat, offset, kind)
        keep(scores, score, mention.place, True)
    for back in range(1, 4):
        if index - back < 0:
            break
        same = sentences[index - back].paragraph == sentences[index].paragraph
        for mention in found[index - back]:
            base = (
                60 + 140 * back + (0 if same else 40) + 12 * WEIGHT[mention.place.kind] + (250 if mention.origin else 0)
            )
            keep(scores, base + (mention.start - sentences[index - back].start) / 20, mention.place, False)
    for near, here in enumerate(found[:3]):
        for mention in here:
            keep(
                scores,
                900 + 60 * near + 20 * WEIGHT[mention.place.kind] + (250 if mention.origin else 0),
                mention.place,
                near == index,
            )
    ordered = sorted(scores.values(), key=lambda item: item[0])
    return [(place, same and score < LIKELY) for score, place, same in ordered][:6]


LIKELY = 250.0
"""Beyond this score a place of the sentence is only a candidate, such as where people come from."""


def keep(scores: dict[str, tuple[float, Place, bool]], score: float, place: Place, same: bool) -> None:
    """Remember the best score of a place."""
    key = place_key(place)
    if key not in scores or score < scores[key][0]:
        scores[key] = (score, place, same or (key in scores and scores[key][2]))


TO = (
    r"(?:in|at|to|into|reached|reaching|reach|outside|near|inside|en|a|hasta|hacia|al|through|cruzaron "
    r"por)\s+(?:the |el |la |los |las |downtown |central )*"
)
FROM = r"(?:from|left|leaving|leave|de|desde|salieron de|abandonaron|departed|depart|partieron de)\s+(?:the |el |la )*"


TOWARDS = re.compile(
    r"\b(?:hacia|hasta|rumbo a|(?:boats?|bus(?:es)?|trains?|lanchas?) (?:to|for|a)|bound for|con destino a)\s+(?:the |"
    r"el |la )?$"
)


def distance(mention: Mention, start: int, end: int, flat: str, offset: int, kind: str) -> float:
    """How unlikely it is that a number is about a place of its own sentence."""
    a, b = mention.start - offset, mention.end - offset
    n1, n2 = start - offset, end - offset
    gap = a - n2 if a >= n2 else n1 - b
    between = flat[n2:a] if a >= n2 else flat[b:n1]
    if a < 40 and re.match(r"\s*(?:,\s*[\w. ]{2,24})?\s*(?:\([a-z/ ]{2,20}\))?\s*(?:—|--|\.-|-\s)", flat[b:]):
        return 210.0  # the dateline: where it was written
    score = max(gap, 0) * 1.0 + 30 * between.count(",") + 50 * between.count(";") + 8 * WEIGHT[mention.place.kind]
    before = flat[:a]
    if mention.origin:
        score += 220
    wanted, other = (FROM, TO) if kind == "left" else (TO, FROM)
    if kind == "present" and TOWARDS.search(before):
        score += 60
    if re.search(rf"\b{wanted}$", before):
        score -= 25
    elif re.search(rf"\b{other}$", before) and kind in ("left", "arrived"):
        score += 45
    if re.match(r"\s*[,(]\s*[a-z. ]+[,)]?", flat[b:]) and mention.place.kind in (
        "town",
        "venue",
        "scenario",
        "crossing",
    ):
        score -= 5
    if (
        kind == "arrived"
        and re.search(r"\bfrom (?:the |a )?(?:city|town|state|port|bus|village)?\b[^.;]{0,70}$", before)
        and not re.search(rf"\b{TO}$", before)
    ):
        score += 250
    if re.search(r",\s*$", before) and mention.place.kind in ("state", "country", "region"):
        score += 25  # the state or country behind a town's name
    return score
