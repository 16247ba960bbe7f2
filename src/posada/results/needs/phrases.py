"""The phrases of `tonight` in English and Spanish, and numbers, dates and hours as planners say them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

LANGUAGES = ("en", "es")

PHRASES: dict[str, tuple[str, str]] = {
    "title": ("{shelter}, {place}: night of {night}", "{shelter}, {place}: pernocta del {night}"),
    "arrive": (
        "Arrivals: {people}; four in five between {first} and {last}, half by {middle}.",
        "Ingresos: {people}; cuatro de cada cinco entre las {first} y las {last}, la mitad antes de las {middle}.",
    ),
    "arrive_one_hour": ("Arrivals: {people}, around {middle}.", "Ingresos: {people}, hacia las {middle}."),
    "nobody": ("Arrivals: nobody is expected.", "Ingresos: no se espera a nadie."),
    "intake": ("Doors: {hours}.", "Horario de ingreso: {hours}."),
    "who": (
        "Of them: men {men}; women {women}; children (5-17) {children}; babies and small children (0-4) {babies}",
        "De ellas: hombres {men}; mujeres {women}; niñas y niños (5-17) {children}; menores de 5 años {babies}",
    ),
    "unstated": ("age not stated {unstated}", "edad no indicada {unstated}"),
    "families": (
        "Families: {families}, in them {people} people. Unaccompanied children: {alone}.",
        "Familias: {families}, en ellas {people} personas. NNA no acompañados: {alone}.",
    ),
    "beds": (
        "Beds: {beds}, {others} held by other people; free at midnight: {free}.",
        "Cupo: {beds} camas, {others} ocupadas por otras personas; libres a medianoche: {free}.",
    ),
    "beds_alone": ("Beds: {beds}; free at midnight: {free}.", "Cupo: {beds} camas; libres a medianoche: {free}."),
    "camp": ("There is no limit of places here; at midnight: {people}.", "Sin límite de cupo; a medianoche: {people}."),
    "full": (
        "No free bed at midnight: probability {full}{whom}{remembered}.",
        "Sin cupo a medianoche: probabilidad {full}{whom}{remembered}.",
    ),
    "full_for": ("; for {whom}: {full}", "; para {whom}: {full}"),
    "if_beds": ("{full} if {beds} beds", "{full} si son {beds} camas"),
    "remembered": (" (beds are remembered, not reported)", " (las camas se saben de memoria, no por informe)"),
    "family_of": ("a family of {size}", "una familia de {size}"),
    "one_man": ("a man", "un hombre"),
    "one_woman": ("a woman", "una mujer"),
    "one_child": ("a child alone", "NNA no acompañados"),
    "party_of_adults": ("{size} adults together", "{size} personas adultas juntas"),
    "party_of_children": ("{size} children without an adult", "{size} NNA no acompañados"),
    "party_of_men": ("{size} men together", "{size} hombres juntos"),
    "party_of_women": ("{size} women together", "{size} mujeres juntas"),
    "without": ("Somebody is left without a bed: probability {chance}{most}.",
                "Alguien se queda sin cama: probabilidad {chance}{most}."),
    "up_to": (" (95 % safe: up to {people})", " (con 95 % de seguridad: hasta {people})"),
    "prepare": ("Prepare, 80 % safe: {suppers} suppers{others}{mats}.",
                "Preparar, con 80 % de seguridad: {suppers} cenas{others}{mats}."),
    "with_others": (" (the other people in the house included)", " (con las otras personas de la casa)"),
    "mats": (", {mats} mats beside the beds", ", {mats} colchonetas además de las camas"),
    "mats_alone": (", {mats} mats", ", {mats} colchonetas"),
    "no_list": (
        "Whoever finds no bed here is counted where they ask first: {first}.",
        "Quien no encuentra cama aquí se cuenta donde la pide primero: {first}.",
    ),
    "leave": (
        "Departures: today {today}; tomorrow {tomorrow}.",
        "Egresos: hoy {today}; mañana {tomorrow}.",
    ),
    "leave_today": ("Departures: today {today}.", "Egresos: hoy {today}."),
    "refer": ("If full: {shelters}.", "Si no hay cupo, derivar a: {shelters}."),
    "refer_camp": ("Free beds near: {shelters}.", "Camas libres cerca: {shelters}."),
    "refer_one": ("{shelter}, {hours}, free {free}, none with probability {full}",
                  "{shelter}, {hours}, cupo {free}, sin cupo con probabilidad {full}"),
    "no_other": (
        "If full: the scenario names no other shelter here.",
        "Si no hay cupo: el escenario no nombra otro albergue aquí.",
    ),
    "unlisted": ("a shelter that is not publicly listed", "un albergue que no es público"),
    "made": (
        "Simulated in {runs}, not counted{policy}; ranges hold nine runs in ten.{assumed}",
        "Simulado en {runs}, no contado{policy}; los rangos abarcan nueve de cada diez.{assumed}",
    ),
    "runs": ("{n} runs", "{n} corridas"),
    "one_run": ("one run", "una corrida"),
    "policy": (", policy {policy}", ", política {policy}"),
    "assumed": (" Assumed: {what}.", " Supuesto: {what}."),
    "assumed_beds": ("how many beds there are", "cuántas camas hay"),
    "assumed_others": ("how many beds other people hold", "cuántas camas ocupan otras personas"),
    "picked": (
        "No date was given: on {date} most people come.",
        "No se dio fecha: el {date} llega más gente que ningún otro día.",
    ),
    "people": ("{n} people", "{n} personas"),
    "person": ("one person", "una persona"),
    "between": ("between {low} and {high}, most likely about {middle}",
                "entre {low} y {high}, lo más probable unas {middle}"),
    "between_none": ("between {low} and {high}, most likely none", "entre {low} y {high}, lo más probable ninguna"),
    "about": ("about {middle}", "unas {middle}"),
    "none": ("none", "ninguna"),
    "under": ("under {share}", "menos de {share}"),
    "over": ("over {share}", "más de {share}"),
    "span": ("{middle} ({low} to {high})", "{middle} ({low} a {high})"),
    "or": (" or ", " o "),
    "and": (" and ", " y "),
    "always": ("day and night", "día y noche"),
}  # fmt: skip
"""Each phrase in the order of LANGUAGES; words in braces are filled in."""

MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}


class Speech:
    """One language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"the language is en or es, not {language!r}")
        self.language = language
        self._which = LANGUAGES.index(language)

    def say(self, phrase: str, **words: object) -> str:
        """A phrase of the catalogue, filled in."""
        return PHRASES[phrase][self._which].format(**words)

    def people(self, values: tuple[float, float, float]) -> str:
        """`between 140 and 310 people, most likely about 220`."""
        low, middle, high = values
        if rounded(high) == 0:
            return self.say("none")
        if rounded(low) == rounded(high):
            return (
                self.say("person")
                if rounded(high) == 1
                else self.say("people", n=self.say("about", middle=number(middle)))
            )
        ends = {"low": number(low), "high": self.say("people", n=number(high))}
        return (
            self.say("between", middle=number(middle), **ends) if rounded(middle) else self.say("between_none", **ends)
        )

    def chance(self, share: float) -> str:
        """A probability in whole per cent; no more certain than runs can tell."""
        whole = math.floor(100 * share + 0.5)
        if share > 0 and whole == 0:
            return self.say("under", share="1 %")
        return self.say("over", share="99 %") if share < 1 and whole == 100 else f"{whole} %"

    def span(self, values: tuple[float, float, float]) -> str:
        """`220 (140 to 310)`, or one number where the ends agree."""
        low, middle, high = (number(value) for value in values)
        return low if low == high else self.say("span", low=low, middle=middle, high=high)

    def night(self, day: date) -> str:
        """The night after a day: `24 to 25 April 2018`."""
        following = day + timedelta(days=1)
        if self.language == "en":
            first = f"{day.day}" if day.month == following.month else self.day(day, day.year != following.year)
            return f"{first} to {self.day(following)}"
        first = f"{day.day}" if day.month == following.month else self.day(day, day.year != following.year)
        return f"{first} al {self.day(following)}"

    def day(self, day: date, year: bool = True) -> str:
        """`25 April 2018`, `25 de abril de 2018`."""
        month, joint = MONTHS[self.language][day.month - 1], " " if self.language == "en" else " de "
        return joint.join([str(day.day), month, *([str(day.year)] if year else [])])

    def listed(self, items: Sequence[str], last: str = "and") -> str:
        """`a, b and c`."""
        return items[0] if len(items) == 1 else ", ".join(items[:-1]) + self.say(last) + items[-1]

    def hours(self, windows: Sequence[tuple[int, int, int]]) -> str:
        """Hours of a week: `08:00-22:00`, `Mon-Fri 09:00-17:00`."""
        if any(days == 0b1111111 and first == 0 and last >= 1440 for days, first, last in windows):
            return self.say("always")
        return self.listed([f"{self._days(days)}{clock(first)}-{clock(last)}" for days, first, last in windows])

    def _days(self, days: int) -> str:
        """Days of the week, without the word where it is all of them."""
        on = [i for i in range(7) if days >> i & 1]
        names = DAYS[self.language]
        if len(on) == 7:
            return ""
        if len(on) > 2 and on == list(range(on[0], on[-1] + 1)):
            return f"{names[on[0]]}-{names[on[-1]]} "
        return f"{', '.join(names[i] for i in on)} "


def clock(minutes: float) -> str:
    """A time of the day."""
    hour, minute = divmod(round(minutes), 60)
    return f"{hour % 24 if hour > 24 else hour:02d}:{minute:02d}"


def rounded(value: float) -> int:
    """As far as a simulation knows it: two figures from 100 on, fives from 50, whole numbers below."""
    step = 1 if value < 50 else 5 if value < 100 else 10 ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / step + 0.5) * step


def number(value: float) -> str:
    """A rounded number, its thousands set apart by a comma, as in Mexico."""
    return f"{rounded(value):,}"
