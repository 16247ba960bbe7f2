"""Reading of reports: numbers and their qualifiers, what is no count, dates, places, speakers, privacy."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posada import load, read
from reading_kit import ROOT, report, stated

sys.path.insert(0, str(ROOT / "tools"))
from score_reading import DATA, SETS, score


@pytest.mark.parametrize("name", list(SETS))
def test_labelled_sentences_are_read(name):
    found = score(yaml.safe_load((DATA / SETS[name]).read_text(encoding="utf-8")))
    told = "\n".join(found.misses)
    assert found.recall >= 0.95, told
    assert found.precision >= 0.85, told
    assert found.share("speaker") >= 0.9, told
    assert found.share("date") >= 0.95, told
    assert found.share("place, first two") >= 0.9, told


def test_there_are_enough_sentences_in_both_languages():
    texts = [
        entry["text"] for name in SETS.values() for entry in yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    ]
    spanish = [text for text in texts if report(text).language == "es"]
    assert len(texts) >= 60
    assert len(spanish) >= 25
    assert len(texts) - len(spanish) >= 25


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("More than 1,000 migrants rest in the park.", ("more", 1000, None, None)),
        ("At least 40 migrants rest in the park.", ("at_least", 40, None, None)),
        ("As many as 500 migrants rest in the park.", ("at_most", None, None, 500)),
        ("Some 500 migrants rest in the park.", ("about", None, 500, None)),
        ("Exactly 17 migrants rest in the park.", ("exact", None, 17, None)),
        ("Between 100 and 300 migrants rest in the park.", ("range", 100, None, 300)),
        ("40-50 migrants rest in the park.", ("range", 40, None, 50)),
        ("Two to three hundred migrants rest in the park.", ("range", 200, None, 300)),
        ("At least 100 and as many as 300 migrants rest in the park.", ("range", 100, None, 300)),
        ("Dozens of migrants rest in the park.", ("about", 24, None, 99)),
        ("A couple of hundred migrants rest in the park.", ("about", None, 200, None)),
        ("Several hundred migrants rest in the park.", ("about", 300, None, 900)),
        ("Three dozen migrants rest in the park.", ("exact", None, 36, None)),
        ("1.5 million people were displaced.", ("exact", None, 1_500_000, None)),
        ("Descansan en el parque mil 300 migrantes.", ("exact", None, 1300, None)),
        ("Descansan en el parque 2 mil 500 migrantes.", ("exact", None, 2500, None)),
        ("Descansan en el parque 1.200 migrantes y sus hijos.", ("exact", None, 1200, None)),
        ("Descansan en el parque unas treinta y cinco personas.", ("about", None, 35, None)),
        ("Descansan en el parque entre 3 y 4 mil personas.", ("range", 3000, None, 4000)),
        ("Descansa en el parque un centenar de migrantes.", ("about", None, 100, None)),
        ("Descansan en el parque hasta 80 migrantes.", ("at_most", None, None, 80)),
        ("Descansan en el parque no más de 80 migrantes.", ("at_most", None, None, 80)),
        ("Descansan en el parque poco más de 80 migrantes.", ("more", 80, None, None)),
        ("Descansan en el parque 80 migrantes o más.", ("at_least", 80, None, None)),
    ],
)
def test_numbers_and_qualifiers(text, wanted):
    assert stated(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Ana, 20, a migrant from El Salvador, waited with the others.",
        "The steel fence is two blocks away, and the migrants walked 40 kilometers.",
        "The second part of the caravan met the first of the migrants.",
        "Migrants were expelled under Title 42 and Article 33, on Highway 200.",
        "One family of migrants beamed with excitement.",
        "The migrants set off on March 25 at 7:30 a.m. and paid $3,000.",
        "Migrants have come since 2018, three times more often than before.",
        "Los migrantes menores de 18 años caminaron 12 horas a 38 grados.",
        "El migrante, de 34 años, salió a las 5 de la mañana por la carretera 190.",
        "The migrants called 555-1234 and 619-555-0199.",
        "12 34 56 78\n90 12 34\n56",
    ],
)
def test_what_is_no_count(text):
    assert stated(text) == []


def test_an_increment_says_so():
    (claim,) = read("Another 200 migrants arrived in Tijuana.", date(2018, 4, 25))
    assert claim.increment
    (claim,) = read("As many as 500 more migrants are expected in Tijuana.", date(2018, 4, 25))
    assert claim.increment
    (claim,) = read("More than 500 migrants arrived in Tijuana.", date(2018, 4, 25))
    assert not claim.increment


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("arrived on Tuesday", "2018-04-24"),
        ("arrived on Wednesday", "2018-04-25"),
        ("arrived last Wednesday", "2018-04-18"),
        ("are expected to arrive on Friday", "2018-04-27"),
        ("will arrive tomorrow", "2018-04-26"),
        ("arrived two days ago", "2018-04-23"),
        ("arrived on March 25", "2018-03-25"),
        ("arrived on December 20", "2017-12-20"),
        ("arrived on 3 April 2017", "2017-04-03"),
        ("arrived on 2018-04-01", "2018-04-01"),
        ("llegaron el martes", "2018-04-24"),
        ("llegaron ayer", "2018-04-24"),
        ("llegaron el pasado 3 de abril", "2018-04-03"),
        ("llegarán el próximo viernes", "2018-04-27"),
        ("llegaron hace tres días", "2018-04-22"),
        ("llegaron anoche", "2018-04-24"),
    ],
)
def test_dates_are_resolved_against_the_report(words, wanted):
    english = words.split()[0] in ("arrived", "are", "will")
    text = f"Some 90 people {words} in Tijuana." if english else f"Unas 90 personas {words} a Tijuana."
    (claim,) = read(text, date(2018, 4, 25))
    assert str(claim.from_) == wanted


def test_the_month_may_is_told_from_the_verb():
    found = report("The migrants may march in May, and they may rest on May 3.", "2018-04-25")
    assert [(str(d.from_), str(d.to)) for d in found.dates] == [
        ("2018-05-01", "2018-05-31"),
        ("2018-05-03", "2018-05-03"),
    ]


def test_places_of_the_scenario_come_first():
    found = read("Some 90 people arrived in Tijuana.", date(2018, 4, 25), load("caravan-2018"))
    assert found[0].place.id == "tijuana"


def test_a_place_of_another_sentence_is_only_a_candidate():
    found = read("The migrants are in Mexicali. They are about 90 people.", date(2018, 4, 25))
    assert found[0].place is None
    assert found[0].places[0].name == "Mexicali"


def test_two_spellings_are_one_place():
    found = report("Migrants slept at Hotel del Migrante. Others stood outside the Hotel del Migrantes shelter.")
    assert [p.name for p in found.places] == ["Hotel del Migrante"]


def test_the_president_and_the_origin_are_no_places_of_counts():
    (claim,) = read("About 90 people from Honduras arrived in Tijuana.", date(2018, 4, 25))
    assert claim.place.name == "Tijuana"


@pytest.mark.parametrize(
    ("text", "shown", "role"),
    [
        (
            '"They sleep here," said Marta Quezada, coordinator of the shelter Juventud 2000.',
            "Marta Quezada",
            "shelter",
        ),
        ('"They sleep here," said Sister Marta Quezada.', "Marta Quezada", "church"),
        ('"They sleep here," Mayor Marta Quezada told reporters.', "Marta Quezada", "official"),
        ('"They sleep here," said Marta Quezada, a lawyer with Al Otro Lado.', "Marta Quezada", "lawyer"),
        (
            'Marta Quezada, an organizer with Pueblos Sin Fronteras, said: "They sleep here."',
            "Marta Quezada",
            "organiser",
        ),
        ('"Duermen aquí", dijo la directora del albergue, Marta Quezada.', "Marta Quezada", "shelter"),
        ('"Duermen aquí", informó el INM.', "INM", "official"),
        ('"They sleep here," said Marta Quezada, 31, a migrant from Honduras.', "affected person", "affected person"),
        ('"They sleep here," said Marta Quezada, who fled with her two sons.', "affected person", "affected person"),
        ('"They sleep here," said Marta Quezada.', "affected person", "affected person"),
        (
            '"Duermen aquí", contó Marta Quezada, de 31 años, originaria de Choloma.',
            "affected person",
            "affected person",
        ),
    ],
)
def test_speakers(text, shown, role):
    (quotation,) = report(text).quotations
    assert (quotation.speaker.shown, quotation.speaker.role) == (shown, role)


def test_a_quotation_goes_on_in_its_paragraph():
    text = (
        '"They sleep here," Mayor Marta Quezada said in a statement. "They will leave soon. We are ready for all '
        'of them."'
    )
    found = report(text).quotations
    assert [q.speaker.name for q in found] == ["Marta Quezada", "Marta Quezada"]


def test_an_organisation_that_is_not_named_is_not_guessed():
    text = (
        "Pueblos Sin Fronteras organized the march.\n\n"
        '"It rings hollow," the statement said, attributing the comment to Elena Prado Rojas, the group\'s Americas '
        'director.'
    )
    (quotation,) = report(text).quotations
    assert (quotation.speaker.name, quotation.speaker.organisation) == ("Elena Prado Rojas", None)


def test_second_hand_is_hearsay():
    (claim,) = read("Some 90 people arrived in Mexicali, Buzzfeed reported.", date(2018, 4, 25))
    assert (claim.status, claim.speaker.role) == ("hearsay", "press")


PRIVATE = (
    "One of the 90 migrants in Tijuana is Yaritza Montoya, 24, who came with her little brother, Elder, and their "
    'stepfather, Nahum Pineda.\n"We walked," said Ms. Montoya. 60 people were with Montoya and Pineda in Puebla, among '
    "them Doña Chepa.\nMaría Oralia Zúniga left 40 others behind. El señor Pineda contó que eran 70 personas. "
    '"Yaritza Arrives With 30 People In Tijuana".'
)


def test_names_ages_and_kin_of_private_people_are_not_in_the_sentences():
    found = read(PRIVATE, date(2018, 4, 25))
    assert len(found) >= 5
    shown = " ".join(claim.sentence + claim.counts_what + str(claim.speaker) for claim in found)
    for name in (
        "Yaritza",
        "Montoya",
        "Elder",
        "Nahum",
        "Pineda",
        "Chepa",
        "Oralia",
        "Zúniga",
        "24",
        "brother",
        "stepfather",
    ):
        assert name not in shown, name
    for claim in found:
        assert claim.sentence[slice(*claim.span)] == claim.words


def test_public_names_stay():
    (claim,) = read("Mayor Marta Quezada said 90 migrants sleep in the park.", date(2018, 4, 25))
    assert "Marta Quezada" in claim.sentence


def test_both_languages_in_one_report():
    text = (
        "The shelter is full. More than 90 people slept there on Monday.\n\nLa directora dijo que hay otras 40 "
        "personas en la calle."
    )
    assert stated(text) == [("more", 90, None, None), ("exact", None, 40, None)]


def test_the_language_must_be_one_that_is_read():
    with pytest.raises(ValueError, match="en or es"):
        report("Some text.", language="fr")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(
        alphabet=st.sampled_from(list("abcMaría123.,:;\"'“”«»()-–—/%$ \n\t¿¡áñÜ\u202e\u200f\u0301٣人")), max_size=300
    )
)
def test_any_text_is_read(text):
    found = report(text)
    for claim in found.claims:
        assert claim.end > claim.start


def test_the_gazetteer_has_no_name_twice():
    rows = (Path(ROOT) / "src/posada/evidence/reading/gazetteer.csv").read_text(encoding="utf-8").splitlines()
    keys = [tuple(row.split(",")[:3]) for row in rows]
    assert len(keys) == len(set(keys)) > 500


def test_a_claim_without_a_day_gets_candidates_that_are_not_certain():
    told = report(
        "On Monday 40 migrants reached Tijuana. Some 30 people slept in the park.",
        "2018-04-25",
    ).claims
    assert [(str(c.from_), [(str(a), why) for a, _, why in c.days]) for c in told] == [
        ("2018-04-23", []),
        ("None", [("2018-04-23", "told before"), ("2018-04-25", "the report's date")]),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The pastor had 38 in the hall and another 40 came overnight.", [38, 40]),
        ("Only 6 of the 15 interpreters speak Dari; 64 declined to board.", [6, 15, 64]),
        ("El albergue atiende hoy a 290 y otros 35 se fueron en la madrugada.", [290, 35]),
        ("Shelter, Monday: arrivals 17, departures by bus 12, total 93.", [17, 12, 93]),
        ("Three in four of the migrants are children, and nine out of ten have walked for 60 days.", []),
        ("The driver, 41, who took the migrants was fined 5,000 euros and paid 300 more.", []),
        ("Maria and her four children wait with the migrants; her number is 1,389.", []),
    ],
)
def test_numbers_whose_people_are_not_named(text, wanted):
    assert [c.value for c in report(text).claims] == wanted


@pytest.mark.parametrize(
    ("words", "unit"),
    [("a day", "day"), ("every week", "week"), ("per month", "month"), ("each morning", "day")],
)
def test_a_rate_keeps_its_time(words, unit):
    (claim,) = report(f"About 90 people {words} come to the shelter.").claims
    assert (claim.kind, claim.unit) == ("rate", f"people per {unit}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Some 90 people wait at the Quarrelton bridge.", "Quarrelton"),
        ("Some 90 people have reached Quarrelton by bus, and all are in Quarrelton still.", "Quarrelton"),
        ("Unas 90 personas durmieron en el estadio Benigno Quarrel.", "estadio Benigno Quarrel"),
        ("Residents of Quarrelton, a town of 900, have taken in 90 refugees.", "Quarrelton"),
    ],
)
def test_a_place_that_no_list_knows_is_told_by_the_words_around_it(text, place):
    assert report(text).claims[0].places[0].name == place


@pytest.mark.parametrize(
    "text",
    [
        "Some 90 migrants sat near Yesenia Quarrel, 24, who had walked.",
        "Some 90 migrants walked to Wendy, who waited.",
        "The volunteers took 20 people to Yesenia Quarrel's house, her neighbor said.",
        "Juan Quarrel's group of 30 was robbed, Quarrel told police.",
        "Some 90 migrants believe in Quarrel. Ms. Quarrel has led them so far.",
        "Unas 90 personas confiaban en Yesenia. Quarrel, de 30 años, las llevó.",
    ],
)
def test_a_private_person_is_no_place(text):
    found = report(text)
    assert found.places == ()
    shown = " ".join(claim.sentence for claim in found.claims)
    for name in ("Yesenia", "Wendy", "Quarrel"):
        assert name not in shown
