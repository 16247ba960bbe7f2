"""The text of a report as sentences and tokens that know where they stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LEVEL = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‛": "'", "′": "'", "´": "'",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u3000": " ", "‐": "-", "‑": "-", "–": "-",
        "−": "-",
    }
)  # fmt: skip
"""Marks that are written in several ways, each as one letter, so that offsets stay."""
UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Marks that are not seen: directions of writing, soft hyphens, control characters."""
LONGEST = 1200
"""Letters of a sentence."""
ENDLESS = re.compile(r"\S{400,}")
"""Runs of letters that no language writes: encoded pictures, noise."""
ABBREVIATIONS = frozenset(
    ["mr", "mrs", "ms", "dr", "dra", "sr", "sra", "srta", "lic", "ing", "arq", "prof", "gov", "gob", "sen", "rep",
        "gen", "col", "lt", "sgt", "capt", "cmdr", "st", "sta", "sto", "jr", "no", "num", "art", "pp", "jan", "feb",
        "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ene", "abr", "ago", "dic", "calif",
        "ariz", "tex", "fla", "va", "pa", "conn", "mass", "mich", "minn", "ill", "approx", "aprox", "etc", "vs",
        "u.s", "u.n", "u.k", "d.c", "a.m", "p.m", "ee.uu", "ee", "uu", "fr", "rev", "msgr", "mons", "mtro", "mtra",
        "dept", "est", "inc", "corp", "co", "ltd", "av", "ave", "blvd", "km", "hrs", "tel", "ext", "vol", "ed",
        "pbro", "fig", "cd", "edo"]
)
TOKEN = re.compile(
    r"\d+(?:[.,'’]\d+)*(?:st|nd|rd|th|er|ro|do|to|mo|ª|º|°)?(?![^\W\d_])|\d+(?:[.,]\d+)*"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*(?:\.[^\W\d_]+)*|--+|\S"
)
ENGLISH = frozenset(
    ["the", "of", "and", "to", "in", "that", "is", "was", "for", "on", "with", "as", "by", "at", "from", "it", "are",
        "were", "have", "has", "had", "not", "they", "their", "who", "been", "which", "said", "this", "an", "be",
        "will", "more", "than", "we", "our", "there", "after", "into", "over", "about"]
)
SPANISH = frozenset(
    ["el", "la", "los", "las", "de", "del", "y", "que", "en", "por", "con", "para", "una", "se", "su", "sus", "al",
        "es", "fue", "son", "han", "ha", "como", "mas", "pero", "lo", "le", "este", "esta", "sobre", "desde", "hasta",
        "entre", "tambien", "sin", "muy", "donde", "cuando", "dijo", "segun", "unos", "unas", "hay", "nos"]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `fold` is its text without case and accents. Offsets are those of the report's text."""

    text: str
    fold: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.text[0].isdigit()

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def is_capital(self) -> bool:
        """Whether it is a word with a capital letter."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the paragraph it stands in, and its language (en or es)."""

    index: int
    paragraph: int
    start: int
    end: int
    language: str
    tokens: tuple[Token, ...]

    def token_at(self, offset: int) -> int:
        """The first token that ends after an offset."""
        return next((i for i, token in enumerate(self.tokens) if token.end > offset), len(self.tokens))


def clean(text: str) -> str:
    """The text that offsets count in: composed letters, line feeds, no unseen marks."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return ENDLESS.sub(" ", UNSEEN.sub("", composed).replace("\t", " "))


def level(text: str) -> str:
    """The text with each kind of quotation mark, hyphen and space written in one way; as long as it was."""
    return text.translate(LEVEL)


def fold(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def tokenise(text: str, offset: int = 0) -> tuple[Token, ...]:
    """The tokens of a levelled text."""
    return tuple(Token(m[0], fold(m[0]), m.start() + offset, m.end() + offset) for m in TOKEN.finditer(text))


def language_of(text: str, default: str = "en") -> str:
    """en or es, by the small words."""
    words = re.findall(r"[^\W\d_]+", fold(text))
    english = sum(word in ENGLISH for word in words)
    spanish = sum(word in SPANISH for word in words)
    if english == spanish:
        return default
    return "en" if english > spanish else "es"


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs stand: parted by empty lines, or by the ends of lines that were not wrapped."""
    found: list[tuple[int, int]] = []
    start = 0
    lines = list(re.finditer(r"[^\n]*\n?", text))
    widest = max((len(m[0]) for m in lines), default=0)
    for i, line in enumerate(lines):
        here = line[0].strip()
        after = lines[i + 1][0].strip() if i + 1 < len(lines) else ""
        if not here or not after or not is_wrapped(here, after, widest):
            if text[start : line.end()].strip():
                found.append((start, line.end()))
            start = line.end()
    return found


def is_wrapped(line: str, after: str, widest: int) -> bool:
    """Whether a line goes on in the next one: it is nearly as wide as any, and neither is an item of a list."""
    if re.match(r"[-*•·–—]|\d+[.)]\s|[^.:]{1,40}:\s*\d", after) or re.match(r"[^.:]{1,40}:\s*\d+\s*$", line):
        return False
    return 60 < widest < 200 and len(line) > 0.6 * widest


def sentences(text: str, language: str | None = None) -> list[Sentence]:
    """The sentences of a cleaned text, in order."""
    flat = level(text)
    overall = language or language_of(flat)
    found: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(flat)):
        for first, last in split(flat, start, end):
            part = flat[first:last]
            tongue = language or language_of(part, overall)
            found.append(Sentence(len(found), number, first, last, tongue, tokenise(part, first)))
    return found


END = re.compile(r"[.!?…]+[\"')\]]*(?=\s+[\"'(\[¿¡—-]*\s*[A-ZÁÉÍÓÚÑÜ0-9¿¡\u0400-\u04ff\u0590-\u08ff\u4e00-\u9fff])")


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph stand, without the space around them."""
    found: list[tuple[int, int]] = []
    first = start
    for match in END.finditer(text, start, end):
        if match[0][0] == "." and is_abbreviation(text, match.start(), match.end()):
            continue
        found.append((first, match.end()))
        first = match.end()
    found.append((first, end))
    trimmed = []
    for a, b in found:
        part = text[a:b]
        lead = len(part) - len(part.lstrip())
        if part.strip():
            trimmed += pieces(text, a + lead, a + len(part.rstrip()))
    return trimmed


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in stretches that are not too long to be read: nobody writes longer ones, but machines do."""
    found = []
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        found.append((start, cut))
        start = cut
    return [*found, (start, end)]


def is_abbreviation(text: str, dot: int, end: int) -> bool:
    """Whether the full stop at an offset only shortens a word."""
    word = re.search(r"[^\W_]+(?:\.[^\W_]+)*$", text[max(0, dot - 12) : dot])
    if word is None:
        return False
    plain = fold(word[0])
    if len(plain) == 1 and plain.isalpha():
        return True
    if plain in ("a.m", "p.m", "u.s", "ee.uu", "uu", "etc", "calif", "d.c"):
        following = text[end:].lstrip()[:24]
        return not re.match(r"(?:The|A|In|It|He|She|They|On|But|El|La|Los|Las|En|Se|Un)\b", following)
    return plain in ABBREVIATIONS
