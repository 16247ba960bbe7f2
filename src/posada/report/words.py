"""Phrases for numbers: rounded as far as they are known, with their interval in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def known(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with thousands separators; one decimal below 10 unless it is whole."""
    if value is None or not math.isfinite(value):
        return "not known"
    if decimals is None:
        decimals = 0 if abs(value) >= 10 or float(value).is_integer() else 1
    text = f"{value:,.{decimals}f}"
    return "0" if text in ("-0", "-0.0") else text.replace("-", "−")


def rounded(value: float) -> float:
    """Two significant figures from 100 on, steps of five from 50, whole numbers below."""
    if not math.isfinite(value):
        return value
    size = abs(value)
    if size < 50:
        return float(round(value))
    if size < 100:
        return float(round(value / 5) * 5)
    step = 10 ** (math.floor(math.log10(size)) - 1)
    return float(round(value / step) * step)


def count(value: float | None) -> str:
    """A number of people, rounded as far as a simulation knows it."""
    return "not known" if value is None else number(rounded(value), 0)


def days(value: float | None, like: float | None = None, unit: bool = True) -> str:
    """A length of time given in days, in the unit that reads best for it (or for `like`)."""
    if value is None or not math.isfinite(value):
        return "not known"
    if value < 0:
        return f"−{days(-value, like, unit)}"
    reference = value if like is None or not math.isfinite(like) or like <= 0 else like
    if value == 0 and like is None:
        return "no time"
    per_day, name = next((size, word) for limit, size, word in _UNITS if reference < limit)
    length = value / per_day
    text = f"{length:,.1f}" if length < 10 and name in ("day", "year") else f"{length:,.0f}"
    text = text.removesuffix(".0")
    return f"{text} {name}{'' if text == '1' else 's'}" if unit else text


_UNITS = (
    (1 / 24, 1 / 1440, "minute"),
    (1.0, 1 / 24, "hour"),
    (60.0, 1.0, "day"),
    (730.5, 30.4375, "month"),
    (math.inf, 365.25, "year"),
)


def scale(middle: float | None, high: float | None) -> float | None:
    """The length whose unit suits both a median and the upper end of its interval."""
    return high if middle is None else middle if high is None else max(middle, high / 4)


def percent(value: float | None) -> str:
    """A share in per cent: `21 %`; from 10 % down as far as it is known: `2.8 %`, `0.02 %`."""
    if value is None or not math.isfinite(value):
        return "not known"
    if 0.995 <= value < 1:
        return "over 99 %"
    size = abs(value * 100)
    decimals = 0 if size >= 9.95 or size == 0 else 1 if size >= 0.095 else 2
    if 0 < size < 0.005:
        return "under 0.01 %"
    text = f"{value * 100:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def chance(value: float | None) -> str:
    """A probability as chances in a hundred."""
    if value is None or not math.isfinite(value):
        return "not known"
    if value <= 0.005:
        return "almost certainly not (in none, or almost none, of the runs)"
    if value >= 0.995:
        return "almost certainly (in all, or almost all, of the runs)"
    return f"about {value * 100:.0f} chances in 100"


def phrase(value: float | None, unit: str, statistic: str = "") -> str:
    """One number of a headline in its unit: people, days or share."""
    if unit == "share":
        return percent(value)
    if unit == "days":
        return days(value)
    if unit == "number":
        return number(value)
    return count(value)


def between(low: float | None, middle: float | None, high: float | None, unit: str = "people") -> str:
    """`between 140 and 310, most likely about 220`; shorter where the ends agree."""
    if middle is None or not known(middle):
        return "not known"
    text = phrase(middle, unit)
    if low is None or high is None or not known(low) or not known(high):
        return text
    if unit == "days":
        reference = scale(middle, high)
        first, second, text = days(low, reference, unit=False), days(high, reference), days(middle, reference)
    else:
        first, second = phrase(low, unit), phrase(high, unit)
    if first == second or second == text == phrase(low, unit):
        return text if unit != "people" or middle < 10 else f"about {text}"
    likely = "none" if unit == "people" and text == "0" else f"about {text}"
    return f"between {first} and {second}, most likely {likely}"


def span(low: float | None, high: float | None, unit: str = "people", like: float | None = None) -> str:
    """`140 to 310`, or one number where the ends agree; lengths of time in the unit that fits `like`."""
    if unit == "days" and low is not None and high is not None:
        reference = scale(like, high)
        first, second = days(low, reference, unit=False), days(high, reference)
        return second if second.startswith(f"{first} ") else f"{first} to {second}"
    first, second = phrase(low, unit), phrase(high, unit)
    if unit == "share" and first.endswith(" %") and first[0].isdigit() and second[0].isdigit():
        first = first if first == second else first.removesuffix(" %")
    return first if first == second else f"{first} to {second}"


def claimed(low: object, value: object, high: object, qualifier: object = None) -> str:
    """A claimed number as it was claimed: `about 1,500 (1,200 to 1,700)`, `at least 8`."""
    numbers = [as_number(item) for item in (low, value, high)]
    low_n, value_n, high_n = numbers
    word = {"about": "about ", "at_least": "at least ", "at_most": "at most ", "more": "more than "}.get(
        str(qualifier or ""), ""
    )
    if value_n is None:
        if low_n is not None and high_n is not None:
            return f"{number(low_n)} to {number(high_n)}"
        if low_n is not None:
            return f"at least {number(low_n)}"
        return f"at most {number(high_n)}" if high_n is not None else "no number"
    text = f"{word}{number(value_n)}"
    if low_n is not None and high_n is not None and low_n != high_n:
        return f"{text} ({number(low_n)} to {number(high_n)})"
    return text


def as_number(value: object) -> float | None:
    """A finite float, or None."""
    if value is None or isinstance(value, bool):
        return None
    try:
        result = float(str(value).replace(",", ""))
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def day(value: object, year: bool = True) -> str:
    """`29 April 2018`; text that is no date is given back."""
    moment = as_date(value)
    if moment is None:
        return "" if value is None else str(value)
    return f"{moment.day} {moment:%B}" + (f" {moment.year}" if year else "")


def period(start: object, end: object) -> str:
    """`25 March 2018`, `25 March 2018 to 4 April 2018`."""
    first, last = day(start), day(end)
    if not first or not last or first == last:
        return first or last
    return f"{first} to {last}"


def as_date(value: object) -> date | None:
    """A date from a date, an instant or ISO text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def listed(items: Iterable[str]) -> str:
    """`a, b and c`."""
    words = [item for item in items if item]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def spelled(value: int) -> str:
    """Small whole numbers as words."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else f"{value:,}"


def some(value: int, singular: str, plural: str | None = None) -> str:
    """`one run`, `12 runs`."""
    return f"{spelled(value)} {singular if value == 1 else plural or singular + 's'}"


def sentence(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]


def spread(values: Sequence[float | None]) -> float | None:
    """Mean of the numbers that are known."""
    numbers = [value for value in values if value is not None and math.isfinite(value)]
    return sum(numbers) / len(numbers) if numbers else None
