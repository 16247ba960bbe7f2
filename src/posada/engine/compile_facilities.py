"""Facilities, their rooms, queues, opening hours and other people's cases, as rows of the program."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.builder import PARTY_TYPES, Builder
from posada.engine.codes import BUSY, WAIT
from posada.engine.layout import Array
from posada.engine.zones import DAY
from posada.scenario import ALWAYS, BedClass, Facility, Hold, Hours, Instant, Queue, Stay

ROOMS = ("beds", "camp", "holding", "caseload")
ORDERS = {"first_come": at.ORDER_FIRST, "random": at.ORDER_RANDOM, "longest_waiting_group": at.ORDER_GROUP}
WAYS = ("served", "gave_up", "refused", "still_waiting")
EVERYONE = (1 << len(PARTY_TYPES)) - 1


def number_facilities(b: Builder) -> None:
    """Number facilities, with the classes of shelters as rooms of their own."""
    names: list[str] = []
    for facility in b.scenario.facilities.values():
        names.append(facility.id)
        names.extend(f"{facility.id}/{c.id}" for c in facility.beds if c.id)
    b.facilities = {name: i for i, name in enumerate(names)}
    b.codes.facilities = names


def rooms_of(b: Builder, shelter: str, refer: bool = True) -> list[int]:
    """The rooms to try at a shelter, then at those that it refers to."""
    f = b.scenario.facilities[shelter]
    own = [b.facilities[f"{shelter}/{c.id}" if c.id else shelter] for c in f.beds] or [b.facilities[shelter]]
    if refer:
        for other in f.refer_to:
            own.extend(r for r in rooms_of(b, other, refer=False) if r not in own)
    return own


def stay_rooms(b: Builder, stay: Stay) -> list[int]:
    """All rooms that a `stay` step tries, in order."""
    rooms: list[int] = []
    for shelter in stay.in_:
        rooms.extend(r for r in rooms_of(b, shelter) if r not in rooms)
    return rooms


def facilities_of(body: Queue | Hold) -> tuple[str, ...]:
    """The facilities at which a step takes place."""
    return body.at if isinstance(body, Queue) else (body.in_,)


class Facilities:
    """Builds the rows of facilities."""

    def __init__(self, b: Builder) -> None:
        self.b = b
        self.rows: list[dict[str, Any]] = []
        self.n_queues = 0
        self.n_shifts = 0
        steps = b.scenario.steps()
        after = [steps[s.then].body for s in steps.values() if isinstance(s.body, Queue) and s.body.blocks and s.then]
        self.kept = {name for body in after if isinstance(body, Queue | Hold) for name in facilities_of(body)}
        self.lines = [step.body for step in b.scenario.steps().values() if isinstance(step.body, Queue)]
        self.service = 0
        self.initial: list[dict[str, Any]] = []
        self._served: dict[int, list[int]] = {}
        for step in b.scenario.steps().values():
            if isinstance(step.body, Stay):
                for room in stay_rooms(b, step.body):
                    roots = self._served.setdefault(room, [])
                    root = b.facilities[step.body.in_[0]]
                    if root not in roots:
                        roots.append(root)
        for facility in b.scenario.facilities.values():
            self._facility(facility)
            for bed_class in facility.beds:
                if bed_class.id:
                    self._bed_class(facility, bed_class)
            self._calendar(facility)

    def _blank(self, f: Facility, name: str) -> dict[str, Any]:
        b = self.b
        row: dict[str, Any] = dict.fromkeys(at.FACILITY.names or (), -1)
        row.update(
            key=b.key("facility", name),
            at=-1 if f.kind in ("caseload", "docket") else b.places[f.at],
            zone=b.zone_of(f.at),
            per_person=f.per == "person",
            overtake=f.overtake,
            carry_over=f.carry_over,
            when_full=f.when_full,
            is_bed=f.kind in ("beds", "camp"),
            is_holding=f.kind == "holding",
            admits=EVERYONE,
            hours=0,
            days=f.days,
            classes=1,
            bg_class=0,
            queue=self.n_queues,
            class_expr=0,
            pools_first=0,
            pools_n=0,
            refer_first=0,
            refer_n=0,
            serves_first=0,
            serves_n=0,
            order=ORDERS[f.order],
            newest=b.slot(f.newest_first),
            preempt=f.preempt,
            interrupts=f.at_closing == "interrupt",
            shifts_n=0,
            users_first=b.list_of(users := self._users(f)),
            users_n=len(users),
            listens=any(f.id in body.at and body.gives_up_when for body in self.lines),
            waiting_room=b.slot(f.waiting_room),
        )
        self.n_queues += 1
        row["cell_wait"] = b.codes.cell(name, "waiting")
        row["code_joined"] = b.codes.flow(name, "joined")
        row["code_served"] = b.codes.flow(name, "served")
        row["code_gave_up"] = b.codes.flow(name, "gave_up")
        if f.waiting_room is not None:
            row["code_refused"] = b.codes.flow(name, "refused")
        if f.order != "first_come":
            self._columns(at.SERVICE_LOT)
        row["code_wait"], *_ = (b.codes.code(WAIT, name, way) for way in WAYS)
        return row

    def _users(self, f: Facility) -> list[int]:
        """The desks that need this one besides, in order."""
        return sorted({self.b.facilities[name] for body in self.lines if f.id in body.with_ for name in body.at})

    def _facility(self, f: Facility) -> None:
        b = self.b
        me = b.facilities[f.id]
        row = self._blank(f, f.id)
        if f.kind in ROOMS:
            self._room(row, f, f.id)
            if f.kind == "beds":
                row["cell_no_bed"] = b.codes.cell(f.id, "no_bed")
                row["code_no_bed"] = b.codes.flow(f.id, "nights_no_bed")
            classed = [c for c in f.beds if c.id]
            if classed:
                row["pools_first"] = b.list_of([b.facilities[f"{f.id}/{c.id}"] for c in classed])
                row["pools_n"] = len(classed)
            if f.kind in ("holding", "caseload"):
                row["capacity"] = b.slot(f.places, at.WATCH_FACILITY, me)
                row["others"] = b.slot(f.others, at.WATCH_FACILITY, me)
            elif f.beds and not classed:
                self._beds(row, f, f.beds[0], me)
        elif f.kind == "desks":
            row.update(
                kind=at.FAC_DESKS,
                capacity=b.slot(f.staff, at.WATCH_FACILITY, me),
                dist=b.dist(f.service),
                cell_in=b.codes.cell(f.id, "in_service"),
            )
            row["code_busy"] = b.codes.code(BUSY, f.id, "busy")
            if f.shifts:
                self._shifts(row, f, me)
            self._classes(row, f)
            if f.preempt or f.at_closing == "interrupt":
                row.update(in_service=self.n_queues, code_interrupted=b.codes.flow(f.id, "interrupted"))
                self.n_queues += row["classes"]
                self._columns(at.SERVICE_LOT)
            if f.batch:
                row.update(
                    batch=b.slot(f.batch.size, at.WATCH_FACILITY, me),
                    least=b.slot(f.batch.at_least, at.WATCH_FACILITY, me),
                    batch_due=b.dist(f.batch.waits_at_most),
                )
                self._columns(at.SERVICE_DUE)
        elif f.kind in ("gate", "docket"):
            row.update(
                kind=at.FAC_GATE,
                into=-1 if f.into is None else b.facilities[f.into],
                capacity=b.slot(f.slots_per_day if f.kind == "gate" else f.cases_per_day),
            )
            self._classes(row, f)
            self._background(row, f, me)
        else:
            row.update(
                kind=at.FAC_DEPARTURES,
                capacity=b.slot(f.seats, at.WATCH_FACILITY, me),
                vehicles=b.slot(f.vehicles),
                least=b.slot(f.at_least),
            )
            self._classes(row, f)
        closes = f.hours != ALWAYS or (f.holidays and not f.shifts)
        row["hours"] = (f.kind == "desks" and closes) or (f.kind == "beds" and f.intake_hours != ALWAYS)
        for i in f.initial:
            self.initial.append(
                {
                    "facility": -1,
                    "group": b.groups[i.group],
                    "step": b.steps[i.step],
                    "place": b.places[f.at],
                    "joined": b.instant(i.joined, b.zone_of(f.at)),
                    "number": b.slot(i.people),
                }
            )
        kept = f.id in self.kept or any(f.id in (*x.at, *x.with_) for x in self.lines if x.blocks or x.with_)
        row["special"] = kept or f.order != "first_come" or row["in_service"] >= 0 or f.batch is not None
        if f.order == "longest_waiting_group":
            self._turns(row, f)
        self.rows.append(row)

    def _columns(self, last: int) -> None:
        """Parties need the columns of `service` up to this one."""
        self.service = max(self.service, last + 1)

    def _turns(self, row: dict[str, Any], f: Facility) -> None:
        """A row of `queues` for the open turn of each group in each class."""
        levels = len(self.b.levels_of(f.order_by))
        row.update(turn_by=self.b.attributes[f.order_by], turn_levels=levels, turns=self.n_queues)
        self.n_queues += row["classes"] * levels

    def _shifts(self, row: dict[str, Any], f: Facility, me: int) -> None:
        """Shifts: the staff are the sum of those on duty, which the engine keeps in the slot of the capacity."""
        b = self.b
        slots = [b.slot(shift.staff, at.WATCH_SHIFT, me) for shift in f.shifts]
        row.update(
            capacity=b.values.constant(0.0),
            shifts_first=b.list_of(slots),
            shifts_n=len(slots),
            shift_row=self.n_shifts,
        )
        self.n_shifts += len(slots)

    def _room(self, row: dict[str, Any], f: Facility, name: str) -> None:
        b = self.b
        row.update(
            kind=at.FAC_ROOM,
            cell_in=b.codes.cell(name, "occupied"),
            code_moved_in=b.codes.flow(name, "moved_in"),
            code_moved_out=b.codes.flow(name, "moved_out"),
            max_stay=b.dist(f.max_stay),
        )
        if f.kind != "caseload":
            row["code_nights"] = b.codes.flow(name, "nights")
        if f.kind in ("beds", "camp"):
            row["code_put_out"] = b.codes.flow(name, "stay_limit")
        refer = [r for other in f.refer_to for r in rooms_of(b, other, refer=False)]
        row.update(refer_first=b.list_of(refer), refer_n=len(refer))
        roots = self._served.get(b.facilities[name], [])
        row.update(serves_first=b.list_of(roots), serves_n=len(roots))

    def _bed_class(self, f: Facility, c: BedClass) -> None:
        row = self._blank(f, f"{f.id}/{c.id}")
        self._room(row, f, f"{f.id}/{c.id}")
        self._beds(row, f, c, self.b.facilities[f"{f.id}/{c.id}"])
        row["hours"] = f.intake_hours != ALWAYS
        self.rows.append(row)

    def _beds(self, row: dict[str, Any], f: Facility, c: BedClass, me: int) -> None:
        b = self.b
        row["capacity"] = b.slot(c.beds, at.WATCH_FACILITY, me)
        row["others"] = b.slot(c.others if c.others is not None or c.id else f.others, at.WATCH_FACILITY, me)
        if c.admits is not None and "everyone" not in c.admits:
            row["admits"] = sum(1 << PARTY_TYPES.index(kind) for kind in c.admits)

    def _classes(self, row: dict[str, Any], f: Facility) -> None:
        """Priority classes; the last takes whoever matches none. The background may be in any."""
        wanted = f.background.priority if f.background and f.background.priority else 0
        n = max(len(f.priority) + 1, wanted)
        # Facilities are numbered before any expression is compiled, so a class may look at any facility.
        row["class_expr"] = self.b.list_of(
            [self.b.expression(text) for text in f.priority] + [self.b.expression("0")] * (n - 1 - len(f.priority))
        )
        row["classes"] = n
        self.n_queues += n - 1

    def _background(self, row: dict[str, Any], f: Facility, me: int) -> None:
        b, background = self.b, f.background
        if background is None:
            return
        row["bg_class"] = (background.priority or row["classes"]) - 1
        row["bg_rate"] = (
            b.values.constant(0.0) if background.arrivals_per_day is None else b.slot(background.arrivals_per_day)
        )
        zone = b.zone_of(f.at)
        for block in background.initial:
            self.initial.append(
                {"facility": me, "joined": b.instant(block.joined, zone), "number": b.slot(block.number)}
            )
        midnights = b.zones.instants(zone, np.arange(b.days + 1) * DAY)
        b.on_calendar(np.maximum(midnights, 0.0), at.PHASE_CHANGE, at.CAL_BACKGROUND, me)

    def block_firsts(self) -> Array:
        """Where each facility's blocks of background begin, and where the last ends."""
        sizes = [0] * len(self.rows)
        for i, row in enumerate(self.rows):
            if row["bg_rate"] >= 0:
                n = sum(1 for x in self.initial if x["facility"] == i)
                sizes[i] = n + self.b.days + 2
        return np.cumsum([0, *sizes]).astype(np.int64)

    def _calendar(self, f: Facility) -> None:
        b = self.b
        me, zone = b.facilities[f.id], b.zone_of(f.at)
        holidays = {(day - b.scenario.start).days for day in f.holidays}
        if f.kind == "desks" and not f.shifts and (f.hours != ALWAYS or holidays):
            self._hours(f.hours, me, zone, holidays)
        for i, shift in enumerate(f.shifts):
            self._hours(shift.hours, me, zone, holidays, i)
        if f.kind in ("gate", "docket"):
            for day in sorted(holidays):
                ends = b.zones.instants(zone, np.array([day, day + 1]) * DAY)
                b.on_calendar(np.maximum(ends[:1], 0.0), at.PHASE_CHANGE, at.CAL_CLOSE, me)
                b.on_calendar(ends[1:], at.PHASE_CHANGE, at.CAL_OPEN, me)
        if f.kind == "beds" and f.intake_hours != ALWAYS:
            for room in rooms_of(b, f.id, refer=False):
                self._hours(f.intake_hours, room, zone)
        if f.kind in ("gate", "docket"):
            days = b.local_days()
            days = days[(f.days >> ((b.scenario.start.weekday() + days) % 7)) & 1 == 1]
            days = days[~np.isin(days, sorted(holidays))]
            for i, minute in enumerate(sorted(f.opens)):
                b.on_calendar(
                    b.zones.instants(zone, days * DAY + minute * 60.0), at.PHASE_GATE, at.CAL_GATE, me, int(i == 0)
                )
        if f.kind == "departures":
            daily = [x for x in f.leaves if not isinstance(x, Instant)]
            for minute in daily:
                b.on_calendar(
                    b.zones.instants(zone, b.local_days() * DAY + minute * 60.0), at.PHASE_GATE, at.CAL_DEPART, me
                )
            once = [b.zones.local(x.date, x.minute) for x in f.leaves if isinstance(x, Instant)]
            if once:
                b.on_calendar(b.zones.instants(zone, np.array(once)), at.PHASE_GATE, at.CAL_DEPART, me)

    def _hours(
        self, hours: Hours, me: int, zone: int, holidays: Collection[int] = (), shift: int | None = None
    ) -> None:
        """Opening and closing of a facility (or of one of its shifts), overlapping windows joined.

        A window that begins on a holiday falls out.
        """
        b = self.b
        spans: list[tuple[float, float]] = []
        for d in sorted(set(range(-2, b.days + 1)) - set(holidays)):
            weekday = (b.scenario.start.weekday() + d) % 7
            spans.extend(
                (d * DAY + start * 60.0, d * DAY + end * 60.0)
                for mask, start, end in hours.windows
                if (mask >> weekday) & 1
            )
        joined: list[list[float]] = []
        for start, end in sorted(spans):
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        opens, closes = np.array(joined).T if joined else np.zeros((2, 0))
        opened, closed = b.zones.instants(zone, opens), b.zones.instants(zone, closes)
        keep = (closed > 0) & (closed > opened)
        begin, end = (at.CAL_OPEN, at.CAL_CLOSE) if shift is None else (at.CAL_SHIFT_BEGIN, at.CAL_SHIFT_END)
        b.on_calendar(np.maximum(opened[keep], 0.0), at.PHASE_CHANGE, begin, me, shift or 0)
        b.on_calendar(closed[keep], at.PHASE_CHANGE, end, me, shift or 0)
