"""The first section (the situation and the answers) and the last two (limits; how it was made)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from posada.report.blocks import Answer, Answers, Bullets, Fold, Heading, Headlines, Section, Table
from posada.report.frames import quantiles, read, summarise
from posada.report.inputs import Names, ResultLike, field, parse_address, plain
from posada.report.reading import focus_groups
from posada.report.sections_queues import queues_of
from posada.report.words import (
    as_number,
    between,
    chance,
    count,
    day,
    known,
    listed,
    percent,
    period,
    sentence,
    some,
    span,
)

ONE_RUN = "There is one run only, so no interval can be given; one number says little."
MORE_THAN_HALF = 0.5
"""Of its variance: then an answer begins with `Assumed:` and has no decimals."""
NOBODY_SERVED = "nobody is served by the end"


def situation(result: ResultLike, names: Names) -> Section:
    """Three sentences, then the answers by question."""
    section = Section("situation", "The situation, and the answers")
    section.say(
        " ".join(filter(None, (_set_out(result, names), _longest_queue(result, names), _ended(result, names)))),
        style="lead",
    )
    section.say(
        ONE_RUN
        if result.replicates == 1
        else f"“Most likely about” is the median of {result.replicates:,} runs; “between” holds nine runs in ten. Runs "
        "differ by luck and by what is not known.",
        style="note",
    )
    rows = list(result.headlines())
    questions: dict[str, list[Answer]] = {}
    for row in rows:
        questions.setdefault(str(row.get("question") or "In numbers"), []).append(answer(row))
    if questions:
        section.blocks.append(Headlines([Answers(question, items) for question, items in questions.items()]))
        table = [[item.label, item.text, item.detail] for items in questions.values() for item in items]
        heads = ("headline", "nine runs in ten", "half of the runs")
        fold = Table("Headlines with both intervals", heads, table, frozenset({1, 2}), file="headlines.csv")
        section.blocks.append(Fold("Headlines with both intervals, as a table", [fold]))
    return section


def answer(row: Mapping[str, Any]) -> Answer:
    """A headline in words."""
    statistic = str(row.get("statistic") or "")
    assumed = float(row.get("assumed") or 0.0) > MORE_THAN_HALF
    label = ", ".join(filter(None, (str(row.get("label") or row.get("id") or ""), str(row.get("of_whom") or ""))))
    disagrees = _disagrees(len(row.get("disagrees") or ()))
    unit = _unit(statistic, str(row.get("series") or ""))
    numbers = {key: as_number(row.get(key)) for key in ("median", "low50", "high50", "low90", "high90")}
    if unit == "chance":
        values = [float(value) for value in row.get("values") or () if known(value)]
        share = sum(values) / len(values) if values else None
        return Answer(label, chance(share), assumed=assumed, disagrees=disagrees)
    if not known(numbers["median"]):
        return Answer(label, "not known: in no run did anybody come to this point", assumed=assumed)
    if assumed and unit in ("days", "share"):
        step = 0.01 if unit == "share" else 1.0
        numbers = {
            key: value if value is None or value < step else round(value / step) * step
            for key, value in numbers.items()
        }
    text = between(numbers["low90"], numbers["median"], numbers["high90"], unit)
    detail = ""
    if known(numbers["low50"]) and known(numbers["high50"]) and numbers["low90"] != numbers["high90"]:
        detail = span(numbers["low50"], numbers["high50"], unit, numbers["median"])
    return Answer(label, text, detail, assumed, disagrees)


def _disagrees(counts: int) -> str:
    """That reported counts of the same thing lie outside the model's interval."""
    if not counts:
        return ""
    return f"{sentence(some(counts, 'reported count'))} {'disagrees' if counts == 1 else 'disagree'}: see the checks"


def _unit(statistic: str, series: str) -> str:
    if statistic == "chance_over":
        return "chance"
    if statistic == "share":
        return "share"
    if statistic in ("mean_days", "p90_days", "days_over") or parse_address(series).verb == "wait":
        return "days"
    return "people"


def _set_out(result: ResultLike, names: Names) -> str:
    groups = focus_groups(result)
    if result.flows.is_empty():
        return "Nobody set out in this scenario."
    mine = result.flows.filter((pl.col("event") == "set_out") & (pl.col("attribute") == "all"))
    if groups:
        mine = mine.filter(pl.col("where").cast(pl.String).is_in(groups))
    if mine.is_empty():
        return "Nobody set out in this scenario."
    per_run = (
        mine.with_columns(pl.lit("all").alias("key"))
        .group_by(["replicate", "key"])
        .agg(pl.col("people").sum().alias("value"))
    )
    row = summarise(per_run, ["key"], result.replicates).row(0, named=True)
    first, last = mine["from"].min(), mine["from"].max()
    definitions = field(result.scenario, "groups") or {}
    homes = sorted({str(field(definitions.get(group), "place", "")) for group in groups} - {""})
    start = f" from {listed([names.place(home) for home in homes])}" if 0 < len(homes) < 4 else ""
    when = f"on {day(first)}" if first == last else f"from {day(first)} on"
    what = between(row["low90"], row["median"], row["high90"])
    if what.startswith("between"):
        what = what.replace(", most", " people, most", 1) + ","
        text = f"{what[0].upper()}{what[1:]} set out{start} {when}."
    else:
        text = f"{what[0].upper()}{what[1:]} people set out{start} {when}."
    return text.replace("Between 1 and", "Between one and")


def _longest_queue(result: ResultLike, names: Names) -> str:
    found, suffix = queues_of(result, focus_groups(result))
    if not found:
        return "In no run did anybody wait in a queue."
    frame = read(result, f"waiting:{found[0]}{suffix}")
    if frame.is_empty():
        return ""
    best = frame.sort("median", descending=True).row(0, named=True)
    size = between(best["low90"], best["median"], best["high90"])
    if size.startswith("between"):
        size = size.replace(", most", " people, most", 1) + ","
    else:
        size += " people"
    whom = f" of “{plain(focus_groups(result)[0])}”" if suffix else ""
    size = size.replace(" people", f" people{whom}", 1)
    text = f"At {names.facility(found[0])}, at the peak around {day(best['date'])}, {size} wait in line"
    mean = _mean_wait(result, found[0], suffix)
    return f"{text}; {mean}." if mean else f"{text}."


def _mean_wait(result: ResultLike, where: str, suffix: str) -> str:
    """The mean wait: the scenario's own headline of it if there is one, else that of all who were served."""
    for row in result.headlines():
        if str(row.get("series")) == f"wait:{where}{suffix}" and row.get("statistic") == "mean_days":
            low, middle, high = (as_number(row.get(key)) for key in ("low90", "median", "high90"))
            if not known(middle):
                return NOBODY_SERVED
            dates = f" from {period(row.get('from'), row.get('to'))}" if row.get("from") and row.get("to") else ""
            return f"the mean wait of those let through{dates} is {between(low, middle, high, 'days')}"
    if result.waits.is_empty():
        return ""
    attribute, level = ("group", focus_groups(result)[0]) if suffix else ("all", "all")
    served = result.waits.filter(
        (pl.col("where") == where)
        & (pl.col("ended") == "served")
        & (pl.col("attribute") == attribute)
        & (pl.col("level") == level)
    )
    means = (
        served.group_by("replicate")
        .agg(pl.col("sum_days").sum(), pl.col("people").sum())
        .filter(pl.col("people") > 0)
        .select((pl.col("sum_days") / pl.col("people")).alias("value"))
    )
    if means.is_empty():
        return NOBODY_SERVED
    row = means.select(quantiles()).row(0, named=True)
    return f"the mean wait of those served is {between(row['low90'], row['median'], row['high90'], 'days')}"


def _ended(result: ResultLike, names: Names) -> str:
    groups = focus_groups(result)
    last = day(result.scenario.end)
    if result.outcomes.is_empty():
        return f"By {last} nobody's pathway has ended."
    mine = result.outcomes.lazy().with_columns(pl.col("outcome").cast(pl.String), pl.col("level").cast(pl.String))
    if groups:
        mine = mine.filter((pl.col("attribute") == "group") & pl.col("level").is_in(groups))
    else:
        mine = mine.filter(pl.col("attribute") == "all")
    totals = mine.group_by(["replicate", "outcome"]).agg(pl.col("people").sum().alias("value")).collect()
    if totals.is_empty():
        return f"By {last} nobody's pathway has ended."
    table = summarise(totals, ["outcome"], result.replicates).sort(["median", "outcome"], descending=[True, False])
    top = [row for row in table.head(2).iter_rows(named=True) if row["median"] > 0]
    ended = totals.group_by("replicate").agg(pl.col("value").sum().alias("ended"))
    went = result.flows.filter((pl.col("event") == "set_out") & (pl.col("attribute") == "all"))
    if groups:
        went = went.filter(pl.col("where").cast(pl.String).is_in(groups))
    both = went.group_by("replicate").agg(pl.col("people").sum().alias("went")).join(ended, on="replicate", how="left")
    share = (
        both.select((pl.col("ended").fill_null(0) / pl.col("went")).median()).item() if not both.is_empty() else None
    )
    start = f"By {last} the pathway of {percent(share)} of them has ended" if share is not None else f"By {last}"
    ways = [
        f"“{names.outcome(row['outcome'])}” (about {count(row['median'])} people, {span(row['low90'], row['high90'])})"
        for row in top
    ]
    return f"{start}, most often with {listed(ways)}." if ways else f"{start}."


def limits(result: ResultLike, names: Names) -> Section:
    """What the report is for, and what it cannot say."""
    section = Section("limits", "Limits, and what this is for")
    items = [
        (
            "For planning reception:",
            "beds, places in a queue, lawyers, meals, nights outside; before and while people arrive.",
        ),
        (
            "Synthetic people only.",
            "Every person in the model is drawn by chance. No real person is stored, scored or located, and the "
            "report is not to be used to find, follow or judge anybody.",
        ),
        (
            "Associations, not causes.",
            "A rate that differs between groups (with and without a lawyer, say) may have other "
            "reasons; the model repeats the rate, it does not explain it.",
        ),
        (
            "Intervals hold what the scenario calls uncertain,",
            "and luck. What it leaves out, or states without a range, is not in them; "
            "real outcomes fall outside more often than one time in ten if it is wrong.",
        ),
        ("Small numbers:", "where the median is below ten people, read it as “a few”."),
        ("Not modelled:", f"{_not_modelled(result)}"),
    ]
    law = field(result.scenario, "law_as_of")
    if law:
        items.append(
            (
                "Law:",
                f"the pathways state the law as of {day(law)}; later changes are in it only "
                f"where a dated number or a policy says so.",
            )
        )
    kinds = (result.scenario.outcomes or {}).values()
    if any(not field(kind, "final", True) for kind in kinds):
        items.append(
            (
                "Ends that are not final:",
                "the model stops where a broken outline stands under “How it ends”; in life the story goes on, with "
                "appeals, reopened cases, new journeys.",
            )
        )
    if str(field(result.scenario, "sensitivity", "internal")) == "public":
        items.append(("Public:", "facilities that are not publicly listed stay unnamed, and so do restricted sources."))
    section.blocks.append(Bullets(items))
    return section


def _not_modelled(result: ResultLike) -> str:
    text = "anything that no facility, link or pathway of the scenario states"
    harms = ("death", "died", "injur", "kidnap", "illness", "harm", "missing")
    words = " ".join(
        [*(result.scenario.outcomes or {}), *(str(field(row, "path", "")) for row in result.assumptions())]
    ).lower()
    if not any(harm in words for harm in harms):
        text += "; harm on the way (injury, death, kidnapping, illness) is not modelled, "
        text += "which does not mean that there is none"
    return f"{text}."


def made(result: ResultLike, names: Names, compare: ResultLike | None) -> Section:
    """How to make it again."""
    section = Section("made", "How this was made")
    scenario = result.scenario
    items = [
        ("Scenario:", f"{scenario.title}; {day(scenario.start)} to {day(scenario.end)}; hash {result.hash}"),
        ("Policy:", plain(result.policy) if result.policy else "none (the scenario as it stands)"),
        ("Runs:", f"{some(result.replicates, 'replicate')}, seed {result.seed}"),
        ("Program:", f"posada {result.version}"),
        ("Command:", result.command or "not recorded"),
        ("Law as of:", day(field(scenario, "law_as_of")) or "not stated"),
        ("Sensitivity:", str(field(scenario, "sensitivity", "internal"))),
    ]
    if compare is not None:
        items.append(
            (
                "Compared with:",
                f"policy {plain(compare.policy)}, {some(compare.replicates, 'replicate')}, seed {compare.seed}",
            )
        )
    section.blocks.append(Bullets(items))
    section.say("The same scenario, seed and version give the same numbers, and the same report, on any machine.")
    section.blocks.append(Heading("Map"))
    section.say(
        "Country outlines: Natural Earth (public domain). Lines between places are straight and show no road or rail. "
        "Boundaries imply no opinion on the status of any territory."
    )
    return section
