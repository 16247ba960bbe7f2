"""Places that no list knows, by the words around them: the Otero immigration court, at Gorom, puente Simón Bolívar."""

from __future__ import annotations

import re

from .dates import MONTHS, WEEKDAYS
from .names import COMMON, GIVEN
from .roles import CAP, ORGANISATION, UPPER, role_of
from .text import fold
from .vocabulary import NATIONALITIES

TITLE = (
    rf"{CAP}(?:[\s-](?:(?:de la|de los|de|del|la|el|al|bin)\s)?{CAP}){{0,3}}"
    r"(?: [XVI]{1,5}\b| \d\b)?"
)
END = rf"(?![\w'’]|\s+(?!(?:{'|'.join(name.capitalize() for name in (*WEEKDAYS, *MONTHS))})\b)[{UPPER}])"
"""What may follow a whole name: no further word of it, and no 's."""
HEADS = (
    r"(?:immigration court|court|(?:convention|conference|expo|community|civic|sports|respite|welcome) (?:center|"
    r"centre)|arena|fairgrounds|"
    r"coliseum|detention (?:center|centre|facility)|processing (?:center|centre)|reception "
    r"(?:center|centre|facility)|transit (?:center|centre|camp)|refugee (?:camp|settlement)|settlement|camp|camps|"
    r"airport|"
    r"bridge|border crossing|crossing|checkpoint|port of entry|hotspot|beach|square|pier|harbou?r|bus (?:station|"
    r"terminal|"
    r"depot)|train station|railway station|station|stadium|sports complex|parish|island|river|valley|desert|county|"
    r"district|neighbou?rhood|border post|junction|marina|quay|dock|jungle|pass|mine|base|barracks|prison|jail|town|"
    r"city|village|province|state|governorate|region|hills|gap|"
    r"coast|strait|sector|lot|canal|ward|subdistrict|commune|hospital|market|terminal|facility|center|centre|jail|plant|farm|ranch|yard|woods|forest)s?\b"
)
BEHIND = re.compile(rf"(?<![\w'’])(?P<name>{TITLE}) {HEADS}")
HEADS_ES = (
    r"(?:puente|aeropuerto|estaci[oó]n(?: migratoria)?|garita|terminal|playa|c[aá]rcel|barrio|colonia|ejido|crucero|"
    r"r[ií]o|"
    r"unidad deportiva|polideportivo|gimnasio|auditorio|deportivo|estadio|plaza|isla|muelle|campamento|comunidad|"
    r"municipio|"
    r"cant[oó]n|vereda|corregimiento|poblado|pueblo|localidad|aldea|centro de (?:detenci[oó]n|retenci[oó]n|acogida)|"
    r"frontera|v[ií]as|afueras|centro|calles|parque|mercado|inmediaciones|periferia|zona|costa|bodega|valle|selva|desierto|penal|delegaci[oó]n|alcald[ií]a)"
)
BEFORE = re.compile(rf"\b{HEADS_ES} (?:del? |de la |de los )?(?P<name>{TITLE})")
CALLED = re.compile(
    rf"(?P<name>{TITLE}), (?:an?|the|una?|el|la) (?:[\w-]+ ){{0,3}}?(?:town|city|village|island|port|camp|settlement|"
    rf"suburb|district|"
    r"pueblo|ciudad|municipio|localidad|isla|puerto|comunidad|poblado|aldea|barrio)\b"
)
STATIC = re.compile(
    rf"\b(?:in|into|off|at|near|outside|around|through|via|en|cerca de|fuera de|frente a|junto a|towards|rumbo a|hacia|"
    rf"hasta) (?:the |el |"
    rf"la |los )?"
    rf"(?:(?:town|city|village|port|camp|island|district|parish|community|pueblo|ciudad|comunidad|puerto|"
    rf"aldea) (?:of |de )?)?"
    rf"(?P<name>{TITLE}){END}"
)
MOTION = re.compile(
    rf"\b(?:to|from|through|via|reached|reaching|left|leaving|leave|departed|entered|out of|inside|a|desde|"
    rf"por) (?:the |el |la |los )?(?P<name>{TITLE}){END}"
)
WITHIN = re.compile(
    rf"\ben (?:un|una|el|la|los|las) (?:[a-záéíóúñ]+ ){{1,3}}(?:de|del) (?:la |el |los )?(?P<name>{TITLE}){END}"
)
SITED = re.compile(
    rf"\b(?:center|centre|shelter|camp|station|facility|courthouse|clinic|hospital|bridge|port|crossing|albergue|centro|estaci[oó]n|"
    rf"campamento|refugio|hospital|garita) (?:in|at|en) (?P<name>{TITLE}){END}"
)
"""A place by what stands in it, though people may be called so, too: the processing center in Donna."""
DEPARTURE = re.compile(
    rf"\b(?:sal(?:ieron|ió|en|ir|ida|ido)|part(?:ieron|ió|en|ir|ida)|proced\w+|provenient\w+|llegad\w+|zarp\w+|trasladad\w+|traíd\w+|"
    rf"expulsad\w+|abandon\w+|dejaron|alejó|cerca|lejos) (?:[a-z]+ ){{0,2}}?(?:de|desde) (?:la |el |"
    rf"los )?(?P<name>{TITLE}){END}"
)
MOVES = re.compile(
    r"\b(?:took|taken|mov(?:e|ed|ing)|brought|dr[oi]ven?|drove|fl(?:ew|own|y)|sent|bus(?:s)?ed|transfer\w*|relocat\w+|travel\w*|arriv\w*|"
    r"reach\w*|walk\w*|return\w*|evacuat\w+|cross\w*|sail\w*|ferr\w+|boats?|bus(?:es)?|trains?|flights?|convoys?|deport\w+|"
    r"road|way|left|depart\w*|came|coming|went|go(?:ing)?|displaced|fled|flee\w*|hu[iy]\w+|lleg\w+|sal\w+|camin\w+|traslad\w+|viaj\w+|avanz\w+|"
    r"arrib\w+|part\w+|regres\w+|deport\w+|autobus\w*|vuelo\w*|lancha\w*|caravana)\b"
)
PERSON_BEHIND = re.compile(
    r"\s*,\s*(?:de )?\d{1,2}\b|\s*,\s*(?:who|quien|his|her|su)\b|\s+(?:said|says|dijo|dice|told)\b"
)
LOCATED = (
    r"(?:in|into|off|at|near|outside|around|to|from|of|through|via|reached|reaching|left|leaving|entered|en|a|de|del|desde|por|"
    r"hacia|hasta|cerca de|,)"
)


def unlisted(raw: str, whole: str, known: dict[str, bool]) -> list[tuple[int, int, str, str]]:
    """Spans of a sentence that name a place by their form: where, the name, and its kind; `whole` is the
    report, `known` what is known of names already."""
    found: list[tuple[int, int, str, str]] = []
    for match in SITED.finditer(raw):
        if match["name"].count(" ") == 0 and is_place_name(match["name"], given=True):
            found.append((*match.span("name"), match["name"], "unlisted"))
    for pattern in (BEHIND, BEFORE, CALLED):
        for match in pattern.finditer(raw):
            at = match.start("name")
            name = match["name"]
            first = re.match(r"(?:The|A|An|El|La|Los|Las|In|At|En|On|From|To|Near|Outside) ", name)
            if first:
                at, name = at + first.end(), name[first.end() :]
            if is_place_name(name):
                found.append((at, at + len(name), name, "venue"))
    for match in (*STATIC.finditer(raw), *DEPARTURE.finditer(raw), *WITHIN.finditer(raw)):
        if may_be_place(match, whole, known):
            found.append((*match.span("name"), match["name"], "unlisted"))
    if MOVES.search(raw.lower()):
        for match in MOTION.finditer(raw):
            if may_be_place(match, whole, known):
                found.append((*match.span("name"), match["name"], "unlisted"))
    return found


def may_be_place(match: re.Match[str], whole: str, known: dict[str, bool]) -> bool:
    """Whether a name behind a preposition may be a place's: never told of as a person is, always behind one."""
    name = match["name"]
    if not is_place_name(name) or PERSON_BEHIND.match(match.string, match.end("name")):
        return False
    if name not in known:
        known[name] = always_located(name, whole)
    return known[name]


def always_located(name: str, whole: str) -> bool:
    """Whether a name stands behind a word of place wherever the report has it."""
    plain = re.escape(name)
    times = len(re.findall(rf"(?<!\w){plain}(?!\w)", whole))
    located = re.findall(
        rf"(?<!\w){LOCATED}(?: the| el| la| los)?(?: [a-z]+(?: of| de)?)? {plain}(?!\w)", whole, re.IGNORECASE
    )
    return times <= len(located)


COMPASS = frozenset(["north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"])


def is_place_name(name: str, given: bool = False) -> bool:
    """Whether no word of a name is a person's, a month, a people, an organisation or a role."""
    plain = [fold(w) for w in re.findall(r"[^\W\d_][\w'’-]*", name)]
    saints = {"san", "santa", "santo", "puerto", "ciudad", "villa", "saint", *COMPASS}
    return (
        bool(plain)
        and (given or not GIVEN.intersection(plain) or bool(saints.intersection(plain)))
        and not any(
            w in MONTHS or w in WEEKDAYS or w in NATIONALITIES or w in COMMON - saints for w in plain if len(w) > 2
        )
        and role_of(name) is None
        and not ORGANISATION.search(name)
    )
