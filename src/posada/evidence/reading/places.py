"""Places named in a report: a scenario's own, then a small gazetteer, then shelters by the form of their names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .dates import folded
from .text import Sentence, fold, level
from .unlisted import unlisted
from .vocabulary import words

AMBIGUOUS = frozenset(
    [
        "imperial",
        "altar",
        "isla",
        "magdalena",
        "colon",
        "granada",
        "david",
        "valencia",
        "columbus",
        "florence",
        "douglas",
        "presidio",
        "turbo",
        "miramar",
        "liberia",
        "altamira",
        "lagos",
        "clint",
        "artesia",
        "leon",
        "escuintla",
        "cordoba",
        "guerrero",
        "morelos",
        "hidalgo",
        "us",
        "la.",
        "pa.",
        "mass.",
        "tex.",
        "merida",
        "corinto",
        "rivas",
        "jordan",
        "georgia",
        "chad",
        "kent",
        "kos",
        "turkey",
        "santiago",
        "dover",
        "austin",
        "dallas",
        "houston",
        "charlotte",
        "victoria",
    ]
) | {
    "la paz",
    "san jose",
    "san fernando",
    "san miguel",
    "el carmen",
    "la cruz",
    "el progreso",
    "agua dulce",
    "isla",
    "entre rios",
}
"""Names that are common words or people's names besides; they need a word before them that tells of a place."""
PLACED = re.compile(
    r"(?:\b(?:in|at|to|from|near|of|through|via|toward|towards|into|outside|leaving|reached|reach|reaching|left|"
    r"around|for|across|en|a|de|desde|hasta|hacia|por|entre|and|y|llegaron|cruzaron|estado|municipio|ciudad|town|"
    r"city|state|puerto|del)|[,(])\s*$"
)
VENUES = (
    r"Hotel|Albergue|Refugio|Casa|Shelter|Centro|Center|Centre|Parque|Park|Plaza|Estadio|Stadium|Parroquia|Iglesia|"
    r"Church|Templo|Catedral|Basílica|Instituto|Estación|Campamento|Camp|Gimnasio|Gym|Auditorio|Hogar|Comedor|"
    r"Seminario|Escuela|School|Polideportivo|Deportivo|Unidad Deportiva|Estancia|Garita|Puente|Bridge|Motel|Misión|"
    r"Mission|Convento|Mercado|Terminal|Bodega|Hospital|Posada|Port of Entry"
)
NAME = r"[A-ZÁÉÍÓÚÑ][\w'’áéíóúñü]+|\d{4}"
VENUE = re.compile(
    rf"\b(?:(?:{VENUES})(?:\s+(?:del?|de la|de los|de las|la|el|los|las|y|of|the|for|at|San|Santa|{NAME})){{1,7}}|"
    rf"\b(?:albergue|refugio|casa|parque|hotel|parroquia|iglesia|estadio|campamento|shelter|comedor|templo|"
    rf"plaza)\s+(?:{NAME})(?:\s+(?:del?|de la|de los|y|{NAME})){{0,5}}|"
    rf"(?:[A-ZÁÉÍÓÚÑ][\w'’áéíóúñü]+\s+){{1,3}}(?:Shelter|House|Center|Centre|Park|Stadium|Church|Mission|Bridge|"
    rf"Camp|Hotel|Port of Entry|Sports Complex|Village|Convention Center|Processing Center|Detention Center|"
    rf"Residential Center))\b"
)
AFTER_NAMES = words(
    "more some nearly about over this these there they we he she it most many few several unos unas hay at least"
)
"""Words that begin what follows a name where a line or a table was joined to it."""
LINKS = frozenset(["de", "del", "la", "el", "los", "las", "y", "of", "the", "for", "at"])
WEIGHT = {"scenario": 0, "crossing": 1, "venue": 1, "town": 2, "unlisted": 3, "state": 4, "country": 6, "region": 8}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that may be meant: its id in the scenario if it has one, its usual name, what it is, its country."""

    id: str | None
    name: str
    kind: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a report names a place; `origin` if only as where somebody or something is from."""

    start: int
    end: int
    place: Place
    origin: bool = False


@cache
def gazetteer() -> dict[str, Place]:
    """The bundled gazetteer, by folded name."""
    text = files("posada.evidence.reading").joinpath("gazetteer.csv").read_text(encoding="utf-8")
    found: dict[str, Place] = {}
    for row in csv.DictReader(text.splitlines()):
        place = Place(None, row["name"], row["kind"], row["country"])
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            found.setdefault(fold(name), place)
    return found


def is_listed_place(name: str) -> bool:
    """Whether a name is a place of the bundled gazetteer, but for a last 's."""
    return re.sub(r"'s?$", "", fold(name)) in gazetteer()


def names_of_scenario(places: Mapping[str, tuple[str, str | None]]) -> dict[str, Place]:
    """A scenario's places by each name that a report may give them; `places`: id to name and country."""
    found: dict[str, Place] = {}
    for key, (name, country) in places.items():
        place = Place(key, name, "scenario", country or "")
        parts = [name, re.sub(r"\s*\(.*\)|\s+(?:port of entry|shelter|camp)$", "", name), key.replace("-", " ")]
        parts += re.split(r"\s+(?:and|y)\s+", name) if re.search(r"\s(?:and|y)\s", name) else []
        for part in parts:
            if len(part) > 3 and not re.search(r"\b(?:elsewhere|other|custody|communities|care|between)\b", fold(part)):
                found.setdefault(fold(part), place)
    known = gazetteer()
    by_name = {place.name: name for name, place in found.items()}
    for alias, place in known.items():
        own = found.get(fold(place.name))
        if own is not None and fold(place.name) in {*by_name.values(), *found}:
            found.setdefault(alias, own)
    return found


def matcher(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the folded names, longest first."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w])(?!'(?!s\b)\w)")


@cache
def gazetteer_pattern() -> re.Pattern[str]:
    """The pattern of the bundled gazetteer."""
    return matcher(gazetteer())


def mentions(
    sentences: Sequence[Sentence], text: str, places: Mapping[str, tuple[str, str | None]]
) -> list[list[Mention]]:
    """The places that each sentence names, in order."""
    own = names_of_scenario(places)
    own_pattern = matcher(own) if own else None
    found = []
    whole = level(text)
    judged: dict[str, bool] = {}
    for sentence in sentences:
        raw = level(text[sentence.start : sentence.end])
        flat = folded(raw)
        here: list[Mention] = []
        taken: list[tuple[int, int]] = []
        for pattern, names in ((own_pattern, own), (None, None), (gazetteer_pattern(), gazetteer())):
            spans = venues(raw) if names is None else known(raw, flat, pattern, names)
            for a, b, place in spans:
                if not any(a < end and b > start for start, end in taken):
                    taken.append((a, b))
                    here.append(Mention(sentence.start + a, sentence.start + b, place, is_origin(flat, a, b, place)))
        for a, b, name, kind in unlisted(raw, whole, judged):
            if not any(a < end and b > start for start, end in taken):
                taken.append((a, b))
                here.append(Mention(sentence.start + a, sentence.start + b, Place(None, name, kind)))
        found.append(sorted(here, key=lambda mention: mention.start))
    return found


def known(
    raw: str, flat: str, pattern: re.Pattern[str] | None, names: Mapping[str, Place]
) -> list[tuple[int, int, Place]]:
    """The spans of a sentence that name places known by name."""
    found = []
    for match in pattern.finditer(flat) if pattern else ():
        a, b = match.span()
        name = match[0]
        if not any(letter.isupper() for letter in raw[a:b]) or (
            name in ("us", "uk", "usa", "drc") and not raw[a:b].isupper()
        ):
            continue
        if name in AMBIGUOUS and name != "us" and not (PLACED.search(flat[:a]) and not is_in_a_name(raw, a, b)):
            continue
        if name not in ("us",) and is_in_a_name(raw, a, b) and not PLACED.search(flat[:a]):
            continue
        if re.match(r"\s+Times\b|\s+Post\b|\s+Tribune\b|\s+Herald\b|\s+Chronicle\b|\s+University\b", raw[b:]):
            continue
        if name in ("us", "u.s") and re.match(r"\.?\s+[A-Z][a-z]+", raw[b:]):
            continue  # a part of an organisation's name
        found.append((a, b, names[name]))
    return found


def is_in_a_name(raw: str, start: int, end: int) -> bool:
    """Whether the words on both sides make it a part of a longer name, such as a person's."""
    before = re.search(r"([A-ZÁÉÍÓÚÑ][a-záéíóúñü]+)\s+$", raw[:start])
    return (
        before is not None
        and start - len(before[0]) > 0
        and not re.match(
            r"(?:North|South|East|West|Northern|Southern|Eastern|Western|Downtown|In|At|From|Near|Central|Greater|"
            r"Rural|Nearby|Through|To|Across|Outside|On|And|President|"
            r"En|Desde|Hasta|Hacia|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|The|Port|Entry)$",
            before[1],
        )
    )


def venues(raw: str) -> list[tuple[int, int, Place]]:
    """The spans that look like the name of a shelter, hotel, park, church or camp."""
    found = []
    for match in VENUE.finditer(raw):
        words = match[0].split()
        ends = next((i for i, word in enumerate(words) if i and fold(word) in AFTER_NAMES), len(words))
        words = words[:ends]
        while words and words[-1] in LINKS:
            words.pop()
        for i, word in enumerate(words):
            if i and word == "y" and i + 1 < len(words) and re.fullmatch(VENUES, words[i + 1]):
                words = words[:i]
                break
        while words and words[0] in ("The", "El", "La", "In", "At", "En", "Outside", "On"):
            words.pop(0)
        start = raw.index(words[0], match.start()) if words else 0
        name = " ".join(words)
        if (
            len(words) < 2
            or all(w in LINKS or re.fullmatch(VENUES, w) for w in words)
            or re.match(
                r"Casa Blanca|Border Patrol|White House|Instituto (?:Nacional|Mexicano|Federal|Estatal|Municipal)|"
                r"Centro de (?:Estudios|Derechos|Investigación)|Center for|Centre for",
                name,
            )
        ):
            continue
        found.append((start, start + len(name), Place(None, name, "venue")))
    return found


ORIGIN = re.compile(
    r"\b(?:from|fled|fleeing|flee|leave|of|de|desde|huyen de|huyeron de|huir de|originari[oa]s? de|procedentes? de|"
    r"provenientes? de|natural de|president|presidente|in|en|consulate of|embassy of|government of|gobierno "
    r"de)\s+(?:(?:[A-Z]?[\w. ]{1,30},\s)*(?:and|y|e)?\s*)?$"
)


def is_origin(flat: str, start: int, end: int, place: Place) -> bool:
    """Whether a place is named only as where people come from, or as a government."""
    before = flat[:start]
    if re.match(
        r"(?:'s)?\s+(?:government|president|officials?|authorities|border|law|immigration|customs|citizens?|"
        r"nationals?|administration|embassy|consulate)\b",
        flat[end:],
    ):
        return True
    if re.search(
        r"\b(?:gobierno|presidente|frontera|autoridades|consulado|embajada|consul|president|government|ciudadanos|"
        r"secretary|secretario|presidenta) (?:of|de|del|con)? ?(?:los )?$",
        before,
    ):
        return True
    if place.kind not in ("country", "region"):
        return False
    listed = r"(?:[\w. ]{1,24},\s*)*(?:[\w. ]{1,24}\s+)?(?:(?:and|y|e|or|o)\s+)?"
    return bool(
        re.search(
            rf"\b(?:from|fled|fleeing|flee|violence in|home in|originari\w+ de|procedent\w+ de|provenient\w+ de|"
            rf"huye\w* de|huyen|migrants from|natural\w* de|(?:migrantes|personas|ciudadanos|familias|hombres|"
            rf"mujeres|menores|ninos|nacionales|son|eran) de|"
            rf"nativ\w+ de)\s+(?:el |la |los )?{listed}$",
            before,
        )
    )


def same_place(one: Place, other: Place) -> bool:
    """Whether two mentions are of one place: the same name but for case, accents, small words and a last letter."""
    if one.id is not None and one.id == other.id:
        return True
    return place_key(one) == place_key(other)


def place_key(place: Place) -> str:
    """What two spellings of one place have in common."""
    if place.id is not None:
        return place.id
    words = [word for word in re.findall(r"\w+", fold(place.name)) if word not in LINKS]
    return " ".join(word.rstrip("s") for word in words) + (f" {place.country}" if place.kind == "town" else "")


def distinct(found: Sequence[Sequence[Mention]]) -> list[Place]:
    """Every place once, in the order in which it is first named."""
    seen: dict[str, Place] = {}
    for here in found:
        for mention in here:
            seen.setdefault(place_key(mention.place), mention.place)
    return list(seen.values())
