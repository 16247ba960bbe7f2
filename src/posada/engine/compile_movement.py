"""Movement over a network: places' numbers, rules of leaving, and the ways within sight of every place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.builder import Builder
from posada.engine.layout import Array
from posada.scenario import Group, Mode, Movement, Number, Place
from posada.scenario import expressions as ex

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
OWN_NAMES = ("people_there", "crowding", "foreign", "km_from_home", "been_there", "came_from")
"""What differs from party to party, or from moment to moment."""
LIVE_NAMES = ("people_there", "crowding")

Rows = list[dict[str, Any]]


class Movements:
    """Builds the tables of movement; what no scenario asks for stays empty."""

    def __init__(self, b: Builder) -> None:
        self.b = b
        self.names = {name: i for i, name in enumerate(b.scenario.movement)}
        self.rows: Rows = []
        self.views: Rows = []
        self.view_first = [0]
        self.turns: list[float] = []
        self.turn_first = [0]
        self.out = _links_out(b)
        for movement in b.scenario.movement.values():
            self._add(movement)

    def _add(self, movement: Movement) -> None:
        b = self.b
        slot, expr = b.number_or_expression(movement.utility)
        texts = b.texts_of(movement.utility)
        leaves = self._leaves(movement)
        mode = None if movement.first_link is None else b.scenario.modes[movement.first_link]
        self.rows.append(
            {
                "slot": slot,
                "expr": expr,
                "own": any(depends_on_party(b, text, "way") for text in texts),
                "leaves": b.list_of([x for entry in leaves for x in entry]),
                "everywhere": movement.ahead == 0,
                "at": movement.at * 60.0,
                "daily": movement.clock == "daily",
                "first_speed": -1 if mode is None else b.slot(mode.speed_kmh),
                "first_hours_first": -1 if mode is None else b.windows_of(mode)[0],
                "first_hours_n": 0 if mode is None else b.windows_of(mode)[1],
                "first_hours_a_day": 0.0 if mode is None else hours_a_day(mode),
                "keeps_going": movement.keeps_going,
                "forced": movement.forced,
                "passes": movement.passes_through,
            }
        )
        b.message_at(b.instants_of(movement.utility))
        turns = [t for chance in movement.leaves.values() for t in b.instants_of(chance)]
        for name, place in b.scenario.places.items():
            self._views_from(b.places[name], movement.ahead)
            self.view_first.append(len(self.views))
            self.turns.extend(self._turns(place, leaves, turns))
            self.turn_first.append(len(self.turns))

    def _leaves(self, movement: Movement) -> list[tuple[int, int, int]]:
        """(slot, expression, drawn anew each day) at unsafe places, at any other, and at each kind."""
        b = self.b
        found = []
        for key in ("unsafe", "else", *b.kinds):
            number = movement.leaves.get(key) or (movement.leaves["else"] if key == "unsafe" else None)
            if number is None:
                found.append((-1, -1, 0))
                continue
            slot, expr = b.number_or_expression(number)
            found.append((slot, expr, int(expr >= 0 and any(changes_daily(b, t) for t in b.texts_of(number)))))
        return found

    def _turns(self, place: Place, leaves: list[tuple[int, int, int]], expressions: list[float]) -> list[float]:
        """When the chance to leave a place may change: its own numbers, those of the rules, and their expressions."""
        slots = [s for s in self.b.place_slots[place.id] if s >= 0] + [slot for slot, _, _ in leaves if slot >= 0]
        times = {t for slot in slots for t, _ in self.b.values.slots[slot].timeline}
        return sorted({t for t in times if t > 0}.union(expressions))

    def _views_from(self, origin: int, ahead: int) -> None:
        """The ways from a place: all of up to `ahead` links that come to no place twice, or one to each place."""
        b = self.b
        if ahead == 0:
            for name, place in b.places.items():
                if place != origin:
                    self.views.append({"key": b.key("place", name), "to": place, "first": 0, "n": 0})
            return
        ways: list[tuple[list[str], set[int]]] = [([], {origin})]
        for _ in range(ahead):
            longer = []
            for links, seen in ways:
                here = b.places[b.scenario.links[links[-1]].to] if links else origin
                for link in self.out[here]:
                    to = b.places[b.scenario.links[link].to]
                    if to not in seen:
                        longer.append(([*links, link], seen | {to}))
            for links, _ in longer:
                last = b.places[b.scenario.links[links[-1]].to]
                first = b.list_of([b.links[link] for link in links])
                self.views.append({"key": b.key("way", *links), "to": last, "first": first, "n": len(links)})
            ways = longer

    def straight(self) -> Array:
        """Great-circle distances in km, place by place, if an expression asks for them."""
        if not any(op == at.OP_KM_HOME for op, *_ in self.b.exprs):
            return np.zeros(1)
        places = self.b.scenario.places.values()
        lat = np.radians([0.0 if p.lat is None else p.lat for p in places])
        lon = np.radians([0.0 if p.lon is None else p.lon for p in places])
        a = (
            np.sin((lat[:, None] - lat) / 2) ** 2
            + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        )
        return np.asarray(np.round(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(a, 0, 1))), 3).ravel())


def _links_out(b: Builder) -> dict[int, list[str]]:
    """The links that begin at each place, by id."""
    found: dict[int, list[str]] = {place: [] for place in b.places.values()}
    for link in b.scenario.links.values():
        found[b.places[link.from_]].append(link.id)
    return found


def hours_a_day(mode: Mode) -> float:
    """Open hours of a mode, mean of the week."""
    return sum(days.bit_count() * (end - start) / 60.0 for days, start, end in mode.hours.windows) / 7.0


def depends_on_party(b: Builder, text: str, role: str) -> bool:
    """Whether an expression may differ from party to party, or while no number changes."""
    for e in b.parts_in(text, role):
        if isinstance(e, ex.Is) and e.attribute != "kind":
            return True
        if isinstance(e, ex.State):
            return True
        if isinstance(e, ex.Name) and (e.kind in ("member", "state") or e.name in OWN_NAMES):
            return True
    return False


def changes_daily(b: Builder, text: str) -> bool:
    """Whether a chance may change without a number of the place or of the rule changing."""
    return any(
        isinstance(e, ex.Since | ex.State)
        or (isinstance(e, ex.Name) and (e.name in LIVE_NAMES or e.kind == "quantity"))
        for e in b.parts_in(text, "leaving")
    )


def place_rows(b: Builder) -> Rows:
    """Places, with the slots of their numbers."""
    countries = sorted({p.country for p in b.scenario.places.values() if p.country})
    rows = []
    for name, place in b.scenario.places.items():
        rows.append(
            {
                "key": b.key("place", name),
                "zone": b.zone_of(name),
                "cell": b.codes.cell(name, "present"),
                "code_arrived": b.codes.flow(name, "arrived"),
                "code_left": b.codes.flow(name, "left"),
                "country": countries.index(place.country) if place.country else -1,
                "kind": b.kinds.index(place.kind) if place.kind else -1,
                "numbers": b.list_of(b.place_slots[name]),
            }
        )
    return rows


def source_row(b: Builder, group: Group) -> dict[str, Any]:
    """By which weight each party's place is drawn."""
    weight: Number | None = group.places
    if weight is None:
        return {"weight_slot": -1, "weight_expr": -1, "weight_own": 0}
    slot, expr = b.number_or_expression(weight)
    b.message_at(b.instants_of(weight))
    own = any(depends_on_party(b, text, "weight") for text in b.texts_of(weight))
    return {"weight_slot": slot, "weight_expr": expr, "weight_own": own}


def words_of_memory(b: Builder) -> int:
    """64-bit words for the places where a party has been; 0 if no expression asks."""
    asked = any(op == at.OP_BEEN for op, *_ in b.exprs)
    return math.ceil(len(b.places) / 64) if asked else 0
