"""Changes that are kept: a policy in a file of its own, or a copy of the scenario. Never over a shipped scenario."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from posada.web.levers import DAY, levers
from posada.words import say
from posada.workspace import POLICIES, SCENARIOS, Place, Workspace, slug

HEAD = (
    "# {title}\n# For the scenario {scenario}; made in the app. `posada compare {named} --policies FILE` compares it.\n"
)


def own_policies(folder: Workspace, place: Place, found: Any) -> list[str]:
    """The names of policies of one's own that fit the scenario."""
    return [file.stem for file in folder.policy_files(place.id) if file.stem in found.policies]


def save_policy(folder: Workspace, place: Place, found: Any, title: str, sets: Sequence[str]) -> str:
    """Write changes as a policy of one's own; its name. ValueError if nothing is changed."""
    if not sets:
        raise ValueError(say("app.error.nothing-changed"))
    title = " ".join(title.split()) or title_of(found, sets)
    taken = {*found.policies, *(file.stem for file in folder.policy_files(place.id))}
    name = free(slug(title), taken)
    head = HEAD.format(title=title, scenario=place.id, named=folder.named(place.folder) if place.own else place.id)
    text = head + policy_text(found, name, title, sets)
    target = folder.folder / POLICIES / place.id / f"{name}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as work:
        part = Path(work) / target.name
        part.write_text(text, encoding="utf-8")
        found.with_policies(part)  # ScenarioErrors if it cannot be
        part.replace(target)
    return name


def policy_text(found: Any, name: str, title: str, sets: Sequence[str]) -> str:
    """A file of one policy."""
    changes = [change_text(change) for change in found.changes((), sets)]
    return "\n".join(
        ["posada: 1", "policies:", f"  {name}:", f"    title: {quoted(title)}", "    changes:", *changes, ""]
    )


def change_text(change: Any) -> str:
    """One change as a line of a policy; lengths of time in days."""
    value = change.number.entries[0].what.value
    value = f"{value / DAY:.10g} days" if change.number.role == "seconds" else f"{value:.10g}"
    dates = "".join(f", {word}: {day.date}" for word, day in (("from", change.from_), ("until", change.until)) if day)
    to = f"{{value: {value}, assumed: {quoted(say('app.policy.assumed'))}}}"
    return f"      - {{set: {change.path}, to: {to}{dates}}}"


def quoted(text: str) -> str:
    """A text that YAML reads as this text, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def free(name: str, taken: set[str]) -> str:
    """A name that is not taken: this one, or with a number."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def title_of(found: Any, sets: Sequence[str]) -> str:
    """What changes are called if nobody names them: what is changed, and to what."""
    known = {knob.name: (one, knob) for one in levers(found) for knob in one.controls}
    parts = []
    for text in sets[:2]:
        name, _, value = text.partition("=")
        one, _ = known[name]
        parts.append(" ".join(filter(None, (one.where, one.label.lower(), value))))
    return ("; ".join(parts) + (" …" if len(sets) > 2 else ""))[:90]


def save_copy(folder: Workspace, place: Place, found: Any, title: str, sets: Sequence[str]) -> str:
    """Copy a scenario into the folder, with the changes in its file and every comment kept; its name.

    ScenarioErrors if a change cannot stand in the file: values with dates are for a policy.
    """
    from posada.scenario import load, write_quantity

    taken = {entry.id for entry in folder.scenarios()}
    name = free(slug(title or f"{place.id}-copy"), taken)
    target = folder.folder / SCENARIOS / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as work:
        part = Path(work) / name
        part.mkdir()
        for file in sorted(place.folder.iterdir()):
            if file.is_file() and not file.is_symlink():
                shutil.copyfile(file, part / file.name)
        for text in sets:
            path, _, _ = text.partition("=")
            written = load(part)
            write_quantity(written, path, stated(written, text))
        load(part)
        part.rename(target)
    return name


def stated(scenario: Any, text: str) -> Any:
    """What `PATH=VALUE` states, as a quantity that is assumed."""
    from dataclasses import replace

    change = scenario.changes((), [text])[0]
    return replace(change.number.entries[0].what, assumed=say("app.policy.assumed"))
