"""Who is named in a report: public speakers by role and organisation; everybody else stays without a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dates import MONTHS, WEEKDAYS
from .names import COMMON, GIVEN
from .places import Mention
from .roles import APPOSED, CAP, HONORIFICS, ORGANISATION, PRIVATE, TITLES, organisation_in, role_of
from .text import Sentence, fold, level
from .vocabulary import ACTS, BEDS, GOODS, HOUSEHOLDS, NATIONALITIES, PAPERS, PEOPLE, TIMES, VEHICLES, words

PERSON = "[affected person]"
"""What stands in a sentence for the name of a private person."""
PARTICLES = r"(?:de la|de los|de las|de|del|la|van der|van den|von der|van|von|da|dos|y|bin|al|el|ten|ter)"
NAME = re.compile(rf"{CAP}(?:\s+(?:{PARTICLES}\s+)?{CAP}){{0,4}}")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who says something: a name only if the role or organisation is public."""

    name: str | None
    role: str
    organisation: str | None = None
    described: str | None = None
    """The role in the report's words."""

    @property
    def shown(self) -> str:
        """How the speaker is called."""
        return self.name or self.organisation or self.described or self.role


AFFECTED = Speaker(None, "affected person", None, "affected person")


NOUNS = PEOPLE | HOUSEHOLDS | PAPERS | BEDS | GOODS | VEHICLES | ACTS | TIMES
"""Nouns that may stand with a capital letter and name nobody."""


MOST_NAMES = 2000
"""How many names are looked at; those beyond stay private."""


@dataclass
class Cast:
    """The people of a report: public speakers by surname, and the names that must not be kept."""

    public: dict[str, Speaker]
    private: set[str]
    spans: list[tuple[int, int]]
    """Where names of private people stand in the text."""


def cast_of(text: str, sentences: Sequence[Sentence], places: Sequence[Sequence[Mention]]) -> Cast:
    """Everybody who is named, told apart by what is said of them."""
    flat = level(text)
    known = [(m.start, m.end) for here in places for m in here]
    known += [(m.start(), m.end()) for m in ORGANISATION.finditer(flat)]
    known += [m.span("name" if m["name"] else "team") for m in APPOSED.finditer(flat)]
    taken = covered(len(flat), known)
    titled = covered(len(flat), [(s.start, s.end) for s in sentences if is_title(s)])
    lower = {fold(w) for w in re.findall(r"(?<![.!?\"] )\b[a-záéíóúüñ]{2,}\b", flat)}
    within = set(re.findall(r"[a-záéíóúñ,]\s+([A-ZÁÉÍÓÚÜÑ][^\s.,;:!?\"]*)", flat))
    starts = {s.start for s in sentences}
    candidates: list[tuple[int, int]] = []
    in_titles: list[tuple[int, int]] = []
    for match in NAME.finditer(flat):
        for start, end in trimmed(flat, match.start(), match.end(), lower, starts, within):
            if not any(taken[start:end]):
                (in_titles if any(titled[start:end]) else candidates).append((start, end))
    public: dict[str, Speaker] = {}
    private: list[tuple[int, int]] = []
    for start, end in candidates[:MOST_NAMES]:
        speaker = described(flat, start, end)
        if speaker is not None:
            public.setdefault(surname(flat[start:end]), speaker)
            for part in name_parts(flat[start:end])[1:]:
                public.setdefault(part, speaker)
    for start, end in candidates:
        parts = name_parts(flat[start:end])
        if not parts or (any(part in public for part in parts) and described_private(flat, start, end) is False):
            continue
        private.append((start, end))
    parts_known = {part for start, end in private for part in name_parts(flat[start:end])}
    private += [
        word
        for start, end in in_titles
        for word in words_of(flat, start, end)
        if fold(flat[slice(*word)]) not in public
        and (fold(flat[slice(*word)]) in parts_known or is_given_name(flat[start:end], lower))
    ]
    names = {part for start, end in private for part in name_parts(flat[start:end])}
    return Cast(public, names, merged_spans(flat, private))


def is_title(sentence: Sentence) -> bool:
    """Whether nearly every word of a sentence has a capital letter, as in a headline."""
    words = [t for t in sentence.tokens if t.is_word and len(t.text) > 3]
    return len(words) > 3 and sum(t.is_capital for t in words) > 0.7 * len(words)


def words_of(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each word of a stretch stands."""
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\s]+", flat[start:end])]


def is_given_name(words: str, lower: set[str]) -> bool:
    """Whether a word is a usual given name."""
    return any(fold(word) in GIVEN for word in words.split())


def name_parts(name: str) -> list[str]:
    """The words of a name, folded, without the small ones."""
    return [fold(w) for w in re.findall(r"[^\W\d_][\w'’-]+", name) if w[0].isupper() and fold(w) not in COMMON]


def surname(name: str) -> str:
    """The last word of a name, folded."""
    parts = name_parts(name)
    return parts[-1] if parts else fold(name)


def trimmed(
    flat: str, start: int, end: int, lower: set[str], starts: set[int], within: set[str]
) -> list[tuple[int, int]]:
    """A run of capitalised words without those that are no part of a name; in pieces if one stands within."""
    pieces: list[list[tuple[int, int]]] = [[]]
    for word in re.finditer(r"[^\s]+", flat[start:end]):
        a, b = start + word.start(), start + word.end()
        plain = fold(word[0].strip(".,'"))
        first = a in starts or (
            flat[max(0, a - 2) : a].strip() in ('"', ":", "-", "—", "¿", "¡", "(", ".", "")
            and (a == 0 or flat[a - 1] in '"¿¡(' or flat[max(0, a - 2)] in ".:\n")
        )
        given = plain in ALSO_GIVEN and a not in starts and re.match(rf" {CAP}", flat[b:]) is not None
        stop = not given and (
            plain in COMMON
            or plain in NOUNS
            or (first and role_of(plain) is not None)
            or plain in NATIONALITIES
            or plain in MONTHS
            or plain in WEEKDAYS
            or (first and plain in lower)
            or (
                not pieces[-1]
                and role_of(plain) is not None
                and re.match(rf" {CAP}", flat[b:]) is not None
                and plain not in ROLE_NAMES
            )
            or bool(re.fullmatch(HONORIFICS, word[0]) or TITLES.search(word[0] + " "))
        )
        if stop:
            pieces.append([])
        else:
            pieces[-1].append((a, b))
    found = []
    for piece in pieces:
        while piece and flat[piece[-1][0] : piece[-1][1]].islower():
            piece.pop()
        while piece and flat[piece[0][0] : piece[0][1]].islower():
            piece.pop(0)
        if piece and not is_just_first(flat, piece, starts, within):
            found.append((piece[0][0], piece[-1][1]))
    return found


ROLE_NAMES = words("dean major bishop marshal abbot prior rector rey guardia cook mayor")
"""Roles that are given names or surnames as well."""
ALSO_GIVEN = frozenset(["will", "may", "april", "june", "august"])
"""Common words that are given names where a name follows them."""


def is_just_first(flat: str, piece: Sequence[tuple[int, int]], starts: set[int], within: set[str]) -> bool:
    """Whether a lone word has its capital letter from standing first; `within`: those with one inside sentences."""
    (start, end) = piece[0]
    if len(piece) > 1 or (start not in starts and flat[start - 1 : start] not in ('"', "¿", "¡")):
        return False
    named = fold(flat[start:end]) in GIVEN or re.match(
        r"\s*,\s*(?:de )?\d|\s*\(|\s+(?:said|says|told|dijo|dice|contó|relató|and (?:his|her)|y su)\b",
        flat[end : end + 24],
    )
    return not named and flat[start:end] not in within


def covered(length: int, spans: Sequence[tuple[int, int]]) -> bytearray:
    """Which letters of a text lie within spans."""
    found = bytearray(length)
    for start, end in spans:
        found[start:end] = b"\x01" * (end - start)
    return found


APPOSITION = re.compile(r"\s*(?:,|\(|—|-|–)\s*(?P<words>[^.;\"”]{3,160})")


def apposition(flat: str, end: int) -> str:
    """What is said of a name right behind it, up to the next verb of saying."""
    match = APPOSITION.match(flat, end)
    if match is None:
        return ""
    words = re.sub(r"^(?:\d{1,3},?\s*(?:years old,?\s*)?|de \d{1,3} años,?\s*)", "", match["words"])
    words = re.split(
        r"\b(?:who|which|said|says|told|added|quien|que|dijo|explicó|informó|señaló|afirmó|indicó|comentó|detalló|"
        r"declaró)\b|\)",
        words,
    )[0]
    parts = words.split(",")
    kept = parts[0]
    for part in parts[1:]:
        if (
            re.match(r"\s*(?:an?|the|of|who|and|el|la|un|una|del?)\b", part)
            and len(kept) < 60
            and not re.search(r"\b(?:but|and|y|pero)\b", part[:6])
        ):
            kept += "," + part
        else:
            break
    return kept.strip()


LEADS = re.compile(
    r"\s*,\s*(?:who|quien|que)\s+(?:also\s+|has\s+)?(?:coordinat\w+|runs?|ran|heads?|leads?|led|manag\w+|directs?|oversees?|chairs?|founded|"
    r"represents?|speaks? for|works? (?:for|with|at)|volunteers? (?:for|with|at)|dirige|encabeza|coordina|lidera|"
    r"preside|administra|atiende|"
    r"acompaña|fundó|representa|trabaja (?:en|para|con)|está a cargo de|conduce|"
    r"colabora con)\s+(?P<what>[^,.;\"]{3,80})"
)
"""What somebody is known for: who coordinates the soup kitchen."""
WITHIN = re.compile(
    r"\s+(?:of|from|with|at|de|del)\s+(?:the\s+|la\s+|el\s+)?(?P<what>(?:[\w'’-]+\s+){0,7}?(?:agency|ministry|department|office|police|"
    r"commission|government|service|association|union|institute|university|council|authority|prefecture|municipality|bureau|"
    r"agencia|ministerio|secretar[ií]a|oficina|polic[ií]a|comisi[oó]n|gobierno|instituto|asociaci[oó]n|alcald[ií]a|prefectura|"
    r"ayuntamiento|delegaci[oó]n|fiscal[ií]a|defensor[ií]a|embajada|"
    r"consulado)\b(?:\s+of\s+(?:the\s+)?[\w ]{3,40}?(?=\s+said|\s+says|,|\.))?)"
)
"""Where somebody works: of the civil defence agency, from the office of the migration ministry."""
SERVICE = re.compile(
    r"\b(?:shelter|kitchen|group|organi[sz]ation|camp|mission|house|network|clinic|cent(?:er|re)|office|ngo|charity|coalition|program\w*|"
    r"project|association|observatory|foundation|church|parish|albergue|comedor|casa|red|oficina|grupo|organizacion|asociacion|caravana|"
    r"caravan|clinica|centro|refugio|desayunador|parroquia|fundacion|proyecto|programa|colectivo|pastoral|school|hospital|team|migrants|"
    r"migrantes|march|marcha)\b"
)


def described(flat: str, start: int, end: int) -> Speaker | None:
    """The public person whose name stands at a span; None if nothing there makes it public."""
    if described_private(flat, start, end):
        return None
    name = re.sub(rf"^{HONORIFICS}\s+", "", flat[start:end])
    before = flat[max(0, start - 120) : start]
    title = TITLES.search(before)
    words = apposition(flat, end)
    if is_of_the_church(before) and not role_of(words):
        return Speaker(name, "church", organisation_in(words) if words else None, before.split()[-1])
    for said in (words, title["title"] if title else "", of_title(before), right_before(before)):
        role = role_of(said) if said else None
        if role is not None:
            return Speaker(name, role, organisation_in(said), said.strip(" ,"))
    owner = re.search(rf"(?P<who>{CAP}(?: {CAP}){{0,4}}|[A-Z]{{2,}})'s?\s+$", before)
    if owner is not None and names_one(owner["who"]):
        return Speaker(name if not is_a_thing(name) else None, "ngo", owner["who"], None)
    leading = LEADS.match(flat, end)
    if leading is not None and (
        role_of(leading["what"]) or SERVICE.search(fold(leading["what"])) or ORGANISATION.search(leading["what"])
    ):
        what = leading["what"].strip()
        return Speaker(name, role_of(what) or "ngo", organisation_in(what), what)
    behind = re.match(
        rf"\s*,?\s+(?:of|from|with|de|del|de la)\s+(?:the |la |el )?({CAP}[^,.;\"]{{2,60}}|[A-Z]{{2,}}\b)",
        flat[end : end + 90],
    )
    within = WITHIN.match(flat, end)
    if within is not None and role_of(within["what"]):
        what = within["what"].strip()
        return Speaker(name, role_of(what) or "official", organisation_in(what), what)
    organisation = organisation_in(f"with {behind[1]}") if behind and names_one(behind[1]) else None
    if organisation:
        return Speaker(name, "ngo", organisation, organisation)
    return None


def is_a_thing(name: str) -> bool:
    """Whether a name is that of a report or an office, not of a person: Displacement Tracking Matrix."""
    return bool(THING.search(name))


THING = re.compile(
    r"\b(?:Matrix|Report|Survey|Dashboard|Unit|Program(?:me)?|Team|Office|Index|Monitor|Database|Project|Tracker|Bulletin|Desk|Initiative)$"
)


def names_one(words: str) -> bool:
    """Whether words behind a name are those of an organisation."""
    return bool(ORGANISATION.search(words) or APPOSED.match(words) or re.match(r"[A-Z]{3,8}\b", words))


def is_of_the_church(before: str) -> bool:
    """Whether `sister` or `father` right before a name is a title, not kin."""
    return bool(
        re.search(
            r"(?:(?:^|\s|\")(?:Sister|Father|Padre|Hermana|Hermano|Madre|Sor|Brother)|\b(?:[Ll]a (?:hermana|"
            r"madre)|[Ee]l (?:hermano|padre)))\s+$",
            before,
        )
    )


def right_before(before: str) -> str:
    """A role in small letters right before a name: county supervisor, volunteer."""
    match = re.search(r"((?:[\w.'-]+\s+){1,5})$", before)
    if match is None:
        return ""
    words = match[1].split()
    if role_of(words[-1]) is None or PRIVATE.search(fold(words[-1])):
        return ""
    while words and fold(words[0]) in (
        "said",
        "told",
        "by",
        "to",
        "from",
        "the",
        "a",
        "an",
        "according",
        "and",
        "el",
        "la",
        "dijo",
        "según",
        "de",
        "friday",
        "monday",
    ):
        words.pop(0)
    return " ".join(words)


def of_title(before: str) -> str:
    """A long role right before a name, in Spanish manner: el coordinador del albergue X, Name."""
    if not before.rstrip().endswith(",") or role_of(before) is None:
        return ""
    for article in reversed(list(ARTICLE.finditer(before))):
        words = before[article.end() :].rstrip(" ,")
        if re.search(r"[.;:\"]", words) or words.count(",") > 1 or len(words) > 110:
            return ""
        if ACTION.search(fold(words)):
            return ""
        if role_of(words.split(",")[0]):
            return words
    return ""


ACTION = re.compile(
    r"\d|\b(?:was|were|is|are|has|have|had|be|been|fue|fueron|era|eran|es|son|han|ha|habia|said|told|went|came|left|took|"
    r"(?!united|retired|elected|appointed)\w{3,}ed|\w{2,}(?:aron|ieron|aban))\b"
)
"""Words that a role does not have: there something is told, not who somebody is."""
ARTICLE = re.compile(r"\b(?:[Ee]l|[Ll]a|[Ll]os|[Tt]he|[Uu]na?|[Ii]ts|[Ss]u|[Aa]n?|[Tt]heir|[Oo]ur|[A-Z]\w+\'s)\s+")


def described_private(flat: str, start: int, end: int) -> bool:
    """Whether what stands by a name tells of a private person: an age, kin, a migrant."""
    words = apposition(flat, end)
    raw = APPOSITION.match(flat, end)
    age = not re.search(r"\b(?:Sister|Father|Padre|Sor)\s+$", flat[max(0, start - 12) : start]) and bool(
        raw and re.match(r"\d{1,2}(?=\s*(?:[,)]|$|years?\b|año))|de \d{1,3} años", raw["words"])
    )
    role = role_of(words) if words else None
    private = bool(PRIVATE.search(fold(ORGANISATION.sub("", words))))
    before = fold(flat[max(0, start - 60) : start])
    title = is_of_the_church(flat[max(0, start - 30) : start])
    kin = not title and re.search(
        r"\b(?:brother|sister|son|daughter|wife|husband|stepfather|stepmother|cousin|nephew|niece|hermano|hermana|"
        r"hijo|hija|esposa|esposo|padrastro|primo|prima|madre|baby|migrant|migrante|"
        r"refugee|seeker|woman|man|mujer|hombre|joven|named|llamad[oa])s?,?\s+$", before
    )  # fmt: skip
    if kin or (private and (role is None or (re.search(r"\b(?:migrant|asylum[- ]seeker|refugee|migrante|"
                                                       r"solicitante)\b", fold(ORGANISATION.sub("",
                                                           words)).split(" with ")[0])
               and not re.search(r"\b(?:director|coordinator|spokes|organi[sz]er|lawyer|attorney|advocate|official|"
                                 r"coordinador|vocer|abogad|activis|secretar|commission|institut)",
                                     fold(words))))):  # fmt: skip
        return True
    return age and role is None


def merged_spans(flat: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; an honorific before a name belongs to it."""
    found = []
    for start, end in sorted(spans):
        title = re.search(rf"{HONORIFICS}\s+$", flat[max(0, start - 12) : start])
        found.append((start - len(title[0]) if title else start, end))
    return found
