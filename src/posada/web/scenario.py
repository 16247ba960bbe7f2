"""A scenario: its levers, what to run, and what can be done with changes: a run, a comparison, a policy, a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posada.web import saving, telling
from posada.web.asking import Form, OfFolder, OfPlace, OfQueue, loaded
from posada.web.levers import GROUPS, levers, sets_of
from posada.web.pages import field, page
from posada.words import language, say, told
from posada.workspace import COMPARE, RUN, Asked, Place, Workspace

router = APIRouter()
REPLICATES, MOST_REPLICATES = 200, 100_000
MOST_SEED = 2**62
ADDRESS = "/scenario/{where}/{name}"


@router.get(ADDRESS)
def scenario(request: Request, place: OfPlace, folder: OfFolder, queue: OfQueue, saved: str = "") -> Response:
    """The page of a scenario."""
    found = loaded(folder, place)
    return page(
        request,
        "scenario.html",
        card=telling.scenario_card(place),
        scenario=found,
        levers=levers(found),
        maps=maps(found),
        groups=GROUPS,
        own_policies=saving.own_policies(folder, place, found),
        rows=[row for row in telling.rows(folder, queue) if row.scenario == place.id],
        replicates=REPLICATES,
        saved=saved,
        queue=queue,
    )


MAPS: dict[str, tuple[Markup, Markup]] = {}
"""Maps of scenarios by their hash."""


def maps(found: Any) -> tuple[Markup, Markup]:
    """The map of a scenario, wide and narrow, drawn once."""
    from posada.report.scenario_map import scenario_map

    if found.hash not in MAPS:
        wide, narrow = scenario_map(found, told(found.title))
        MAPS[found.hash] = Markup(wide), Markup(narrow)
    return MAPS[found.hash]


@router.post(ADDRESS + "/do")
def do(place: OfPlace, folder: OfFolder, queue: OfQueue, form: Form) -> Response:
    """Run, compare, or save what the form says."""
    found = loaded(folder, place)
    wish = wish_of(found, form)
    action = field(form, "action")
    back = f"/scenario/{place.home}/{place.id}"
    if action == "policy":
        name = saving.save_policy(folder, place, found, field(form, "name"), wish.sets)
        return RedirectResponse(f"{back}?saved={name}#policies", 303)
    if action == "copy":
        made = saving.save_copy(folder, place, found, field(form, "name"), wish.sets)
        return RedirectResponse(f"/scenario/own/{made}?saved={made}", 303)
    asked = comparison(folder, place, found, wish) if action == "compare" else simulation(folder, place, wish)
    return RedirectResponse(f"/run/{queue.ask(asked).id}", 303)


@dataclass(frozen=True)
class Wish:
    """What a form asks for."""

    policies: tuple[str, ...]
    sets: tuple[str, ...]
    replicates: int
    seed: int


def wish_of(found: Any, form: Any) -> Wish:
    """The changes, replicates and seed of a form; 400 if one cannot be."""
    policies = tuple(name for name in map(str, form.getlist("policy")) if name)
    unknown = [name for name in policies if name not in found.policies]
    if unknown:
        raise HTTPException(400, say("app.error.no-policy", names=", ".join(unknown)))
    try:
        sets = tuple(sets_of(levers(found), form))
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    found.changes(policies, sets)
    replicates = whole(form, "replicates", 2, MOST_REPLICATES, REPLICATES)
    return Wish(policies, sets, replicates, whole(form, "seed", 0, MOST_SEED, 1))


def whole(form: Any, name: str, least: int, most: int, otherwise: int) -> int:
    """A whole number of a form; 400 if it is none, or out of bounds."""
    text = field(form, name)
    if not text:
        return otherwise
    if not text.isdigit() or not least <= int(text) <= most:
        raise HTTPException(400, say("app.error.whole", what=say(f"app.run.{name}"), least=least, most=f"{most:,}"))
    return int(text)


def named(folder: Workspace, place: Place) -> str:
    """A scenario as a command names it that is given in the folder."""
    return folder.named(place.folder) if place.own else place.id


def files_of(folder: Workspace, place: Place, names: tuple[str, ...]) -> tuple[str, ...]:
    """The files in which policies of one's own stand."""
    wanted = {part for name in names for part in name.split("+")}
    return tuple(folder.named(file) for file in folder.policy_files(place.id) if file.stem in wanted)


def simulation(folder: Workspace, place: Place, wish: Wish) -> Asked:
    """A run: its policies apply together, then the changes."""
    files = files_of(folder, place, wish.policies)
    return Asked(
        RUN, named(folder, place), wish.replicates, wish.seed, wish.policies, wish.sets, files, language=language()
    )


def comparison(folder: Workspace, place: Place, found: Any, wish: Wish) -> Asked:
    """A comparison of policies with the scenario as stated; changes are made a policy of one's own first."""
    policies = wish.policies
    if wish.sets:
        policies += (saving.save_policy(folder, place, found, "", list(wish.sets)),)
    if not policies:
        raise HTTPException(400, say("app.error.nothing-to-compare"))
    files = files_of(folder, place, policies)
    return Asked(COMPARE, named(folder, place), wish.replicates, wish.seed, policies, (), files, language=language())
