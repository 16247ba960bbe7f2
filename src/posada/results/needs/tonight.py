"""The ten lines that a coordinator can paste into a message."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from posada.results.needs.evening import Evening, Referral
from posada.results.needs.phrases import Speech, clock, number

HALF_AN_HOUR = 30
MOST_REFERRALS = 3


@dataclass(frozen=True)
class Tonight:
    """The lines, and the numbers behind them."""

    lines: tuple[str, ...]
    evening: Evening
    picked: bool

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def numbers(self) -> dict[str, Any]:
        """The lines and the numbers as plain data; ranges are 5 %, 50 % and 95 %."""
        e = self.evening
        kept = ("inside", "others", "suppers", "mats", "leave_today", "leave_tomorrow")
        plain: dict[str, Any] = {name: getattr(e, name) for name in kept}
        plain |= {"arrivals": asdict(e.arrivals), "referrals": [asdict(r) for r in e.referrals]}
        about = {"shelter": e.shelter, "date": e.day, "picked": self.picked, "replicates": e.result.replicates}
        return {**about, "lines": list(self.lines), **plain, "overflow": e.row, "tightest": e.tightest}


def ten_lines(evening: Evening, language: str, picked: bool = False) -> Tonight:
    """An evening in words; `picked`: nobody named its date."""
    speech, e = Speech(language), evening
    facility = e.result.scenario.facilities[e.shelter]
    place = e.result.scenario.places[facility.at]
    title = speech.say("title", shelter=facility.name, place=place.name, night=speech.night(e.day))
    lines = [
        title,
        *([speech.say("picked", date=speech.day(e.day))] if picked else []),
        arriving(e, speech),
        *who_comes(e, speech),
        *room(e, speech),
        prepare(e, speech),
        leaving(e, speech),
        overflow_to(e, speech),
        made(e, speech),
    ]
    return Tonight(tuple(lines), evening, picked)


def arriving(e: Evening, speech: Speech) -> str:
    """How many come, and at what hour; when the doors are open."""
    a, hours = e.arrivals, e.result.scenario.facilities[e.shelter].intake_hours.windows
    doors = speech.say("intake", hours=speech.hours(hours))
    if a.hours is None or a.people[2] < 1:
        return f"{speech.say('nobody')} {doors}"
    people = speech.people(a.people)
    first, middle, last = down(a.hours[0]), near(a.hours[1]), up(a.hours[2])
    if last - first <= 60:
        return f"{speech.say('arrive_one_hour', people=people, middle=clock(middle))} {doors}"
    middle = min(max(middle, first), last)
    told = speech.say("arrive", people=people, first=clock(first), middle=clock(middle), last=clock(last))
    return f"{told} {doors}"


def down(minute: float) -> float:
    """The half hour before."""
    return minute // HALF_AN_HOUR * HALF_AN_HOUR


def up(minute: float) -> float:
    """The half hour after."""
    return -(-minute // HALF_AN_HOUR) * HALF_AN_HOUR


def near(minute: float) -> float:
    """The next half hour, to either side."""
    return round(minute / HALF_AN_HOUR) * HALF_AN_HOUR


def who_comes(e: Evening, speech: Speech) -> list[str]:
    """Men, women, children, babies; families and children alone. Nothing if nobody comes."""
    a = e.arrivals
    if a.people[2] < 1:
        return []
    spans = {name: speech.span(values) for name, values in a.who.items()}
    who = speech.say("who", **spans)
    if a.who["unstated"][2] >= 1:
        who += f", {speech.say('unstated', unstated=spans['unstated'])}"
    spans |= {name: speech.span(getattr(a, name)) for name in ("families", "in_families", "alone")}
    families = speech.say("families", families=spans["families"], people=spans["in_families"], alone=spans["alone"])
    return [f"{who}.", families]


def room(e: Evening, speech: Speech) -> list[str]:
    """Beds, and with what probability there is none."""
    if e.row is None:
        return [speech.say("camp", people=speech.people(e.inside))]
    beds = speech.span(_range(e.row, "stated"))
    free = speech.span(_range(e.row, "free"))
    told = speech.say("beds_alone", beds=beds, free=free)
    if e.others is not None:
        told = speech.say("beds", beds=beds, others=speech.span(e.others), free=free)
    lines = [told, full(e, speech)]
    if e.mats is not None and e.row["without_bed"] is not None:
        high = e.row["without_high"]
        people = speech.say("person") if high == 1 else speech.say("people", n=number(high))
        most = speech.say("up_to", people=people) if high else ""
        lines[1] += f" {speech.say('without', chance=speech.chance(e.row['without_bed']), most=most)}"
    return lines


WHOM = {
    ("men", True): "one_man",
    ("women", True): "one_woman",
    ("children", True): "one_child",
    ("men", False): "party_of_men",
    ("women", False): "party_of_women",
    ("children", False): "party_of_children",
    ("adults", False): "party_of_adults",
    ("families", False): "family_of",
}
"""The phrase for a type of party, and whether it is of one person."""


def full(e: Evening, speech: Speech) -> str:
    """With what probability no bed is free, and for whom that is likeliest."""
    assert e.row is not None
    whom = ""
    if e.tightest is not None:
        name = speech.say(WHOM[e.tightest["who"], e.tightest["size"] == 1], size=e.tightest["size"])
        whom = speech.say("full_for", whom=name, full=chance_of(e.tightest, speech))
    remembered = speech.say("remembered") if e.row["remembered"] else ""
    return speech.say("full", full=chance_of(e.row, speech), whom=whom, remembered=remembered)


def chance_of(row: dict[str, Any], speech: Speech) -> str:
    """The probability of no free bed, or two, by how many beds there are."""
    cases = [(row[f"if_beds_{which}"], row[f"no_free_bed_if_{which}"]) for which in ("few", "many")]
    told = [
        speech.say("if_beds", full=speech.chance(chance), beds=number(beds))
        for beds, chance in cases
        if beds is not None
    ]
    return ", ".join(told) if told else speech.chance(row["no_free_bed"])


def prepare(e: Evening, speech: Speech) -> str:
    """Suppers and mats that are enough in four of five runs."""
    others = speech.say("with_others") if e.others is not None else ""
    mats = "" if e.mats is None else speech.say("mats" if e.row else "mats_alone", mats=f"{e.mats:,}")
    told = speech.say("prepare", suppers=f"{e.suppers:,}", others=others, mats=mats)
    if e.mats is None:
        told += " " + speech.say("no_list", first=speech.listed([name_of(e, s, speech) for s in e.asked_first], "or"))
    return told


def leaving(e: Evening, speech: Speech) -> str:
    """Who leaves today and tomorrow."""
    today = speech.people(e.leave_today)
    if e.leave_tomorrow is None:
        return speech.say("leave_today", today=today)
    return speech.say("leave", today=today, tomorrow=speech.people(e.leave_tomorrow))


def overflow_to(e: Evening, speech: Speech) -> str:
    """Where others can go, with what is free there."""
    if not e.referrals:
        return speech.say("no_other")
    best = sorted(e.referrals, key=lambda r: -r.free[1])[:MOST_REFERRALS]
    phrase = "refer" if e.row else "refer_camp"
    return speech.say(phrase, shelters="; ".join(_referred(e, r, speech) for r in best))


def _referred(e: Evening, r: Referral, speech: Speech) -> str:
    return speech.say(
        "refer_one",
        shelter=name_of(e, r.shelter, speech),
        hours=speech.hours(e.result.scenario.facilities[r.shelter].intake_hours.windows),
        free=speech.span(r.free),
        full=speech.chance(r.full),
    )


def made(e: Evening, speech: Speech) -> str:
    """That it is a simulation, and what is assumed."""
    row = e.row or {}
    what = [
        speech.say(key)
        for key, flag in (("assumed_beds", "remembered"), ("assumed_others", "others_assumed"))
        if row.get(flag)
    ]
    assumed = speech.say("assumed", what=speech.listed(what)) if what else ""
    policy = "" if e.result.policy == "as-stated" else speech.say("policy", policy=e.result.policy)
    n = e.result.replicates
    runs = speech.say("one_run") if n == 1 else speech.say("runs", n=f"{n:,}")
    return speech.say("made", runs=runs, policy=policy, assumed=assumed)


def name_of(e: Evening, shelter: str, speech: Speech) -> str:
    """The name of another shelter; one that is not publicly listed stays unnamed where the scenario is public."""
    facility = e.result.scenario.facilities[shelter]
    hidden = facility.restricted and e.result.scenario.sensitivity == "public"
    return speech.say("unlisted") if hidden else facility.name


def _range(row: dict[str, Any], what: str) -> tuple[float, float, float]:
    return row[f"{what}_low"], row[f"{what}_median"], row[f"{what}_high"]
