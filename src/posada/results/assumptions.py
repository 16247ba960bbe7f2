"""What rests on evidence and what is assumed."""

from __future__ import annotations

from typing import Any

from posada.scenario import Number, Quantity, Scenario


def assumptions(scenario: Scenario) -> list[dict[str, Any]]:
    """One row per stated number: assumed ones first, then those without a source, then those with evidence.

    Plain numbers that only switch something (0 or 1) and numbers that merely name a quantity are left out.
    """
    rows = []
    for path, number in scenario.numbers().items():
        for i, entry in enumerate(number.entries):
            if isinstance(entry.what, Quantity):
                row = _row(path if i == 0 else f"{path}@{entry.from_}", number, entry.what)
                if row is not None:
                    rows.append(row)
    order = {"assumed": 0, "unsourced": 1, "evidence": 2}
    return sorted(rows, key=lambda r: (order[r["kind"]], r["path"]))


def _row(path: str, number: Number, q: Quantity) -> dict[str, Any] | None:
    if q.assumed:
        kind = "assumed"
    elif q.evidence:
        kind = "evidence"
    elif q.value in (0.0, 1.0) and q.low is None:
        return None
    else:
        kind = "unsourced"
    scale = 86400.0 if number.role == "seconds" else 1.0
    return {
        "path": path,
        "value": q.value / scale,
        "low": None if q.low is None else q.low / scale,
        "high": None if q.high is None else q.high / scale,
        "unit": "days" if scale != 1.0 else "",
        "assumed": q.assumed,
        "evidence": list(q.evidence),
        "note": q.note,
        "kind": kind,
    }
