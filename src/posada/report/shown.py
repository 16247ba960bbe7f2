"""A picture that shows itself in a notebook, and goes into a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from html import escape
from pathlib import Path

import vl_convert

from posada.report.blocks import Figure
from posada.words import language

KINDS = (".svg", ".png", ".html")
SHARPER = 2.0
"""Pixels of a PNG for each of the drawing."""


class Shown:
    """A drawing with its title and what it shows in words; `page` makes a page of it, `inline` HTML for a cell."""

    def __init__(
        self,
        title: str,
        drawing: object,
        text: str = "",
        page: Callable[[], str] | None = None,
        inline: Callable[[], str] | None = None,
    ) -> None:
        self.title = title
        self.text = text
        self._drawing = drawing
        self._page = page
        self._inline = inline
        self._language = language()

    def __repr__(self) -> str:
        return f"<{self.title}: {self.text}>" if self.text else f"<{self.title}>"

    @property
    def svg(self) -> str:
        """The drawing as SVG text."""
        return str(self._drawing)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self), "image/svg+xml": self.svg}
        return bundle if self._inline is None else {**bundle, "text/html": self._inline()}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as .svg, .png or a page of its own (.html); the file appears whole or not at all.

        ValueError for another kind of file; OSError if it cannot be written.
        """
        target = Path(path)
        kind = target.suffix.lower()
        if kind not in KINDS:
            raise ValueError(f"{target.name}: a picture is saved as {', '.join(KINDS[:-1])} or {KINDS[-1]}")
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.part")
        if kind == ".png":
            unfinished.write_bytes(vl_convert.svg_to_png(self.svg, scale=SHARPER))
        else:
            text = self.svg if kind == ".svg" else self._page() if self._page else self._alone()
            unfinished.write_text(text, encoding="utf-8", newline="\n")
        os.replace(unfinished, target)
        return target

    def _alone(self) -> str:
        return (
            f'<!DOCTYPE html>\n<html lang="{self._language}"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>{escape(self.title)}</title><style>'
            "body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; } "
            "svg { max-width: 100%; height: auto; background: #fff; }</style></head>"
            f"<body><figure><h1>{escape(self.title)}</h1>{self.svg}<figcaption>{escape(self.text)}</figcaption></figure>"
            "</body></html>\n"
        )


def of_figure(figure: Figure) -> Shown:
    """A figure of the report."""
    return Shown(figure.title, figure.wide, figure.text)
