"""The lean loop: the same loop without what few scenarios need, for those that need none of it.

The loop is optimised twice from the same parts. In the lean one every field below is known to be what it says, and no
histories are kept, so that whatever depends on it is not even asked.
"""

from __future__ import annotations

import math

import numpy as np

from posada.engine.layout import (
    STEP_BRANCH,
    STEP_CHOOSE,
    STEP_OUTCOME,
    STEP_QUEUE,
    STEP_ROAM,
    STEP_TRAVEL,
    STEP_WAIT,
    Program,
)

STEPS = (STEP_TRAVEL, STEP_WAIT, STEP_QUEUE, STEP_BRANCH, STEP_CHOOSE, STEP_ROAM, STEP_OUTCOME)
"""Kinds of steps that the lean loop knows."""
LOOPS = {False: "advance", True: "advance_lean"}
"""The names of the two loops, by whether they are lean."""
IS_LEAN = "posada.is_lean"
"""The name of the constant by which their code differs."""
NONE = -1
KNOWN: dict[str, dict[str, float]] = {
    "head": {"by_others": 0, "n_gathers": 0, "held": 0, "members": 0},
    "steps": {
        "stage": 0,
        "visits": NONE,
        "by_group": NONE,
        "daily": 0,
        "t": math.nan,
        "refused": NONE,
        "when": NONE,
        "with_n": 0,
        "blocks": 0,
        "batch": 0,
    },
    "facilities": {
        "is_bed": 0,
        "is_holding": 0,
        "max_stay": NONE,
        "others": NONE,
        "bg_rate": NONE,
        "when_full": 0,
        "waiting_room": NONE,
        "order": 0,
        "newest": NONE,
        "preempt": 0,
        "interrupts": 0,
        "in_service": NONE,
        "shifts_n": 0,
        "users_n": 0,
        "special": 0,
        "listens": 0,
        "batch": NONE,
        "least": NONE,
        "batch_due": NONE,
        "into": NONE,
    },
    "options": {"cond": NONE},
    "movements": {"own": 0, "everywhere": 0},
    "groups": {"week": NONE, "amplitude": NONE, "level_n": 0},
    "kinds": {"fixed_n": 0},
}
"""What the lean loop takes for granted: fields of the program's tables, and their values."""


def is_lean(program: Program) -> bool:
    """Whether the lean loop can run a program. Tables without rows hold one blank row, which nothing looks at."""
    if not np.isin(program.steps["kind"], STEPS).all():
        return False
    return all(
        _always(getattr(program, table)[field], value)
        for table, fields in KNOWN.items()
        if table != "facilities" or program.head["n_facilities"][0]
        for field, value in fields.items()
        if table != "options" or _has_options(program)
    )


def _has_options(program: Program) -> bool:
    """Whether any step chooses."""
    return bool(np.isin(program.steps["kind"], (STEP_BRANCH, STEP_CHOOSE)).any())


def _always(column: np.ndarray, value: float) -> bool:
    """Whether a field has one value in every row."""
    return bool(np.isnan(column).all() if math.isnan(value) else (column == value).all())
