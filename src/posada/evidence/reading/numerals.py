"""Numbers in digits and in words, English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .text import Token


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and the tokens it spans; `low` and `high` if the words are vague, `scale` if one was said (hundred)."""

    first: int
    last: int
    value: float | None
    low: float | None = None
    high: float | None = None
    scale: float = 1.0
    vague: bool = False
    approximate: bool = False
    """Said in words that mean only nearly so: a couple of hundred, un centenar."""


UNITS = {
    "en": dict(zip(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], range(20), strict=True,
    )) | dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10),
        strict=True)),
    "es": dict(zip(
        ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
            "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
            "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho",
            "veintinueve"], range(30), strict=True,
    )) | dict(zip(["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"], range(30, 100,
        10), strict=True))
    | {"veintiun": 21, "veintiuna": 21, "un": 1, "una": 1, "cien": 100, "ciento": 100}
    | {f"{stem}ient{end}": 100 * n for stem, n in (
        ("dosc", 2), ("tresc", 3), ("cuatroc", 4), ("seisc", 6), ("ochoc", 8)) for end in ("os", "as")}
    | {"quinientos": 500, "quinientas": 500, "setecientos": 700, "setecientas": 700, "novecientos": 900,
        "novecientas": 900},
}  # fmt: skip
SCALES = {
    "en": {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "dozen": 12.0, "score": 20.0, "k": 1e3},
    "es": {"mil": 1e3, "millon": 1e6, "millones": 1e6},
}
COLLECTIVES = {
    "docena": 12, "docenas": 12, "decena": 10, "centenar": 100, "centenares": 100, "millar": 1000, "millares": 1000,
    "veintena": 20, "treintena": 30, "cuarentena": 40, "cincuentena": 50, "sesentena": 60, "quincena": 15,
}  # fmt: skip
VAGUE = {
    "en": {"dozens": (24, 99), "scores": (40, 199), "hundreds": (200, 999), "thousands": (2000, 9999), "handful": (3,
    10)},
    "es": {
        "decenas": (20, 99), "docenas": (24, 99), "cientos": (200, 999), "centenares": (200, 999), "miles": (2000,
        9999),
        "millares": (2000, 9999), "punado": (3, 10),
    },
}  # fmt: skip
THOUSANDS = {
    "tens of thousands": 2e4, "hundreds of thousands": 2e5, "decenas de miles": 2e4, "cientos de miles": 2e5,
    "centenares de miles": 2e5,
}  # fmt: skip
FEW = {"few": (2.0, 5.0), "several": (3.0, 9.0), "pocos": (2.0, 5.0), "varios": (3.0, 9.0), "varias": (3.0, 9.0)}
DIGITS = re.compile(r"\d+(?:[.,'’]\d+)*")


def digits(text: str, language: str) -> float | None:
    """The value of a number in digits; None if it cannot be one (three groups that do not fit, an ordinal)."""
    if not DIGITS.fullmatch(text):
        return None
    plain = text.replace("’", "'")
    if plain.isdigit():
        return float(plain) if len(plain) < 13 else None
    groups = re.split(r"[.,']", plain)
    marks = re.findall(r"[.,']", plain)
    if groups[0] != "0" and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]):
        english_decimal = language == "en" and marks == ["."]
        if not english_decimal:
            return float("".join(groups))
    if len(groups) == 2 and marks[0] in ".,":
        return float(".".join(groups))
    if len(groups) == 3 and marks[0] != marks[1] and len(groups[1]) == 3 and len(groups[2]) <= 2:
        return float(f"{groups[0]}{groups[1]}.{groups[2]}")
    return None


def read_numeral(tokens: Sequence[Token], i: int, language: str) -> Numeral | None:
    """The longest number that begins at a token."""
    for read in (read_vague, read_collective, read_digits, read_words):
        found = read(tokens, i, language)
        if found is not None:
            return found
    return None


def word(tokens: Sequence[Token], i: int) -> str:
    """The folded text of a token, empty beyond the end."""
    return tokens[i].fold if 0 <= i < len(tokens) else ""


def read_vague(tokens: Sequence[Token], i: int, language: str) -> Numeral | None:
    """Dozens, hundreds of thousands, a couple of hundred, a few dozen, several thousand, unos cientos."""
    first, at = i, i
    here = word(tokens, at)
    vague = VAGUE[language]
    words = " ".join(word(tokens, k) for k in range(at, at + 3))
    if words in THOUSANDS:
        return Numeral(first, at + 2, None, THOUSANDS[words], THOUSANDS[words] * 5 - 1, vague=True)
    if here in vague and not (here == "scores" and word(tokens, at + 1) != "of"):
        least, most = vague[here]
        return Numeral(first, at, None, least, most, vague=True)
    if language == "en":
        if here == "a":
            at += 1
            here = word(tokens, at)
        if here == "handful" and word(tokens, at + 1) == "of":
            return Numeral(first, at, None, 3, 10, vague=True)
        if here == "couple":
            at += 2 if word(tokens, at + 1) == "of" else 1
            scale = SCALES["en"].get(word(tokens, at))
            return None if scale is None else Numeral(first, at, 2 * scale, scale=scale, approximate=True)
        if here in FEW and word(tokens, at + 1) in SCALES["en"]:
            scale = SCALES["en"][word(tokens, at + 1)]
            low, high = FEW[here]
            return Numeral(first, at + 1, None, low * scale, high * scale, scale=scale, vague=True)
        return None
    if here in FEW and word(tokens, at + 1) in vague:
        low, high = FEW[here]
        unit = vague[word(tokens, at + 1)][0] / 2
        return Numeral(first, at + 1, None, low * unit, high * unit, vague=True)
    if here == "un" and word(tokens, at + 1) == "par" and word(tokens, at + 2) == "de":
        size = {"cientos": 100.0, "centenares": 100.0, "miles": 1000.0, "docenas": 12.0, "decenas": 10.0}.get(
            word(tokens, at + 3)
        )
        return None if size is None else Numeral(first, at + 3, 2 * size, scale=size, approximate=True)
    return None


def read_collective(tokens: Sequence[Token], i: int, language: str) -> Numeral | None:
    """A dozen, half a dozen, two dozen; un centenar, medio centenar, dos docenas, un millar y medio."""
    here = word(tokens, i)
    if language == "en":
        if here == "half" and word(tokens, i + 1) == "a" and word(tokens, i + 2) in ("dozen", "million"):
            return Numeral(i, i + 2, SCALES["en"][word(tokens, i + 2)] / 2)
        counted = word(tokens, i + 1) in ("dozen", "hundred", "thousand", "million")
        if counted and here in ("a", "one", "another", "further"):
            return read_words(tokens, i + 1, "en", first=i)
        return None
    if here in ("medio", "media") and word(tokens, i + 1) in ("centenar", "docena", "millar", "millon"):
        whole = COLLECTIVES.get(word(tokens, i + 1), 1_000_000)
        return Numeral(i, i + 1, whole / 2, approximate=whole != 1_000_000)
    count = UNITS["es"].get(here)
    unit = COLLECTIVES.get(word(tokens, i + 1))
    if count is None or unit is None or word(tokens, i + 2) == "santa":
        return None
    if word(tokens, i + 2) == "y" and word(tokens, i + 3) in ("medio", "media"):
        return Numeral(i, i + 3, (count + 0.5) * unit, approximate=True)
    return Numeral(i, i + 1, float(count * unit), scale=float(unit), approximate=unit != 12 or count == 1)


def read_digits(tokens: Sequence[Token], i: int, language: str) -> Numeral | None:
    """A number in digits, with a scale behind it: 5,000; 2 mil 500; 1.5 million."""
    if i >= len(tokens) or not tokens[i].is_number:
        return None
    value = digits(tokens[i].text, language)
    if value is None:
        return None
    last = i
    if i + 1 < len(tokens) and tokens[i + 1].is_number and tokens[i + 1].start == tokens[i].end + 1:
        spaced = tokens[i].text + tokens[i + 1].text
        if len(tokens[i].text) <= 3 and len(tokens[i + 1].text) == 3 and tokens[i].text.isdigit() and spaced.isdigit():
            value, last = float(spaced), i + 1  # 12 500
    scale = SCALES[language].get(
        word(tokens, last + 1), SCALES["en" if language == "es" else "es"].get(word(tokens, last + 1))
    )
    if scale is None or word(tokens, last + 1) in ("score", "k", "dozen"):
        return Numeral(i, last, value)
    last += 1
    value *= scale
    if scale == 1e3 and last + 1 < len(tokens) and tokens[last + 1].text.isdigit() and len(tokens[last + 1].text) == 3:
        value += float(tokens[last + 1].text)  # 2 mil 500
        last += 1
    return Numeral(i, last, value, scale=scale)


def read_words(tokens: Sequence[Token], i: int, language: str, first: int | None = None) -> Numeral | None:
    """A number in words: one hundred and twenty, mil trescientos cuarenta y dos, mil 300."""
    units, scales = UNITS[language], SCALES[language]
    total = current = 0.0
    at = i
    scale = 1.0
    found = first is not None
    if first is not None:
        current = 1.0
    while at < len(tokens):
        here = word(tokens, at)
        if here in units:
            if found and current % 100 and not (current % 100 >= 20 and units[here] < 10 and current % 10 == 0):
                break
            current += units[here]
        elif language == "en" and here == "hundred" and found:
            current = max(current, 1.0) * 100
            scale = 100.0
        elif here in scales and here not in ("hundred", "score", "k", "dozen") and (found or here == "mil"):
            total += max(current, 1.0) * scales[here]
            current, scale = 0.0, scales[here]
        elif here == "dozen" and found:
            return Numeral(first if first is not None else i, at, current * 12, scale=12.0)
        elif here in ("and", "y", "-") and found and continues(tokens, at, language, current):
            at += 1
            continue
        elif found and scale == 1e3 and tokens[at].text.isdigit() and len(tokens[at].text) <= 3 and current == 0:
            current += float(tokens[at].text)
            at += 1
            break
        else:
            break
        found = True
        at += 1
    if not found or at == i:
        return None
    return Numeral(first if first is not None else i, at - 1, total + current, scale=scale)


def continues(tokens: Sequence[Token], i: int, language: str, current: float) -> bool:
    """Whether the link at a token (and, y, a hyphen) joins two parts of one number: treinta y cinco, twenty-five."""
    after = UNITS[language].get(word(tokens, i + 1))
    before = word(tokens, i - 1)
    if after is None:
        return False
    tens = current % 100 >= 20 and current % 10 == 0 and after < 10
    if word(tokens, i) == "and":
        return language == "en" and before in ("hundred", "thousand") and 0 < after < 100
    return tens
