"""A sensitivity in words for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from posada.results import (
    ASSUMED,
    LEGEND,
    MORE_THAN_HALF,
    SIGNS,
    Coverage,
    Driven,
    Driver,
    Sensitivity,
    Share,
    as_data,
    coverage,
    interval,
    number,
    percent,
    supported,
    whole,
)

MOST_FIRST = 8


def render(found: Sensitivity, full: bool = False, top: int = MOST_FIRST, detail: bool = False) -> list[Any]:
    """What to learn first, then on what each answer rests; `detail` (or `full`) then tells what drives each."""
    parts: list[Any] = [
        Text(found.scenario.title, style="bold"),
        Text(f"{found.command}: which numbers that are not known drive which answer."),
        Text(made(found)),
        Text(""),
    ]
    varying = [d for d in found.headlines if d.varies]
    if not varying:
        return [*parts, Text("No answer varies, so nothing drives it.")]
    parts += first(found, None if full else top)
    parts += [*rests_on(found), Text("")]
    if detail or full:
        for d in varying:
            parts += of_headline(found, d, top)
        parts += [Text(LEGEND)]
    parts += [Text(line) for line in left_out(found, detail or full)]
    return parts


def made(found: Sensitivity) -> str:
    """How the shares were found."""
    text = f"Shares of variance from {found.replicates:,} replicates in which every number was drawn anew"
    text += f", and luck from {found.pairs:,} more that share the numbers but not the luck." if found.pairs else "."
    if found.method == "sobol":
        text += f" First and total: a Saltelli design of {found.rows:,} rows, each with luck and all else in common."
    if not found.pairs:
        text += " What luck does was not measured: it is within the rest."
    return text


def first(found: Sensitivity, top: int | None) -> list[Any]:
    """Which numbers to learn first."""
    ranking, resting = found.ranking(), found.supports
    if not ranking:
        return [Text("No number drives any answer as far as can be told: all is luck."), Text("")]
    table = blank(("", "number, and what it rests on", "share", "drives most"), (2,))
    labels = {d.id: d.label for d in found.headlines}
    for i, row in enumerate(ranking[:top], 1):
        support = resting.get(row.path)
        told = f"{support.name} = {support.stated}\n  {supported(support, found.scenario)}" if support else row.path
        table.add_row(str(i), told, percent(row.share), f"{labels[row.drives]}: {percent(row.most)}")
    more = len(ranking) - len(ranking[:top])
    return [
        Text("Learn these numbers first", style="bold"),
        Text("Share of the variance of an answer, in the mean of all; what rests on claims counts half in the order."),
        table,
        *([Text(f"and {more} more: --full shows all", style="dim")] if more else []),
        Text(""),
    ]


def rests_on(found: Sensitivity) -> list[Any]:
    """On what each answer rests: evidence, assumptions, luck."""
    table = blank(("of the variance of", "evidence", "assumed", "luck", "together", "driven most by"), (1, 2, 3, 4))
    for d in found.headlines:
        if d.varies:
            rests = coverage(d, found.supports)
            best = d.drivers[0] if d.drivers and d.drivers[0].stands_out else None
            table.add_row(d.title, *covered(rests), named(found, best) if best else "-")
    luck = "" if found.pairs else " (and luck)"
    return [
        Text("On what each answer rests", style="bold"),
        table,
        Text(f"together: what numbers do only jointly{luck}, and what could not be told apart from nothing."),
    ]


def covered(rests: Coverage) -> list[str]:
    """The four shares of a row; assumptions are shown with numbers that are stated without a source."""
    luck = "-" if rests.luck is None else percent(rests.luck)
    return [percent(rests.evidence), percent(rests.assumed + rests.unsourced), luck, percent(rests.together)]


def named(found: Sensitivity, driver: Driver) -> str:
    """`+ want_port 20 %`."""
    support = found.supports.get(driver.path)
    return f"{SIGNS[driver.direction]} {support.name if support else driver.path} {percent(driver.share)}"


def of_headline(found: Sensitivity, d: Driven, top: int) -> list[Any]:
    """What drives one answer."""
    sobol = any(driver.total for driver in d.drivers)
    heads = ("", "number, and what it rests on", "share", "90 % interval", *(("first", "total") if sobol else ()))
    table = blank(heads, range(2, len(heads)))
    out = [driver for driver in d.drivers if driver.stands_out]
    for driver in out[:top]:
        table.add_row(*driver_cells(found, driver, sobol))
    rest = sum(driver.share for driver in d.drivers) - sum(driver.share for driver in out[:top])
    others = len(d.drivers) - len(out[:top])
    if others:
        table.add_row("", f"the other {others} numbers", percent(max(rest, 0.0)), *[""] * (len(heads) - 3))
    if d.luck is not None:
        table.add_row("", "luck", percent(d.luck.value), between(d.luck), *[""] * (len(heads) - 4))
    rests = coverage(d, found.supports)
    return [Text(title(d, rests), style="bold"), Text(value(d, rests)), table, Text("")]


def driver_cells(found: Sensitivity, driver: Driver, sobol: bool) -> list[str]:
    """One number as cells of a row."""
    support = found.supports.get(driver.path)
    told = f"{support.name} = {support.stated}\n  {supported(support, found.scenario)}" if support else driver.path
    ends = "" if driver.low is None or driver.high is None else between(Share(driver.share, driver.low, driver.high))
    more = [f"{percent(s.value)} ({between(s)})" if s else "" for s in (driver.first, driver.total)] if sobol else []
    return [SIGNS[driver.direction], told, percent(driver.share), ends, *more]


def assumed(rests: Coverage) -> bool:
    """Whether more than half of the variance rests on assumptions."""
    return rests.assumed + rests.unsourced > MORE_THAN_HALF


def value(d: Driven, rests: Coverage) -> str:
    """Its median and 90 % interval; without decimals where more than half rests on assumptions."""
    told = whole if assumed(rests) else number
    text = told(d.numbers.get("median"), d.statistic)
    if d.numbers.get("low90") is None:
        return text
    return f"{text}; nine runs in ten: {interval(d.numbers, 90, d.statistic, told)}"


def title(d: Driven, rests: Coverage) -> str:
    """The label, which says so where more than half rests on assumptions."""
    return (ASSUMED if assumed(rests) else "") + d.title


def left_out(found: Sensitivity, detail: bool) -> list[str]:
    """What the runs cannot tell, in a few lines."""
    silent, fixed = len(found.silent()), found.fixed
    lines = []
    if silent:
        told = numbers(silent, "moves", "move")
        lines.append(f"{told} no answer by 1 % of its variance: of this the runs say nothing.")
    if fixed:
        lines.append(
            f"{numbers(fixed, 'is', 'are')} assumed without a range: what never varies here drives nothing that can be "
            "told. Give it low and high."
        )
    still = [d.label for d in found.headlines if not d.varies]
    if still:
        lines.append(f"The same in every run: {'; '.join(still)}.")
    if not detail:
        lines.append("--of HEADLINE tells what drives one answer; --full all of them.")
    return lines


def numbers(n: int, one: str, many: str) -> str:
    """`1 number is`, `116 numbers are`."""
    return f"{n} number {one}" if n == 1 else f"{n} numbers {many}"


def blank(heads: Sequence[str], right: Sequence[int]) -> Table:
    """An empty table; columns of numbers flush right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, heading in enumerate(heads):
        table.add_column(heading, justify="right" if i in right else "left", no_wrap=i in right, overflow="fold")
    return table


def between(share: Share) -> str:
    """`30 to 36 %`."""
    return f"{100 * share.low:.0f} to {100 * share.high:.0f} %"


def summary(found: Sensitivity) -> dict[str, Any]:
    """Everything, for `--json`: the shares, what each number rests on, what to learn first, what is silent."""
    resting = found.supports
    data = as_data(found)
    for row, d in zip(data["headlines"], found.headlines, strict=True):
        row["rests"] = rests(coverage(d, resting))
    return {
        **data,
        "learn_first": [
            {"path": r.path, "share": round(r.share, 5), "most": round(r.most, 5), "drives": r.drives}
            for r in found.ranking()
        ],
        "silent": found.silent(),
        "assumed_without_range": found.fixed,
        "numbers": {
            path: {
                "kind": s.kind,
                "value": s.value,
                "low": s.low,
                "high": s.high,
                "unit": s.unit,
                "evidence": list(s.evidence),
                "assumed": s.assumed or None,
                "note": s.note or None,
            }
            for path, s in resting.items()
        },
    }


def rests(found: Coverage) -> dict[str, float | None]:
    """A coverage as plain data."""
    names = ("evidence", "assumed", "unsourced", "luck", "together")
    shares = {name: getattr(found, name) for name in names}
    return {name: None if share is None else round(share, 5) for name, share in shares.items()}


def coverage_summary(found: Sensitivity) -> dict[str, Any]:
    """On what each answer rests, for `--json`."""
    about = {"scenario": found.name, "policy": found.policy, "replicates": found.replicates, "pairs": found.pairs}
    rows = [{"id": d.id, "label": d.title, **rests(coverage(d, found.supports))} for d in found.headlines if d.varies]
    return {**about, "headlines": rows}


def coverage_text(found: Sensitivity) -> list[Any]:
    """On what each answer rests, for a terminal."""
    return [Text(found.scenario.title, style="bold"), Text(made(found)), Text(""), *rests_on(found)]
