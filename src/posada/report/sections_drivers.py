"""What drives the answers, as sections: what to learn first, on what each answer rests, and each answer by itself."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from posada.report import charts
from posada.report.blocks import Figure, Fold, Section, Table, data_table
from posada.report.figures import drawn
from posada.report.inputs import Names, level
from posada.report.sections_evidence import amount_of, who_of
from posada.results import SIGNS, Coverage, Driven, Sensitivity, Support, coverage
from posada.results.supports import MOST_CLAIMS
from posada.scenario import Scenario
from posada.words import say, told

MOST_FIRST, MOST_EACH = 10, 6
PARTS = ("evidence", "assumed", "luck", "together")


def percent(share: float) -> str:
    """Whole per cent: shares are hardly known better."""
    return say("drivers.under", share="1 %") if 0 < share < 0.005 else f"{100 * max(share, 0.0):.0f} %"


def key() -> list[tuple[str, str]]:
    """What bars and lines mean."""
    return [(shape, say(f"drivers.key-{shape}")) for shape in ("light", "broken", "line")]


def drivers(found: Sensitivity, names: Names) -> Section:
    """For the report of a result: what to learn first, and on what each answer rests."""
    section = Section("drivers", say("drivers.section"), short=say("short.drivers"))
    section.blocks += [*first_blocks(found, names), coverage_table(found)]
    return section


def pages(found: Sensitivity) -> list[Section]:
    """The sections of a page of its own."""
    names = Names(found.scenario)
    first = Section("first", say("drivers.first-section"), short=say("drivers.first-short"))
    first.blocks += first_blocks(found, names)
    rests = Section("rests", say("drivers.rests"), short=say("drivers.rests-short"))
    rests.blocks += [coverage_figure(found), coverage_table(found)]
    return [first, rests, each(found, names), limits(found, names)]


def title_of(found: Sensitivity, answer: Driven) -> str:
    """The label of an answer, in the language spoken if the scenario gives it."""
    headline = found.scenario.headlines.get(answer.id)
    return answer.title if headline is None or told(headline.label) == headline.label else told(headline.label)


def stated(support: Support) -> str:
    """The three points of a number as stated: `1.9 (1.3 to 2.5) days`."""
    value, low, high = (f"{x:.4g}" for x in (support.value, support.low, support.high))
    return f"{value} ({say('number.to', low=low, high=high)}) {level(support.unit) if support.unit else ''}".rstrip()


def rests_on(support: Support | None, scenario: Scenario) -> str:
    """What a number rests on, in a line; sources that may not be named in public stay unnamed."""
    if support is None:
        return ""
    if support.kind == "assumed":
        return say("drivers.assumed", why=told(support.assumed))
    if support.kind == "unsourced":
        return say("drivers.unsourced")
    names = Names(scenario)
    claims = [scenario.evidence[e] for e in support.evidence if e in scenario.evidence]
    shown = [": ".join(filter(None, (who_of(claim, names), amount_of(claim)))) for claim in claims[:MOST_CLAIMS]]
    more = [say("load.more", count=len(claims) - MOST_CLAIMS)] if len(claims) > MOST_CLAIMS else []
    return say("drivers.claims", n=len(claims), count=len(claims), claims="; ".join([*shown, *more]))


def first_blocks(found: Sensitivity, names: Names) -> list[object]:
    """The numbers that it pays most to learn, as a picture and a table."""
    ranking, resting = found.ranking(), found.supports
    labels = {d.id: title_of(found, d) for d in found.headlines}
    rows = [
        (
            names.number(r.path),
            stated(resting[r.path]) if r.path in resting else "",
            percent(r.share),
            f"{labels[r.drives]}: {percent(r.most)}",
            rests_on(resting.get(r.path), found.scenario),
        )
        for r in ranking
    ]
    heads = tuple(say(f"drivers.head-{name}") for name in ("number", "value", "share", "most", "rests"))
    if not rows:
        return [Table(say("drivers.nothing"), heads, [])]
    table = Table(say("drivers.first-table"), heads, rows[:MOST_FIRST], frozenset({1, 2}))
    full = Table(say("drivers.all"), heads, rows, frozenset({1, 2}), file="learn-first.csv")
    soft = [r.path not in resting or resting[r.path].kind != "evidence" for r in ranking]
    bars = pl.DataFrame(
        [
            bar(f"{i}. {row[0]}", r.share, r.share, r.share, assumed, row[2])
            for i, (r, row, assumed) in enumerate(zip(ranking, rows, soft, strict=True), 1)
        ][:MOST_FIRST]
    )
    return [figure("first", say("drivers.first-title"), bars, say("drivers.first-text"), full, key()[:2]), table]


def bar(label: str, share: float, low: float, high: float, soft: bool, text: str, panel: str = "") -> dict[str, object]:
    """One bar of a picture."""
    middle = {"median": share, "low50": share, "high50": share, "low90": low, "high90": high}
    return {"panel": panel, "label": label, **middle, "text": text, "soft": soft}


def figure(
    name: str, title: str, bars: pl.DataFrame, text: str, table: Table, legend: Sequence[tuple[str, str]]
) -> Figure:
    """Bars with their intervals."""
    return drawn(name, title, text, lambda width: charts.intervals(bars, width, "%"), table, legend)


def shares_of(rests: Coverage) -> dict[str, float]:
    """The four parts of an answer's variance; what is stated without a source is as good as assumed."""
    return {
        "evidence": rests.evidence,
        "assumed": rests.assumed + rests.unsourced,
        "luck": rests.luck or 0.0,
        "together": rests.together,
    }


def coverage_figure(found: Sensitivity) -> Figure:
    """A bar for each answer, from what rests on evidence to what is luck."""
    parts = {part: say(f"drivers.{part}-part") for part in PARTS}
    rows = [
        {"label": title_of(found, d), "part": parts[part], "share": share, "order": k}
        for d in found.headlines
        if d.varies
        for k, (part, share) in enumerate(shares_of(coverage(d, found.supports)).items())
    ]
    return drawn(
        "rests",
        say("drivers.rests-title"),
        say("drivers.rests-text"),
        lambda width: charts.parts(rows, tuple(parts.values()), width),
        coverage_table(found),
    )


def coverage_table(found: Sensitivity) -> Table:
    """On what each answer rests."""
    rows = []
    for d in found.headlines:
        if d.varies:
            rests = coverage(d, found.supports)
            cells = [percent(share) for share in shares_of(rests).values()]
            rows.append([title_of(found, d), *cells[:2], "–" if rests.luck is None else cells[2], cells[3]])
    heads = (say("drivers.head-of"), *(say(f"drivers.{part}-part") for part in PARTS))
    note = "" if found.pairs else say("drivers.no-luck")
    return Table(say("drivers.rests"), heads, rows, frozenset(range(1, 5)), file="what-answers-rest-on.csv", note=note)


def each(found: Sensitivity, names: Names) -> Section:
    """What drives each answer, by question."""
    section = Section("each", say("drivers.each"), short=say("drivers.each-short"))
    questions: dict[str, list[Driven]] = {}
    for d in found.headlines:
        if d.varies:
            headline = found.scenario.headlines.get(d.id)
            question = told((headline.question if headline else None) or d.question or "")
            questions.setdefault(question or say("answers.in-numbers"), []).append(d)
    for i, (question, shown) in enumerate(questions.items()):
        bars = [row for d in shown for row in bars_of(found, d, names)]
        if not bars:
            continue
        table = drivers_table(found, shown, names, f"drivers-{i + 1}")
        section.blocks.append(
            figure(f"each-{i + 1}", question, pl.DataFrame(bars), say("drivers.each-text"), table, key())
        )
    return section


def bars_of(found: Sensitivity, d: Driven, names: Names) -> list[dict[str, object]]:
    """The largest shares of one answer."""
    out = [driver for driver in d.drivers if driver.stands_out][:MOST_EACH]
    return [
        bar(
            f"{SIGNS[x.direction]} {names.number(x.path)}",
            x.share,
            x.share if x.low is None else x.low,
            x.share if x.high is None else x.high,
            x.path not in found.supports or found.supports[x.path].kind != "evidence",
            percent(x.share),
            title_of(found, d),
        )
        for x in out
    ]


def drivers_table(found: Sensitivity, shown: Sequence[Driven], names: Names, file: str) -> Table:
    """The numbers of some answers, with all that is known of each."""
    rows = [
        {
            "answer": title_of(found, d),
            "number": names.number(x.path, whole=True),
            "direction": SIGNS[x.direction],
            "share": x.share,
            "low": x.low,
            "high": x.high,
            "first": x.first.value if x.first else None,
            "total": x.total.value if x.total else None,
            "rests": rests_on(found.supports.get(x.path), found.scenario),
        }
        for d in shown
        for x in d.drivers
        if x.stands_out
    ]
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(("answer", "number", "direction", "rests"), pl.String)
    order = ("answer", "number", "direction", "share", "low", "high", "first", "total", "rests")
    frame = pl.DataFrame(rows, schema={key: kinds.get(key, pl.Float64) for key in order})
    some = frame["total"].is_not_null().any()
    frame = frame if some else frame.drop("first", "total")
    heads = [say(f"drivers.column-{name}") for name in frame.columns]
    shares = pl.selectors.float().round(3)
    return data_table(say("drivers.shares"), frame.with_columns(shares), heads, file)


def limits(found: Sensitivity, names: Names) -> Section:
    """What the shares cannot tell, and how they were made."""
    section = Section("made", say("drivers.limits"), short=say("short.limits"))
    section.say(say("drivers.limits-text"))
    if found.fixed:
        section.say(say("drivers.fixed", n=found.fixed, count=found.fixed))
    silent = found.silent()
    if silent:
        section.say(say("drivers.silent", n=len(silent), count=len(silent)))
        rows = [[names.number(path, whole=True)] for path in silent]
        section.blocks.append(
            Fold(say("drivers.which"), [Table(say("drivers.silent-table"), (say("drivers.head-number"),), rows)])
        )
    made = [say("drivers.drawn", runs=f"{found.replicates:,}")]
    made += [say("drivers.pairs", pairs=f"{found.pairs:,}")] if found.pairs else []
    made += [say("drivers.saltelli", rows=f"{found.rows:,}")] if found.rows else []
    section.say(" ".join(made))
    section.say(say("drivers.made", command=found.command, version=found.version, hash=found.hash[:12]))
    return section
