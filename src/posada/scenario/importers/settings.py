"""Flee's settings file (simsetting.yml) by what its options mean; what cannot be translated is told by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..problems import NOWHERE, Spot
from ..source import Items, Node, Scalar, Table, parse_yaml
from .rows import Findings, or_perhaps, text_of
from .situation import Rules

MOVE = {
    "max_move_speed": "km_a_day", "max_walk_speed": "km_on_foot", "camp_weight": "camp_weight",
    "foreign_weight": "foreign_weight", "conflict_weight": "unsafe_weight", "conflict_movechance": "leaves_unsafe",
    "camp_movechance": "leaves_camp", "idpcamp_movechance": "leaves_idpcamp", "default_movechance": "leaves_else",
    "capacity_buffer": "full_from", "softening": "softening", "weight_softening": "weight_softening",
    "weight_power": "weight_power", "distance_power": "distance_power", "movechance_pop_base": "leaving_population",
    "movechance_pop_scale_factor": "leaving_power",
}  # fmt: skip
"""Options of `move_rules` that are a number, and the field of the rules that holds it."""
ELSEWHERE = {
    "awareness_level", "avoid_short_stints", "start_on_foot", "use_v1_rules", "stay_close_to_home",
    "home_distance_power", "use_pop_for_loc_weight", "pop_power_for_loc_weight",
}  # fmt: skip
WITHOUT_EFFECT = {
    "capacity_scaling": "Flee 3.1 does not read it",
    "max_crossing_speed": "Flee 3.1 reads it and never uses it",
    "conflict_spawn_decay_interval": "Flee 3.1 does not read it; an interval is always 30 days",
    "empty_camps_on_day0": "Flee 3.1 does not read it; `insert_day0` says whether camps begin with their counts",
    "sum_from_camps": "Flee 3.1 does not read it; the total here is the sum of the sites that have a series",
    "conflict_zone_spawning_only": "in Flee 3.1 people set out from conflict zones only, whatever it says",
}
NOT_IN_POSADA = {
    "ChildrenAvoidHazards": "it needs ages of single persons", "BoysTakeRisk":
    "it needs ages of single persons", "MatchCampEthnicity": "it needs shares of ethnic groups by place",
    "MatchTownEthnicity": "it needs shares of ethnic groups by place", "MatchConflictEthnicity":
    "it needs shares of ethnic groups by place", "take_from_population": "populations stay as they are",
    "flood_zone_spawning_only": "floods are not translated", "flood_driven_spawning": "floods are not translated",
    "flood_movechances": "floods are not translated", "flood_loc_weights": "floods are not translated",
    "flood_link_weights": "floods are not translated", "conflict_driven_spawning":
    "people set out by the registered totals instead", "read_from_agents_csv_file": "agents.csv is not read",
}  # fmt: skip
SPAWN = {"conflict_spawn_decay", "insert_day0", "camps_are_sicks", "camps_are_sinks"}
SECTIONS = ("move_rules", "spawn_rules", "optimisations", "log_levels", "number_of_steps", "conflict_input_file",
            "flood_rules")  # fmt: skip
TRUE, FALSE = {"true", "yes", "on", "1", "y"}, {"false", "no", "off", "0", "n", "", "~", "null"}


def read_settings(path: Path | None, label: str, found: Findings) -> Rules:
    """The rules of a settings file; Flee's own defaults where it says nothing, or is not there."""
    if path is None:
        return Rules()
    text = text_of(path, label, found)
    root = parse_yaml(text, label, found.problems) if text.strip() else None
    if root is not None and not isinstance(root, Table):
        found.problems.add(root.spot, "settings are a mapping of sections", SECTIONS)
    sections = root.pairs if isinstance(root, Table) else {}
    for word, (spot, _) in sections.items():
        if word not in SECTIONS:
            found.untranslated(label, spot.line, f"the section `{word}` is not known{or_perhaps(word, SECTIONS)}")
    tell_other_sections(sections, label, found)
    move, spawn = options(sections, "move_rules", found), options(sections, "spawn_rules", found)
    values = movement_values(move, label, found) | spawning_values(spawn, label, found)
    tell_unused(move, {*MOVE, *ELSEWHERE}, label, found)
    tell_unused(spawn, SPAWN, label, found)
    return Rules(**values, file=label)


def options(sections: dict[str, tuple[Spot, Node]], name: str, found: Findings) -> dict[str, tuple[Spot, Node]]:
    """The options of a section."""
    spot, node = sections.get(name, (NOWHERE, None))
    if node is None or (isinstance(node, Scalar) and node.text in ("", "~", "null")):
        return {}
    if not isinstance(node, Table):
        found.problems.add(spot, f"'{name}' is a mapping of options")
        return {}
    return node.pairs


def tell_other_sections(sections: dict[str, tuple[Spot, Node]], label: str, found: Findings) -> None:
    """Tell what the sections say that have no counterpart here."""
    if "log_levels" in sections:
        found.untranslated(label, sections["log_levels"][0].line, "`log_levels` says what Flee prints; nothing here")
    if "flood_rules" in sections:
        found.untranslated(label, sections["flood_rules"][0].line, "`flood_rules`: floods are not translated")
    for word in ("number_of_steps", "conflict_input_file"):
        if word in sections:
            said = "sim_period.csv and conflicts.csv are read instead"
            found.untranslated(label, sections[word][0].line, f"`{word}` is passed over: {said}")
    for word, (spot, node) in options(sections, "optimisations", found).items():
        said = getattr(node, "text", "")
        if word != "hasten":
            found.untranslated(label, spot.line, f"the option `{word}` is not known{or_perhaps(word, ['hasten'])}")
        elif said != "1":
            message = f"`hasten: {said}` lets Flee simulate every {said}th person; here everybody is simulated"
            found.untranslated(label, spot.line, message)


def movement_values(move: dict[str, tuple[Spot, Node]], label: str, found: Findings) -> dict[str, Any]:
    """The rules of movement."""
    values: dict[str, Any] = {}
    for option, name in MOVE.items():
        number = number_of(move, option, found)
        if number is not None:
            values[name] = number
    values["keeps_going"] = flag_of(move, "avoid_short_stints", False, found)
    values["starts_on_foot"] = flag_of(move, "start_on_foot", False, found)
    values["ahead"] = awareness(move, label, found)
    if flag_of(move, "stay_close_to_home", False, found):
        power = number_of(move, "home_distance_power", found)
        values["home_power"] = 0.5 if power is None else power
        message = "`stay_close_to_home`: distances are from where the party set out; in Flee 3.1 from where it is"
        found.untranslated(label, move["stay_close_to_home"][0].line, message)
    if values.get("foreign_weight", 1.0) != 1.0:
        message = (
            "`foreign_weight`: foreign is what lies outside the country in which the party set out; for Flee outside"
        )
        found.untranslated(label, move["foreign_weight"][0].line, f"{message} the country of the first place")
    if flag_of(move, "use_pop_for_loc_weight", False, found):
        power = number_of(move, "pop_power_for_loc_weight", found)
        values["population_power"] = 0.1 if power is None else power
        message = ("`use_pop_for_loc_weight` in Flee 3.1 takes min(1, population): it only hides places without people "
                   "in the files, and does not draw to large towns; translated as it is")  # fmt: skip
        found.untranslated(label, move["use_pop_for_loc_weight"][0].line, message)
    if flag_of(move, "use_v1_rules", False, found):
        values |= {"km_a_day": 200.0, "starts_on_foot": False, "keeps_going": False, "camp_weight": 2.0,
                   "unsafe_weight": 0.25}  # fmt: skip
    check_values(values, move, found)
    return values


def check_values(values: dict[str, Any], move: dict[str, tuple[Spot, Node]], found: Findings) -> None:
    """Note numbers that no rule can have."""
    chances = {k: v for k, v in MOVE.items() if v.startswith("leaves")}
    for option, name in chances.items():
        if name in values and not 0 <= values[name] <= 1:
            message = f"`{option}` is a chance a day, from 0 to 1, not {values[name]:g}"
            values[name] = min(1.0, max(0.0, values[name]))
            spot = move[option][0]
            found.untranslated(spot.file, spot.line, f"{message}; {values[name]:g} is taken")
    for option in ("max_move_speed", "max_walk_speed"):
        if values.get(MOVE[option], 1) <= 0:
            found.problems.add(move[option][1].spot, f"'{option}' is km a day, above 0")
    for option in ("camp_weight", "foreign_weight", "conflict_weight", "softening", "weight_softening"):
        if values.get(MOVE[option], 1) < 0:
            found.problems.add(move[option][1].spot, f"'{option}' is a number from 0")


def awareness(move: dict[str, tuple[Spot, Node]], label: str, found: Findings) -> int:
    """How many links ahead places are known; 0 stands for no choice by what is there at all."""
    level = number_of(move, "awareness_level", found)
    if level is None:
        return 1
    if level > 3:
        message = f"`awareness_level: {level:g}`: places up to 3 links ahead are known, not more"
        found.untranslated(label, move["awareness_level"][0].line, message)
    return int(min(3, max(0, level)))


def spawning_values(spawn: dict[str, tuple[Spot, Node]], label: str, found: Findings) -> dict[str, Any]:
    """The rules by which people set out."""
    if flag_of(spawn, "camps_are_sinks", False, found):
        message = "`camps_are_sinks`: Flee 3.1 looks for `camps_are_sicks` instead, so it has no effect"
        found.untranslated(label, spawn["camps_are_sinks"][0].line, message)
    return {
        "decay": decay_of(spawn, found),
        "inserts_day_0": flag_of(spawn, "insert_day0", True, found),
        "camps_keep": flag_of(spawn, "camps_are_sicks", False, found),
    }


def decay_of(spawn: dict[str, tuple[Spot, Node]], found: Findings) -> tuple[float, ...]:
    """How much of the first push is left in each 30 days of a conflict; nothing where it does not wane."""
    spot, node = spawn.get("conflict_spawn_decay", (NOWHERE, None))
    if node is None or (isinstance(node, Scalar) and node.text.lower() in FALSE | {"none"}):
        return ()
    try:
        if not isinstance(node, Items):
            raise ValueError
        return tuple(float(item.text if isinstance(item, Scalar) else "") for item in node.items)
    except ValueError:
        found.problems.add(spot, "'conflict_spawn_decay' is a list of numbers such as [1.0, 1.0, 0.5]")
        return ()


def tell_unused(section: dict[str, tuple[Spot, Node]], used: set[str], label: str, found: Findings) -> None:
    """Tell every option that is not translated: why, or which was meant."""
    for word, (spot, node) in section.items():
        said = node.text if isinstance(node, Scalar) else ""
        if word in used:
            continue
        if word in WITHOUT_EFFECT:
            found.untranslated(label, spot.line, f"`{word}` has no effect: {WITHOUT_EFFECT[word]}")
        elif word in NOT_IN_POSADA:
            if not (isinstance(node, Scalar) and said.lower() in FALSE):
                found.untranslated(label, spot.line, f"`{word}` is not translated: {NOT_IN_POSADA[word]}")
        else:
            near = or_perhaps(word, {*MOVE, *ELSEWHERE, *SPAWN, *WITHOUT_EFFECT, *NOT_IN_POSADA})
            found.untranslated(label, spot.line, f"the option `{word}` is not known to Flee 3.1, nor translated{near}")


def read_option(
    section: dict[str, tuple[Spot, Node]], word: str, read: Callable[[str], Any], wanted: str, found: Findings
) -> Any:
    """What a function makes of an option; None if there is none, or a problem noted."""
    _, node = section.get(word, (NOWHERE, None))
    if node is None:
        return None
    try:
        if not isinstance(node, Scalar):
            raise ValueError
        return read(node.text)
    except ValueError:
        found.problems.add(node.spot, f"'{word}' is {wanted}, not {getattr(node, 'text', 'a list')!r}")
        return None


def number_of(section: dict[str, tuple[Spot, Node]], word: str, found: Findings) -> float | None:
    """An option that is a number."""
    value = read_option(section, word, float, "a number", found)
    return None if value is None else float(value)


def flag_of(section: dict[str, tuple[Spot, Node]], word: str, otherwise: bool, found: Findings) -> bool:
    """An option that is true or false."""
    value = read_option(section, word, truth, "true or false", found)
    return otherwise if value is None else bool(value)


def truth(text: str) -> bool:
    """Whether a word means true; ValueError if it means neither."""
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ValueError(text)
