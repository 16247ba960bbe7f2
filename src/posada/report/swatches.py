"""The small drawings of a key, as SVG, for pages and paper alike."""

from __future__ import annotations

SHAPES = {
    "line": '<path d="M0 6h24" stroke="#14304a" stroke-width="2.5"/>',
    "dark": '<rect width="24" height="12" fill="#8fa6ba"/>',
    "light": '<rect x=".5" y=".5" width="23" height="11" fill="#d5dee6" stroke="#999" stroke-width=".5"/>',
    "filled": '<circle cx="12" cy="6" r="4" fill="#000"/>',
    "hollow": '<path d="M12 0v12" stroke="#000"/>'
    '<circle cx="12" cy="6" r="3.6" fill="#fff" stroke="#000" stroke-width="1.6"/>',
    "triangle": '<path d="M7 10h9L11.5 2z" fill="#fff" stroke="#000" stroke-width="1.6"/>',
    "broken": '<path d="M0 6h24" stroke="#8fa6ba" stroke-width="4" stroke-dasharray="6 3"/>',
    "width": '<path d="M0 9L24 2v8z" fill="#8fa6ba"/>',
    "circle": '<circle cx="12" cy="6" r="5" fill="#fff" stroke="#14304a" stroke-width="1.4"/>'
    '<circle cx="12" cy="6" r="1.6" fill="#14304a"/>',
    "square": '<rect x="7" y="1" width="10" height="10" fill="#fff" stroke="#14304a" stroke-width="1.2"/>'
    '<path d="M7 6l5-5M7 11L17 1M12 11l5-5" stroke="#14304a" stroke-width="1.4"/>',
}
"""What each is drawn of, in a box of 24 by 12."""


def swatch(shape: str) -> str:
    """One drawing; what it stands for is said beside it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="swatch" aria-hidden="true" viewBox="0 0 24 12" width="24" '
        f'height="12">{SHAPES.get(shape, "")}</svg>'
    )
