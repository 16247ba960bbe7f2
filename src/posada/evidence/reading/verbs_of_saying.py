"""Verbs of saying, English and Spanish, and the forms in which a sentence names whose figures it tells."""

from __future__ import annotations

import re

from .roles import CAP, HONORIFICS, LOWER
from .vocabulary import words

SAY = (
    r"(?:said|says|told|added|adds|explained|noted|warned|wrote|tweeted|stated|announced|argued|insisted|recalled|"
    r"asked|replied|declared|reported|estimated|estimates|confirmed|complained|acknowledged|claimed|testified|"
    r"predicted|expects?|counted|counts|registered|commented|described|called|concluded|continued|according to|"
    r"dijo|dice|explicó|señaló|afirmó|informó|indicó|detalló|comentó|declaró|precisó|aseguró|sostuvo|expresó|"
    r"refirió|apuntó|agregó|añadió|contó|relató|reconoció|advirtió|lamentó|manifestó|denunció|confirmó|estimó|"
    r"estima|calcula|calculó|reportó|reporta|mencionó|subrayó|puntualizó|anunció|registró|contabilizó|comunicó|"
    r"abundó|según|de acuerdo con|a decir de|conforme a|en palabras de|espera|prevé|dijeron|dicen|informaron|"
    r"señalaron|indicaron|explicaron|aseguraron|reportaron|estiman|calculan|indica|informa|señala|afirma|asegura|"
    r"explica|confirma|reconoce|relata|cuenta|put|puts|cifró|ubicó|expect|estimate|say|"
    r"admitted|conceded|emphasi[sz]ed|stressed|cautioned|remarked|observed|indicated|revealed|disclosed|posted|published|believes?|"
    r"reckons?|thinks?|fears|calculates?|calculated|expected|tallied|recorded|documented|lists|cited|cites|counts on|"
    r"puts|found|finds|shows?|"
    r"showed|asserted|maintained|pointed out|related|recounted|texted|emailed|informed|notes|adds|warns|writes|"
    r"promised|hopes|"
    r"spoke of|speaks of|speak of|talks? of|talked of|testifies|reports|confirms|explains|states|complains|laments|"
    r"admitió|adelantó|recordó|cree|creen|considera|consideró|detalla|precisa|comenta|sostiene|lamenta|advierte|apunta|agrega|"
    r"añade|expone|expuso|destacó|destaca|resaltó|recalcó|enfatizó|insistió|reiteró|planteó|publicó|difundió|compartió|tuiteó|"
    r"escribió|respondió|contestó|narró|negó|alertó|alerta|reveló|dio a conocer|contabiliza|documentó|documenta|"
    r"registra|cifra|"
    r"hablan? de|habló de|hablaron de|notificó|constató|verificó|dio cuenta de|reclamó|reclama|se quejó|se queja|"
    r"admite|admiten|"
    r"afirman|aseguran|señalan|indican|informan|explican|reconocieron|confirmaron|afirmaron|precisaron|detallaron|cuentan|"
    r"contaron|relatan|declararon|declara|expresa|mencionan?|recuerda|responde|dan cuenta de|censó|atribuyó|admitieron|"
    r"ronda en|sitúa|situó|elevó|fijó|aclaró|aclara|replicó|replican?|presumió|urge|urgió|pidió|sentenció|ironizó|"
    r"zanjó|matizó|"
    r"ejemplificó|resumió|evidenció|criticó|exigió|celebró|externó|puntualiza|ahondó|concluyó|corrigió|corrected|clarified|"
    r"observó|avisó|advirtieron|avisaron|alertaron|contestaron|puntualizaron|points out|acknowledges|recalls|insists|"
    r"argues|"
    r"maintains|observes|stresses|emphasi[sz]es|cautions|concedes|admits|remarks|tweets|announces|declares|comments|concludes|"
    r"describes|predicts|alleges|alleged|advises|advised|counsels|urges|urged|forecasts?|speak of|reclaman|denuncian|"
    r"alertan|advierten|lamentan|critican|piden|exigen|comentan|sostienen|refieren|detallan|agregan|"
    r"añaden|precisan|apuntan|insisten|protestan|denunciaron|lamentaron|relataron|comentaron|sostuvieron|expusieron|"
    r"boasted|joked|sighed|quipped|shouted|whispered|answered|responded|counters?|countered|denied|denies|accused|accuses)"
)
ACCORDING = frozenset(["according to", "según", "de acuerdo con", "a decir de", "conforme a", "en palabras de"])
DOUBTFUL = words(
    "put puts cifró ubicó expect expects espera counted counts registered registró called asked described claimed "
    "cuenta estimate say "
    "found finds show shows showed lists recorded documented tallied published posted related maintained observed "
    "notes fears hopes expected reports registra documentó documenta contabiliza cifra alerta censó fijó elevó "
    "destaca cree creen considera precisa declara expresa cuentan promised believe believes think thinks indicated "
    "informed stressed"
)
"""Verbs that say something only where somebody who may say it stands before them."""
OF_WHAT = words(
    "piden exigen pidió exigió critican urge urgió admitted admits admitió admitieron admite admiten found finds show "
    "shows showed lists related maintained "
    "observed hopes fears fijó elevó censó fija cuentan "
    "cuenta promised"
)
"""Verbs that say something only where what they say follows."""
MOST_VERBS = 8
"""Verbs of saying that are looked at in one sentence."""
SAYING = re.compile(rf"(?<!\w)(?:{SAY}|Según|According to|De acuerdo con|As per|A decir de)(?!\w)")
NAMED = (
    rf"(?:{HONORIFICS}\s+)?(?:{CAP}|[A-Z]{{2,}})(?:\s+(?:(?:de la|de los|de|del|la|y|of|for|the|"
    rf"with)\s+)?(?:{CAP}|[A-Z]{{2,}}))*"
)
ACRONYM = re.compile(
    r"(?!(?:USA|UK|UAE|DRC|CAR|GPS|ETA|HIV|SUV|USD|EUR|TV|PM|AM|OK|II|III|XXI)\b)[A-Z]{3,8}(?:[-/][A-Z]{2,8})?"
)
SOURCE = re.compile(
    rf"(?:(?P<who>{NAMED})(?:'s)? (?:data|figures|statistics|numbers|records|estimates|counts?|tally|tallies|census|"
    rf"survey|monitoring|"
    rf"flash update|situation report|dashboard|bulletin)\b(?: No\.? ?\d+)?(?: (?:show|indicate|suggest|put|for|from|"
    rf"as of)\w*|\s*:)|"
    rf"\b[Bb]y (?:the )?(?P<whose>{NAMED}|[a-z]+(?: [a-z]+)?)'s? (?:own |latest |official |last )?(?:count|estimate|"
    rf"reckoning|tally|"
    rf"figures|calculation)\b|"
    rf"\b(?:[Dd]atos|[Cc]ifras|[Ee]stad[ií]sticas|[Rr]egistros|[Ee]l (?:informe|sondeo|censo|conteo|reporte|"
    rf"bolet[ií]n)) "
    rf"(?:oficiales )?(?:de la|del|de los|de) (?P<quien>{NAMED}))"
)
"""Whose figures they are: Frontex data: 46,000; cifras de la COMAR."""
COUNTER = re.compile(
    rf"(?:\W*)(?:[^,;\"]{{3,60}},\s+)?(?:[Tt]he |[Ll]a |[Ee]l |[Ll]os |[Ll]as )?"
    rf"(?P<who>{NAMED}(?: (?:a|para|sin|con|por) (?:los |las |la )?{CAP})*)(?: teams?| staff| volunteers)?,? (?:has |"
    rf"have |had |ha |han )?"
    r"(?:counted|recorded|documented|registered|logged|tallied|identified|mapped|treated|assisted|assists|attended|saw|screened|"
    r"served|serves|reached|verified|monitored|surveyed|interviewed|atendi[óo]|atiende|registr[óa]|contabiliz[óa]|document[óa]|"
    r"censó|asisti[óo]|asiste|identific[óa]|verific[óa]|entrevist[óa]|encuest[óa]|atendieron|registraron|contabilizaron)\b"
)
"""An organisation that counts or serves those it tells of."""
CLOSING = re.compile(
    rf"(?:[,\"]|,\")\s+(?P<verb>[{LOWER}]{{3,}}(?:ó|aron|ieron))\s+(?P<after>(?:el|la|los|las|un|una|su|{CAP})\b.*)$|"
    rf"(?:,|,\")\s+(?P<before>(?:the |an? |its )?[^,;\"\d]{{3,70}}?)\s+(?P<past>[a-z]{{3,}}ed)(?: (?:on|in|at|to|by|"
    rf"last|this)\b[^,;]{{0,40}})?[.\"]*$"
)
"""A verb that nobody listed, with its subject, at the end: ..., presumió el secretario; ..., the mayor quipped."""
MOTIONS = re.compile(
    r"(?:lleg|sal|entr|murió|muri|falleci|arrib|regres|qued|particip|acompañ|logr|caminar|cruz|viaj|dur|result|permaneci|sum)\w*"
)
