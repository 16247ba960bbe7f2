"""Who says what a sentence tells, by its verbs of saying."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from .names import COMMON
from .people import AFFECTED, Cast, Speaker, name_parts, names_one
from .places import is_listed_place
from .roles import HONORIFICS, ORGANISATION, PRIVATE, organisation_in, role_of, role_of_organisation
from .text import Sentence, fold, level
from .verbs_of_saying import (
    ACCORDING,
    ACRONYM,
    CLOSING,
    COUNTER,
    DOUBTFUL,
    MOST_VERBS,
    MOTIONS,
    NAMED,
    OF_WHAT,
    SAY,
    SAYING,
    SOURCE,
)


def speakers_by_sentence(flat: str, sentences: Sequence[Sentence], cast: Cast) -> list[Speaker | None]:
    """Who speaks in each sentence that tells of somebody saying something."""
    found: list[Speaker | None] = []
    last: Speaker | None = None
    for sentence in sentences:
        speaker = speaker_in(flat, sentence, cast, last)
        found.append(speaker)
        last = speaker or last or mentioned(flat[sentence.start : sentence.end], cast)
    return found


CLAUSE = re.compile(r";\s+|,\s+(?:and|but|while|y|pero|mientras|aunque|although|whereas)\s+")


def clause_speakers(
    flat: str, sentences: Sequence[Sentence], cast: Cast
) -> list[list[tuple[int, int, Speaker | None]]]:
    """Who speaks in each clause of each sentence: the clauses of `A; B say C` have speakers of their own."""
    whole = speakers_by_sentence(flat, sentences, cast)
    found = []
    for sentence, speaker in zip(sentences, whole, strict=True):
        pieces = clauses(flat, sentence)
        if len(pieces) == 1:
            found.append([(sentence.start, sentence.end, speaker)])
            continue
        last = next((s for s in reversed(whole[: sentence.index]) if s is not None), None)
        each = []
        for part in pieces:
            each.append(speaker_in(flat, part, cast, last))
            last = each[-1] or last
        if says_all(flat[pieces[-1].start : pieces[-1].end]):
            each = [who or each[-1] for who in each]
        found.append([(part.start, part.end, who) for part, who in zip(pieces, each, strict=True)])
    return found


def says_all(clause: str) -> bool:
    """Whether a last clause ends with who says it all: ..., dijo la hermana Cerda."""
    return (
        re.search(rf",\s+(?:{SAY}\s+[^,;\d]{{3,90}}|[^,;\d]{{3,60}}\s+{SAY})(?:,[^;\d]{{3,90}})?[.\"]*$", clause)
        is not None
    )


def clauses(flat: str, sentence: Sentence) -> list[Sentence]:
    """The clauses of a sentence, where one after the first tells who says it and what."""
    whole = flat[sentence.start : sentence.end]
    text = unquoted(whole)
    starts = [0]
    for match in CLAUSE.finditer(text):
        rest = text[match.end() :]
        verb = SAYING.search(rest)
        if (
            verb is not None
            and 0 < verb.start() < 60
            and len(rest) - verb.end() > 8
            and any(letter.isdigit() for letter in whole[match.end() + verb.end() :])
        ) or match[0].startswith(";"):
            starts.append(match.end())
    contrast = CONTRAST.match(text)
    if contrast is not None and len(starts) == 1:
        starts.append(contrast.end())
    ends = [*starts[1:], len(text)]
    return [
        replace(sentence, start=sentence.start + a, end=sentence.start + b) for a, b in zip(starts, ends, strict=True)
    ]


CONTRAST = re.compile(
    rf"\s*(?:While|Whereas|Although|Though|Mientras|Aunque|Si bien|"
    rf"En tanto que)\s[^,]{{10,160}},\s+(?=[^,]{{3,60}}?(?<!\w){SAY}(?!\w))"
)
"""The first half of: while the government speaks of 2,000, the organisers say ..."""


def mentioned(text: str, cast: Cast) -> Speaker | None:
    """The public person whom a sentence names."""
    public = next((cast.public[part] for part in name_parts(text) if part in cast.public), None)
    return public or (AFFECTED if private_named(text, cast) else None)


def speaker_in(flat: str, sentence: Sentence, cast: Cast, last: Speaker | None) -> Speaker | None:
    """Who says something in a sentence."""
    text = flat[sentence.start : sentence.end]
    bare = unquoted(text)
    attributed = re.search(rf"\b(?:attribut\w+|atribuid\w+) (?:the |el |la )?\w* ?(?:to|a) ({NAMED})", bare)
    if attributed:
        return actor(attributed[1], bare[attributed.end(1) :], cast, last)
    for match in islice(SAYING.finditer(bare), MOST_VERBS):
        word = match[0].lower()
        before, after = bare[: match.start()], bare[match.end() :]
        if AS_SAID.search(before) and SAYING.search(bare, match.end()):
            continue
        if word in ACCORDING and OWN.match(after):
            found = first_named(bare, cast) or last
        elif word in ACCORDING:
            found = actor(after.lstrip(), "", cast, last)
        elif says_nothing(word, before, after, text):
            continue
        else:
            found = subject(before, after, text, cast, last, word)
        if found is not None:
            return found
    unknown = closing(bare, cast, last)
    if unknown is not None:
        return unknown
    verb = re.search(
        r"\b(?:issued|released|published|emitió|publicó|difundió)\b[^.]{0,30}\b(?:statement|comunicado|report|"
        r"informe|figures|cifras)\b",
        bare,
    )
    if verb:
        return subject(bare[: verb.start()], "", text, cast, last)
    source = SOURCE.search(bare)
    if source:
        return actor(source["who"] or source["whose"] or source["quien"], "", cast, last)
    counter = COUNTER.match(bare)
    if counter and (ORGANISATION.search(counter["who"]) or ACRONYM.fullmatch(counter["who"])):
        return actor(counter["who"], "", cast, last)
    press = re.search(rf"({NAMED}) report(?:s|ed),? (?:quoting|citing)\b", bare)
    if press:
        return Speaker(None, "press", press[1], None)
    colon = re.match(rf"\s*({NAMED})[^:\"]{{0,80}}:\s*\"", text)
    found = actor(colon[1], text[colon.end(1) :], cast, last) if colon else None
    if found is not None:
        return found
    colon = re.match(r"([^:\"]{3,220}):\s*\"", text)
    if colon:
        return known_person(colon[1], cast)
    return None


def said_right_behind(text: str, sentence: Sentence, end: int, cast: Cast) -> Speaker | None:
    """Who says a number that names its source right behind itself: 2,900 according to the committee, 1,500 ..."""
    rest = level(text[end : sentence.end])
    match = re.match(
        r"\s*(?:[a-záéíóúñ]+\s+)?,?\s*(?:according to|según|de acuerdo con|per)\s+([^,;.—(]{3,90})(?=[,;—])", rest
    )
    return actor(match[1], "", cast, None) if match and re.search(r"\d", rest[match.end() :]) else None


def closing(bare: str, cast: Cast, last: Speaker | None) -> Speaker | None:
    """Who says a sentence that ends with somebody public and a verb that nobody listed."""
    match = CLOSING.search(bare)
    if match is None or (match["verb"] and MOTIONS.fullmatch(match["verb"])):
        return None
    if match["verb"]:
        found = actor(match["after"], "", cast, last)
    else:
        found = actor(match["before"], "", cast, last, front=True)
    return found if found is not None and found.name is not None else None


AS_SAID = re.compile(r",\s*(?:as|como)\s[^,]*$")
"""What stands before a verb that only mentions what somebody else says: as the prefect had claimed."""


OWN = re.compile(
    r"\s*(?:su|sus|its|their) (?:own |latest |[uú]ltimos? |propi[oa]s? )?"
    r"(?:reports?|informes?|figures|cifras|data|datos|statements?|comunicado|records|registros|count|conteo|website|bulletin|bolet[ií]n|reportes?)\b"
)
"""A source that is of whom the sentence tells: according to its report."""


def first_named(bare: str, cast: Cast) -> Speaker | None:
    """The organisation or public person with whom a sentence begins."""
    match = re.match(rf"\W*(?:The |El |La |Los |Las )?({NAMED})", bare)
    return (
        None
        if match is None
        else known_person(match[1], cast) or (actor(match[1], "", cast, None) if names_one(match[1]) else None)
    )


def says_nothing(word: str, before: str, after: str, text: str) -> bool:
    """Whether a verb of saying does not say anything here: expects guests; found rooms; told them to wait."""
    quoted = '"' in text
    if word in DOUBTFUL and not quoted and not may_say(before):
        return True
    if word == "told" and not quoted and COMMAND.match(after):
        return True
    told_before = TAIL.search(before) is not None and any(letter.isdigit() for letter in before)
    if word in ("found", "finds") and not (quoted or told_before or re.match(r"\s*(?:that\b|:)", after)):
        return True
    if word not in OF_WHAT or not after.strip(' ."') or quoted_before(before) or OBJECT.match(after):
        return False
    return not told_before


COMMAND = re.compile(r"(?!.*\bthat\b)\s+[^,.\"]{1,50}?\bto\s+[a-z]+")
OBJECT = re.compile(r"\s*(?:that|que|:|(?:more|about|some|only|just|at least|nearly)?\s*\d)")
TAIL = re.compile(r",\s+(?:the |la |el |a |its )?[^,\d]{3,70}$")


def quoted_before(before: str) -> bool:
    """Whether a quotation ends right before."""
    return re.search(r'"\s*,?\s*$', before) is not None


def may_say(before: str) -> bool:
    """Whether the words before a verb such as `expect` or `count` end with somebody who may say something."""
    words = re.sub(r"\s*(?:also|ya|has|have|had|ha|han)\s*$", "", before).split()[-5:]
    if not words:
        return False
    return (
        words[-1][0].isupper()
        or words[-1] in ("he", "she", "they", "ella", "ellos", "él")
        or role_of(" ".join(words)) is not None
    )


def unquoted(text: str) -> str:
    """A sentence with blanks in place of what stands in quotation marks."""
    blank = re.sub(r'"[^"]*"', lambda m: '"' + " " * (len(m[0]) - 2) + '"', text)
    if blank.count('"') % 2:  # the mark of a quotation that goes over sentences
        at = blank.index('"') if blank.count('"') == 1 else blank.rindex('"')
        opens = at == 0 or blank[at - 1] in " (¿¡-"
        blank = blank[: at + 1] + " " * (len(blank) - at - 1) if opens else " " * at + blank[at:]
    return blank


SUBJECT = re.compile(
    rf"(?P<who>(?:(?:{HONORIFICS}\s+)?{NAMED}|(?:the |The |an? |An? |El |el |La |la |Los |los |Las |las |Un |un |Una "
    rf"|una |One |Some |Several |Local |Many )?(?:[\w.'-]+\s+){{0,6}}?[\w.'-]+))"
)


def subject(before: str, after: str, text: str, cast: Cast, last: Speaker | None, verb: str = "") -> Speaker | None:
    """The subject of a verb of saying: behind it after a quotation, in front of it else."""
    if re.fullmatch(r"[\s.\"]*", after) and re.search(r'"\s*,?\s*$', before):
        return last  # ..., contó.
    tail = re.match(r"\s*(?:,\s*)?(?P<rest>[^\s].*)", after, re.DOTALL)
    quote_before = re.search(r'"\s*,?\s*(?:-+\s*)?$', before) is not None or before.strip(" ,-—") == ""
    comma_before = re.search(r"[,—-]\s*$", before) is not None
    rest = tail["rest"] if tail else ""
    if (
        rest
        and verb != "told"
        and (quote_before or (comma_before and not rest[0].isdigit() and not RELATIVE.search(before)))
        and not re.match(
            r"(?:that|que|in|on|at|en|el (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|\")\b", rest
        )
    ):
        found = actor(rest, "", cast, last)
        if found is not None:
            return found
    found = in_front(before, cast, last)
    if found is not None:
        return found
    if (
        rest
        and re.match(rf"(?:{NAMED}|(?:el|la|los|las|the|un|una|an?)\s)", rest)
        and not re.match(r"(?:the|a|an|that)\b", rest)
    ):
        return actor(rest, "", cast, last)
    return None


RELATIVE = re.compile(r",\s*(?:who|quien|quienes)\b[^,]*,\s*$")
"""Words about a subject between it and its verb."""
PRONOUN = re.compile(
    r"(?:^|[\s\"(,;—-])(?:[Hh]e|[Ss]he|[Tt]hey|[Éé]l|[Ee]lla|[Ee]llos|[Ee]llas)\s*(?:also |later |then |además |"
    r"también )?$"
)


def in_front(before: str, cast: Cast, last: Speaker | None) -> Speaker | None:
    """The subject in front of a verb of saying."""
    clause = re.split(r"[;]|\"\s*,?\s|\b(?:but|while|and|pero|mientras)\s+(?=[A-ZÁÉÍÓÚÑ]|he |she |they )", before)[-1]
    clause = re.sub(r",\s*(?:which|who|que|quien|quienes|la cual|el cual)\b[^,]*,\s*$", "", clause)
    clause = re.sub(
        r"\s+(?:also|later|then|has|have|had|already|además|también|ya|ha|han|le|les|nos|me|lo|recently)\s*$",
        "",
        clause.rstrip(),
    )
    clause = re.sub(r"\s+(?:also|has|have|ha|han)\s*$", "", clause)
    if PRONOUN.search(before):
        return last
    if re.search(r"\b(?:which|that|it|lo que|quien|who|que|este|to)$", clause):
        return None
    parts = clause.split(",")
    tail = parts[-1].strip()
    # NAME, role of somewhere, said  /  the role, NAME, said
    names = list(re.finditer(NAMED, clause))
    if len(parts) > 1 and names:
        alone = [p.strip() for p in parts[:-1][-3:]]
        for part in reversed(alone):
            if (
                re.fullmatch(rf"(?:.*\b(?:that|but|and|y|que|pero)\s+)?(?:[\w.-]+\s+){{0,6}}?{NAMED}", part)
                or part is alone[0]
            ):
                known = next(
                    (k for m in reversed(list(re.finditer(NAMED, part))) if (k := known_person(m[0], cast))), None
                )
                if known is not None:
                    return known
                if re.fullmatch(NAMED, part) and private_named(part, cast) and not ORGANISATION.search(part):
                    return AFFECTED
    if not tail:
        return None
    return actor(tail, "", cast, last, front=True)


def known_person(words: str, cast: Cast) -> Speaker | None:
    """A public person by name."""
    for part in reversed(name_parts(words)):
        if part in cast.public:
            return cast.public[part]
    return None


def private_named(words: str, cast: Cast) -> bool:
    """Whether words name a private person."""
    return any(part in cast.private for part in name_parts(words))


GENERIC = re.compile(
    r"Rescue|Care|Aid|Relief|Society|Fund|Programm?e?|Mission|Trust|Women|Children|Families|Lawyers|Parents|Kitchen|Migrants|"
    r"Solidarity|Humanity|Watch|Rights|Mujeres|Familias|Association|Collective|Colectivo|Services?|Protection|Security|Justice"
)
"""Words that end names of organisations, and are none by themselves."""


def actor(words: str, more: str, cast: Cast, last: Speaker | None, front: bool = False) -> Speaker | None:
    """Who is meant by words that name or describe somebody."""
    words = re.sub(
        r"^(?:a |to )(?:(?:este|esta|el|la|los|las|the)\s+)?(?:diario|medio|medios|prensa|reporteros|periodistas|"
        r"agencia|reporters?|"
        r"EFE|AFP|AP|CNN|BBC|rotativo|peri[oó]dico)\b(?:\s+(?:local|de comunicaci[oó]n))?,?\s*",
        "",
        words.strip(' ,."-—'),
    )
    head = (
        words[-150:]
        if front
        else re.split(r"[.;\"]|\s(?:that|que|who|in an|in a|en un|en una|as|when|cuando|after)\s", words)[0][:150]
    )
    if re.match(r"(?:he|she|they|él|ella|ellos|ellas)\b", head, re.IGNORECASE) and not front:
        return last
    names = list(re.finditer(NAMED, head))
    pick = reversed(names) if front else iter(names[:4])
    for match in pick:
        known = known_person(match[0], cast)
        if not front and (match.start() > 60 or match in names[2:]):
            if known is not None and head[: match.start()].rstrip().endswith(","):
                return known
            continue
        if known is not None:
            return known
        if re.search(
            r"\b(?:of|at|for|with|from|in|del?|en|con)(?: the| la| los| las| el)?\s+$", head[: match.start()]
        ) and role_of(head[: match.start()]):
            continue
        if private_named(match[0], cast) and not ORGANISATION.search(match[0]):
            return AFFECTED
    role = role_of(head) if front else role_of(" ".join(head.split()[:9]))
    near = head if front else head.split(",")[0]
    organisation = (organisation_in(near) or (organisation_in(head) if role is None else None)) if names else None
    if organisation is not None and (is_listed_place(organisation) or fold(organisation) in COMMON):
        organisation = None
    if organisation is not None and GENERIC.fullmatch(organisation):
        organisation = None
    if (
        organisation is not None
        and any(part in cast.private for part in name_parts(organisation))
        and not ORGANISATION.search(organisation)
    ):
        organisation = None
    if (
        re.search(r"\b(?:statement|report|comunicado|informe|document)\b", fold(head))
        and organisation is None
        and not names
    ):
        return last
    if (
        PRIVATE.search(fold(head))
        and role not in ("organiser", "official", "shelter", "lawyer", "church")
        and not organisation
    ):
        return AFFECTED
    if organisation is not None:
        return Speaker(None, role or role_of_organisation(organisation), organisation, described_as(head, role))
    if role is not None:
        return Speaker(None, role, None, described_as(head, role))
    short = ACRONYM.search(head.split(",")[0])
    if short is not None and not cast_has(short[0], cast):
        return Speaker(None, role_of_organisation(short[0]), short[0], None)
    if names and not front and cast_has(names[0][0], cast):
        return AFFECTED
    return None


def cast_has(words: str, cast: Cast) -> bool:
    """Whether any part of words is a name in the report."""
    return any(part in cast.private or part in cast.public for part in name_parts(words))


def described_as(head: str, role: str | None) -> str | None:
    """The role in the words of the report, at most a few of them."""
    if role is None:
        return None
    head = re.split(r"\d|\b(?:and|y|that|que|handed|asked|which|who)\b(?=.*$)", head.split(",")[0].strip())[0] or head
    return re.sub(
        r"^(?:(?:and|but|y|pero|while|mientras|although|aunque|as)\s+)?(?:(?:the|an?|el|la|los|las|un|una)\s+)?",
        "",
        head.split(",")[0].strip(),
        flags=re.IGNORECASE,
    )[:80]
