"""What shows itself in a notebook: a table and a picture of it, made by the room that draws when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Pictured:
    """Something with pictures: `.plot` has them, and a notebook shows it by its most telling ones.

    The room that draws is imported when a picture is first asked for; what is pictured knows nothing of it.
    """

    __slots__ = ()

    @property
    def plot(self) -> Any:
        """Its pictures, each by a method: see `docs/how-to/notebook.md`."""
        return import_module("posada.report.plots").plots(self)

    def _repr_html_(self) -> str:
        return str(import_module("posada.report.cards").card(self))
