"""Phrases for numbers: rounded as far as they are known, with their interval in words, in the language spoken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from posada.words import listed, number, say, sentence, some, spelled

__all__ = [
    "as_date", "as_number", "between", "chance", "claimed", "count", "day", "days", "known", "listed", "months",
    "number", "people", "percent", "period", "phrase", "rounded", "scale", "sentence", "some", "span", "span_of",
    "spelled", "spread", "with_ends",
]  # fmt: skip


def known(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


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
    return say("number.not-known") if value is None else number(rounded(value), 0)


def days(value: float | None, like: float | None = None, unit: bool = True, whole: bool = False) -> str:
    """A length of time given in days, in the unit that reads best for it (or for `like`); `whole`: no decimals."""
    if value is None or not math.isfinite(value):
        return say("number.not-known")
    if value < 0:
        return f"−{days(-value, like, unit, whole)}"
    reference = value if like is None or not math.isfinite(like) or like <= 0 else like
    if value == 0 and like is None:
        return say("number.no-time")
    per_day, name = next((size, word) for limit, size, word in _UNITS if reference < limit)
    length = value / per_day
    text = f"{length:,.1f}" if length < 10 and name in ("day", "year") and not whole else f"{length:,.0f}"
    text = text.removesuffix(".0")
    return f"{text} {say(f'unit.{name}', n=1 if text == '1' else 2)}" if unit else text


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


def percent(value: float | None, whole: bool = False) -> str:
    """A share in per cent: `21 %`; from 10 % down as far as it is known: `2.8 %`, `0.02 %`, unless `whole`."""
    if value is None or not math.isfinite(value):
        return say("number.not-known")
    if 0.995 <= value < 1:
        return say("number.over", what="99 %")
    size = abs(value * 100)
    if whole and 0 < size < 0.5:
        return say("number.under", what="1 %")
    decimals = 0 if whole or size >= 9.95 or size == 0 else 1 if size >= 0.095 else 2
    if 0 < size < 0.005:
        return say("number.under", what="0.01 %")
    text = f"{value * 100:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def chance(value: float | None) -> str:
    """A probability as chances in a hundred."""
    if value is None or not math.isfinite(value):
        return say("number.not-known")
    if value <= 0.005:
        return say("number.never")
    if value >= 0.995:
        return say("number.always")
    return say("number.chance", share=f"{value * 100:.0f}")


def phrase(value: float | None, unit: str, whole: bool = False) -> str:
    """One number of a headline in its unit: people, days or share."""
    if unit == "share":
        return percent(value, whole)
    if unit == "days":
        return days(value, whole=whole)
    if unit == "number":
        return number(value)
    return count(value)


def between(
    low: float | None, middle: float | None, high: float | None, unit: str = "people", whole: bool = False
) -> str:
    """`between 140 and 310, most likely about 220`; shorter where the ends agree; without decimals if `whole`."""
    if middle is None or not known(middle):
        return say("number.not-known")
    text = phrase(middle, unit, whole)
    if low is None or high is None or not known(low) or not known(high):
        return text
    if unit == "days":
        like = scale(middle, high)
        first, second = days(low, like, False, whole), days(high, like, True, whole)
        text = days(middle, like, True, whole)
    else:
        first, second = phrase(low, unit, whole), phrase(high, unit, whole)
    if first == second or second == text == phrase(low, unit, whole):
        return text if unit != "people" or middle < 10 else say("number.about", what=text)
    return say("number.between", low=first, high=second, likely=_likely(text, unit))


def _likely(text: str, unit: str = "people") -> str:
    return say("number.none") if unit == "people" and text == "0" else say("number.about", what=text)


def people(low: float, middle: float, high: float, key: str, **values: str) -> str:
    """People within a sentence, by one of the phrases `KEY.between` (low, high, likely), `KEY.about` and `KEY.just`."""
    first, text, second = count(low), count(middle), count(high)
    if first == second:
        return say(f"{key}.{'just' if middle < 10 else 'about'}", people=text, **values)
    return say(f"{key}.between", low=first, high=second, likely=_likely(text), **values)


def span(
    low: float | None, high: float | None, unit: str = "people", like: float | None = None, whole: bool = False
) -> str:
    """`140 to 310`, or one number where the ends agree; lengths of time in the unit that fits `like`."""
    return _span(low, high, unit, like, "number.to", whole)


def with_ends(middle: str, low: float | None, high: float | None, unit: str = "people") -> str:
    """`220 (140–310)`; the number alone where all three agree."""
    ends = _span(low, high, unit, None, "number.dash")
    return middle if middle == ends else f"{middle} ({ends})"


def _span(low: float | None, high: float | None, unit: str, like: float | None, key: str, whole: bool = False) -> str:
    if unit == "days" and low is not None and high is not None:
        reference = scale(like, high)
        first, second = days(low, reference, False, whole), days(high, reference, True, whole)
        return second if second.startswith(f"{first} ") else say(key, low=first, high=second)
    first, second = phrase(low, unit, whole), phrase(high, unit, whole)
    if unit == "share" and first.endswith(" %") and first[0].isdigit() and second[0].isdigit():
        first = first if first == second else first.removesuffix(" %")
    return first if first == second else say(key, low=first, high=second)


def span_of(low: float | None, high: float | None) -> str:
    """Both ends as they are, not rounded; nothing where one is not known."""
    return "" if low is None or high is None else say("number.to", low=number(low), high=number(high))


def claimed(low: object, value: object, high: object, qualifier: object = None) -> str:
    """A claimed number as it was claimed: `about 1,500 (1,200 to 1,700)`, `at least 8`."""
    low_n, value_n, high_n = (as_number(item) for item in (low, value, high))
    if value_n is None:
        if low_n is not None and high_n is not None:
            return say("number.to", low=number(low_n), high=number(high_n))
        if low_n is not None:
            return say("number.more" if qualifier == "more" else "number.at_least", what=number(low_n))
        return say("number.at_most", what=number(high_n)) if high_n is not None else say("number.no-number")
    how = str(qualifier or "")
    text = number(value_n)
    if how in ("about", "at_least", "at_most", "more"):
        text = say(f"number.{how}", what=text)
    if low_n is not None and high_n is not None and low_n != high_n:
        return f"{text} ({say('number.to', low=number(low_n), high=number(high_n))})"
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
    words = {"day": moment.day, "month": months()[moment.month - 1], "year": moment.year}
    return say("date.full" if year else "date.short", **words)


def months() -> list[str]:
    """The names of the months."""
    return say("date.months").split()


def period(start: object, end: object) -> str:
    """`25 March 2018`, `25 March 2018 to 4 April 2018`."""
    first, last = day(start), day(end)
    if not first or not last or first == last:
        return first or last
    return say("date.period", start=first, end=last)


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


def spread(values: Sequence[float | None]) -> float | None:
    """Mean of the numbers that are known."""
    numbers = [value for value in values if value is not None and math.isfinite(value)]
    return sum(numbers) / len(numbers) if numbers else None
