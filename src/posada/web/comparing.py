"""A comparison: policies side by side, and where the queue moved."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from posada.web.asking import loaded
from posada.web.pages import page
from posada.words import can_say, say, told
from posada.workspace import Found, Job, Workspace

FIRST = ("waiting", "no-bed", "outside", "turned-away", "detained", "apart", "children-apart", "cost")
MOST_MEASURES, MOST_QUEUES, MOST_SURE = 14, 12, 8
LEAST_DAYS = 0.5
"""Person-days under which a queue has not moved."""


def shown(request: Request, folder: Workspace, run: Found, command: str, job: Job | None) -> Response:
    """The page of a comparison."""
    from posada.planning.compare_words import signed
    from posada.planning.compare_words import told as amount

    head = run.head()
    scenario = scenario_of(folder, head)
    differences, moved = head.get("differences", []), head.get("moved", [])
    return page(
        request,
        "comparison.html",
        run=run,
        head=head,
        job=job,
        policies=head.get("policies", []),
        title=told(scenario.title) if scenario is not None else str(head.get("scenario", "")),
        home=place_of(folder, head),
        sure={policy: sure(differences, policy) for policy in head.get("policies", [])},
        measures=measures(differences),
        queues=queues(moved),
        titles=titles(scenario, head),
        label=partial(label, scenario),
        unit=unit,
        facility=partial(facility, scenario),
        amount=amount,
        signed=signed,
        command=command,
        folder=folder,
    )


def measures(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows by measure, each policy beside the others: those that change, what matters to people first."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if not row.get("side"):  # a headline may have the name of a measure that every chain has
            found.setdefault((str(row["id"]), str(row["label"])), []).append(row)
    changed = [of for of in found.values() if any(changes(row) for row in of)]
    return sorted(changed, key=lambda of: place_among_first(of[0]))[:MOST_MEASURES]


def place_among_first(row: dict[str, Any]) -> int:
    """Where a measure stands: what matters to people first, the others after it."""
    return FIRST.index(row["id"]) if row["id"] in FIRST else len(FIRST)


def sure(rows: list[dict[str, Any]], policy: str) -> list[dict[str, Any]]:
    """What a policy changes for sure: measures of which nine in ten runs lie on one side of nothing."""
    own = [row for row in rows if not row.get("side") and row["policy"] == policy and is_sure(row)]
    return sorted(own, key=place_among_first)[:MOST_SURE]


def is_sure(row: dict[str, Any]) -> bool:
    """Whether the interval of a difference, as it is shown, lies on one side of nothing."""
    from posada.planning.compare_words import MINUS, signed

    ends = [row.get(f"difference_{end}90") for end in ("low", "high")]
    if row["unit"] == "chance" or str(row["id"]).startswith("ended") or None in ends:
        return False
    return {signed(float(end or 0.0), row["unit"])[0] for end in ends} in ({"+"}, {MINUS})


def changes(row: dict[str, Any]) -> bool:
    """Whether a measure changes in more than one run of ten."""
    return max(row.get("difference_more") or 0.0, row.get("difference_less") or 0.0) > 0.1


def queues(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Where the queue moved, by policy, along the chain, with the share of the widest change for its bar."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if not row.get("side") and abs(row["low90"]) + abs(row["high90"]) > LEAST_DAYS:
            found.setdefault(str(row["policy"]), []).append(row)
    for policy, of in found.items():
        widest = max(abs(row["median"]) for row in of) or 1.0
        found[policy] = [{**row, "bar": abs(row["median"]) / widest} for row in of[:MOST_QUEUES]]
    return found


def scenario_of(folder: Workspace, head: dict[str, Any]) -> Any:
    """The scenario of a comparison as it is now; None if it is gone."""
    place = next((place for place in reversed(folder.scenarios()) if place.id == head.get("scenario")), None)
    return None if place is None else loaded(folder, place)


def place_of(folder: Workspace, head: dict[str, Any]) -> str:
    """The page of the scenario of a comparison; empty if it is no longer there."""
    place = next((place for place in reversed(folder.scenarios()) if place.id == head.get("scenario")), None)
    return "" if place is None else f"/scenario/{place.home}/{place.id}"


def titles(scenario: Any, head: dict[str, Any]) -> dict[str, str]:
    """The policies in words, as far as the scenario has them."""
    known = {} if scenario is None else scenario.policies
    return {
        policy: " + ".join(told(known[part].title) if part in known else part for part in policy.split("+"))
        for policy in head.get("policies", [])
    }


def label(scenario: Any, row: dict[str, Any]) -> str:
    """A measure in words: a headline by the scenario's words, one that every chain has by ours."""
    id = str(row["id"])
    headline = None if scenario is None else scenario.headlines.get(id)
    if headline is not None and str(headline.label) == str(row["label"]):
        return told(headline.label)
    outcome = None if scenario is None else scenario.outcomes.get(id.removeprefix("ended:"))
    if outcome is not None:
        return told(outcome.label)
    return say(f"app.measure.{id}") if can_say(f"app.measure.{id}") else str(row["label"])


def unit(row: dict[str, Any]) -> str:
    """A unit in words."""
    key = f"app.measured-in.{row['unit']}"
    return say(key) if can_say(key) else str(row["unit"])


def facility(scenario: Any, row: dict[str, Any]) -> str:
    """A facility and its place in words."""
    known = None if scenario is None else scenario.facilities.get(row["facility"])
    if known is None:
        return str(row["name"])
    name, place = told(known.name), told(scenario.places[known.at].name) if known.at in scenario.places else ""
    return name if not place or place in name else f"{name}, {place}"
