"""What drives the answers, as sections: what to learn first, on what each answer rests, and each answer by itself."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from posada.report import charts, drawing
from posada.report.blocks import Figure, Fold, Section, Table, data_table
from posada.report.inputs import Names
from posada.results import LEGEND, SIGNS, Coverage, Driven, Sensitivity, coverage, percent, supported

MOST_FIRST, MOST_EACH = 10, 6
KEY = (
    ("light", "the share of a number that rests on claims"),
    ("broken", "dashed outline: of a number that is assumed, or stated without a source"),
    ("line", "90 % interval"),
)
PARTS = ("evidence", "assumed", "luck", "together")


def drivers(found: Sensitivity, names: Names) -> Section:
    """For the report of a result: what to learn first, and on what each answer rests."""
    section = Section("drivers", "What drives the answers", short="What drives them")
    section.blocks += [*first_blocks(found, names), coverage_table(found)]
    return section


def pages(found: Sensitivity) -> list[Section]:
    """The sections of a page of its own."""
    names = Names(found.scenario)
    first = Section("first", "Learn these numbers first", short="Learn first")
    first.blocks += first_blocks(found, names)
    rests = Section("rests", "On what each answer rests", short="What it rests on")
    rests.blocks += [coverage_figure(found), coverage_table(found)]
    return [first, rests, each(found, names), limits(found, names)]


def first_blocks(found: Sensitivity, names: Names) -> list[object]:
    """The numbers that it pays most to learn, as a picture and a table."""
    ranking, resting = found.ranking(), found.supports
    labels = {d.id: d.title for d in found.headlines}
    rows = [
        (
            names.path(r.path).removeprefix("quantities."),
            resting[r.path].stated if r.path in resting else "",
            percent(r.share),
            f"{labels[r.drives]}: {percent(r.most)}",
            supported(resting[r.path], found.scenario) if r.path in resting else "",
        )
        for r in ranking
    ]
    heads = ("number", "value (range)", "mean share", "drives most", "rests on")
    table = Table("Numbers by what their ignorance costs", heads, rows[:MOST_FIRST], frozenset({1, 2}))
    full = Table("All numbers that move an answer", heads, rows, frozenset({1, 2}), file="learn-first.csv")
    if not rows:
        return [Table("No number moves an answer as far as can be told", heads, [])]
    soft = [r.path not in resting or resting[r.path].kind != "evidence" for r in ranking]
    bars = pl.DataFrame(
        [
            bar(f"{i}. {row[0]}", r.share, r.share, r.share, assumed, row[2])
            for i, (r, row, assumed) in enumerate(zip(ranking, rows, soft, strict=True), 1)
        ][:MOST_FIRST]
    )
    text = (
        "Share of the variance of an answer, in the mean of all answers. A number that rests on claims counts half in "
        "the order: an assumption that drives much comes before a number that is well known."
    )
    return [figure("first", "What it pays most to learn", bars, text, full, KEY[:2]), table]


def bar(label: str, share: float, low: float, high: float, soft: bool, text: str, panel: str = "") -> dict[str, object]:
    """One bar of a picture."""
    middle = {"median": share, "low50": share, "high50": share, "low90": low, "high90": high}
    return {"panel": panel, "label": label, **middle, "text": text, "soft": soft}


def figure(
    key: str, title: str, bars: pl.DataFrame, text: str, table: Table, legend: Sequence[tuple[str, str]]
) -> Figure:
    """Bars with their intervals."""
    label = f"{title}. {text} The numbers are in the table."
    wide = drawing.svg(charts.intervals(bars, drawing.WIDE, "%"), label, f"{key}-w")
    narrow = drawing.svg(charts.intervals(bars, drawing.NARROW, "%"), label, f"{key}-n")
    return Figure(key, title, wide, narrow, text, table, key=legend)


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
    rows = [
        {"label": d.title, "part": part, "share": share, "order": k}
        for d in found.headlines
        if d.varies
        for k, (part, share) in enumerate(shares_of(coverage(d, found.supports)).items())
    ]
    text = (
        "Each bar is the variance of one answer: dark, what rests on evidence; white in a dashed outline, what rests "
        "on assumptions; light, luck; grey, what numbers do only together."
    )
    wide = drawing.svg(charts.parts(rows, PARTS, drawing.WIDE), text, "rests-w")
    narrow = drawing.svg(charts.parts(rows, PARTS, drawing.NARROW), text, "rests-n")
    return Figure("rests", "Evidence, assumptions and luck", wide, narrow, text, None)


def coverage_table(found: Sensitivity) -> Table:
    """On what each answer rests."""
    rows = []
    for d in found.headlines:
        if d.varies:
            rests = coverage(d, found.supports)
            cells = [percent(share) for share in shares_of(rests).values()]
            rows.append([d.title, *cells[:2], "–" if rests.luck is None else cells[2], cells[3]])
    heads = ("share of the variance of", "evidence", "assumptions", "luck", "together")
    note = "" if found.pairs else "Luck was not measured: it is within “together”."
    return Table(
        "On what each answer rests", heads, rows, frozenset(range(1, 5)), file="what-answers-rest-on.csv", note=note
    )


def each(found: Sensitivity, names: Names) -> Section:
    """What drives each answer, by question."""
    section = Section("each", "What drives each answer", short="Each answer")
    questions: dict[str, list[Driven]] = {}
    for d in found.headlines:
        if d.varies:
            questions.setdefault(d.question or "In numbers", []).append(d)
    for i, (question, shown) in enumerate(questions.items()):
        bars = [row for d in shown for row in bars_of(found, d, names)]
        if not bars:
            continue
        table = drivers_table(found, shown, names, f"drivers-{i + 1}")
        text = f"What a number does to an answer by itself. {LEGEND}"
        section.blocks.append(figure(f"each-{i + 1}", question, pl.DataFrame(bars), text, table, KEY))
    return section


def bars_of(found: Sensitivity, d: Driven, names: Names) -> list[dict[str, object]]:
    """The largest shares of one answer."""
    out = [driver for driver in d.drivers if driver.stands_out][:MOST_EACH]
    return [
        bar(
            f"{SIGNS[x.direction]} {names.path(x.path).removeprefix('quantities.')}",
            x.share,
            x.share if x.low is None else x.low,
            x.share if x.high is None else x.high,
            x.path not in found.supports or found.supports[x.path].kind != "evidence",
            percent(x.share),
            d.title,
        )
        for x in out
    ]


def drivers_table(found: Sensitivity, shown: Sequence[Driven], names: Names, file: str) -> Table:
    """The numbers of some answers, with all that is known of each."""
    rows = [
        {
            "answer": d.title,
            "number": names.path(x.path),
            "direction": SIGNS[x.direction],
            "share": x.share,
            "low": x.low,
            "high": x.high,
            "first": x.first.value if x.first else None,
            "total": x.total.value if x.total else None,
            "rests on": supported(found.supports[x.path], found.scenario) if x.path in found.supports else "",
        }
        for d in shown
        for x in d.drivers
        if x.stands_out
    ]
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(("answer", "number", "direction", "rests on"), pl.String)
    order = ("answer", "number", "direction", "share", "low", "high", "first", "total", "rests on")
    frame = pl.DataFrame(rows, schema={key: kinds.get(key, pl.Float64) for key in order})
    some = frame["total"].is_not_null().any()
    frame = frame if some else frame.drop("first", "total")
    heads = ["low (5 %)" if c == "low" else "high (95 %)" if c == "high" else c for c in frame.columns]
    shares = pl.selectors.float().round(3)
    return data_table("Shares of variance", frame.with_columns(shares), heads, file)


def limits(found: Sensitivity, names: Names) -> Section:
    """What the shares cannot tell, and how they were made."""
    section = Section("made", "What this cannot tell, and how it was made", short="Limits")
    section.say(
        "A share says how much of what is uncertain in an answer a number brings, within the range that the scenario "
        "states for it. A range that is too narrow makes a number look harmless."
    )
    if found.fixed:
        section.say(
            f"{found.fixed} numbers are assumed without a range. They never vary, so nothing tells what they drive."
        )
    silent = found.silent()
    if silent:
        section.say(f"{len(silent)} numbers move no answer by 1 % of its variance: of these the runs say nothing.")
        listed = Table("Numbers of which the runs say nothing", ("number",), [[names.path(path)] for path in silent])
        section.blocks.append(Fold("Which these are", [listed]))
    luck = f"; {found.pairs:,} more had the numbers of the first and other luck" if found.pairs else ""
    design = f" A Saltelli design of {found.rows:,} rows gave first and total shares." if found.rows else ""
    section.say(f"{found.replicates:,} runs in which every number was drawn anew{luck}.{design}")
    section.say(f"{found.command} (posada {found.version}, scenario {found.hash[:12]})")
    return section
