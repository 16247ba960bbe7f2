"""Dates and days of the week in a report, resolved against its own date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .text import Sentence, fold, level


@dataclass(frozen=True, slots=True)
class When:
    """A day, or days, told in a report: the words and what they mean."""

    start: int
    end: int
    text: str
    from_: date
    to: date
    of_saying: bool = False
    """Whether it is the day on which something was said, not that of what was said."""


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto ago", "september sept sep septiembre setiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lunes",
            "tuesday martes",
            "wednesday miercoles",
            "thursday jueves",
            "friday viernes",
            "saturday sabado",
            "sunday domingo",
        )
    )
    for name in names.split()
}
M = "(?P<month>" + "|".join(sorted(MONTHS, key=lambda name: -len(name))) + ")"
W = "(?P<weekday>" + "|".join(WEEKDAYS) + ")"
YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d)(?!\d|,\d))?"
D = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|°|º)?"
PATTERNS = [
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)\b"),
    re.compile(r"\b(?P<day>[0-3]?\d)[/.](?P<month>[01]?\d)[/.](?P<year>(?:19|20)?\d\d)\b"),
    re.compile(rf"\b{M}\.?\s+{D}\s*(?:-|to|through|and|until)\s*(?P<last>[0-3]?\d)(?:st|nd|rd|th)?{YEAR}(?![\d%,]\d|"
               rf"\s*%)\b"),
    re.compile(rf"\b{M}\.?\s+{D}(?![\d%:])(?![.,]\d\d\d){YEAR}"),
    re.compile(rf"\b(?:del?\s+)?{D}\s*(?:-|a|al|y|to|and)\s*(?P<last>[0-3]?\d)\s+(?:de\s+|of\s+)?{M}\b\.?{YEAR}"),
    re.compile(rf"\b{D}\s+(?:de\s+|of\s+)?{M}\b\.?{YEAR}"),
    re.compile(rf"\b(?P<first>primero|1ro)\s+de\s+{M}\b{YEAR}"),
    re.compile(rf"\b(?P<whole>in|since|during|early|late|mid|en|desde|durante|de|of|through|by)[\s-]+(?:early |late |"
               rf"mid-?)?{M}\b(?:\s+(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d))?(?!\s+\d)"),
    re.compile(
        rf"\b(?P<side>last|past|next|this|coming|on|el pasado|el proximo|este|el|los|proximo|pasado|la noche del|la "
        rf"manana del|la tarde del|del)?\s*\b{W}\b"
        r"(?P<after>\s+(?:pasado|proximo|anterior|siguiente))?(?:\s+(?:morning|afternoon|evening|night|noche|tarde|"
        r"manana|(?:por|en) la (?:noche|tarde|manana)))?"
    ),
    re.compile(
        r"\b(?P<relative>day before yesterday|day after tomorrow|pasado manana|antes de ayer|ayer|anteayer|antier|"
        r"anoche|yesterday|tomorrow|tonight|last night|"
        r"this (?:morning|afternoon|evening)|today|hoy|esta (?:noche|manana|tarde)|(?<!la )(?<!esta )(?<!de "
        r")manana(?= (?:llegar|se |por|sald|habr|a |viernes|lunes|martes|jueves|sabado|"
        r"domingo|miercoles|\w+ran\b|\w+ra\b|parti|vam))|el dia de (?:hoy|ayer)|\b(?:para|llegaran|saldran|desde) "
        r"manana)\b"
    ),
    re.compile(r"\b(?P<feast>christmas eve|christmas day|christmas|new year's eve|new year's day|nochebuena|"
               r"navidad|nochevieja|ano nuevo|candelaria|dia de muertos|epiphany|dia de reyes)\b"),
    re.compile(r"\b(?P<ago>\w+) (?P<unit>days?|weeks?) ago\b"),
    re.compile(r"\bhace (?P<ago>\w+) (?P<unit>dias?|semanas?)\b"),
]  # fmt: skip
RELATIVE = {
    "day before yesterday": -2, "anteayer": -2, "antier": -2, "antes de ayer": -2, "ayer": -1, "anoche": -1,
    "yesterday": -1, "last night": -1,
    "el dia de ayer": -1, "tomorrow": 1, "manana": 1, "para manana": 1, "llegaran manana": 1, "saldran manana": 1,
    "desde manana": 1,
    "day after tomorrow": 2, "pasado manana": 2,
}  # fmt: skip
SMALL = dict(zip(["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "un", "una",
    "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"],
                 [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], strict=True))  # fmt: skip
FEASTS = {
    "christmas eve": (12, 24), "nochebuena": (12, 24), "christmas": (12, 25), "christmas day": (12, 25),
    "navidad": (12, 25), "new year's eve": (12, 31), "nochevieja": (12, 31), "new year's day": (1, 1),
    "ano nuevo": (1, 1),
    "epiphany": (1, 6),
    "dia de reyes": (1, 6), "candelaria": (2, 2), "dia de muertos": (11, 2),
}  # fmt: skip
SAID = re.compile(
    r"(?:said|says|told(?: \w+){1,3}|announced|statement|reported|wrote|added|tweeted|dijo|informo|senalo|declaro|"
    r"anuncio|comunicado|afirmo|explico|"
    r"indico|reporto|detallo|interview|entrevista|briefing|conference|conferencia|preciso|"
    r"confirmo)(?:\s+\w+){0,2}\s*,?\s*$"
)
AHEAD = re.compile(
    r"\b(?:will|expect\w*|next|coming|plan\w*|would|due|going to|scheduled|set to|espera\w*|proxim\w+|preve\w*|"
    r"llegaran|saldran|partiran|podria\w*|"
    r"(?:recib|part|abr|dorm|repart)iran?|(?:lleg|arrib|inici|traslad|envi|aloj|alberg|instal|camin|cruz|viaj|entr|regres)aran?|(?:atend|ofrec|ser|recog)eran?|saldra|habra|tendra|arribaran|reanudaran|continuaran|could|may|might|\w{3,}(?:aran|iran))\b"
)


def dates(sentences: Sequence[Sentence], text: str, published: date) -> list[list[When]]:
    """The dates of each sentence."""
    found: list[list[When]] = []
    earlier: dict[int, date] = {}
    for sentence in sentences:
        flat = folded(level(text[sentence.start : sentence.end]))
        here = resolve_pairs(flat, of_sentence(flat, sentence, text, published, earlier), sentence.start, published)
        for when in here:
            if when.from_ <= published:
                earlier[when.from_.weekday()] = when.from_
        here += beside(flat, sentence.start, found, here, published, text)
        found.append(sorted(here, key=lambda when: when.start))
    return found


BESIDE = re.compile(
    r"\b(?:(?P<before>(?:the|a) (?:day|night|evening|afternoon) (?:before|earlier)(?! yesterday)|the previous (?:day|"
    r"night|evening)|"
    r"la vispera|(?:el dia|la noche|la tarde) anterior|un dia antes)|(?P<after>the (?:day after(?! tomorrow)|next day|"
    r"following "
    r"(?:day|morning|night))|al dia siguiente|un dia despues|el dia siguiente)|"
    r"(?P<same>that (?:same )?(?:day|night|evening|morning)|the same (?:day|night)|(?:ese|aquel|"
    r"el) (?:mismo )?dia(?! de| que|\s+\d)|"
    r"(?:esa|aquella) (?:misma )?noche))\b"
)
"""The day before or after the day that was last told of."""


def beside(
    flat: str, offset: int, earlier: Sequence[Sequence[When]], here: Sequence[When], published: date, text: str
) -> list[When]:
    """Days that are told by another: the night before, al día siguiente."""
    found = []
    for match in BESIDE.finditer(flat):
        a, b = match.start() + offset, match.end() + offset
        told = [when for part in earlier for when in part] + [when for when in here if when.end <= a]
        base = told[-1].from_ if told else published
        day = base + timedelta(days=-1 if match["before"] else 1 if match["after"] else 0)
        found.append(When(a, b, text[a:b], day, day))
    return found


def folded(text: str) -> str:
    """A text without case and accents, letter for letter."""
    if text.isascii():
        return text.lower()
    return "".join(f if len(f := fold(letter)) == 1 else letter for letter in text)


def of_sentence(flat: str, sentence: Sentence, text: str, published: date, earlier: dict[int, date]) -> list[When]:
    """The dates of one sentence, longest first where they overlap."""
    taken: list[tuple[int, int]] = []
    found = []
    for pattern in PATTERNS:
        for match in pattern.finditer(flat):
            a, b = match.span()
            if any(a < end and b > start for start, end in taken) or is_word_only(match, text, sentence.start):
                continue
            days = meaning(match, flat, published, earlier, sentence.language)
            if days is None:
                continue
            taken.append((a, b))
            said = bool(SAID.search(flat[max(0, a - 60) : a]))
            lead = len(flat[a:b]) - len(flat[a:b].lstrip())
            start = sentence.start + a + lead
            found.append(When(start, sentence.start + b, text[start : sentence.start + b], *days, said))
    return sorted(found, key=lambda when: when.start)


def is_word_only(match: re.Match[str], text: str, offset: int) -> bool:
    """Whether May, March, Mar or Domingo is no month or day here."""
    groups = match.groupdict()
    month = groups.get("month")
    if month in ("may", "mar", "march", "abr", "ago", "jun", "jul", "sep", "dic", "ene", "feb") or (
        groups.get("whole") and month
    ):
        at = offset + match.start("month")
        if month and month.isalpha() and not text[at].isupper() and month not in ("enero", "febrero", "marzo",
            "abril", "mayo", "junio", "julio",
                                                            "agosto", "septiembre", "octubre", "noviembre",
                                                            "diciembre"):  # fmt: skip
            return True
        if groups.get("whole") in ("de", "of", "by") and not groups.get("year"):
            return True
    if groups.get("weekday") == "domingo":
        at = offset + match.start("weekday")
        return text[at].isupper() and re.search(r"santo\s*$", fold(text[max(0, at - 8) : at])) is not None
    return False


def meaning(
    match: re.Match[str], flat: str, published: date, earlier: dict[int, date], language: str
) -> tuple[date, date] | None:
    """First and last day of a match; None if there is no such day."""
    groups = match.groupdict()
    if groups.get("weekday"):
        day = weekday(match, flat, published, earlier)
        return day, day
    if groups.get("relative"):
        day = published + timedelta(days=RELATIVE.get(groups["relative"], 0))
        return day, day
    if groups.get("feast"):
        month, day_of_month = FEASTS[groups["feast"]]
        day = date(likely_year(month, day_of_month, flat, published), month, day_of_month)
        return day, day
    if groups.get("ago"):
        word = groups["ago"]
        number = int(word) if word.isdigit() and len(word) < 4 else SMALL.get(word)
        if number is None:
            return None
        day = published - timedelta(days=number * (7 if groups["unit"].startswith(("week", "sem")) else 1))
        return day, day
    return calendar_days(groups, flat, published, language)


def calendar_days(groups: dict[str, str | None], flat: str, published: date, language: str) -> tuple[date, date] | None:
    """The days of a date with a month."""
    name = groups["month"] or ""
    month = MONTHS.get(name) or (int(name) if name.isdigit() else 0)
    first = 1 if groups.get("first") or groups.get("whole") else int(groups.get("day") or 0)
    year = int(groups["year"] or 0) or None if groups.get("year") else None
    if year is not None and year < 100:
        year += 2000
    if name.isdigit() and month > 12 >= first:
        month, first = first, month
    elif (
        name.isdigit()
        and language == "en"
        and first <= 12
        and "/" in flat
        and groups.get("day")
        and not re.search(r"\d{4}-", flat)
    ):
        month, first = first, month  # 04/25/2018 in English is told month first
        if month > 12:
            month, first = first, month
    if not 1 <= month <= 12 or not 1 <= first <= 31:
        return None
    if year is None:
        year = likely_year(month, first, flat, published)
    try:
        start = date(year, month, first)
        if groups.get("whole"):
            return start, date(year, month, calendar.monthrange(year, month)[1])
        return start, date(year, month, int(groups["last"] or 0)) if groups.get("last") else start
    except ValueError:
        return None


def likely_year(month: int, day: int, flat: str, published: date) -> int:
    """The year of a date without one: the nearest, past unless the sentence looks ahead or the day is near."""
    ahead = bool(AHEAD.search(flat))
    options = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            options.append((year, (date(year, month, min(day, 28)) - published).days))
        except ValueError:
            continue
    limit = 300 if ahead else 45
    allowed = [(abs(days), year) for year, days in options if days <= limit and days >= -350]
    if ahead:
        later = [(days, year) for year, days in options if -7 <= days <= limit]
        if later:
            return min(later)[1]
    return min(allowed)[1] if allowed else published.year


def weekday(match: re.Match[str], flat: str, published: date, earlier: dict[int, date]) -> date:
    """The day that a day of the week means: the last one, or the next where the words look ahead."""
    number = WEEKDAYS[match["weekday"]]
    back = (published.weekday() - number) % 7
    side = f"{match['side'] or ''} {match['after'] or ''}"
    if re.search(r"last|past\b|pasado|anterior", side):
        return published - timedelta(days=back or 7)
    if re.search(r"next|proximo|coming|siguiente", side):
        return published + timedelta(days=(-back) % 7 or 7)
    ahead = looks_ahead(flat, match.start(), match.end())
    if ahead and back and not SAID.search(flat[max(0, match.start() - 60) : match.start()]):
        known = earlier.get(number)
        if known is not None and (published - known).days < 7:
            return known
        return published + timedelta(days=(-back) % 7)
    return published - timedelta(days=back)


def looks_ahead(flat: str, start: int, end: int) -> bool:
    """Whether the clause around a span tells of the future."""
    breaks = re.finditer(r"[;]|,(?!\d)|\b(?:but|pero|after|tras|despues)\b", flat[:start])
    first = max((m.end() for m in breaks), default=0)
    after = re.search(r"[;]|,(?!\d)|\b(?:but|pero)\b", flat[end:])
    return bool(AHEAD.search(flat[first : end + after.start() if after else len(flat)])) and not re.search(
        r"\b(?:arrived|left|slept|came|reached|llegaron|salieron|durmieron|llego|salio|arribaron)\b", flat[first:start]
    )


def resolve_pairs(flat: str, found: list[When], offset: int, published: date) -> list[When]:
    """Tuesday night and Wednesday: the first lies right before the second, unless it has already been told."""
    result = list(found)
    for i in range(len(found) - 1):
        one, two = result[i], result[i + 1]
        between = flat[one.end - offset : two.start - offset]
        days = re.search(r"day\b|lunes|martes|miercoles|jueves|viernes|sabado|domingo", fold(one.text))
        if days and re.fullmatch(r"\s*(?:and|or|y|o|through|to|a|al|-)\s*(?:el |on |early |late )?", between):
            gap = (two.from_ - one.from_).days
            if gap < 0 or gap >= 7:
                near = two.from_ - timedelta(days=(two.from_.weekday() - one.from_.weekday()) % 7)
                result[i] = replace(one, from_=near, to=near)
    return result
