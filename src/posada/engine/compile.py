"""A scenario to a program: flat tables that the event loop interprets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.builder import Builder, records
from posada.engine.codes import Codes
from posada.engine.compile_facilities import Facilities, number_facilities
from posada.engine.compile_movement import Movements, hours_a_day, place_rows, source_row, words_of_memory
from posada.engine.compile_steps import Steps
from posada.engine.layout import Array, Program
from posada.engine.run import Sizes
from posada.engine.values import Column, Constant, shift_start
from posada.engine.zones import DAY
from posada.scenario import CLASSES, DAYS, Change, Group, Scenario, record_intervals

NIGHT = 3 * 3600.0
"""Nights are counted at 03:00."""


@dataclass(frozen=True)
class Compiled:
    """A program with what is needed to draw its numbers and to read its results."""

    program: Program
    sizes: Sizes
    columns: list[Column]
    codes: Codes


def compile_scenario(scenario: Scenario, changes: tuple[Change, ...] = ()) -> Compiled:
    """Compile a checked scenario under the changes of policies, in order."""
    b = Builder(scenario, changes)
    number_facilities(b)
    places = place_rows(b)
    links, windows = _links(b)
    movements = Movements(b)
    facilities = Facilities(b)
    steps = Steps(b, movements.names)
    groups, kinds, levels, arrivals = _groups(b)
    stage_cell = len(b.codes.cells)
    for stage in b.stages:
        b.codes.cell(stage, "in_stage")
    chain = [b.codes.cell("chain", state) for state in ("active", "apart", "children_apart")]
    by = _levels(b)
    times = _intervals(b)
    _nights(b)
    initial = _initial(b, facilities)
    present = [i for i, (_, state) in enumerate(b.codes.cells) if state in ("present", "travelling")]
    slots, changes_table = b.values.tables()
    for i, slot in enumerate(b.values.slots):
        for t, column in slot.timeline:
            if 0 < t < times[-1]:
                b.on_calendar(np.array([t]), at.PHASE_CHANGE, at.CAL_CHANGE, i, column)
    offsets, zone_firsts = b.zones.rows
    head = {
        "n_levels": len(b.codes.levels),
        "n_cells": len(b.codes.cells),
        "n_attributes": len(b.attributes),
        "n_by": len(by),
        "by_group": next((row["base"] for row in by if row["attribute"] == 0), 0),
        "by_others": any(row["attribute"] != 0 for row in by),
        "n_facilities": len(b.facilities),
        "n_groups": len(b.groups),
        "n_stages": len(b.stages),
        "n_zones": len(b.zones.names),
        "n_gathers": len(steps.gathers),
        "n_visits": len(steps.visits),
        "n_codes": len(b.codes.tally),
        "weekday": scenario.start.weekday(),
        "end": times[-1],
        "cell_active": chain[0],
        "cell_apart": chain[1],
        "cell_children_apart": chain[2],
        "stage_cell": stage_cell,
        "held": _holds(b, steps, facilities),
        "members": any(k["size"] == 0 for k in kinds) or not all(g["all_unstated"] for g in groups),
        **_total(b, by),
        "n_places": len(places),
        "roams": any(row["kind"] == at.STEP_ROAM for row in steps.rows),
        "been": words_of_memory(b),
        "wait_rows": 4 * (len(times) + 32) * len(b.codes.levels),
    }
    program = Program(
        head=records([head], at.PROGRAM_HEAD),
        steps=records(steps.rows, at.STEP),
        options=records(steps.options, at.OPTION),
        dists=np.array(b.dists or [(0, -1, -1, -1)], dtype=[(n, "i4") for n in "kpqr"]).astype(at.DIST),
        facilities=records(facilities.rows, at.FACILITY),
        links=records(links, at.LINK),
        places=records(places, at.PLACE),
        groups=records(groups, at.GROUP),
        kinds=records(kinds, at.KIND),
        levels=records(levels, at.LEVEL),
        calendar=_calendar(b, times[-1]),
        changes=changes_table,
        slots=slots,
        exprs=np.array(b.exprs or [(-1, 0, 0, 0.0)], dtype=[("o", "i4"), ("a", "i4"), ("b", "i4"), ("v", "f8")]).astype(
            at.EXPR
        ),
        windows=records(windows, at.WINDOW),
        offsets=offsets,
        zones=zone_firsts,
        lists=np.array(b.lists or [0], dtype=np.int32),
        by=records(by, at.BY),
        initial=records(initial, at.INITIAL),
        record_times=times,
        bin_edges=np.array(at.BIN_EDGES_DAYS, dtype=float),
        present=np.array(present, dtype=np.int32),
        arrivals=records(arrivals, at.ARRIVAL),
        samples=np.array(b.samples or [0.0]),
        movements=records(movements.rows, at.MOVEMENT),
        views=records(movements.views, at.VIEW),
        view_first=np.array(movements.view_first, dtype=np.int32),
        turns=np.array(movements.turns or [0.0]),
        turn_first=np.array(movements.turn_first, dtype=np.int32),
        straight=movements.straight(),
    )
    sizes = Sizes(
        values=len(b.values.columns),
        classes=max(1, facilities.n_queues),
        blocks=facilities.block_firsts(),
        memory=max(1, steps.memory),
        links=len(links),
        service=facilities.service,
        shifts=facilities.n_shifts,
    )
    return Compiled(program, sizes, b.values.columns, b.codes)


HOLDING = (at.STEP_STAY, at.STEP_HOLD, at.STEP_RELEASE, at.STEP_SPLIT, at.STEP_REJOIN)


def _holds(b: Builder, steps: Steps, facilities: Facilities) -> bool:
    """Whether any party may hold a place, be on a list, have a family parted, or be asked how long it has waited."""
    return (
        any(row["kind"] in HOLDING for row in steps.rows)
        or any(row["kind"] == at.FAC_ROOM for row in facilities.rows)
        or any(op == at.OP_DAYS_WAITED for op, *_ in b.exprs)
    )


def _total(b: Builder, by: list[dict[str, Any]]) -> dict[str, int]:
    """The levels of a breakdown in which every party has one: counts of all need not be kept besides."""
    for attribute, row in zip(b.scenario.record.by, by, strict=True):
        if row["attribute"] >= 0:
            return {"total_first": row["base"], "total_n": len(b.levels_of(attribute))}
    return {"total_first": 0, "total_n": 0}


def _links(b: Builder) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Links, and the hours of their modes as windows."""
    rows: list[dict[str, Any]] = []
    speeds = {name: b.slot(mode.speed_kmh) for name, mode in b.scenario.modes.items()}
    for i, link in enumerate(b.scenario.links.values()):
        mode = b.scenario.modes[link.mode]
        rows.append(
            {
                "from_": b.places[link.from_],
                "to": b.places[link.to],
                "length": b.slot(link.length_km),
                "speed": speeds[link.mode],
                "open": b.slot(link.open, at.WATCH_LINK, i),
                "hours_first": b.windows_of(mode)[0],
                "hours_n": b.windows_of(mode)[1],
                "zone": b.zone_of(link.from_),
                "cell": b.codes.cell(link.id, "travelling"),
                "code_travelled": b.codes.flow(link.id, "travelled"),
                "forced": b.slot(link.forced),
                "cost": b.slot(link.cost),
                "danger": b.slot(link.danger),
                "hours_a_day": hours_a_day(mode),
            }
        )
    return rows, b.windows


Rows = list[dict[str, Any]]


def _groups(b: Builder) -> tuple[Rows, Rows, Rows, Rows]:
    """Groups, their kinds of parties, the shares of their attributes, and their tables of arrivals."""
    rows: list[dict[str, Any]] = []
    arrivals: list[dict[str, Any]] = []
    kinds: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for g, group in enumerate(b.scenario.groups.values()):
        zone = b.zone_of(group.place)
        kind_first, level_first = len(kinds), len(levels)
        kinds.extend(_kinds(b, group))
        for attribute, shares in group.attributes.items():
            for level, number in shares.items():
                levels.append(
                    {
                        "key": b.key("attribute", attribute, level),
                        "attribute": b.attributes[attribute],
                        "level": b.levels_of(attribute).index(level),
                        "slot": -2 if number is None else b.slot(number),
                    }
                )
        classes = [_class_share(b, group, c) for c in CLASSES]
        when = group.date or group.from_
        mean = b.values.derived(
            "mean_size",
            [k["share"] for k in kinds[kind_first:]],
            tuple(_size(b, kind) for kind in kinds[kind_first:]),
        )
        if group.parties_per_day is not None:
            mean = b.values.constant(1.0)
        rate = b.slot(group.people_per_day or group.parties_per_day, at.WATCH_RATE, g)
        stream = rate >= 0
        rows.append(
            {
                "key": b.key("group", group.id),
                "people": b.slot(group.people),
                "rate": rate,
                "mean_size": mean,
                "place": b.places.get(group.place, 0),
                "step": b.steps[f"{group.pathway}.{b.scenario.pathways[group.pathway].steps[0].id}"],
                "t": 0.0 if when is None else b.zones.instant(zone, when.date, when.minute),
                "until": np.inf if group.until is None else b.zones.instant(zone, group.until.date, group.until.minute),
                "kind_first": kind_first,
                "kind_n": len(kinds) - kind_first,
                "class_first": classes[0],
                "all_unstated": set(group.sex_and_age) <= {"unstated"},
                "level_first": level_first,
                "level_n": len(levels) - level_first,
                "code": b.codes.flow(group.id, "set_out"),
                **_source(b, group, g),
                **source_row(b, group),
                "row_first": len(arrivals),
                "row_n": len(table := _arrivals(b, group, zone)),
            }
        )
        arrivals.extend(table)
        if stream and rows[-1]["t"] > 0:
            # a stream that begins later: its rate is 0 until then
            slot = b.values.slots[rate]
            slot.timeline = shift_start(slot.timeline, rows[-1]["t"], b.values.column(Constant(0.0)))
            rows[-1]["t"] = 0.0
    return rows, kinds, levels, arrivals


def _source(b: Builder, group: Group, g: int) -> dict[str, Any]:
    """Where a group's parties come from, and what makes their rate rise and fall."""
    source = at.SOURCE_STREAM
    if group.people is not None:
        source = at.SOURCE_ONCE
    elif group.every is not None:
        source = at.SOURCE_RENEWAL
    elif group.arrivals:
        source = at.SOURCE_TABLE
    zone = b.zone_of(group.place)
    week = -1
    if group.weekday:
        slots = [
            b.slot(group.weekday[day], at.WATCH_RATE, g) if day in group.weekday else b.values.constant(1.0)
            for day in DAYS
        ]
        week = slots[0]
    season = group.season
    return {
        "source": source,
        "batch": b.values.constant(1.0) if group.batch is None else b.slot(group.batch, *_watch(source, g)),
        "every": b.dist(group.every),
        "week": week,
        "amplitude": -1 if season is None else b.slot(season.amplitude, at.WATCH_RATE, g),
        "period": -1 if season is None else b.slot(season.period, at.WATCH_RATE, g),
        "peak": 0.0 if season is None else b.instant(season.peak, zone),
        "zone": zone,
    }


def _watch(source: int, g: int) -> tuple[int, int]:
    return (at.WATCH_RATE, g) if source == at.SOURCE_STREAM else (at.WATCH_NONE, -1)


def _arrivals(b: Builder, group: Group, zone: int) -> Rows:
    """The rows of a group's table that lie in the run, in order of time."""
    rows = []
    for row in sorted(group.arrivals, key=lambda r: (r.date, r.minute or 0)):
        if not b.scenario.start <= row.date <= b.scenario.end:
            continue
        minute = group.arrive_at if row.minute is None else row.minute
        t = b.zones.instant(zone, row.date, minute or 0)
        until = t if minute is not None else b.zones.instant(zone, row.date + timedelta(days=1))
        rows.append({"t": t, "until": until, "people": row.people})
    return rows


def _class_share(b: Builder, group: Group, name: str) -> int:
    """A slot of the share of one class of members; the nine of a group stand in a row."""
    if name not in group.sex_and_age:
        return b.values.constant(0.0)
    number = group.sex_and_age[name]
    if number is not None:
        return b.slot(number)
    others = [b.values.timeline(n)[0][1] for n in group.sex_and_age.values() if n is not None]
    return _rest(b, others)


def _rest(b: Builder, columns: list[int]) -> int:
    """A slot of what other shares leave."""
    from posada.engine.values import Derived, Slot

    if not columns:
        return b.values.constant(1.0)
    column = b.values.column(Derived("rest", tuple(columns)))
    return b.values.add(Slot(((-np.inf, column),)))


def _size(b: Builder, kind: dict[str, Any]) -> float:
    """People in a party of a kind."""
    return float(kind["size"] or sum(b.lists[kind["members"] : kind["members"] + at.N_CLASSES]))


def _kinds(b: Builder, group: Group) -> list[dict[str, Any]]:
    """The kinds of parties of a group: rows of its table, or sizes."""
    rows: list[dict[str, Any]] = []
    for kind in group.table.values():
        pairs = [x for a, level in kind.attributes.items() for x in (b.attributes[a], b.levels_of(a).index(level))]
        rows.append(
            {
                "key": b.key("kind", kind.party),
                "share": b.slot(kind.share),
                "size": 0,
                "members": b.list_of(list(kind.counts)),
                "fixed_first": b.list_of(pairs),
                "fixed_n": len(pairs) // 2,
            }
        )
    if rows:
        return rows
    shares = group.parties or {"1": None}
    stated = [b.values.timeline(n)[0][1] for n in shares.values() if n is not None]
    for size, number in shares.items():
        share = _rest(b, stated) if number is None else b.slot(number)
        rows.append(
            {
                "key": b.key("kind", int(size)),
                "share": share,
                "size": int(size),
                "members": 0,
                "fixed_first": 0,
                "fixed_n": 0,
            }
        )
    return rows


def _levels(b: Builder) -> list[dict[str, Any]]:
    """Number the levels of every breakdown, after the total."""
    b.codes.levels = [("all", "all")]
    rows = []
    for attribute in b.scenario.record.by:
        rows.append({"attribute": b.attributes.get(attribute, -1), "base": len(b.codes.levels)})
        b.codes.levels.extend((attribute, level) for level in b.levels_of(attribute))
    return rows


def _intervals(b: Builder) -> Array:
    """The instants at which record intervals begin, and the end of the last."""
    s = b.scenario
    b.codes.intervals = record_intervals(s)
    starts = [start for start, _ in b.codes.intervals]
    days = np.array([day.toordinal() for day in (*starts, b.codes.intervals[-1][1])]) - s.start.toordinal()
    times = b.zones.instants(0, days.astype(float) * DAY)
    b.codes.warm_up = int(np.searchsorted(times, s.record.warm_up, side="left"))
    b.on_calendar(times[1:], at.PHASE_RECORD, at.CAL_RECORD, 0)
    return times


def _nights(b: Builder) -> None:
    for i in range(len(b.zones.names)):
        b.on_calendar(b.zones.instants(i, b.local_days() * DAY + NIGHT), at.PHASE_NIGHT, at.CAL_NIGHT, i)


def _initial(b: Builder, facilities: Facilities) -> list[dict[str, Any]]:
    """Who and what is there at the start, in order of joining."""
    rows = sorted(facilities.initial, key=lambda r: r["joined"])
    for i in range(len(rows)):
        b.on_calendar(np.array([0.0]), at.PHASE_CHANGE, at.CAL_INITIAL, i)
    return rows


def _calendar(b: Builder, end: float) -> Array:
    """All entries before the end in order of time, phase, kind and subject, and the last record at the end.

    A gate, departure or night that a change of clocks puts twice at one instant happens once.
    """
    parts = []
    for times, phase, kind, a, extra in b.calendar:
        part = np.zeros(len(times), at.CALENDAR)
        part["t"], part["phase"], part["kind"], part["a"], part["b"] = times, phase, kind, a, extra
        parts.append(part)
    table = np.concatenate(parts) if parts else np.zeros(0, at.CALENDAR)
    table = table[(table["t"] >= 0) & ((table["t"] < end) | (table["kind"] == at.CAL_RECORD))]
    table = table[np.lexsort((-table["b"], table["a"], table["kind"], table["phase"], table["t"]))]
    again = np.zeros(len(table), dtype=bool)
    once = np.isin(table["kind"], (at.CAL_GATE, at.CAL_DEPART, at.CAL_NIGHT))
    again[1:] = once[1:] & np.all([table[x][1:] == table[x][:-1] for x in ("t", "kind", "a")], axis=0)
    return np.asarray(table[~again])
