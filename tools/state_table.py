"""Print docs/engine-state.md: every record of the engine with the meaning of its fields."""

from __future__ import annotations

import numpy as np

from posada.engine import layout

PROGRAM = (
    "STEP", "OPTION", "DIST", "FACILITY", "LINK", "PLACE", "GROUP", "KIND", "LEVEL", "CALENDAR", "CHANGE", "SLOT",
    "EXPR", "WINDOW", "OFFSET", "INITIAL", "BY", "PROGRAM_HEAD",
)  # fmt: skip


def table(name: str, dtype: np.dtype) -> str:
    """One record as a table."""
    rows = [f"### `{name}`", "", f"{dtype.itemsize} bytes.", "", "| field | type | means |", "|---|---|---|"]
    for field, meaning in layout.meanings(dtype).items():
        kind = dtype[field]
        text = kind.str.lstrip("<|=") if kind.subdtype is None else f"{kind.base.str.lstrip('<|=')} x {kind.shape[0]}"
        rows.append(f"| `{field}` | {text} | {meaning.replace('|', chr(92) + '|')} |")
    return "\n".join([*rows, ""])


def records() -> dict[str, np.dtype]:
    """Every record type of the layout, in the order in which it is declared."""
    known = {id(dtype) for dtype in layout._KEEP}
    return {name: value for name, value in vars(layout).items() if isinstance(value, np.dtype) and id(value) in known}


def main() -> None:
    """Print the page."""
    found = records()
    print("# The tables of the engine\n")
    print("Made by `python tools/state_table.py > docs/engine-state.md`; do not edit. Types are those of NumPy.")
    print("A *slot* is a number of the scenario in force now; a *cell* is a stock that is counted; `-1` is none.\n")
    print("## The program: what can happen, fixed during a run\n")
    for name, dtype in found.items():
        if name in PROGRAM:
            print(table(name, dtype))
    print("## The state: everything that changes during a run\n")
    print("\n".join(table(name, dtype) for name, dtype in found.items() if name not in PROGRAM), end="")


if __name__ == "__main__":
    main()
