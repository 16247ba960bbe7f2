"""The first screen (the situation, five answers, the map), all answers, and the last sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from posada.report.blocks import Answer, Answers, Bullets, Fold, Heading, Headlines, Section, Table
from posada.report.frames import quantiles, read, summarise
from posada.report.inputs import Names, ResultLike, field, parse_address
from posada.report.reading import focus_groups, reading
from posada.report.sections_flow import map_blocks
from posada.report.sections_queues import queues_of
from posada.report.words import (
    as_number,
    between,
    chance,
    count,
    day,
    known,
    listed,
    people,
    percent,
    period,
    sentence,
    some,
    span,
)
from posada.words import say, told

MORE_THAN_HALF = 0.5
"""Of its variance: then an answer begins with `Assumed:` and has no decimals."""
FIRST = 5
"""Answers on the first screen."""


def situation(result: ResultLike, names: Names) -> Section:
    """The first screen: three sentences, the first answer to each of the first questions, the map."""
    section = Section("situation", say("situation.section"))
    section.say(" ".join(sentences(result, names)), style="lead")
    first = first_answers(result.headlines())
    if first:
        section.blocks.append(Answers("", [answer(row) for row in first]))
    section.say(how_to_read(result), style="note")
    section.blocks += map_blocks(result, names)
    return section


def sentences(result: ResultLike, names: Names) -> list[str]:
    """Who set out, the longest queue, and how many pathways have ended."""
    return [text for text in (_set_out(result, names), _longest_queue(result, names), _ended(result, names)) if text]


def how_to_read(result: ResultLike) -> str:
    """What `between` and `most likely` mean."""
    if result.replicates == 1:
        return say("situation.one-run")
    return say("situation.how-to-read", runs=f"{result.replicates:,}")


def first_answers(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first headline of each of the first five questions; of fewer questions their next ones too."""
    seen: set[str] = set()
    leading = []
    for row in rows:
        question = str(row.get("question") or row.get("id"))
        if question not in seen:
            leading.append(row)
        seen.add(question)
    chosen = leading[:FIRST]
    chosen += [row for row in rows if not any(row is other for other in leading)][: FIRST - len(chosen)]
    return [row for row in rows if any(row is other for other in chosen)]


def answers(result: ResultLike) -> list[Section]:
    """Every headline by its question, and all of them as a table; no section without headlines."""
    questions: dict[str, list[Answer]] = {}
    for row in result.headlines():
        questions.setdefault(told(row.get("question") or "") or say("answers.in-numbers"), []).append(answer(row))
    if not questions:
        return []
    section = Section("answers", say("answers.section"))
    section.blocks.append(Headlines([Answers(question, items) for question, items in questions.items()]))
    mark = f"{say('page.assumed')} "
    rows = [
        [f"{mark if item.assumed else ''}{item.label}", item.text, item.detail]
        for items in questions.values()
        for item in items
    ]
    heads = (say("answers.head"), say("head.ninety"), say("head.fifty"))
    table = Table(say("answers.table"), heads, rows, frozenset({1, 2}), file="headlines.csv")
    section.blocks.append(Fold(say("answers.fold"), [table]))
    return [section]


def answer(row: Mapping[str, Any]) -> Answer:
    """A headline in words."""
    statistic = str(row.get("statistic") or "")
    assumed = float(row.get("assumed") or 0.0) > MORE_THAN_HALF
    label = told(row.get("label") or str(row.get("id") or ""))
    if row.get("of_whom"):
        label = f"{label}, {say('answers.let-through')}"
    disagreeing = len(row.get("disagrees") or ())
    disagrees = sentence(say("answers.disagrees", n=disagreeing)) if disagreeing else ""
    unit = unit_of(statistic, str(row.get("series") or ""))
    numbers = {key: as_number(row.get(key)) for key in ("median", "low50", "high50", "low90", "high90")}
    if unit == "chance":
        values = [float(value) for value in row.get("values") or () if known(value)]
        share = sum(values) / len(values) if values else None
        return Answer(label, chance(share), assumed=assumed, disagrees=disagrees)
    if not known(numbers["median"]):
        return Answer(label, say("answers.never"), assumed=assumed)
    text = between(numbers["low90"], numbers["median"], numbers["high90"], unit, whole=assumed)
    detail = ""
    if known(numbers["low50"]) and known(numbers["high50"]) and numbers["low90"] != numbers["high90"]:
        detail = span(numbers["low50"], numbers["high50"], unit, numbers["median"], whole=assumed)
    return Answer(label, text, detail, assumed, disagrees)


def unit_of(statistic: str, series: str) -> str:
    """In what a headline is told: people, days, a share or a chance."""
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
        return say("situation.nobody")
    mine = result.flows.filter((pl.col("event") == "set_out") & (pl.col("attribute") == "all"))
    if groups:
        mine = mine.filter(pl.col("where").cast(pl.String).is_in(groups))
    if mine.is_empty():
        return say("situation.nobody")
    per_run = (
        mine.with_columns(pl.lit("all").alias("key"))
        .group_by(["replicate", "key"])
        .agg(pl.col("people").sum().alias("value"))
    )
    row = summarise(per_run, ["key"], result.replicates).row(0, named=True)
    first, last = mine["from"].min(), mine["from"].max()
    definitions = field(result.scenario, "groups") or {}
    homes = sorted({str(field(definitions.get(group), "place", "")) for group in groups} - {""})
    start = say("situation.start", places=listed([names.place(home) for home in homes])) if 0 < len(homes) < 4 else ""
    when = say("situation.on" if first == last else "situation.from", day=day(first))
    return people(row["low90"], row["median"], row["high90"], "situation.set-out", start=start, when=when)


def _longest_queue(result: ResultLike, names: Names) -> str:
    found, suffix = queues_of(result, focus_groups(result))
    if not found:
        return say("queues.nobody")
    frame = read(result, f"waiting:{found[0]}{suffix}")
    if frame.is_empty():
        return ""
    best = frame.sort("median", descending=True).row(0, named=True)
    whom = say("situation.of-group", group=names.group(focus_groups(result)[0])) if suffix else ""
    where = {"facility": names.facility(found[0]), "day": day(best["date"]), "whom": whom}
    text = people(best["low90"], best["median"], best["high90"], "situation.queue", **where)
    mean = _mean_wait(result, found[0], suffix)
    return f"{text}; {mean}." if mean else f"{text}."


def _mean_wait(result: ResultLike, where: str, suffix: str) -> str:
    """The mean wait: the scenario's own headline of it if there is one, else that of all who were served."""
    for row in result.headlines():
        if str(row.get("series")) == f"wait:{where}{suffix}" and row.get("statistic") == "mean_days":
            low, middle, high = (as_number(row.get(key)) for key in ("low90", "median", "high90"))
            if not known(middle):
                return say("situation.nobody-served")
            wait, dates = between(low, middle, high, "days"), period(row.get("from"), row.get("to"))
            if row.get("from") and row.get("to"):
                return say("situation.mean-wait-dated", wait=wait, dates=dates)
            return say("situation.mean-wait-through", wait=wait)
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
        return say("situation.nobody-served")
    row = means.select(quantiles()).row(0, named=True)
    return say("situation.mean-wait", wait=between(row["low90"], row["median"], row["high90"], "days"))


def _ended(result: ResultLike, names: Names) -> str:
    groups = focus_groups(result)
    last = day(result.scenario.end)
    if result.outcomes.is_empty():
        return say("situation.none-ended", day=last)
    mine = result.outcomes.lazy().with_columns(pl.col("outcome").cast(pl.String), pl.col("level").cast(pl.String))
    if groups:
        mine = mine.filter((pl.col("attribute") == "group") & pl.col("level").is_in(groups))
    else:
        mine = mine.filter(pl.col("attribute") == "all")
    totals = mine.group_by(["replicate", "outcome"]).agg(pl.col("people").sum().alias("value")).collect()
    if totals.is_empty():
        return say("situation.none-ended", day=last)
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
    ways = [
        say(
            "situation.way",
            outcome=names.outcome(row["outcome"]),
            people=count(row["median"]),
            span=span(row["low90"], row["high90"]),
        )
        for row in top
    ]
    if share is None:
        return say("situation.ways-only", day=last, ways=listed(ways)) if ways else ""
    if not ways:
        return say("situation.ended", day=last, share=percent(share))
    return say("situation.ended-ways", day=last, share=percent(share), ways=listed(ways))


def limits(result: ResultLike, names: Names) -> Section:
    """What the report is for, and what it cannot say."""
    section = Section("limits", say("limits.section"))
    kept = ["purpose", "synthetic", "associations", "intervals", "small", "not-modelled"]
    law = field(result.scenario, "law_as_of")
    kept += ["law"] if law else []
    kinds = (result.scenario.outcomes or {}).values()
    kept += ["final"] if any(not field(kind, "final", True) for kind in kinds) else []
    kept += ["public"] if names.public else []
    kept += ["blurred"] if reading(result).blurred else []
    fill = {"what": say("limits.harm" if _harmless(result) else "limits.not-stated"), "day": day(law)}
    section.blocks.append(Bullets([(say(f"limits.{key}-strong"), say(f"limits.{key}", **fill)) for key in kept]))
    return section


def _harmless(result: ResultLike) -> bool:
    """Whether no outcome and no number of the scenario speaks of harm on the way."""
    harms = ("death", "died", "injur", "kidnap", "illness", "harm", "missing")
    words = [*(result.scenario.outcomes or {}), *(str(field(row, "path", "")) for row in result.assumptions())]
    return not any(harm in " ".join(words).lower() for harm in harms)


def made(result: ResultLike, names: Names, compare: ResultLike | None) -> Section:
    """How to make it again."""
    section = Section("made", say("made.section"))
    scenario = result.scenario
    dates = say("page.period", start=day(scenario.start), end=day(scenario.end))
    facts = {
        "scenario": say("made.scenario", title=told(scenario.title), dates=dates, hash=result.hash),
        "policy": names.policy(result.policy) or say("made.as-it-stands"),
        "runs": say("made.runs", runs=some(result.replicates, "replicate"), seed=result.seed),
        "program": f"posada {result.version}",
        "command": result.command or say("made.not-recorded"),
        "law": day(field(scenario, "law_as_of")) or say("claims.not-stated"),
        "sensitivity": say(f"made.is-{field(scenario, 'sensitivity', 'internal')}"),
    }
    if compare is not None:
        policy = names.policy(compare.policy) or say("made.as-it-stands")
        runs = say("made.runs", runs=some(compare.replicates, "replicate"), seed=compare.seed)
        facts["compared"] = say("made.policy-of", policy=policy, runs=runs)
    section.blocks.append(Bullets([(say(f"made.{key}-strong"), text) for key, text in facts.items()]))
    section.say(say("made.again"))
    section.blocks.append(Heading(say("short.map")))
    section.say(say("made.map"))
    return section
