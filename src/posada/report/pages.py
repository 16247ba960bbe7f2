"""What all pages share: the template, a folder that is free for them, and files that appear whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from posada.report.blocks import Figure, Section
from posada.report.flow_map import flow_map_csp, flow_map_element, flow_map_module
from posada.report.swatches import swatch
from posada.report.words import day
from posada.results import ResultError, work_folder
from posada.scenario import Scenario
from posada.words import language, say, told


def as_html(sections: Sequence[Section], **about: Any) -> str:
    """A page as HTML text that needs neither network nor JavaScript.

    `about`: title, summary, sensitivity, period, law, policy, replicates, version.
    """
    live = any(isinstance(block, Figure) and block.live is not None for section in sections for block in section.blocks)
    shared = {
        "say": say,
        "language": language(),
        "svg": lambda picture: Markup(str(picture)),
        "swatch": lambda shape: Markup(swatch(shape)),
        "live": lambda data, drawn: Markup(flow_map_element(data, drawn)),
        "marked": lambda file: file if about["sensitivity"] == "public" else f"{about['sensitivity']}-{file}",
        "module": Markup(flow_map_module()) if live else "",
        "module_source": Markup(flow_map_csp()) if live else "",
    }
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = files("posada.report")
    template = environment.from_string(folder.joinpath("template.html.j2").read_text(encoding="utf-8"))
    style = Markup(folder.joinpath("style.css").read_text(encoding="utf-8"))
    return template.render(style=style, sections=sections, **shared, **{"brief": False, **about})


def about(scenario: Scenario, what: str, **more: Any) -> dict[str, Any]:
    """What a page about a whole scenario says at its top; `more` is policy, replicates and version."""
    return {
        "title": f"{told(scenario.title)}: {what}",
        "summary": told(scenario.summary or ""),
        "sensitivity": scenario.sensitivity,
        "period": say("number.to", low=day(scenario.start), high=day(scenario.end)),
        "law": day(scenario.law_as_of),
        **more,
    }


def free_for(
    folder: str | os.PathLike[str], kept: Sequence[str], what: str, error: type[Exception] = ResultError
) -> Path:
    """A folder to which pages may be written: new, empty, or with earlier ones, as one of the files `kept` tells.

    The error if it holds something else; OSError if it cannot be written.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise error(f"{target} is a file; name a folder")
    if target.exists() and any(target.iterdir()) and not any((target / name).is_file() for name in kept):
        raise error(f"{target} is not empty and holds no {what} of posada; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=target.parent):
        pass
    return target


def put(target: Path, write: Callable[[Path], None], last: str) -> Path:
    """Put files into a folder, each whole, `last` at the last; `write` makes them in another folder."""
    with work_folder(target.resolve()) as work:
        write(work)
        target.mkdir(exist_ok=True)
        for file in sorted(work.iterdir(), key=lambda file: (file.name == last, file.name)):
            os.replace(file, target / file.name)
    return target


def write_text(file: Path, text: str) -> None:
    """Write text with the line ends that are the same everywhere."""
    file.write_text(text, encoding="utf-8", newline="\n")


def write_pictures(sections: Sequence[Section], work: Path) -> None:
    """Write the pictures of sections as files of their own."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                write_text(work / f"{block.id}.svg", str(block.wide))
