"""Words that may follow a number which stands by itself: 64 declined, only six speak Dari, 40 aguardan en el puente."""

from __future__ import annotations

from collections.abc import Sequence

from .numerals import word
from .text import Token
from .verbs import KINDS
from .vocabulary import ELLIPTIC, LENGTHS_OF_WAY, MODIFIERS, STOPS, TIMES, words

PLURAL_VERBS = words(
    "need want live speak sleep stay wait eat work walk travel come go leave flee hope plan try seek expect intend "
    "claim say know have get take make find stand sit lie live queue camp rest share receive suffer face lack hold "
    "carry "
    "arrive depart return cross reach enter join follow remain die drown fall rise grow begin start continue keep ask "
    "apply prefer refuse decline give bring send meet see hear feel think believe report show test belong attend study "
    "slept went came left fled got took made found stood sat lay lost gave brought sent met saw heard felt thought "
    "told held kept began rose fell grew drew won led paid spent bought sold fought caught hid ran swam drove rode "
    "flew "
    "broke chose spoke wrote forgot woke ate drank knew became became withdrew overstayed underwent "
)
"""What people do, in the present or the past, where no -ed tells it."""
OTHER = words(
    "do does did can could will would may might shall should must cannot can't couldn't didn't don't haven't hadn't "
    "weren't aren't won't weren't "
    "aboard alive ashore afloat abroad alone ahead apart asleep awake away back behind below downstairs "
    "elsewhere here home indoors nearby next off onboard outdoors overnight there together upstairs "
    "fewer less too yet then once again instead either only just also even ever never always often soon later earlier "
    "apiece overall altogether sick ill unaccounted due ready able free full waiting sleeping coming leaving staying "
    "living working missing heading bound pending empty vacant spare unused"
)
"""Other English words after which a number needs no noun."""
NOT_PAST = words("hundred bed shed seed feed need weed red speed breed exceed indeed")
S_WORDS = words("mas menos tras es tres seis ambos luego jamas ademas antes despues entonces apenas detras atras")
"""Spanish words that end in s and are no plural nouns."""
SPANISH_NOUNS = words("mil cien ciento gente pax nna millon baht club")
ADVERBS = ("ly", "mente", "ward", "wards")


def stands_alone(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the word at `at` can follow a number that has no noun: a mark, a verb, a preposition, an adverb."""
    after = word(tokens, at)
    if after in ("los", "las") and word(tokens, at + 1) == "que":
        return True
    if after in ("it", "they", "we", "he", "she", "you", "i"):
        return True  # the 125,000 it had aimed for
    if after == "-":
        return tokens[at].start != tokens[at - 1].end
    if not after[:1].isalpha():
        return after not in ("%", "°", "/", "=", "$", "€", "£", "+", "º") and not after[:1].isdigit()
    if after in ELLIPTIC or after in STOPS or after in PLURAL_VERBS or after in OTHER or after.endswith(ADVERBS):
        return True
    if any(pattern.fullmatch(after) for pattern in KINDS.values()):
        return True
    if language == "es":
        plural = after.endswith("s") and not after.endswith(("amos", "emos", "imos")) and after not in S_WORDS
        return not plural and after not in SPANISH_NOUNS and not tokens[at].is_capital and not leads_on(tokens, at)
    if after.endswith("ed") and after not in NOT_PAST:
        second = word(tokens, at + 1)
        return (
            not second[:1].isalpha()
            or second in STOPS
            or second in ELLIPTIC
            or second.endswith(ADVERBS)
            or (tokens[at + 1].is_capital or not second.endswith("s"))
        )
    return False


def leads_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word only leads on to what is counted: 4 mil platos, 30 y tantas cajas."""
    return word(tokens, at) in MODIFIERS and word(tokens, at) not in STOPS and word(tokens, at + 1).endswith("s")


OF_PEOPLE_ONLY = words(
    "slept sleep wait waited waiting spent walk walked arrived arrive fled flee crossed cross drowned died queued "
    "queue camped camp "
    "came left asked applied boarded ate eat live lived lodged rested duermen durmieron esperan esperaban caminan "
    "caminaron llegaron "
    "llegan cruzaron cruzan viajan viajaban murieron huyeron pernoctaron viven pidieron solicitaron comen salieron "
    "partieron"
)
"""Verbs that tell what people do and things do not."""


def acted(tokens: Sequence[Token], at: int) -> bool:
    """Whether the unknown plural at `at` does what people do: 45 castaways slept."""
    here = word(tokens, at)
    near = (word(tokens, at + 1), word(tokens, at + 2))
    return (
        here.endswith("s")
        and tokens[at].is_word
        and here not in TIMES | LENGTHS_OF_WAY
        and any(w in OF_PEOPLE_ONLY for w in near)
    )


PEOPLE_ENDINGS = (
    "ists",
    "ees",
    "ians",
    "keepers",
    "workers",
    "makers",
    "goers",
    "holders",
    "men",
    "women",
    "folk",
    "mates",
    "leavers",
    "istas",
    "adores",
    "adoras",
    "edores",
    "edoras",
    "idores",
    "idoras",
    "ctores",
    "ctoras",
    "antes",
    "eros",
)
THINGS = words(
    "trees fees degrees guarantees committees knees lists specimen regimen pistas listas revistas entrevistas vistas "
    "conquistas propuestas pantes guantes restantes importantes semejantes bastantes distantes constantes instantes "
    "variantes volantes tractores sectores factores motores reactores vectores ceros numeros aguaceros tableros "
    "letreros "
    "pobladores primeros terceros ceniceros basureros fronteras carreteras banderas maneras madereras aceras eras "
    "esperas "
    "primeras terceras enteros enteras ligeras verdaderos aceptadores ventiladores computadores generadores "
    "calentadores refrigeradores tinacos contenedores comedores corredores"
)


def is_of_people(folded: str) -> bool:
    """Whether the form of an unknown noun tells that it counts people: 40 machinists, 12 rescatistas."""
    return len(folded) > 5 and folded.endswith(PEOPLE_ENDINGS) and folded not in THINGS
