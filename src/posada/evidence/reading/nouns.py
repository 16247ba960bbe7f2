"""The nouns that numbers belong to, and words that make a number a rate."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .free import is_of_people
from .numerals import word
from .text import Token
from .vocabulary import ELLIPTIC, MODIFIERS, NATIONALITIES, ONE_PERSON, PEOPLE, PERIODS, STOPS, UNITS, words

Topic = tuple[str, str]
"""What was spoken of, and its unit."""


def noun_after(tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    """The countable noun that a number before `at` belongs to, with its unit."""
    steps = 0
    best: tuple[int, str] | None = None
    while at < len(tokens) and steps < 7:
        here = tokens[at].fold
        unit = unit_of(tokens, at)
        if unit is not None:
            best = (at, unit)
            if (
                here in ("more", "others", "family", "child", "families")
                or unit_of(tokens, at + 1) is None
                or here in PEOPLE_FIRST
            ):
                following = unit_of(tokens, at + 1) if here in ("family", "child", "passenger", "migrant") else None
                if following is None:
                    return best
        elif (
            here in MODIFIERS
            or here in NATIONALITIES
            or here in ("-", "'", '"')
            or is_adjective(tokens[at])
            or (
                tokens[at].is_word
                and here not in STOPS
                and not here.endswith("s")
                and unit_of(tokens, at + 1) is not None
            )
        ):
            pass
        elif here in STOPS or not tokens[at].is_word:
            return best
        else:
            return best
        at += 1
        steps += 1
    return best


PEOPLE_FIRST = frozenset(["personas", "people", "migrantes", "mujeres", "ninos", "menores", "familias"])


def unit_of(tokens: Sequence[Token], at: int) -> str | None:
    """The unit of a noun; nationalities count as people where no noun follows them."""
    here = word(tokens, at)
    if here in (
        "more",
        "others",
        "no",
        "number",
        "family",
        "child",
        "missing",
        "unidades",
        "internos",
        "heads",
        "staff",
        "bed",
        "elderly",
        "bus",
    ) and (here not in ("others", "missing", "staff", "heads", "internos") or False):
        return None
    if here in ONE_PERSON and word(tokens, at - 1) in ("1", "un", "una", "one", "otro", "otra"):
        return "people"
    if here == "units" and word(tokens, at - 1) not in ("family", "household"):
        return None
    if here == "nucleos" or here == "unidades":
        return "households"
    if here == "seekers" and word(tokens, at - 1) not in ("asylum", "-", "refuge"):
        return None
    if here == "guards" and word(tokens, at - 1) == "national":
        return "people"
    if here in NATIONALITIES:
        following = word(tokens, at + 1)
        if following in PEOPLE or following.startswith(("famil", "asyl")):
            return None
        ends = following in STOPS or following in ELLIPTIC or not following[:1].isalpha()
        return "people" if here.endswith("s") or ends else None
    if here in UNIT_OF:
        return UNIT_OF[here]
    if here in SURVEYED or is_participle(tokens, at) or is_of_people(here):
        return "people"
    return None


SURVEYED = words(
    "encuestados encuestadas entrevistados entrevistadas interrogados censados censadas registrados registradas "
    "inscritas atendidos "
    "atendidas admitidos admitidas liberados liberadas devueltos devueltas evacuados evacuadas hospitalizados "
    "hospitalizadas "
    "intoxicados varados varadas respondents interviewees surveyed interviewed patients evacuated"
)
"""Participles that name people where they follow a number."""


UNIT_OF = {noun: unit for unit in reversed(UNITS) for noun in UNITS[unit]}
"""Units by noun; a noun of two units is of the first."""


def is_participle(tokens: Sequence[Token], at: int) -> bool:
    """Whether a Spanish participle names people: it follows a number, and no noun follows it: 21 accidentados."""
    here, after = word(tokens, at), word(tokens, at + 1)
    if not here.endswith(("ados", "adas", "idos", "idas")) or here in NO_PARTICIPLES or at == 0:
        return False
    ends = not after[:1].isalpha() or after in STOPS or after in ELLIPTIC
    return ends and (tokens[at - 1].is_number or word(tokens, at - 1) in ("mil", "otros", "otras", "cien", "ciento"))


NO_PARTICIPLES = words(
    "estados lados grados mercados partidos pedidos sonidos apellidos vestidos sentidos comidas bebidas salidas "
    "entradas llegadas medidas "
    "partidas paradas jornadas toneladas temporadas decadas miradas llamadas cuadrados cuadradas ejidos contenidos "
    "frazadas pulgadas "
    "brazadas redadas patadas fachadas avenidas heridas vidas caidas soldados juzgados condados poblados tratados "
    "tejidos nidos ruidos "
    "latidos fluidos candados arados casadas vueltas corridas camadas cajetillas"
)


def is_adjective(token: Token) -> bool:
    """Whether a word may describe what is counted; a plural noun of English may not."""
    if not token.is_word:
        return False
    if token.is_capital:
        return True
    return bool(
        re.search(
            r"(?:ed|ing|ian|ean|ese|ish|al|ive|ant|less|able|ible|ary|ous|ic|ful|ados|adas|idos|idas|ales|antes|"
            r"entes)$",
            token.fold,
        )
    )


def per_time(tokens: Sequence[Token], at: int) -> str:
    """The time of a rate that follows within a few words: `day` for a day, per day, al día; empty if none does."""
    words = [word(tokens, k) for k in range(at, at + 9)]
    stop = next(
        (
            k
            for k, w in enumerate(words)
            if w in (",", ".", ";", ":", "and", "y", "but", "pero", '"') or w[:1].isdigit()
        ),
        len(words),
    )
    return period_in(words[:stop])


def each_time(tokens: Sequence[Token], left: int) -> str:
    """The time of a rate that the clause before a number tells (cada semana, every day), empty if it tells none."""
    words = [t.fold for t in tokens[max(0, left - 7) : left]]
    start = max((k + 1 for k, w in enumerate(words) if w in BREAKS), default=0)
    # `a day` before a number is a date
    whole = [phrase for phrase in words[start:] if phrase not in ("a", "an", "per")]
    return period_in(whole)


BREAKS = words(", . ; : and y because porque when while cuando mientras but pero")


def period_in(words: Sequence[str]) -> str:
    """The time that some phrase among words tells of."""
    told = f" {' '.join(words)} "
    return next((time for time, phrases in PERIODS.items() if any(f" {phrase} " in told for phrase in phrases)), "")


NOT_A_TOPIC = frozenset(
    [
        "organizers",
        "organisers",
        "officials",
        "agents",
        "officers",
        "lawyers",
        "attorneys",
        "judges",
        "guards",
        "volunteers",
        "journalists",
        "police",
        "employees",
        "activists",
        "staff",
        "doctors",
        "nurses",
        "agentes",
        "oficiales",
        "policias",
        "abogados",
        "voluntarios",
        "jueces",
        "funcionarios",
        "empleados",
        "activistas",
        "medicos",
        "elementos",
    ]
)


def spoken_of(tokens: Sequence[Token]) -> Topic | None:
    """The last noun of a stretch that can be counted, with its unit; not those who only tell of others."""
    for k in reversed(range(len(tokens))):
        unit = unit_of(tokens, k)
        if unit is not None and unit not in ("vehicles", "goods", "beds") and tokens[k].fold not in NOT_A_TOPIC:
            return tokens[k].text.lower(), unit
    return None


def is_weekday(text: str) -> bool:
    """Whether a folded word names a day of the week."""
    return text in WEEKDAYS


WEEKDAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
    ]
)
