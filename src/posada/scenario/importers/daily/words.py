"""Headers of columns by what they mean, in English and Spanish, and those that would tell of persons."""

from __future__ import annotations

import re

from posada.evidence import fold

from ...tables import PERSONAL

WHATS = ("arrivals", "present", "left")
WORDS = {
    "date": """
        date | day | fecha | dia | noche | night | datetime | timestamp | fecha y hora | date time | date and
        time | fecha hora | date of count | reporting date | report date | fecha de corte | arrival date | date
        of arrival | arrived on | check in | checked in at | night of | noche del | fecha de ingreso | fecha de
        llegada | fecha ingreso | fecha llegada | fecha de registro | registration date | entry date | data |
        datum | tag
    """,
    "time": """
        time | hora | hour | time of count | hora de conteo | hora de ingreso | hora de llegada | arrival time
    """,
    "arrivals": """
        arrivals | arrived | arrival | new arrivals | newcomers | new | llegadas | llegada | llegaron | ingresos
        | ingresaron | ingreso | entradas | intakes | intake | nuevos ingresos | nuevos | nuevas | admissions |
        admitted | entries | entered | in | came | new people | personas nuevas | recien llegados | personas que
        llegaron | people arrived | people who arrived | personas ingresadas | daily arrivals | llegadas del dia
        | ingresos del dia | altas
    """,
    "present": """
        personas en casa | personas en la casa | en casa | people in the house | in the house | people here |
        present | presentes | presente | people present | occupancy | ocupacion | ocupadas | ocupantes |
        occupied | occupants | guests | huespedes | census | censo | headcount | head count | residents |
        residentes | alojados | alojadas | albergados | albergadas | pernocta | pernoctas | in house | sheltered
        | beds occupied | camas ocupadas | occupied beds | people in shelter | personas alojadas | personas
        presentes | personas en el albergue | people staying | stock | total present | total presentes |
        overnight | people tonight | sleeping | durmieron | population | poblacion | beds used
    """,
    "left": """
        left | departures | departed | departure | salidas | salida | salieron | egresos | egreso | exits |
        exited | out | discharges | discharged | bajas | people who left | personas que salieron
    """,
    "count": """
        count | counts | people | personas | persons | total | totals | number | numero | n | no | cantidad |
        conteo | total people | total personas | value | valor | individuals | total de personas | pax | num |
        suma | how many | cuantos | number of people | numero de personas
    """,
    "party": """
        family size | party size | household size | group size | size | familia | integrantes | miembros |
        members | people in family | people in party | personas en la familia | tamano | tamano de familia |
        tamano del grupo | number in party | no de personas | num personas | acompanantes
    """,
    "place": """
        shelter | albergue | site | place | location | centro | refugio | camp | sitio | lugar | facility |
        center | centre | nombre del albergue | shelter name | name of shelter | site name | campamento | casa |
        ubicacion | name of site
    """,
    "note": """
        note | notes | nota | notas | comment | comments | comentario | comentarios | observaciones |
        observacion | remarks | remark | obs | status | estado
    """,
    "known": """
        as of | as_of | reported | reported on | updated | actualizado | fecha de reporte | date reported |
        version | last updated | published | fecha de actualizacion
    """,
    "beds": """
        beds | camas | capacity | capacidad | cupo | spaces | lugares | total beds | total camas | colchonetas
    """,
}
"""Headers by what the column is, without accents and case."""
ROLES = {word.strip(): role for role, words in WORDS.items() for word in words.split("|")}
CUMULATIVE = re.compile(r"\b(?:cumulativ\w*|cum|acumulad\w*|running total|to date|since|ytd|a la fecha|total desde)\b")
BREAKDOWN = re.compile(
    r"\b(?:sex|sexo|gender|genero|age|edad|age group|grupo de edad|nationality|nacionalidad|country|pais|type|tipo|"
    r"category|categoria|origin|origen|population group|perfil|profile|group|grupo)\b"
)
"""Headers of columns by which one day's people are broken down into several rows."""
PERSON = re.compile(
    r"\b(?:name|names|nombre|nombres|apellidos?|surname|birth\w*|nacimiento|dob|f\.? ?nac|passport|pasaporte|curp|rfc|"
    r"phone|telefono|tel|celular|mobile|whatsapp|e ?mail|correo|expediente|case (?:no|number|id)|"
    r"a number|alien|id number|nui|"
    r"firma|signature|registration (?:no|number)|document\w*|cedula|dni)\b"
)
WEEKDAY_COLUMN = re.compile(
    r"^(?:weekday|dia de la semana|day of week|dow|week|semana|mes|month|year|ano|id|folio|index|#)$"
)


def plain_header(text: str) -> str:
    """A header without case, accents, marks and units in brackets."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", fold(text))
    return re.sub(r"[^a-z0-9#]+", " ", bare).strip()


def role_of(header: str) -> str:
    """What a column is by its header; empty where that does not tell."""
    plain = plain_header(header)
    if is_person(header):
        return "person"
    if plain in ROLES:
        return ROLES[plain]
    bare = CUMULATIVE.sub(" ", plain)
    bare = re.sub(
        r"\b(?:total|number|no|numero|daily|diari[oa]s?|of|de|del|the|los|las|people|personas?|num|x|por|per|dia|day)\b",
        " ",
        bare,
    )
    bare = re.sub(r"\s+", " ", bare).strip()
    return ROLES.get(bare, "")


def is_person(header: str) -> bool:
    """Whether a column would tell of persons."""
    plain = plain_header(header)
    if plain in ROLES:
        return False
    return plain.replace(" ", "_") in PERSONAL or PERSON.search(plain) is not None
