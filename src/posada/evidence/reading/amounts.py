"""Amounts: numbers with their qualifiers, ranges and increments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .numerals import UNITS, Numeral, read_numeral, word
from .text import Token
from .vocabulary import PEOPLE, words


@dataclass(frozen=True, slots=True)
class Amount:
    """How many, as said: tokens `first` to `last` hold the number, `left` is where its qualifier begins."""

    first: int
    last: int
    left: int
    qualifier: str
    low: float | None = None
    value: float | None = None
    high: float | None = None
    increment: bool = False
    words: bool = False
    """Whether it is written in words only."""

    @property
    def size(self) -> float:
        """The number, or the larger end."""
        return max(item for item in (self.low, self.value, self.high) if item is not None)


BEFORE: dict[str, tuple[str, ...]] = {
    "at_most": (
        "up to", "as many as", "at most", "no more than", "not more than", "a maximum of", "maximum of",
        "at the most", "fewer than",
        "less than", "under", "below", "just under", "no mas de", "hasta", "como maximo", "a lo mas", "a lo sumo",
        "maximo", "a lo mucho",
        "no pasaban de", "no pasan de", "no pasa de", "no pasaba de", "no llegan a", "no llegaban a",
        "no superan los", "no superaban los",
        "no exceden de", "not exceed", "not exceeding", "no rebasan los", "no more than about",
        "menos de", "un maximo de", "maximo de", "poco menos de", "por debajo de", "debajo de", "not quite",
        "no superior a", "hasta por",
    ),
    "at_least": (
        "at least", "no fewer than", "no less than", "not less than", "not fewer than", "a minimum of", "minimum of",
        "al menos",
        "por lo menos", "cuando menos", "como minimo", "minimo", "un minimo de", "no menos de", "as few as",
        "a partir de", "lo menos",
        "minimally", "at the very least", "siquiera",
    ),
    "more": (
        "more than", "over", "above", "upwards of", "upward of", "in excess of", "well over", "just over",
        "slightly more than",
        "a little more than", "exceeding", "exceeded", "exceeds", "exceed", "surpassed", "surpassing", "topped",
        "mas de", "arriba de",
        "por encima de", "superan los", "supera los", "superan las", "supera las", "superaron los", "rebasa los",
        "rebasan los",
        "rebasaron los", "poco mas de", "mayor a", "encima de", "to pass", "will pass", "has passed", "have passed",
        "had passed", "surpass", "surpasses", "to top", "will top", "to exceed",
        "greater than", "some more than", "superior a",
        "supero los", "rebaso los",
        "superaban los", "supera", "superan", "rebasa", "rebasan", "anywhere over", "far more than", "mucho mas de",
        "exceden", "excede",
    ),
    "about": (
        "about", "around", "some", "roughly", "approximately", "approx", "an estimated", "estimated", "nearly",
        "almost", "close to", "closer to", "nearer to", "nearer",
        "near", "in the region of", "in the neighborhood of", "on the order of", "somewhere around", "perhaps",
        "maybe", "~", "circa",
        "aproximadamente", "alrededor de", "unos", "unas", "cerca de", "casi", "en torno a", "como", "aprox",
        "mas o menos", "un estimado de",
        "un aproximado de", "por ahi de", "algo asi como", "cosa de", "se estima en", "se estiman", "se calcula que",
        "something like", "more like",
        "unos aproximadamente", "practicamente", "virtually", "just about", "approaching", "estimada en",
        "una estimacion de", "cercano a",
        "cercana a", "estimated at", "alrededor de unos", "alrededor de unas", "cerca de unos", "los cerca de", "a",
        "between about", "ronda los", "rondan los", "rondaba los", "rondaban los", "ronda las", "rondan las",
        "ronda", "rondan",
        "bordea los", "bordean los", "hovers around", "hovering around", "thought to be", "believed to be",
        "in the order of",
        "algunos", "algunas", "una media de", "un promedio de", "an average of", "average of",
    ),
    "exact": ("exactly", "exactamente", "precisely", "a total of", "total of", "un total de", "total de", "only",
    "just", "solo", "solamente",
              "en total", "apenas", "justo", "otros", "otras", "another", "additional", "the", "los", "las", "these",
              "estos", "estas", "all",
              "todos los", "todas las", "sus", "nuestros", "its", "their", "those", "esos", "de los", "of the",
              "los otros", "the other"),
}  # fmt: skip
"""Words before a number, by what they make of it."""
PHRASES = sorted(
    ((tuple(phrase.split()), kind) for kind, phrases in BEFORE.items() for phrase in phrases if phrase != "a"),
    key=lambda pair: -len(pair[0]),
)
BY_LAST_WORD: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrase, _kind in PHRASES:
    BY_LAST_WORD.setdefault(_phrase[-1], []).append((_phrase, _kind))
AFTER: dict[str, tuple[str, ...]] = {
    "at_least": ("or more", "o mas", "- plus", "plus", "and counting", "and up", "+", "or greater", "as a minimum",
    "como minimo", "at least", "por lo menos",
                 "al menos", "cuando menos", "y contando"),
    "at_most": ("or fewer", "or less", "o menos", "at most", "como maximo", "a lo mas", "tops", "at the most",
    "maximum", "a lo mucho", "a lo sumo"),
    "about": ("or so", "approximately", "aproximadamente", "mas o menos", "aprox", "or thereabouts", "give or take",
    "roughly", "- odd", "odd", "- some",
              "y pico"),
}  # fmt: skip
AFTERS = sorted(
    ((tuple(phrase.split()), kind) for kind, phrases in AFTER.items() for phrase in phrases), key=lambda p: -len(p[0])
)
BY_FIRST_WORD: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrase, _kind in AFTERS:
    BY_FIRST_WORD.setdefault(_phrase[0], []).append((_phrase, _kind))
OPENERS = ("between", "from", "entre", "de", "desde", "anywhere")
CHANGES = words(
    "fell fall falls rose rise rises grew grow grown dropped drop drops went goes increased increase decreased "
    "decrease swelled shrank dwindled climbed jumped declined paso pasaron pasamos crecimos crecieron aumentaron "
    "grows climbs doubled tripled swelling bajo bajaron subio subieron crecio aumento disminuyo cayo redujo pasado "
    "reduced raised expanded ampliaron amplio"
)
SAME_OWNER = frozenset({"and", "but", "y", "pero", ","})


def amounts(tokens: Sequence[Token], language: str) -> list[Amount]:
    """Every amount of a sentence, in order."""
    found: list[Amount] = []
    i = 0
    while i < len(tokens):
        numeral = read_numeral(tokens, i, language)
        if numeral is None:
            i += 1
            continue
        other = second_end(tokens, numeral, language)
        if other is None:
            found.append(single(tokens, numeral))
            i = numeral.last + 1
        else:
            found.append(spanned(tokens, numeral, other))
            i = other.last + 1
    return merged(tokens, found)


def single(tokens: Sequence[Token], numeral: Numeral) -> Amount:
    """An amount of one number."""
    kind, left = qualifier_before(tokens, numeral.first)
    behind = qualifier_after(tokens, numeral.last)
    if behind is not None and kind in ("exact", "about"):
        kind = behind
    if numeral.approximate and kind == "exact":
        kind = "about"
    if kind == "more" and negated(tokens, left):
        kind = "at_most"
    if kind == "more" and word(tokens, numeral.first - 1) == "over" and word(tokens, numeral.first - 2) in SHARED:
        kind = "exact"
    made = bounded(kind, numeral)
    in_words = all(token.is_word or token.text == "-" for token in tokens[numeral.first : numeral.last + 1])
    grows = is_increment(tokens, left, numeral)
    return replace(made, first=numeral.first, last=numeral.last, left=left, increment=grows, words=in_words)


SPOKEN = words(
    "asked ask talk talked talking spoke speak know worried complain complained what how think hear heard said told "
    "reports information news question questions concern concerned concerns wrote asking something"
)
"""Words after which `about` means of, not roughly."""
SHARED = words(
    "split spread distributed divided shared loaded scattered dispersed"
)
"""Words after which `over` means among."""
NEGATED = re.compile(
    r"\b(?:cannot|can't|couldn't|won't|never|nunca|tampoco|(?:can|could|will|would|does|do|did|should|must) not|"
    r"not (?:take|accept)|"
    r"no (?:podemos|puede|pueden|recibe|reciben|cabe|caben|hay|atienden|dejan|pasan))\b"
)


def negated(tokens: Sequence[Token], left: int) -> bool:
    """Whether the verb before `more than` says no: no podemos recibir a más de 50; cannot take more than 50."""
    window = " ".join(word(tokens, k) for k in range(max(0, left - 6), left))
    return NEGATED.search(window) is not None


def bounded(kind: str, numeral: Numeral) -> Amount:
    """Low, value and high as the qualifier says."""
    if numeral.vague:
        if kind in ("at_least", "more"):
            return Amount(0, 0, 0, kind, low=numeral.low)
        if kind == "at_most":
            return Amount(0, 0, 0, kind, high=numeral.high)
        return Amount(0, 0, 0, "about", low=numeral.low, high=numeral.high)
    if kind in ("at_least", "more"):
        return Amount(0, 0, 0, kind, low=numeral.value)
    if kind == "at_most":
        return Amount(0, 0, 0, kind, high=numeral.value)
    return Amount(0, 0, 0, kind, value=numeral.value)


def qualifier_before(tokens: Sequence[Token], first: int) -> tuple[str, int]:
    """The qualifier in front of a number, and where it begins; determiners and a second qualifier are passed over."""
    at, kind = first, "exact"
    for _ in range(3):
        match = phrase_before(tokens, at)
        if match is None:
            break
        size, here = match
        if here == "about" and word(tokens, at - size) == "about" and word(tokens, at - size - 1) in SPOKEN:
            break
        at -= size
        if here != "exact" and (kind == "exact" or here in ("at_least", "at_most", "more")):
            kind = here
            if kind != "about":
                break
    return kind, at


def phrase_before(tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    """The longest qualifier that ends right before a token: how many tokens it has, and its kind."""
    for phrase, kind in BY_LAST_WORD.get(word(tokens, at - 1), ()):
        size = len(phrase)
        if size <= at and all(tokens[at - size + k].fold == part for k, part in enumerate(phrase)):
            return size, kind
    return None


def qualifier_after(tokens: Sequence[Token], last: int) -> str | None:
    """The qualifier right behind a number, or behind the noun that follows it."""
    for start in (last + 1, last + 2):
        for phrase, kind in BY_FIRST_WORD.get(word(tokens, start), ()):
            if all(word(tokens, start + k) == part for k, part in enumerate(phrase)):
                if start == last + 2 and word(tokens, last + 1) not in PEOPLE:
                    continue
                if phrase in (("at", "least"), ("al", "menos")) and start == last + 2:
                    continue
                return kind
    return None


def is_increment(tokens: Sequence[Token], left: int, numeral: Numeral) -> bool:
    """Whether the number comes on top of others: 500 more, another 200, otros 200."""
    window = [word(tokens, k) for k in range(max(0, left - 2), numeral.first + 1)]
    if any(w in ("another", "otros", "otras", "additional") for w in window):
        return True
    ahead = [word(tokens, numeral.last + k) for k in range(1, 4)]
    if ahead[0] in ("more", "mas", "additional", "otros", "otras", "adicionales") and ahead[1] not in (
        "than",
        "de",
        "que",
        "o",
    ):
        return not (ahead[0] == "mas" and ahead[1] == "o")
    return ahead[1] in ("more", "mas") and ahead[2] not in ("than", "de", "que", "o") and ahead[0] in PEOPLE


def second_end(tokens: Sequence[Token], numeral: Numeral, language: str) -> Numeral | None:
    """The upper end of a range that begins with a number: between X and Y, X to Y, X-Y, entre X y Y, de X a Y."""
    link = word(tokens, numeral.last + 1)
    opener = opener_before(tokens, numeral.first)
    if numeral.vague or link not in ("to", "and", "-", "or", "a", "y", "o", "u", "hasta", "e"):
        return None
    at = numeral.last + 2
    if word(tokens, at) in ("as", "a", "perhaps", "possibly", "even", "hasta", "los", "las", "the") and link in (
        "to",
        "or",
        "a",
        "o",
    ):
        at += 1
    other = read_numeral(tokens, at, language)
    if other is None or other.value is None or numeral.value is None:
        return None
    if word(tokens, other.last + 1) in ("-",) and link == "-":
        return None  # a telephone number or a date
    if link in ("and", "y", "e") and opener not in ("between", "entre", "anywhere"):
        return None
    if link in ("to", "a", "hasta") and opener in ("from", "de", "desde") and changes(tokens, numeral.first):
        return None
    if link == "a" and language != "es":
        return None
    if link == "-" and [len(tokens[k].text) for k in (numeral.last, other.first) if tokens[k].text.isdigit()] == [3, 4]:
        return None  # a telephone number
    if link == "-" and tokens[numeral.last + 1].start != tokens[numeral.last].end:
        return None
    low, high = numeral.value, other.value
    if other.scale > 1 and numeral.scale == 1 and low < high / other.scale:
        low *= other.scale
    return other if low < high else None


def opener_before(tokens: Sequence[Token], first: int) -> str:
    """The word that opens a range, if one stands before a number."""
    for back in (1, 2, 3):
        here = word(tokens, first - back)
        if here in OPENERS:
            return here
        if here not in (
            "about",
            "around",
            "roughly",
            "some",
            "unos",
            "unas",
            "los",
            "las",
            "the",
            "approximately",
            "a",
        ):
            return ""
    return ""


def changes(tokens: Sequence[Token], first: int) -> bool:
    """Whether a verb of change stands before a number: fell from 6,000 to 4,000."""
    return any(word(tokens, first - back) in CHANGES for back in range(1, 9))


def spanned(tokens: Sequence[Token], numeral: Numeral, other: Numeral) -> Amount:
    """A range of two numbers."""
    assert numeral.value is not None
    assert other.value is not None
    low = numeral.value
    if other.scale > 1 and numeral.scale == 1 and low < other.value / other.scale:
        low *= other.scale
    left = numeral.first
    while left > 0 and word(tokens, left - 1) in (
        *OPENERS,
        "about",
        "around",
        "some",
        "unos",
        "unas",
        "roughly",
        "los",
        "las",
    ):
        left -= 1
    made = Amount(numeral.first, other.last, left, "range", low, None, other.value)
    in_words = all(not token.is_number for token in tokens[numeral.first : other.last + 1])
    return replace(made, increment=is_increment(tokens, left, other), words=in_words)


def merged(tokens: Sequence[Token], found: list[Amount]) -> list[Amount]:
    """At least 100 and up to 300, as one range."""
    result: list[Amount] = []
    for amount in found:
        before = result[-1] if result else None
        between = [t.fold for t in tokens[before.last + 1 : amount.left]] if before else []
        if (
            before is not None
            and before.qualifier in ("at_least", "more")
            and amount.qualifier == "at_most"
            and between
            and all(w in (*SAME_OWNER, "perhaps", "possibly", "tal", "vez") for w in between)
            and before.low is not None
            and amount.high is not None
            and before.low < amount.high
        ):
            result[-1] = replace(amount, first=before.first, left=before.left, qualifier="range", low=before.low)
        else:
            result.append(amount)
    return result


def is_only_one(amount: Amount, tokens: Sequence[Token]) -> bool:
    """Whether it is no more than `one`, `un` or `una`: an article as often as a number."""
    here = [token.fold for token in tokens[amount.first : amount.last + 1]]
    return len(here) == 1 and here[0] in ("one", "un", "una", "uno") and UNITS["es"]["un"] == 1
