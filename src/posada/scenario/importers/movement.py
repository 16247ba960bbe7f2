"""Flee's rules of movement in the words of the scenario language."""

from __future__ import annotations

from .situation import Rules, Situation

NEVER = -50.0
"""A utility so low that a place with it is chosen only where there is no other (e^-50)."""


def has_kind(situation: Situation, kind: str) -> bool:
    """Whether there is a place of a kind."""
    return any(site.kind == kind for site in situation.sites.values())


def camp_words(situation: Situation) -> str:
    """The expression that is 1 at an open camp; empty where there are no camps."""
    kinds = [f"kind == {kind}" for kind in ("camp", "idpcamp") if has_kind(situation, kind)]
    either = " or ".join(kinds)
    if not situation.open_camps:
        return either
    return f"({either}) and open > 0" if len(kinds) > 1 else f"{either} and open > 0" if kinds else ""


def figure(value: float) -> str:
    """A number as text, without needless digits."""
    return f"{value:.10g}"


def utility(situation: Situation, capacities: bool) -> str:
    """The utility of a place: the logarithm of Flee's weight, so that the choice between places is a logit."""
    rules = situation.rules
    if rules.ahead == 0:
        return "0"
    score = scores(situation, rules)
    if rules.weight_softening:
        inner = " + ".join(score) or "0"
        score = [f"log({figure(rules.weight_softening)} + exp({inner}))"]
    score.append(f"-{figure(rules.distance_power)} * log({figure(rules.softening)} + distance_km)")
    if capacities and any(site.capacity for site in situation.sites.values()):
        score.append(f"log(max(0, min(1, (1 - crowding) / {figure(max(1 - rules.full_from, 1e-9))})))")
    text = " + ".join(score).replace("+ -", "- ")
    return text if rules.weight_power == 1 else f"{figure(rules.weight_power)} * ({text})"


def scores(situation: Situation, rules: Rules) -> list[str]:
    """The terms that do not depend on the way."""
    camp, terms = camp_words(situation), []
    if camp and rules.camp_weight != 1:
        terms.append(f"if({camp}, {logarithm(rules.camp_weight)}, 0)")
    if rules.foreign_weight != 1:
        terms.append(f"if(foreign > 0, {logarithm(rules.foreign_weight)}, 0)")
    if rules.unsafe_weight != 1 and situation.unsafe:
        terms.append(f"{logarithm(rules.unsafe_weight)} * unsafe")
    if rules.home_power:
        terms.append(f"-{figure(rules.home_power)} * log(max(1, km_from_home))")
    if rules.population_power:
        hidden = f"if(population > 0, 0, {figure(NEVER)})"
        terms.append(f"if({camp}, 0, {hidden})" if camp else hidden)
    return terms


def logarithm(weight: float) -> str:
    """The logarithm of a weight as text."""
    if weight <= 0:
        return f"({figure(NEVER)})"
    return f"log({figure(weight)})"


def leaves(situation: Situation) -> dict[str, str]:
    """The chance of moving on each day, by kind of place."""
    rules = situation.rules
    camp = 0.0 if rules.camps_keep else rules.leaves_camp
    found = {"unsafe": rules.leaves_unsafe}
    found |= {"camp": camp} if has_kind(situation, "camp") else {}
    found |= {"idpcamp": 0.0 if rules.camps_keep else rules.leaves_idpcamp} if has_kind(situation, "idpcamp") else {}
    found |= {"hub": 1.0} if has_kind(situation, "hub") else {}
    found |= {"else": rules.leaves_else}
    return {kind: scaled(chance, rules) for kind, chance in found.items()}


def scaled(chance: float, rules: Rules) -> str:
    """A chance, which may grow with the population of the place."""
    if rules.leaving_power == 0 or chance == 0:
        return figure(chance)
    size = f"max(population, capacity) / {figure(rules.leaving_population)}"
    return f'"max(0, min(1, {figure(chance)} * exp({figure(rules.leaving_power)} * log({size}))))"'


def modes(situation: Situation) -> dict[str, float]:
    """The modes by their speed in km an hour; the hours are always, a day's way is 24 of them."""
    rules = situation.rules
    found = {"road": rules.km_a_day / 24}
    if rules.starts_on_foot:
        found["foot"] = rules.km_on_foot / 24
    for route in situation.routes:
        if route.km_a_day:
            found[mode_of(route.km_a_day)] = route.km_a_day / 24
    return found


def mode_of(km_a_day: float | None) -> str:
    """The mode of a link with a speed of its own."""
    return f"road-{figure(km_a_day).replace('.', '-')}" if km_a_day else "road"
