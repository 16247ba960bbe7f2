"""Why a number counts nobody: it is an age, a length of time or way, money, a date, a code, a time of day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .amounts import Amount
from .nouns import noun_after, unit_of
from .numerals import word
from .text import Token
from .vocabulary import CODES, ELLIPTIC, LENGTHS_OF_WAY, MEASURES, MONEY, NUMBER_VERBS, TIMES, words


def is_no_count(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is an age, a length of time or way, money, a date, a code, an ordinal, or a clock time."""
    after, second = word(tokens, amount.last + 1), word(tokens, amount.last + 2)
    before = word(tokens, amount.first - 1)
    if after == "-":
        if (
            second in TIMES
            or second in LENGTHS_OF_WAY
            or second in ("story", "person", "member", "strong", "point", "page", "bed", "seat")
        ):
            return not (second in ("person", "member", "strong", "bed") and amount.size > 15)
        if second and second[0].isdigit():
            return True
    if after in TIMES or after in LENGTHS_OF_WAY or after in MEASURES or after in MONEY:
        return True
    if (
        after in ("more", "mas", "de", "consecutive", "straight", "full", "long", "square", "nautical", "or")
        and second in TIMES | LENGTHS_OF_WAY
    ) or (after in ("million", "mil") and second in MONEY):
        return True
    if before == "por" and tokens[amount.first].fold == "ciento":
        return True
    if before in ("of", "de") and word(tokens, amount.first - 2) in ("city", "town", "village", "population",
        "community", "country", "ciudad", "pueblo",
                                                                    "municipio", "poblacion", "comunidad", "hamlet",
                                                                    "budget", "nation"):  # fmt: skip
        return True
    if before in ("population", "poblacion") and word(tokens, amount.first - 2) == ",":
        return True
    if {before, word(tokens, amount.first - 2)} & SPENT and noun_after(tokens, amount.last + 1) is None:
        return True
    if after in ("over", "short") and not word(tokens, amount.last + 2)[:1].isalnum() and amount.size < 200:
        return True
    if before in MONEY or before in ("$", "#", "°", "no.", "nº"):
        return True
    return (
        is_age(tokens, amount) or is_clock(tokens, amount) or is_code(tokens, amount) or is_year(tokens,
            amount) or is_list_mark(tokens, amount)
        or after in ("times", "veces", "fold", "th", "st", "nd", "rd", "degrees")
        or is_turn(tokens, amount) or is_size_of_each(tokens, amount)
    )  # fmt: skip


SPENT = words(
    "spent spend spends cost costs costing paid pay pays gasto gastaron gastar costo costaron cuesta invirtio "
    "invertir pago pagaron "
    "cobra cobran cobraron cobro fined multa budgeted worth"
)
KIN = frozenset(
    [
        "son",
        "daughter",
        "brother",
        "sister",
        "wife",
        "husband",
        "mother",
        "father",
        "cousin",
        "nephew",
        "niece",
        "baby",
        "hijo",
        "hija",
        "hermano",
        "hermana",
        "esposa",
        "esposo",
    ]
)


def is_age(tokens: Sequence[Token], amount: Amount) -> bool:
    """Aged 5; Ana, 20, of; children under 5; menores de 18."""
    before = word(tokens, amount.left - 1)
    direct = word(tokens, amount.first - 1)
    after = word(tokens, amount.last + 1)
    size = amount.size
    if size > 115:
        return False
    if direct in ("aged", "age", "ages", "edad", "edades") or before in (
        "aged",
        "age",
        "ages",
        "edad",
        "turned",
        "cumplio",
    ):
        return True
    if after in ("anos", "years") or (after == "y" and word(tokens, amount.last + 2) == "medio"):
        return True
    if (
        direct in ("is", "was", "soy", "turns")
        and word(tokens, amount.first - 2) in ("he", "she", "i", "who")
        and not after[:1].isalpha()
    ):
        return True
    noun = unit_of(tokens, amount.last + 1)
    if before in ("of", "de") and noun is None and size <= 25 and word(tokens, amount.left - 2) in YOUNG:
        return True
    if direct in ("under", "over", "than", "de", "below", "above") and noun is None and size <= 80:
        earlier = [word(tokens, k) for k in range(max(0, amount.first - 3), amount.first - 1)]
        if any(w in ("children", "minors", "boys", "girls", "kids", "adults", "menores", "mayores", "ninos", "ninas",
            "younger", "older", "teens",
                     "those", "anyone", "babies", "them", "were", "are", "was", "is", "all", "half", "percent", "%",
                     "ellos", "ellas", "son",
                     "eran", "everyone", "someone") for w in earlier):  # fmt: skip
            return not any(w in ("more", "mas", "fewer", "less") for w in earlier[-1:])
    if direct == "," and after == "," and not amount.words and is_somebody(tokens, amount.first - 2):
        return True
    if direct in (",", "(", "de") and amount.qualifier == "exact" and float(size).is_integer():
        owner = amount.first - 2 if direct != "de" or word(tokens, amount.first - 2) != "," else amount.first - 3
        ends = after in (",", ")", ".", "", ";", '"', "and", "y", "who", "quien", "from") or after == "de"
        if (
            owner >= 0
            and ends
            and (tokens[owner].is_capital or word(tokens, owner) in KIN)
            and tokens[owner].is_word
            and noun is None
        ):
            return True
    return False


YOUNG = words(
    "boys girls children kids teens teenagers adolescents youths minors ninos ninas jovenes adolescentes menores "
    "muchachos muchachas"
)


def is_somebody(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is one person, told of before an age: the driver, 41, was arrested."""
    article = {word(tokens, at - back) for back in (1, 2, 3)} & ARTICLES
    return bool(article) and tokens[at].is_word and not word(tokens, at).endswith("s")


ARTICLES = words("the a an his her their el la un una su")
TURN = re.compile(
    r"\b(?:(?:her|his|my|their|mi|su|tu|your) (?:number|numero|turn|turno|ficha|folio)|"
    r"(?:last|next|first) (?:one|number|name)|ultim[oa]|siguiente)\b[a-z ]*\b(?:is|was|es|era|fue)$"
)
SIZES = words("families groups parties households teams batches familias grupos equipos tandas convoys")


def is_turn(tokens: Sequence[Token], amount: Amount) -> bool:
    """A number in a line: her number is 1,389; the last one called was 1,204."""
    return TURN.search(" ".join(word(tokens, k) for k in range(max(0, amount.left - 8), amount.left))) is not None


def is_size_of_each(tokens: Sequence[Token], amount: Amount) -> bool:
    """How many each of several is: families of more than eight, en grupos de 20."""
    return word(tokens, amount.left - 1) in ("of", "de") and word(tokens, amount.left - 2) in SIZES


def is_clock(tokens: Sequence[Token], amount: Amount) -> bool:
    """7:30; 7 a.m.; a las 7."""
    after, before = word(tokens, amount.last + 1), word(tokens, amount.first - 1)
    if after == ":" and minutes(tokens, amount.last + 1):
        return True
    if before == ":" and word(tokens, amount.first - 2)[:1].isdigit() and minutes(tokens, amount.first - 1):
        return True
    if after in ("a.m", "p.m", "am", "pm", "o'clock", "hrs") or (
        after in ("a", "p") and word(tokens, amount.last + 3) == "m"
    ):
        return True
    return (
        before in ("las", "la")
        and word(tokens, amount.first - 2) in ("a", "de", "desde", "hacia")
        and amount.size <= 24
        and (noun_after(tokens, amount.last + 1) is None)
    )


def minutes(tokens: Sequence[Token], colon: int) -> bool:
    """Whether two digits follow a colon that touches both sides: 14:30."""
    if not 0 < colon < len(tokens) - 1:
        return False
    mark, after = tokens[colon], tokens[colon + 1]
    return (
        tokens[colon - 1].end == mark.start
        and mark.end == after.start
        and re.fullmatch(r"\d\d", after.text) is not None
    )


ALSO_WORDS = words("group grupo bus line linea station block unit camp item")


def is_code(tokens: Sequence[Token], amount: Amount) -> bool:
    """Title 42, Highway 200, I-589, Juventud 2000, number 6."""
    if amount.words:
        return False
    before = tokens[amount.first - 1] if amount.first > 0 else None
    if before is None:
        return False
    touching = before.end == tokens[amount.first].start
    if before.text in ("-", "/") and touching and amount.first > 1 and tokens[amount.first - 2].end == before.start:
        return True
    after = tokens[amount.last + 1] if amount.last + 1 < len(tokens) else None
    if (
        after is not None
        and after.text in ("/", "-")
        and after.start == tokens[amount.last].end
        and word(tokens, amount.last + 2)[:1].isalnum()
    ):
        return not (
            after.text == "-"
            and word(tokens, amount.last + 2) in ("person", "member", "strong", "bed", "odd", "plus", "some")
        )
    if is_listed(tokens, amount):
        return False
    if before.fold == "number" and word(tokens, amount.first - 2) in ("they", "we", "who", "that", "which"):
        return False
    if before.fold in CODES and before.fold not in ALSO_WORDS:
        worded = before.fold in ("no", "zone", "zona", "form", "act", "level", "number")
        return not (worded and noun_after(tokens, amount.last + 1) is not None)
    if before.fold in CODES and noun_after(tokens, amount.last + 1) is None and amount.size < 1000:
        return True
    return (
        before.is_capital
        and before.is_word
        and amount.first > 1
        and tokens[amount.first - 2].text not in ('"', ".", "?", "!", ":", "¡", "¿")
        and amount.left == amount.first
        and noun_after(tokens, amount.last + 1) is None
        and (word(tokens, amount.first - 1) not in NUMBER_VERBS and word(tokens, amount.last + 1) not in ELLIPTIC)
    )


def is_listed(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is one of several behind names: Adré 1,217; Birak 96; Tiné 0."""
    if not tokens[amount.first - 1].is_capital or word(tokens, amount.last + 1) not in (";", ",", ".", ""):
        return False
    listed = 0
    for k in range(1, len(tokens) - 1):
        number = tokens[k].is_number and tokens[k - 1].is_word and tokens[k - 1].is_capital
        listed += number and tokens[k + 1].text in (";", ",", ".") and tokens[k - 1].fold not in CODES
    return listed > 1


def is_year(tokens: Sequence[Token], amount: Amount) -> bool:
    """A year: 2018, en 1994."""
    text = tokens[amount.first].text
    if amount.first != amount.last or not re.fullmatch(r"(?:19|20)\d\d", text):
        return False
    before = word(tokens, amount.first - 1)
    if before in ("in", "since", "of", "en", "de", "desde", "del", "ano", "year", "by", "until", "fiscal", "early",
        "late", "mid", "during", "spring",
                  "summer", "fall", "winter", "april", "may", "march", "the", "through", "from", "between", "entre",
                  "durante", "a", "al"):  # fmt: skip
        return True
    return noun_after(tokens, amount.last + 1) is None


def is_list_mark(tokens: Sequence[Token], amount: Amount) -> bool:
    """The number of an item: 1. or 2) at the start."""
    return (
        amount.first == 0
        and word(tokens, amount.last + 1) in (".", ")")
        and amount.last + 2 < len(tokens)
        and amount.size < 40
    )
