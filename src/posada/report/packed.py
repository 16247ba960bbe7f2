"""Lines on a grid as short text: whole steps from point to point, each a number of base 32."""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}


def pack(points: Iterable[tuple[float, float]]) -> str:
    """A line as text; points that fall together on the grid are left out.

    The last digit of a number is below 32, those before it have 32 added, the least comes first. Signs fold into even
    and odd: 0, −1, 1, −2 ... are 0, 1, 2, 3 ...
    """
    digits: list[str] = []
    x = y = 0
    for across, down in points:
        new_x, new_y = round(across), round(down)
        if digits and (new_x, new_y) == (x, y):
            continue
        for step in (new_x - x, new_y - y):
            folded = 2 * step if step >= 0 else -2 * step - 1
            while folded >= 32:
                digits.append(DIGITS[folded % 32 + 32])
                folded //= 32
            digits.append(DIGITS[folded])
        x, y = new_x, new_y
    return "".join(digits)


def unpack(text: str) -> list[tuple[int, int]]:
    """The points of a line that was packed."""
    points: list[tuple[int, int]] = []
    at = [0, 0]
    axis = value = 0
    weight = 1
    for letter in text:
        digit = _VALUES[letter]
        value += digit % 32 * weight
        weight *= 32
        if digit >= 32:
            continue
        at[axis] += -(value + 1) // 2 if value % 2 else value // 2
        if axis:
            points.append((at[0], at[1]))
        axis, value, weight = 1 - axis, 0, 1
    return points
