"""Public roles and organisations, and the words that tell of private people."""

from __future__ import annotations

import re

from .text import fold

LATIN = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))]
UPPER = "A-Z" + "".join(letter for letter in LATIN if letter.isupper())
LOWER = "a-z" + "".join(letter for letter in LATIN if letter.islower())
CAP = (
    rf"(?:[{UPPER}][{LOWER}]{{2,}}[{UPPER}][{LOWER}]+|[{UPPER}][{LOWER}]+(?:['’-](?!s\b)[{UPPER}]?[{LOWER}]+)*|"
    rf"[{UPPER}]['’][{UPPER}][{LOWER}]+|Mc[A-Z][a-z]+|[{UPPER}]\.)"
)
"""A word with a capital letter, as names have."""

ROLES: dict[str, str] = {
    "official": (
        r"president|vice[- ]president|secretary|undersecretary|attorney general|minister|mayor|governor|gov|"
        r"senator|sen|rep|representative|congress\w+|commissioner|director|chief|sheriff|official|officials|"
        r"spokes\w+|agent|officer|consul|ambassador|delegate|subdelegate|prosecutor|ombuds\w+|superintendent|"
        r"supervisor|warden|trustee|councilm\w+|councilor|colonel|general|captain|sergeant|lieutenant|commander|"
        r"administrator|authorities|authority|government|department|ministry|police|administration|commissariat|"
        r"coast guard|navy|army|marina|secretari[oa]|subsecretari[oa]|presidente|presidenta|alcalde|alcaldesa|"
        r"gobernador|gobernadora|ministr[oa]|comisionad[oa]|director|directora|titular|jefe|jefa|vocer[oa]|"
        r"portavoz|delegad[oa]|subdelegad[oa]|consul|embajador|embajadora|canciller|funcionari[oa]s?|autoridades|"
        r"gobierno|fiscal|regidor|regidora|agente|comandante|coronel|ayuntamiento|procurador|procuradora|"
        r"sindic[oa]|diputad[oa]|senador|senadora|edil|coordinador|coordinadora|encargad[oa]|responsable|"
        r"superintendente|judge|jueza?|oficial|administrador|administradora|"
        r"harbou?r ?masters?|port captain|prefects?|prefecture|chancellery|cancilleria|ministerio|alcaldia|"
        r"gobernacion|gobernadores|"
        r"defensoria|defensor del pueblo|procuraduria|prefectura|intendente|comisaria|delegacion|protection agency|"
        r"town hall|"
        r"city hall|municipality|municipalidad|municipio|council|ayuntamientos|county|district|customs|border guards?|"
        r"gendarmes?|"
        r"gendarmerie|carabinieri|carabineros|home office|interior|foreign office|police|policia|policias|prosecutors|"
        r"fiscalia|"
        r"guardia costera|coastguard|coast guards|civil (?:defen[cs]e|protection)|proteccion civil|fire ?(?:fighters|"
        r"brigade|department)|"
        r"bomberos|public defender\w*|defender's office|office|bureau|agency|tribunal|court|camp (?:manager|commander|"
        r"director)|"
        r"village (?:head|chief)|headman|chieftain|councill?ors?|concejal|consejer[oa]|sindico|viceminist\w+|"
        r"inspector\w*|"
        r"personer[oa]|registradora?|alguacil|deputy|commodore|wing commander|petty officer|unions?|sindicato|"
        r"chancellor|premier|prime minister|primer ministro|"
        r"vice mayor|council(?:wom[ae]n|m[ae]n)|alder(?:wom[ae]n|"
        r"m[ae]n)|select(?:wom[ae]n|m[ae]n)|"
        r"assembly\w+|mep|eurodiputad[oa]|attache|charge d'affaires|czar|constable|detective|marshal|admiral|"
        r"brigadier|corporal|major|"
        r"magistrates?|treasurer|press secretary|emir|spokesm[ae]n|intendenta|corregidor|concejala?|magistrad[oa]|"
        r"comisari[oa]|subcomisario|"
        r"almirante|contralmirante|vicealmirante|cabo|subteniente|subdirector|subdirectora|contralor|prefecto|agregad[oa]|subjefe|jefa|"
        r"alderman|provost|reeve|ward (?:head|officer)|district officer|block officer|collector|tehsildar|upazila|"
        r"camp[- ]in[- ]charge|"
        r"commandant|aides?|advis[eo]rs?|asesor|asesora|clerk|deputy|undersecretary|enlace|liaison|teniente|capitan|sargento|"
        r"registrar|enviado|envoy|rapporteur|relator|jefatura|capitania|armada|patrulla|migracion|immigration|"
        r"migration service|"
        r"spox|press office|mp|lawmaker|legislator|legislador\w*"
    ),
    "organiser": r"organi[sz]ers?|organizador\w*|observer|observador\w*|monitor|activist|activists|activista|"
                 r"activistas|leader|leaders|lider|lideres|dirigente|dirigentes|volunteer|volunteers|voluntari[oa]s?|"
    r"advocate|advocates|defensor[ae]?s?|campaigners?|acompanantes?|marshal|comite|committee",
    "shelter": r"shelter (?:director|manager|coordinator|head|worker|staff|operator|official|founder)s?|(?:director|"
               r"manager|coordinator|head|founder|administrator)s? of (?:the|a) [\w ]*shelter|"
    r"director\w* del? (?:la |el )?(?:albergue|casa del? migrante|refugio|estancia)|encargad\w+ del albergue|"
    r"coordinador\w* del? (?:albergue|refugio|casa)|albergues?|shelters?",
    "church": r"priest|father|padre|bishop|archbishop|cardinal|pastor|nun|sister|sor|reverend|rev|fr|parroco|"
              r"sacerdote|obispo|arzobispo|presbitero|pbro|fray|monsignor|deacon|diacono|pastora|monsenor|friar|imam|rabbi|parish|parroquia|diocese|vicar|"
              r"abbot|abbess|prior|canon|catechist|seminarian|seminarista|franciscan\w*|jesuit\w*|scalabrinian\w*|"
              r"mufti|nuncio|vicario|provincial|chaplain|capellan|minister of the church|religios[oa]|hermano",
    "lawyer": r"lawyer|lawyers|attorney|attorneys|abogad[oa]s?|counsel|litigator|legal director|asesor\w* juridic\w+|"
              r"asesor\w* legal\w*|notari[oa]",
    "researcher": r"professor|researcher|researchers|analyst|scholar|economist|demographer|academic|profesor|"
                  r"profesora|investigador\w*|academic[oa]|analista|catedratic[oa]|sociologist|expert|experts|"
                  r"experta?s?|historian|anthropologist|geographer|statistician|political scientist|fellow|lecturer|"
                  r"rector|rectora|"
                  r"politolog[oa]|antropolog[oa]|historiador\w*|demograf[oa]",
    "ngo": r"executive director|aid workers?|humanitarian\w*|coordinator|coordinators|head of (?:mission|operations|"
           r"office)|country director|program (?:director|manager|officer)|field (?:officer|coordinator)|"
    r"representante|oficial de|doctor|doctora|physician|nurse coordinator|medic|paramedic|founder|fundador|"
    r"fundadora|manager|head|chair|chairman|chairwoman|deputy|aid groups?|rights groups?|advocacy groups?|the "
    r"(?:charity|diocese|parish|mission|agency|organization|organisation|group)|la (?:diocesis|parroquia|"
    r"dependencia|organizacion|agencia|asociacion)|psicolog[oa]|"
    r"trabajador\w* social\w*|social worker|associations?|aid organi[sz]ations?|charities|agencies|doctors|nurses?|"
    r"medicos?|enfermer[oa]s?|clinic|clinica|team leader|logistician|case ?worker|country (?:representative|head)|"
    r"epidemiologist|asociaciones|organizaciones|organismos?|colectivos|activistas|rescuers|rescatistas|hospital|"
    r"coordination|programme officer|protection officers?|nutritionist|midwi(?:fe|ves)|psychologists?|surgeons?|"
    r"mediators?|mediador\w*|misioner[oa]s?|socorristas?|"
    r"promotor\w*|nutriolog[oa]|medic[oa]|cooperantes?|brigadistas?|gestora?|secretary general|chairperson|"
    r"co-?founder|cofundador\w*|captain|"
    r"first mate|logistics officer|communications officer|press officer|advocacy officer|cook|cocinera|monitors?|"
    r"foundation|network|"
    r"nonprofit|elders?|ong|ngos?|initiative|iniciativa|staff|staffers?|workers|trabajadores|personal|team|equipo|crew|tripulacion|skipper",
    "press": r"reporter|journalist|correspondent|editor|columnist|newspaper|periodico|diario|agencia de noticias|"
             r"news agency|periodista|reporter[oa]|corresponsal|local media|medios",
}  # fmt: skip
ROLE = {role: re.compile(rf"\b(?:{pattern})s?\b") for role, pattern in ROLES.items()}
ORDER = ("shelter", "church", "lawyer", "researcher", "press", "organiser", "official", "ngo")
"""In which order roles are looked for: an `executive director of a shelter` is of the shelter."""
PRIVATE = re.compile(
    r"\b(?:migrant|migrants|migrante|migrantes|asylum[- ]seekers?|refugees?|refugiad[oa]s?|solicitante|mother|mom|"
    r"padre de|madre|mama|wife|husband|esposa|esposo|father of|mother of|son|daughter|brother|sister of|hermano|"
    r"hermana|hij[oa]|cousin|stepfather|stepmother|uncle|tio|tia|fled|fleeing|huye|huyo|traveling|travelling|viaja|"
    r"viajaba|years? old|anos|year-old|farmer|campesin[oa]|student|estudiante|native of|originari[oa]|oriund[oa]|"
    r"natural de|teenager|boy|girl|child|joven|muchach[oa]|victim|victima|superviviente|sobreviviente|survivor|"
    r"detainee|deportee|deportad[oa]|"
    r"resident|vecin[oa]|taxi driver|street vendor|vendedor|bricklayer|albanil|waiter|teacher|maestr[oa]|mechanic|"
    r"worker who|former soldier|witness|witnesse|testigo|familiare|relative|parent|local|neighbou?r|familie|family)s?\b"
)
HONORIFICS = r"(?:Mr|Mrs|Ms|Miss|Dr|Dra|Sr|Sra|Srta|Señor|Señora|Don|Doña|Lic|Ing|Mtro|Mtra|Prof)\.?"
TITLES = re.compile(
    r"(?P<title>(?:(?:[A-ZÁÉÍÓÚÑ][\w.&áéíóúñ]+|of|for|the|de|del|la|y|and|U\.S\.|-)\s+){0,7}?(?:(?:Acting|Former|"
    r"Deputy|Interim|Vice|Assistant|Senior)\s+)*(?:President|Vice President|Secretary|Attorney General|Minister|"
    r"Mayor|Governor|Gov\.?|Senator|Sen\.?|Rep\.?|Commissioner|Director|Chief|Sheriff|Spokes\w+|spokes\w+|director|"
    r"coordinator|organizer|organiser|activist|priest|Father|Fr\.|Sister|Rev\.|Reverend|Pastor|Bishop|Archbishop|"
    r"Cardinal|Judge|Agent|Officer|Sgt\.|Sergeant|Capt\.|Captain|Lt\.|Col\.|Colonel|General|Gen\.|Professor|Prof\.|"
    r"Ambassador|Consul|Consul General|[Aa]ttorney|[Ll]awyer|[Mm]anager|[Oo]fficial|Administrador|Administradora|"
    r"administradora?|[Cc]ouncill?or|[Ss]upervisor|[Pp]refect|commissioner|mayor|secretary|minister|"
    r"founder|volunteer|agent|Padre|padre|Sor|Fray|Monseñor|Obispo|obispo|Presidente|presidente|presidenta|"
    r"Presidenta|Secretari[oa]|secretari[oa]|Alcalde|alcalde|alcaldesa|Alcaldesa|Gobernador|gobernador|gobernadora|"
    r"Delegad[oa]|delegad[oa]|Comisionad[oa]|comisionad[oa]|Directora?|directora?|Coordinadora?|coordinadora?|"
    r"vocer[oa]|portavoz|activista|sacerdote|párroco|abogad[oa]|encargad[oa]|titular|cónsul|fiscal|Fiscal|"
    r"diputad[oa]|senadora?|regidora?|investigadora?|profesora?|organizadora?|defensora?|líder|representante|"
    r"jef[ea]|doctora?|Doctora?|Dra?\.|Lic\.|psicólog[oa]|hermana|Hermana)(?:\s+(?:general|ejecutiv[oa]|adjunt[oa]|"
    r"estatal|federal|local|municipal|nacional|regional))?)\s+$"
)  # fmt: skip
ORGANISATION = re.compile(
    r"\b(?!Mac|Mc|De|La|Le|Di|Fitz)[A-Z][a-z]{2,}[A-Z][a-z]+\b|"
    r"\b(?:(?:Grupo|Red|Mesa|Equipo|Unidad|Consejo|Comité|Movimiento|Servicio|Dirección|Junta|Frente|Fuerza|Cuerpo|Coordinación|"
    r"Programa|Plataforma|Alianza|Brigada|Jefatura|Organismo|Observatorio|Sindicato|Frontera|"
    r"Jesuit)(?: [A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)*(?: (?:de|del|por|para|con|de la|de los|a|y) "
    r"(?:la |el |los |las )?[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)+)|\b(?:Médecins (?:du Monde|Sans Frontières)|Frontex|FRONTEX|"
    r"UNICEF|UNRWA|OCHA|RMMS|DRC|EMSA|EASO|EUAA|OPM|AILA|MMC|DTM|DHS|CBP|ICE|USCIS|EOIR|HHS|ORR|UNHCR|IOM|UNICEF|MSF|OIM|ACNUR|INM|COMAR|SEGOB|SRE|CNDH|CICR|ICRC|IRC|"
    r"DIF|IFRC|HRW|ACLU|KIND|RAICES|FEMA|SENAFRONT|CDH|PGR|FGR|ONU|UN|EU|SENNIAF|NRC|WFP|OCHA|HIAS|IMUMI|WOLA|TRAC|"
    r"ANSA|AP|AFP|EFE|CNN|NYT|BBC|NPR|NBC|CBS|ABC)\b|(?:[A-ZÁÉÍÓÚÑ][\w&'’.áéíóúñ-]*\s+(?:(?:of|for|and|de|del|la|los|"
    r"las|sin|y|the|e|en|con|a|para|al|International)\s+)*){0,6}(?:Fronteras|Borders|Lado|Angels|Department|Agency|"
    r"Service|Services|Protection|Enforcement|Committee|Council|Commission|Commissioner|Institute|Instituto|"
    r"Secretar[ií]a|Comisión|Cruz Roja|Red Cross|Cross|Crescent|Guard|Patrol|Police|Ministry|Office|Union|Center|"
    r"Centre|Network|Coalition|Alliance|Foundation|Fundación|Organization|Organisation|Organización|Administration|"
    r"Project|Rights|First|Watch|International|University|Universidad|Institution|Charities|Committee|Security|"
    r"Justice|State|Times|Post|Buzzfeed|BuzzFeed|Reuters|Association|Asociación|Diocese|Diócesis|Government|"
    r"Ayuntamiento|Gobierno|Tribune|Herald|Chronicle|Embassy|Consulate|Consulado|Policía|Migración|Migrantes|Migrants|Families|Children|Familias|Women|Mujeres|Lawyers|Humanity|Solidarity|Kitchen|Parents|"
    r"Refugiados|Refugees|Humanos|Marina|Ejército|Army|Protección Civil|Bienestar|Salud|Colegio|Jesuit|Jesuita|"
    r"Caritas|Cáritas|Scalabrini|Fiscalía|Beta|Inquirer|Univision|Telemundo|Milenio|Jornada|Universal|Nacional|"
    r"Amnesty|Amnistía|Oxfam|Médicos|Doctors|UNICEF|Church|Iglesia|Tribunal|Court|Bureau|Prefecture|Ministerio|"
    r"Secretariat|Observatory|Observatorio|Monde|Grupo Beta|"
    r"Collective|Colectivo|Association|Societ[ày]|Society|Fund|Programme|Program|Mission|Trust|Relief|Aid|Care|Rescue|Watch|"
    r"Defensoría|Alcaldía|Gobernación|Pastoral|Guardia Civil|Guardia Costera|Guardia Nacional|Delegación|"
    r"Cancillería)(?:\s+(?:(?:of|for|and|de|"
    r"del|la|los|las|sin|y|the|e|en|contra|a|para|al|without)\s+)*[A-ZÁÉÍÓÚÑ][\w&'’áéíóúñ]*){0,6}"
)  # fmt: skip


def role_of(words: str) -> str | None:
    """The public role that words tell of, if any."""
    plain = re.sub(r"\battorney general\b", "minister", fold(words))
    plain = re.sub(
        r"\bex-?(?=diput|alcald|president|gobernador|secretari|comisionad|mayor|minist|senador|director|funcion)",
        "ex ",
        plain,
    )
    if re.search(
        r"\b(?:group|charity|coalition|collective|ngo|nonprofit|asociacion|colectivo|organizacion|organi[sz]ation|"
        r"foundation|fundacion)\b",
        plain,
    ) and (not ROLE["organiser"].search(plain)):
        return "ngo"
    for role in ORDER:
        if ROLE[role].search(plain):
            return role
    return None


def organisation_in(words: str) -> str | None:
    """The organisation that words name, in full."""
    beside = APPOSED.search(words)
    if beside is not None and not ORGANISATION.search(beside["name"] or beside["team"]):
        return beside["name"] or beside["team"]
    best: str | None = None
    for match in ORGANISATION.finditer(words):
        text = re.sub(r"^(?:The|the|A|An|El|La|Los|Las|Of|De)\s+", "", match[0].strip(" ,.'"))
        if best is None:
            best = text
    if best is None:
        after = re.search(
            rf"\b(?:with|of|for|from|at|de|del|de la|en|con) (?!the {CAP} [a-z])(?:the |la |el |los |las )?((?:{CAP}|"
            rf"[A-Z]{{2,}})(?:\s+(?:(?:of|for|and|at|to|de|del|la|los|las|sin|y|the|en)\s+)*(?:{CAP}|"
            rf"[A-Z]{{2,}})){{0,6}}(?: \d{{4}})?)",
            words,
        )
        best = after[1] if after else None
    return best


APPOSED = re.compile(
    rf"\b(?:[Gg]roup|[Cc]harity|NGO|ONG|[Oo]rgani[sz]ation|[Cc]oalition|[Nn]etwork|[Cc]ollective|[Nn]onprofit|[Mm]onitor|[Ii]nitiative|"
    rf"[Aa]ssociation|[Ff]oundation|[Aa]gency|[Oo]rganización|[Cc]olectivo|[Aa]sociación|[Ff]undación|[Cc]olectiva|[Ii]niciativa|[Rr]ed|"
    rf"[Oo]bservatorio|[Oo]bservatory|[Nn]ewspaper|[Bb]roadcaster|[Dd]iario|[Pp]eriódico)s? (?P<name>{CAP}(?:(?:[ -]|"
    rf" del? | of | de la | de los | sin | for | and | y ){CAP}){{0,4}})|"
    rf"(?P<team>{CAP}(?:[ -]{CAP}){{0,4}}) (?:volunteers|activists|researchers|campaigners|coalition|collective|"
    rf"association|foundation|"
    rf"charity|initiative|caseworkers|monitors|hotline|observatory|network|group|organi[sz]ation|agency|NGO)\b"
)
"""An organisation that nobody listed, by the word beside it: aid group Sea-Eye, Grupa Granica volunteers."""


def role_of_organisation(name: str) -> str:
    """The role of an organisation that speaks for itself."""
    plain = fold(name)
    if re.search(r"\b(?:dhs|cbp|ice|uscis|eoir|hhs|orr|inm|comar|segob|sre|cndh|dif|fema|senafront|senniaf|"
                 r"department|secretari\w*|instituto nacional|instituto|ministry|police|policia|guard|guardia|"
                 r"patrol|gobierno|government|ayuntamiento|customs|administration|office|proteccion civil|comision|"
                 r"fiscalia|migracion|consulate|consulado|embassy|marina|ejercito|service|court)\b",
                     plain):  # fmt: skip
        return "official"
    if re.search(
        r"\b(?:anadolu|xinhua|ansa|dpa|lusa|notimex|reforma|proceso|guardian|jazeera|times|post|ap|afp|efe|cnn|nyt|bbc|npr|nbc|cbs|abc|buzzfeed|reuters|tribune|herald|chronicle|univision|"
        r"telemundo|milenio|jornada|universal|press|inquirer|news)\b",
        plain,
    ):
        return "press"
    if re.search(r"\b(?:sin fronteras|pueblos?|organi[sz]\w*|caravan\w*)\b", plain) and not re.search(
        r"medicos|doctors", plain
    ):
        return "organiser"
    if re.search(r"\b(?:albergue|casa|shelter|refugio|hotel|juventud|hogar|posada)\b", plain):
        return "shelter"
    if re.search(r"\b(?:universi\w+|trac|colegio|institute|institution)\b", plain):
        return "researcher"
    if re.search(r"\b(?:church|iglesia|diocese|diocesis|caritas|scalabrini|jesuit\w*|parroquia)\b", plain):
        return "church"
    return "ngo"
