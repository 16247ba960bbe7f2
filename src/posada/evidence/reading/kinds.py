"""What happened to those who are counted, and whether it was seen, expected or only heard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .amounts import Amount
from .counted import Counted
from .text import Token
from .verbs import KINDS

FORECAST = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|anticipat\w+|will|would|forecast\w*|predict\w*|project(?:ed|s)|plan(?:s|ned|ning)? "
    r"(?:to|on|for)|could|may|might|likely|due to|set to|brac(?:e|es|ing) for|prepar(?:e|es|ed|ing) (?:for (?:the "
    r"arrival|up to|another|more|about|some|\d)|to receive)|on (?:the|their) way|about to|going to|intend(?:s)?|"
    r"esperamos ser|"
    r"tomorrow|next week|se espera\w*|espera(?:mos|n|ban)? (?:que|la llegada|recibir|a|de|unos|unas|otros|otras|entre|"
    r"hasta|al menos|mas|cerca|\d)|promised to|pledged to|prometi\w+|preve\w*|prevemos|podria\w*|estima(?:n|"
    r"mos) que (?:llegar|ser|solicitar)\w+|"
    r"proxim[oa]s (?:dias|horas)|pronostic\w+|proyect\w+|van a|va a|planea\w*|pretend\w+)\b"
)
FUTURE = re.compile(r"\b\w{2,}(?:rán|rá|remos)\b", re.IGNORECASE)
"""Spanish verbs of what will be; the accent tells them from others."""
HEARSAY = re.compile(
    r"\b(?:reportedly|rumou?r\w*|allegedly|unconfirmed|hearsay|according to (?:media|press|news|local (?:media|"
    r"press))|media reports?|se dice|dicen que|rumor\w*|trascendio|presuntamente|supuestamente|sin confirmar|"
    r"se habla de|segun "
    r"(?:medios|versiones|la prensa|reportes de prensa)|versiones|heard that|word (?:is|spread)|social media|redes "
    r"sociales)\b"
)


def kind_of(text: str, tokens: Sequence[Token], amount: Amount, counted: Counted, offset: int) -> str:
    """The kind of a claim, by its unit and the nearest verb of its clause; `text` is the folded sentence."""
    if counted.share:
        return "share"
    what = counted.what.lower()
    left = re.split(r"\d|,|\by\b|\band\b|;", " ".join(t.fold for t in tokens[max(0, amount.left - 7) : amount.left]))[
        -1
    ]
    if counted.unit == "beds":
        return "capacity"
    if counted.unit in ("people", "households") and is_room(left):
        return "capacity"
    if counted.rate:
        return "rate"
    if counted.unit == "papers":
        return "asked"
    noun = kind_of_noun(what)
    if noun and not counted.left_out:
        return noun
    return (
        nearest_verb(text, tokens[amount.first].start - offset, tokens[counted.last].end - offset) or noun or "present"
    )


def is_room(left: str) -> bool:
    """Whether the words before a number tell of room for people."""
    return bool(
        re.search(
            r"\b(?:capacity|capacidad|limit (?:is|of)|limite (?:es|de)|tope (?:es|de)|cupo|aforo|cab(?:en|e|ian|ia)\b|"
            r"pued(?:e|en) (?:alojar|albergar|recibir|"
            r"hospedar|atender|dormir)|(?:can|could)(?: not)? (?:hold|house|fit|accommodate|sleep|shelter|take|host|"
            r"feed)|(?:built|designed|meant|made)(?: up)? to (?:hold|house|take|accommodate)|"
            r"(?:room|space|lugar|espacio|meant|planned|intended|made|built|designed|equipped) (?:for|para)|sleeps|"
            r"built for|designed for)\b",
            left,
        )
    )


def kind_of_noun(what: str) -> str | None:
    """The kind that a noun tells by itself."""
    if re.search(
        r"arrivals|ingresos|llegadas|landings|disembarkations|desembarcos|newcomers|entradas|entries|crossings|encounters|encuentros",
        what,
    ):
        return "arrived"
    if re.search(
        r"departures|checkouts|discharges|egresos|salidas|deportations|devoluciones|removals|returns|deportaciones|retornos|deportees|"
        r"deportados|repatria",
        what,
    ):
        return "left"
    if re.search(r"capacity|capacidad|cupo", what):
        return "capacity"
    return None


BREAK = re.compile(r"[;—:]|\.\s|\b(?:while|whereas|but|mientras|pero|although|aunque)\b")


def nearest_verb(text: str, start: int, end: int) -> str | None:
    """The kind of the nearest verb in the clause around a span; None if none is near."""
    first = max((m.end() for m in BREAK.finditer(text, 0, start)), default=0)
    after = BREAK.search(text, end)
    last = after.start() if after else len(text)
    best: tuple[str | None, float] = (None, 85.0)
    for kind, pattern in KINDS.items():
        for match in pattern.finditer(text, first, last):
            if start <= match.start() < end:
                continue
            behind = match.start() >= end
            between = text[end : match.start()] if behind else text[match.end() : start]
            distance = (
                len(between) * (1.0 if behind else 1.15)
                + 25 * between.count(",")
                + 12 * (" and " in between or " y " in between)
            )
            if re.search(r"\bwho\b|\bque\b", between) and not behind:
                distance += 10
            if distance < best[1]:
                best = (kind, distance)
    return best[0]


def status_of(text: str, raw: str, start: int, end: int) -> str:
    """Whether a sentence (folded, and as it is) tells what was observed, is expected, or was only heard."""
    first = max((m.end() for m in re.finditer(r"[;]|\b(?:but|pero)\b", text[:start])), default=0)
    after = re.search(r"[;]|\.\s|\b(?:but|pero|while|mientras)\b", text[end:])
    clause = text[first : end + after.start() if after else len(text)]
    future = FORECAST.search(clause) or FUTURE.search(raw[first : first + len(clause)])
    if HEARSAY.search(clause):
        return "hearsay"
    return "forecast" if future else "observed"
