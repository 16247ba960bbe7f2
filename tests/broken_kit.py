"""Text files after a careless editor."""

from __future__ import annotations

import random
from collections.abc import Sequence

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16")


def spoilt(lines: list[str], luck: random.Random, junk: Sequence[str], times: int, cells_in: int = 1) -> bytes:
    """Cells changed or moved, rows doubled, lost or spoilt, another encoding; cells `cells_in` times as often."""
    for _ in range(luck.randint(1, times)):
        at = luck.randrange(len(lines))
        cells = lines[at].split(",")
        what = luck.choice(["cell"] * cells_in + ["order", "twice", "junk", "mark", "gone"])
        if what == "cell":
            cells[luck.randrange(len(cells))] = luck.choice(junk)
        elif what == "order":
            luck.shuffle(cells)
        lines[at] = ",".join(cells)
        if what == "twice":
            lines.insert(at, luck.choice(lines))
        elif what == "junk":
            lines[at] = luck.choice(junk)
        elif what == "mark":
            lines[at] = lines[at].replace(",", luck.choice(";\t"))
        elif what == "gone" and len(lines) > 1:
            del lines[at]
    return "\n".join(lines).encode(luck.choice(ENCODINGS), "replace")
