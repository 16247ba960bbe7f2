"""Who is named in a report: public speakers by role and organisation; everybody else stays without a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dates import MONTHS, WEEKDAYS, folded
from .places import Mention
from .text import Sentence, fold, level
from .vocabulary import ACTS, BEDS, GOODS, HOUSEHOLDS, NATIONALITIES, PAPERS, PEOPLE, TIMES, VEHICLES

PERSON = "[affected person]"
"""What stands in a sentence for the name of a private person."""
CAP = r"(?:[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñçãõâêô]+(?:['’-](?!s\b)[A-ZÁÉÍÓÚÜÑ]?[a-záéíóúüñ]+)*|[A-ZÁÉÍÓÚÑ]['’][A-ZÁÉÍÓÚ][a-záéíóúñ]+|Mc[A-Z][a-z]+|[A-ZÁÉÍÓÚÑ]\.)"
NAME = re.compile(rf"{CAP}(?:\s+(?:(?:de la|de los|de las|de|del|la|van|von|da|dos|y|bin|al)\s+)?{CAP}){{0,4}}")

ROLES: dict[str, str] = {
    "official": (
        r"president|vice[- ]president|secretary|undersecretary|attorney general|minister|mayor|governor|gov|senator|sen|rep|representative|congress\w+|commissioner|"
        r"director|chief|sheriff|official|officials|spokes\w+|agent|officer|consul|ambassador|delegate|subdelegate|prosecutor|ombuds\w+|superintendent|supervisor|warden|trustee|councilm\w+|"
        r"councilor|colonel|general|captain|sergeant|lieutenant|commander|administrator|authorities|authority|government|department|ministry|police|administration|commissariat|coast guard|navy|army|marina|"
        r"secretari[oa]|subsecretari[oa]|presidente|presidenta|alcalde|alcaldesa|gobernador|gobernadora|ministr[oa]|comisionad[oa]|director|directora|titular|"
        r"jefe|jefa|vocer[oa]|portavoz|delegad[oa]|subdelegad[oa]|consul|embajador|embajadora|canciller|funcionari[oa]s?|autoridades|gobierno|fiscal|regidor|regidora|"
        r"agente|comandante|coronel|ayuntamiento|procurador|procuradora|sindic[oa]|diputad[oa]|senador|senadora|edil|coordinador|coordinadora|encargad[oa]|responsable|"
        r"superintendente|judge|jueza?|oficial"
    ),
    "organiser": r"organi[sz]ers?|organizador\w*|observer|observador\w*|monitor|activist|activists|activista|activistas|leader|leaders|lider|lideres|dirigente|dirigentes|volunteer|volunteers|voluntari[oa]s?|"
    r"advocate|advocates|defensor\w*|campaigner|acompanante",
    "shelter": r"shelter (?:director|manager|coordinator|head|worker|staff|operator|official|founder)s?|(?:director|manager|coordinator|head|founder|administrator)s? of (?:the|a) [\w ]*shelter|"
    r"director\w* del? (?:la |el )?(?:albergue|casa del? migrante|refugio|estancia)|encargad\w+ del albergue|coordinador\w* del? (?:albergue|refugio|casa)|albergues?|shelters?",
    "church": r"priest|father|padre|bishop|archbishop|cardinal|pastor|nun|sister|sor|reverend|rev|fr|parroco|sacerdote|obispo|arzobispo|presbitero|pbro|fray|monsignor|deacon|diacono|pastora",
    "lawyer": r"lawyer|lawyers|attorney|attorneys|abogad[oa]s?|counsel|litigator|legal director|asesor\w* juridic\w+|asesor\w* legal\w*|notari[oa]",
    "researcher": r"professor|researcher|researchers|analyst|scholar|economist|demographer|academic|profesor|profesora|investigador\w*|academic[oa]|analista|catedratic[oa]|sociologist|expert|experts|experta?s?",
    "ngo": r"executive director|aid workers?|humanitarian\w*|coordinator|coordinators|head of (?:mission|operations|office)|country director|program (?:director|manager|officer)|field (?:officer|coordinator)|"
    r"representante|oficial de|doctor|doctora|physician|nurse coordinator|medic|paramedic|founder|fundador|fundadora|manager|head|chair|chairman|chairwoman|deputy|"
    r"aid groups?|rights groups?|advocacy groups?|the (?:charity|diocese|parish|mission|agency|organization|organisation|group)|la (?:diocesis|parroquia|dependencia|organizacion|agencia|asociacion)|psicolog[oa]|trabajador\w* social\w*|social worker",
    "press": r"reporter|journalist|correspondent|editor|columnist|newspaper|periodico|diario|agencia de noticias|news agency|periodista|reporter[oa]|corresponsal|local media|medios",
}  # fmt: skip
ROLE = {role: re.compile(rf"\b(?:{pattern})s?\b") for role, pattern in ROLES.items()}
ORDER = ("shelter", "church", "lawyer", "researcher", "press", "organiser", "official", "ngo")
"""In which order roles are looked for: an `executive director of a shelter` is of the shelter."""
PRIVATE = re.compile(
    r"\b(?:migrant|migrants|migrante|migrantes|asylum[- ]seekers?|refugees?|refugiad[oa]s?|solicitante|mother|mom|padre de|madre|mama|wife|husband|esposa|esposo|father of|mother of|"
    r"son|daughter|brother|sister of|hermano|hermana|hij[oa]|cousin|stepfather|stepmother|uncle|tio|tia|fled|fleeing|huye|huyo|traveling|travelling|viaja|viajaba|years? old|anos|"
    r"year-old|farmer|campesin[oa]|student|estudiante|native of|originari[oa]|oriund[oa]|natural de|teenager|boy|girl|child|joven|muchach[oa]|victim|victima|survivor|detainee|"
    r"deportee|deportad[oa]|resident|vecin[oa]|taxi driver|street vendor|vendedor|bricklayer|albanil|waiter|teacher|maestr[oa]|mechanic|worker who|former soldier)\b"
)
HONORIFICS = r"(?:Mr|Mrs|Ms|Miss|Dr|Dra|Sr|Sra|Srta|Señor|Señora|Don|Doña|Lic|Ing|Mtro|Mtra|Prof)\.?"
TITLES = re.compile(
    rf"(?P<title>(?:(?:[A-ZÁÉÍÓÚÑ][\w.&áéíóúñ]+|of|for|the|de|del|la|y|and|U\.S\.|-)\s+){{0,7}}?(?:(?:Acting|Former|Deputy|Interim|Vice|Assistant|Senior)\s+)*"
    r"(?:President|Vice President|Secretary|Attorney General|Minister|Mayor|Governor|Gov\.?|Senator|Sen\.?|Rep\.?|Commissioner|Director|Chief|Sheriff|Spokes\w+|spokes\w+|"
    r"director|coordinator|organizer|organiser|activist|priest|Father|Fr\.|Sister|Rev\.|Reverend|Pastor|Bishop|Archbishop|Cardinal|Judge|Agent|Officer|Sgt\.|Sergeant|Capt\.|Captain|Lt\.|Col\.|Colonel|"
    r"General|Gen\.|Professor|Prof\.|Ambassador|Consul|Consul General|attorney|lawyer|manager|official|commissioner|mayor|secretary|minister|founder|volunteer|agent|"
    r"Padre|padre|Sor|Fray|Monseñor|Obispo|obispo|Presidente|presidente|presidenta|Presidenta|Secretari[oa]|secretari[oa]|Alcalde|alcalde|alcaldesa|Alcaldesa|Gobernador|gobernador|gobernadora|Delegad[oa]|delegad[oa]|"
    r"Comisionad[oa]|comisionad[oa]|Directora?|directora?|Coordinadora?|coordinadora?|vocer[oa]|portavoz|activista|sacerdote|párroco|abogad[oa]|encargad[oa]|titular|cónsul|fiscal|"
    r"Fiscal|diputad[oa]|senadora?|regidora?|investigadora?|profesora?|organizadora?|defensora?|líder|representante|jef[ea]|doctora?|Doctora?|Dra?\.|Lic\.|psicólog[oa]|hermana|Hermana)(?:\s+(?:general|ejecutiv[oa]|adjunt[oa]|estatal|federal|local|municipal|nacional|regional))?)\s+$"
)  # fmt: skip
ORGANISATION = re.compile(
    r"\b(?:DHS|CBP|ICE|USCIS|EOIR|HHS|ORR|UNHCR|IOM|UNICEF|MSF|OIM|ACNUR|INM|COMAR|SEGOB|SRE|CNDH|CICR|ICRC|IRC|DIF|IFRC|HRW|ACLU|KIND|RAICES|FEMA|SENAFRONT|CDH|PGR|FGR|ONU|UN|EU|SENNIAF|"
    r"NRC|WFP|OCHA|HIAS|IMUMI|WOLA|TRAC|AP|AFP|EFE|CNN|NYT|BBC|NPR|NBC|CBS|ABC)\b"
    r"|(?:[A-ZÁÉÍÓÚÑ][\w&'’.áéíóúñ-]*\s+(?:(?:of|for|and|de|del|la|los|las|sin|y|the|e|en|con|a|para|al|International)\s+)*){0,6}"
    r"(?:Fronteras|Borders|Lado|Angels|Department|Agency|Service|Services|Protection|Enforcement|Committee|Council|Commission|Commissioner|Institute|Instituto|Secretar[ií]a|Comisión|Cruz Roja|"
    r"Red Cross|Cross|Crescent|Guard|Patrol|Police|Ministry|Office|Union|Center|Centre|Network|Coalition|Alliance|Foundation|Fundación|Organization|Organisation|Organización|Administration|"
    r"Project|Rights|First|Watch|International|University|Universidad|Institution|Charities|Committee|Security|Justice|State|Times|Post|Buzzfeed|BuzzFeed|Reuters|Association|Asociación|Diocese|"
    r"Diócesis|Government|Ayuntamiento|Gobierno|Tribune|Herald|Chronicle|Embassy|Consulate|Consulado|Policía|Migración|Migrantes|Refugiados|Refugees|Humanos|Marina|Ejército|Army|Protección Civil|Bienestar|Salud|Colegio|"
    r"Jesuit|Jesuita|Caritas|Cáritas|Scalabrini|Fiscalía|Beta|Inquirer|Univision|Telemundo|Milenio|Jornada|Universal|Nacional|Amnesty|Amnistía|Oxfam|Médicos|Doctors|UNICEF|Church|Iglesia|Tribunal|Court|Bureau)"
    r"(?:\s+(?:(?:of|for|and|de|del|la|los|las|sin|y|the|e|en|contra|a|para|al|without)\s+)*[A-ZÁÉÍÓÚÑ][\w&'’áéíóúñ]*){0,6}"
)  # fmt: skip
COMMON = frozenset(
    "the a an in on at of and but for from to with he she they we it his her their our i you this that these those some many most all no not as if when while after before "
    "since until because where there here what who why how one two three four five six seven eight nine ten hundreds dozens thousands other others another more about around nearly "
    "almost only also still despite however meanwhile local federal state officials organizers migrants members people children women men families asylum mexican american border "
    "patrol caravan president attorney secretary department homeland security agents guard national customs protection immigration police city government congress senate house "
    "administration court judge judges media title article section union christian catholic easter holy week god jesus church mr mrs ms dr so then now last next early late "
    "according both each every just our out over under up us well yes your my me its had has have is are was were will would can could may might do does did "
    "el la los las un una unos unas y o pero que en de del al con por para sin sobre entre hasta desde segun cuando donde como mientras aunque tras ante su sus se lo le nos "
    "este esta estos estas ese esa esos esas aqui alli hoy ayer ademas tambien asi sin embargo asimismo hasta otros otras muchos muchas algunos algunas mas menos cerca alrededor casi "
    "migrantes personas integrantes mujeres hombres ninos familias gobierno instituto nacional migracion caravana dios iglesia estado federal guardia presidente san santa director "
    "directora no si ya porque somos estamos tenemos hay son es fue fueron nuestro nuestra nosotros ellos ella todos todas cada dijo autoridades organizaciones albergue total "
    "once dos tres cuatro cinco unas un uno tuesday morning afternoon evening night spring summer autumn fall winter north south east west northern southern central eastern western "
    "shelter beds men boys girls adults minors capacity arrivals departures staff volunteers hotel casa centro plaza republic kingdom states adultos hombres menores camas capacidad ingresos egresos "
    "officers lawyers soldiers troops nobody everyone someone hondurans salvadorans guatemalans report update daily count situation date place source note via crucis bestia viacrucis facebook whatsapp twitter "
    "spanish english christmas covid tps daca mpp nafta tlcan republicans democrats republican democrat democratic white latino hispanic youth day days weeks months "
    "unsurprisingly nearly promoting get let asked among between through during within against without across near outside inside behind along".split()
)


GIVEN = frozenset(
    "maria jose juan luis carlos jorge pedro miguel ana rosa marta elena lucia carmen sofia gabriela daniela fernanda andrea paola karla karina yesenia wendy jessica "
    "brenda maribel marisol guadalupe alejandra veronica patricia sandra claudia monica silvia norma gloria teresa isabel laura beatriz adriana diana carolina valeria camila "
    "mariana natalia francisco antonio jesus manuel rafael roberto ricardo fernando eduardo javier sergio alejandro oscar mario hector ramon raul ruben alberto arturo enrique "
    "julio cesar victor hugo ernesto emilio tomas andres felipe diego santiago sebastian mateo nicolas gabriel daniel david samuel moises elmer wilmer edwin kevin bryan brayan "
    "darwin josue nelson walter marvin melvin denis dennis selvin osman ever fredy freddy henry jairo john james robert michael william mary jennifer linda elizabeth susan "
    "sarah karen nancy lisa betty margaret emily ashley kimberly donna michelle emma olivia thomas charles christopher matthew anthony mark donald steven paul andrew joshua "
    "kenneth george brian edward ronald timothy jason jeffrey ryan jacob gary eric jonathan stephen larry justin scott brandon benjamin ahmed mohammed muhammad mohamed ali "
    "hassan hussein omar fatima aisha amina ibrahim yusuf abdul jean pierre marie claude jacques emmanuel esther ruth miriam rebeca raquel sara noemi eva irma olga delmy "
    "xiomara yolanda ingrid reina suyapa nohemi dulce lidia".split()
)
"""Usual given names: where all words have capitals, they alone tell a name."""


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


def role_of(words: str) -> str | None:
    """The public role that words tell of, if any."""
    plain = re.sub(r"\battorney general\b", "minister", fold(words))
    if re.search(r"\b(?:group|charity|coalition|collective|ngo|nonprofit|asociacion|colectivo|organizacion|organi[sz]ation|foundation|fundacion)\b", plain) and (
        not ROLE["organiser"].search(plain)
    ):
        return "ngo"
    for role in ORDER:
        if ROLE[role].search(plain):
            return role
    return None


def organisation_in(words: str) -> str | None:
    """The organisation that words name, in full."""
    best: str | None = None
    for match in ORGANISATION.finditer(words):
        text = re.sub(r"^(?:The|the|A|An|El|La|Los|Las|Of|De)\s+", "", match[0].strip(" ,.'"))
        if best is None:
            best = text
    if best is None:
        after = re.search(
            rf"\b(?:with|of|for|from|at|de|del|de la|en|con) (?:the |la |el |los |las )?((?:{CAP}|[A-Z]{{2,}})(?:\s+(?:(?:of|for|and|de|del|la|los|las|sin|y|the|en)\s+)*(?:{CAP}|[A-Z]{{2,}})){{0,6}}(?: \d{{4}})?)", words
        )
        best = after[1] if after else None
    return best


NOUNS = PEOPLE | HOUSEHOLDS | PAPERS | BEDS | GOODS | VEHICLES | ACTS | TIMES
"""Nouns that may stand with a capital letter and name nobody."""


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
    taken = [(m.start, m.end) for here in places for m in here]
    organisations = [(m.start(), m.end()) for m in ORGANISATION.finditer(flat)]
    lower = {fold(w) for w in re.findall(r"(?<![.!?\"] )\b[a-záéíóúüñ]{2,}\b", flat)}
    starts = {s.start for s in sentences}
    titles = [(s.start, s.end) for s in sentences if is_title(s)]
    candidates = []
    in_titles = []
    for match in NAME.finditer(flat):
        for start, end in trimmed(flat, match.start(), match.end(), lower, starts):
            if overlaps(start, end, taken) or overlaps(start, end, organisations):
                continue
            (in_titles if overlaps(start, end, titles) else candidates).append((start, end))
    public: dict[str, Speaker] = {}
    private: list[tuple[int, int]] = []
    for start, end in candidates:
        speaker = described(flat, start, end)
        if speaker is not None:
            public.setdefault(surname(flat[start:end]), speaker)
            for part in name_parts(flat[start:end])[1:]:
                public.setdefault(part, speaker)
    for start, end in candidates:
        parts = name_parts(flat[start:end])
        if not parts or any(part in public for part in parts) and described_private(flat, start, end) is False:
            continue
        private.append((start, end))
    known = {part for start, end in private for part in name_parts(flat[start:end])}
    private += [
        word
        for start, end in in_titles
        for word in words_of(flat, start, end)
        if fold(flat[slice(*word)]) not in public and (fold(flat[slice(*word)]) in known or is_given_name(flat[start:end], lower))
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


def trimmed(flat: str, start: int, end: int, lower: set[str], starts: set[int]) -> list[tuple[int, int]]:
    """A run of capitalised words without those that are no part of a name; in pieces if one stands within."""
    pieces: list[list[tuple[int, int]]] = [[]]
    for word in re.finditer(r"[^\s]+", flat[start:end]):
        a, b = start + word.start(), start + word.end()
        plain = fold(word[0].strip(".,'"))
        first = a in starts or flat[max(0, a - 2) : a].strip() in ('"', ":", "-", "—", "¿", "¡", "(", ".", "") and (a == 0 or flat[a - 1] in '"¿¡(' or flat[max(0, a - 2)] in ".:\n")
        stop = plain in COMMON or plain in NOUNS or (first and role_of(plain) is not None) or plain in NATIONALITIES or plain in MONTHS or plain in WEEKDAYS or (first and plain in lower) or bool(
            re.fullmatch(HONORIFICS, word[0]) or TITLES.search(word[0] + " ")
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
        if piece and not is_just_first(flat, piece, starts):
            found.append((piece[0][0], piece[-1][1]))
    return found


def is_just_first(flat: str, piece: Sequence[tuple[int, int]], starts: set[int]) -> bool:
    """Whether a lone word has its capital letter from standing first, as far as can be told."""
    (start, end) = piece[0]
    if len(piece) > 1 or (start not in starts and flat[start - 1 : start] not in ('"', "¿", "¡")):
        return False
    word = re.escape(flat[start:end])
    named = fold(flat[start:end]) in GIVEN or re.match(r"\s*,\s*(?:de )?\d|\s*\(|\s+(?:said|says|told|dijo|dice|contó|relató|and (?:his|her)|y su)\b", flat[end : end + 24])
    return not named and not re.search(rf"[a-záéíóúñ,]\s+{word}\b", flat)


def overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a span lies over one of others."""
    return any(start < b and end > a for a, b in spans)


APPOSITION = re.compile(r"\s*(?:,|\(|—|-|–)\s*(?P<words>[^.;\"”]{3,160})")


def apposition(flat: str, end: int) -> str:
    """What is said of a name right behind it, up to the next verb of saying."""
    match = APPOSITION.match(flat, end)
    if match is None:
        return ""
    words = re.sub(r"^(?:\d{1,3},?\s*(?:years old,?\s*)?|de \d{1,3} años,?\s*)", "", match["words"])
    words = re.split(r"\b(?:who|which|said|says|told|added|quien|que|dijo|explicó|informó|señaló|afirmó|indicó|comentó|detalló|declaró)\b|\)", words)[0]
    parts = words.split(",")
    kept = parts[0]
    for part in parts[1:]:
        if re.match(r"\s*(?:an?|the|of|who|and|el|la|un|una|del?)\b", part) and len(kept) < 60 and not re.search(r"\b(?:but|and|y|pero)\b", part[:6]):
            kept += "," + part
        else:
            break
    return kept.strip()


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
    behind = re.match(rf"\s*,?\s+(?:of|from|with|de|del|de la)\s+(?:the |la |el )?({CAP}[^,.;\"]{{2,60}}|[A-Z]{{2,}}\b)", flat[end : end + 90])
    organisation = organisation_in(f"with {behind[1]}") if behind and ORGANISATION.search(behind[1]) else None
    if organisation:
        return Speaker(name, "ngo", organisation, organisation)
    return None


def is_of_the_church(before: str) -> bool:
    """Whether `sister` or `father` right before a name is a title, not kin."""
    return bool(re.search(r"(?:(?:^|[^,]\s|\")(?:Sister|Father|Padre|Hermana|Hermano|Madre|Sor|Brother)|\b(?:[Ll]a (?:hermana|madre)|[Ee]l (?:hermano|padre)))\s+$", before))


def right_before(before: str) -> str:
    """A role in small letters right before a name: county supervisor, volunteer."""
    match = re.search(r"((?:[\w.'-]+\s+){1,5})$", before)
    if match is None:
        return ""
    words = match[1].split()
    if not words[-1][0].islower() or role_of(words[-1]) is None or PRIVATE.search(fold(words[-1])):
        return ""
    while words and fold(words[0]) in ("said", "told", "by", "to", "from", "the", "a", "an", "according", "and", "el", "la", "dijo", "según", "de", "friday", "monday"):
        words.pop(0)
    return " ".join(words)


def of_title(before: str) -> str:
    """A long role right before a name, in Spanish manner: el coordinador del albergue X, Name."""
    match = re.search(
        r".*\b(?:[Ee]l|[Ll]a|los|[Tt]he|[Uu]n|[Uu]na|[Ii]ts|[Ss]u)\s+((?:[\w.-]+\s+){0,3}?(?:[a-záéíóúñ]+\s+)?[a-záéíóúñ][^.;:,\"]{3,90}),\s*$", before, re.DOTALL
    )
    if match is None or role_of(match[1]) is None:
        match = re.search(r"(?:^|[.\"(]\s*|\b(?:dijo|explicó|informó|señaló|afirmó|indicó|detalló|comentó|declaró|precisó|aseguró|según|advirtió|said|de)\s+)(?:[Ee]l|[Ll]a|[Tt]he)\s+([^.;:\"]{4,110}),\s*$", before)
    if match is None:
        return ""
    words = match[1]
    return words if role_of(words.split(",")[0]) and words.count(",") < 2 else ""


def described_private(flat: str, start: int, end: int) -> bool:
    """Whether what stands by a name tells of a private person: an age, kin, a migrant."""
    words = apposition(flat, end)
    raw = APPOSITION.match(flat, end)
    age = not re.search(r"\b(?:Sister|Father|Padre|Sor)\s+$", flat[max(0, start - 12) : start]) and bool(raw and re.match(r"\d{1,3}\b|de \d{1,3} años", raw["words"]))
    role = role_of(words) if words else None
    private = bool(PRIVATE.search(fold(ORGANISATION.sub("", words))))
    before = fold(flat[max(0, start - 60) : start])
    title = is_of_the_church(flat[max(0, start - 30) : start])
    kin = not title and re.search(
        r"\b(?:brother|sister|son|daughter|wife|husband|stepfather|stepmother|cousin|nephew|niece|hermano|hermana|hijo|hija|esposa|esposo|padrastro|primo|prima|madre|baby|migrant|migrante|"
        r"refugee|seeker|woman|man|mujer|hombre|joven|named|llamad[oa])s?,?\s+$", before
    )  # fmt: skip
    if kin or (private and (role is None or re.search(r"\b(?:migrant|asylum[- ]seeker|refugee|migrante|solicitante)\b", fold(ORGANISATION.sub("", words)).split(" with ")[0])
               and not re.search(r"\b(?:director|coordinator|spokes|organi[sz]er|lawyer|attorney|advocate|official|coordinador|vocer|abogad|activis|secretar|commission|institut)", fold(words)))):  # fmt: skip
        return True
    return age and role is None


def merged_spans(flat: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; an honorific before a name belongs to it."""
    found = []
    for start, end in sorted(spans):
        title = re.search(rf"{HONORIFICS}\s+$", flat[max(0, start - 12) : start])
        found.append((start - len(title[0]) if title else start, end))
    return found


KIN = (
    r"(?:(?:his|her|their|su|sus|the|el|la)\s+)?(?:(?:younger|older|little|big|elder|eldest|youngest|pregnant)\s+)?(?:brother|sister|son|daughter|wife|husband|mother|father|stepfather|stepmother|"
    r"cousin|nephew|niece|baby|hermano|hermana|hijo|hija|esposa|esposo|madre|padre|padrastro|primo|prima)(?:\s+(?:menor|mayor))?,?\s+"
)


def redacted(text: str, start: int, end: int, cast: Cast) -> tuple[str, list[int]]:
    """A stretch of text without the names of private people, their ages and kin; and where each letter comes from."""
    out: list[str] = []
    origin: list[int] = []
    at = start

    def put(piece: str, where: int, moving: bool) -> None:
        out.append(piece)
        origin.extend(where + i if moving else where for i in range(len(piece)))

    for a, b in cast.spans:
        if b <= at or a >= end:
            continue
        a = max(a, at)
        lead = re.search(rf"\b{KIN}$", text[at:a], re.IGNORECASE)
        stop = a - (len(lead[0]) if lead else 0)
        put(text[at:stop], at, True)
        put(PERSON, stop, False)
        tail = re.match(r"\s*,\s*(?:de\s+)?\d{1,3}(?:\s+(?:years old|años(?: de edad)?))?\s*(?=[,.;)\"”]|\s)|\s*\(\d{1,3}\)", text[b:end])
        at = b + (len(tail[0]) if tail else 0)
    put(text[at:end], at, True)
    shown = "".join(out)
    assert len(shown) == len(origin)
    return shown, origin
