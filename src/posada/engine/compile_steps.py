"""Pathways as rows of steps and options."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.builder import Builder
from posada.engine.codes import OUTCOME
from posada.engine.compile_facilities import stay_rooms
from posada.engine.cycles import on_cycles
from posada.scenario import (
    CLASSES,
    Branch,
    Choose,
    Duration,
    Entry,
    Gather,
    Go,
    Hold,
    Instant,
    Number,
    Outcome,
    Quantity,
    Queue,
    Rejoin,
    Release,
    Roam,
    Set,
    Split,
    Stay,
    Step,
    Travel,
    Wait,
)

SPLIT_ORDER = (
    "women_60",
    "men_60",
    "women_18_59",
    "men_18_59",
    "girls_5_17",
    "boys_5_17",
    "girls_0_4",
    "boys_0_4",
    "unstated",
)
WHO = {
    "adults": ("women_18_59", "women_60", "men_18_59", "men_60"),
    "men": ("men_18_59", "men_60"),
    "women": ("women_18_59", "women_60"),
    "children": ("girls_0_4", "girls_5_17", "boys_0_4", "boys_5_17"),
    "girls": ("girls_0_4", "girls_5_17"),
    "boys": ("boys_0_4", "boys_5_17"),
}
NEVER = Duration("fixed", {"length": Number((Entry(None, Quantity(math.inf)),), "seconds", "")})


def told(spot: tuple[str, int, int]) -> str:
    """A position in a file of the scenario, as other mistakes tell it; nothing if it was made in Python."""
    return ":".join(map(str, spot)) + ": " if spot[0] else ""


class Steps:
    """Builds the rows of steps; `scenario` has been checked, so every name is there."""

    def __init__(self, b: Builder, movements: dict[str, int]) -> None:
        self.b = b
        self.movements = movements
        self.options: list[dict[str, Any]] = []
        self.memory = 0
        self.gathers: list[int] = []
        self.visits = self._cycles()
        self.anywhere = {name for name, f in b.scenario.facilities.items() if f.kind in ("caseload", "docket")}
        b.codes.steps = list(b.steps)
        stated = b.scenario.steps()
        b.codes.step_spots = [told(step.spot) for step in stated.values()]
        b.codes.movement_spots = {
            address: told(b.scenario.movement[step.body.by].spot)
            for address, step in stated.items()
            if isinstance(step.body, Roam)
        }
        self.rows = [self._row(address, step) for address, step in b.scenario.steps().items()]

    def _cycles(self) -> dict[int, int]:
        """Columns of visit counters: one for each step that can be reached from itself."""
        b = self.b
        after = {b.steps[address]: [b.steps[t] for t in step.targets()] for address, step in b.scenario.steps().items()}
        cyclic = on_cycles(after)
        return {step: column for column, step in enumerate(step for step in after if step in cyclic)}

    def _row(self, address: str, step: Step) -> dict[str, Any]:
        b = self.b
        me = b.steps[address]
        row: dict[str, Any] = {
            "key": b.key("step", address),
            "then": self._to(step.then),
            "code": -1,
            "cell": -1,
            "stage": b.stages[address.partition(".")[0]],
            "visits": self.visits.get(me, -1),
            "by_group": -1,
            "daily": step.daily,
            "a": -1,
            "b": 0,
            "c": -1,
            "dist": -1,
            "dist2": -1,
            "t": math.nan,
            "mode": 0,
            "refused": -1,
            "when": -1,
        }
        if step.by == "group":
            row["by_group"] = self.memory
            self.memory += 1
        self._body(row, address, step)
        return row

    def _to(self, target: str | None) -> int:
        return -1 if target is None else self.b.steps[target]

    def _place_of(self, facility: str) -> int:
        """The place where a party must be, -1 if anywhere will do."""
        return -1 if facility in self.anywhere else self.b.places[self.b.scenario.facilities[facility].at]

    def _body(self, row: dict[str, Any], address: str, step: Step) -> None:
        b = self.b
        body = step.body
        if isinstance(body, Travel):
            row.update(kind=at.STEP_TRAVEL, dist2=b.dist(body.pace))
            if body.along is not None:
                row.update(a=b.links[body.along], mode=0)
            else:
                assert body.to is not None
                row.update(
                    a=b.places[body.to], mode=1, dist=b.dist(body.takes), cell=b.codes.cell(address, "travelling")
                )
        elif isinstance(body, Wait):
            row.update(kind=at.STEP_WAIT)
            self._wait(row, address, body)
        elif isinstance(body, Queue):
            several = len(body.at) > 1
            row.update(
                kind=at.STEP_QUEUE,
                mode=int(several),
                b=len(body.at),
                dist=b.dist(body.service),
                a=b.list_of([b.facilities[f] for f in body.at]) if several else b.facilities[body.at[0]],
                cell=self._place_of(body.at[0]),
                c=self._to(body.gives_up_to),
                dist2=b.dist(body.gives_up_after),
                refused=self._to(body.refused_to),
                blocks=body.blocks,
                batch=any(b.scenario.facilities[f].batch is not None for f in body.at),
                with_first=b.list_of([b.facilities[f] for f in body.with_]),
                with_n=len(body.with_),
            )
            if body.gives_up_when is not None:
                row["when"] = b.expression(body.gives_up_when)
                for day in b.dates_in(body.gives_up_when):
                    b.on_calendar(np.array([day]), at.PHASE_CHANGE, at.CAL_MESSAGE, 0)
            if body.gives_up_at is not None:
                row["t"] = b.instant(body.gives_up_at, b.zone_of(b.scenario.facilities[body.at[0]].at))
        elif isinstance(body, Roam):
            row.update(
                kind=at.STEP_ROAM,
                a=self.movements[body.by],
                b=b.list_of([int(kind in body.ends) for kind in b.kinds]) if body.ends else -1,
                c=self._to(body.at_most_to),
                dist2=b.dist(body.at_most),
            )
        elif isinstance(body, Stay):
            rooms = stay_rooms(b, body)
            row.update(
                kind=at.STEP_STAY,
                a=b.list_of([b.facilities[body.in_[0]], *rooms]),
                b=len(rooms),
                cell=self._place_of(body.in_[0]),
            )
        elif isinstance(body, Hold):
            row.update(
                kind=at.STEP_HOLD,
                a=b.facilities[body.in_],
                c=self._to(body.if_full),
                cell=self._place_of(body.in_),
                refused=self._to(body.refused_to),
            )
        elif isinstance(body, Release):
            row.update(kind=at.STEP_RELEASE, a=-1 if body.from_ == "all" else b.facilities[body.from_])
        elif isinstance(body, Branch | Choose):
            kind = at.STEP_CHOOSE if isinstance(body, Choose) else at.STEP_BRANCH
            row.update(kind=kind, a=len(self.options), b=len(body.options))
            for o in body.options:
                number = o.utility if isinstance(body, Choose) else o.share
                slot, expr = (-1, -2) if number is None else b.number_or_expression(number)
                self._option(
                    address, o.name, o.then, slot=slot, expr=expr, cond=-1 if o.if_ is None else b.expression(o.if_)
                )
        elif isinstance(body, Split):
            wanted = {c for who in body.who for c in WHO.get(who, (who,))}
            row.update(
                kind=at.STEP_SPLIT,
                c=self._to(body.to),
                a=b.list_of([CLASSES.index(c) for c in SPLIT_ORDER]),
                b=sum(1 << CLASSES.index(c) for c in wanted),
                code=b.codes.flow(address, "parted"),
                mode=b.slot(body.at_most),
            )
        elif isinstance(body, Rejoin):
            row.update(
                kind=at.STEP_REJOIN,
                a=-1 if body.at is None else b.places[body.at],
                dist=b.dist(body.at_most or NEVER),
                code=b.codes.flow(address, "rejoined"),
            )
        elif isinstance(body, Gather):
            row.update(kind=at.STEP_GATHER, a=len(self.gathers), b=b.slot(body.share), dist=b.dist(body.at_most))
            self.gathers.append(b.steps[address])
        elif isinstance(body, Set):
            pairs = [
                x
                for name, level in body.attributes.items()
                for x in (b.attributes[name], b.levels_of(name).index(level))
            ]
            row.update(kind=at.STEP_SET, a=b.list_of(pairs), b=len(body.attributes))
        elif isinstance(body, Outcome):
            row.update(kind=at.STEP_OUTCOME, code=self.outcome_codes()[body.name])
        else:
            assert isinstance(body, Go)
            row.update(kind=at.STEP_GO)

    def outcome_codes(self) -> dict[str, int]:
        """Tally codes of the outcomes, made once."""
        if not hasattr(self, "_outcomes"):
            self._outcomes = {name: self.b.codes.code(OUTCOME, name, "ended") for name in self.b.scenario.outcomes}
        return self._outcomes

    def _wait(self, row: dict[str, Any], address: str, body: Wait) -> None:
        b = self.b
        if body.for_ is not None:
            row.update(mode=at.WAIT_FOR, dist=b.dist(body.for_))
        elif isinstance(body.until, Instant):
            row.update(mode=at.WAIT_INSTANT, t=b.local(body.until))
        elif body.until is not None:
            row.update(mode=at.WAIT_CLOCK, t=body.until * 60.0)
        else:
            row.update(mode=at.WAIT_FIRST_OF, a=len(self.options), b=len(body.first_of))
            for risk in sorted(body.first_of, key=lambda r: r.name):
                self._option(
                    address,
                    risk.name,
                    risk.then,
                    dist=b.dist(risk.after),
                    t=math.nan if risk.at is None else b.local(risk.at),
                )

    def _option(
        self,
        address: str,
        name: str,
        then: str,
        *,
        slot: int = -1,
        expr: int = -1,
        cond: int = -1,
        dist: int = -1,
        t: float = math.nan,
    ) -> None:
        self.options.append(
            {
                "key": self.b.key("option", name),
                "then": self.b.steps[then],
                "slot": slot,
                "expr": expr,
                "cond": cond,
                "dist": dist,
                "t": t,
                "code": self.b.codes.flow(f"{address}/{name}", "took"),
            }
        )
