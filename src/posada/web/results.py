"""A result: its answers, its map, where beds run out, what is not known, where a number comes from, and downloads."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import APIRouter, HTTPException
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from posada.web import beds, comparing, made
from posada.web.asking import Form, OfFolder, OfQueue, OfRun, opened
from posada.web.beds import percent
from posada.web.counts import in_words, when
from posada.web.levers import label_of
from posada.web.pages import field, page
from posada.web.queue import Queue
from posada.words import language, say
from posada.workspace import COMPARE, RUN, TONIGHT, Asked, Found, Job, Workspace

router = APIRouter()
DOWNLOADS = (("report.html", "report"), ("report.pdf", "pdf"), ("brief.pdf", "brief"), ("brief.html", "brief-html"))
"""What is made of a result to be kept: the end of its address, and what it is called."""
KINDS = {"html": "text/html", "pdf": "application/pdf"}
TABLES = ("stocks", "flows", "waits", "outcomes", "quantities")


PATIENCE = 0.6
"""Seconds after which a page that is being worked out says so, rather than let a browser wait."""


def shown(request: Request, folder: Workspace, queue: Queue, run: Found, job: Job | None) -> Response:
    """The page of a result, or of a comparison; while it is being worked out, that."""
    if run.kind == "comparison":
        return comparing.shown(request, folder, run, command_of(folder, run, job), job)
    found = made.read(run)
    if found is None:
        what, making = (run.id, language()), request.app.state.making
        try:
            found = making.ask(what, lambda: made.make(run, opened(run))).result(request.app.state.patience)
        except TimeoutError:
            return page(request, "making.html", run=run, title=run.id)
        finally:
            making.forget(what)
    return page(
        request,
        "result.html",
        run=run,
        made=found,
        map=Markup(found.map),
        job=job,
        downloads=[(name, say(f"app.result.{word}")) for name, word in DOWNLOADS],
        nights=nights_asked(queue, folder, run),
        tables=TABLES,
        command=command_of(folder, run, job),
        folder=folder,
        home=place_of_result(folder, run),
    )


def page_of(run: Found) -> made.Made:
    """What the page of a result says, worked out if it is not yet."""
    return made.read(run) or made.make(run, opened(run))


@router.get("/static/flow-map.js")
def flow_map_script() -> Response:
    """The module that draws it."""
    from posada.report import flow_map_module

    return Response(flow_map_module(), media_type="text/javascript; charset=utf-8")


def command_of(folder: Workspace, run: Found, job: Job | None) -> str:
    """The command that makes it again in the folder."""
    if job is not None and job.asked.kind in (RUN, COMPARE):
        return job.asked.command
    return str(run.head().get("command", "")) or say("app.result.no-command")


def place_of_result(folder: Workspace, run: Found) -> str:
    """The page of the scenario of a result; empty if it is no longer there."""
    name = str(run.head().get("scenario", ""))
    for place in reversed(folder.scenarios()):
        if place.id == name:
            return f"/scenario/{place.home}/{place.id}"
    return ""


def nights_asked(queue: Queue, folder: Workspace, run: Found) -> list[Job]:
    """The nights that were asked of a result."""
    named = folder.named(run.folder)
    return [job for job in queue.jobs() if job.asked.kind == TONIGHT and job.asked.out == named][:5]


@router.get("/run/{id}/not-known")
def not_known(request: Request, run: OfRun) -> Response:
    """What is assumed, what the model leaves out, what counts say against it."""
    from posada.report.parts import not_known as sections

    result = opened(run)
    title = say("app.result.not-known")
    return page(request, "sections.html", run=run, result=result, title=title, sections=sections(result))


@router.get("/run/{id}/why/{headline}")
def why(request: Request, run: OfRun, headline: str) -> Response:
    """From an answer back to the numbers that drive it, to claims and sources."""
    from posada.report.parts import claim_in_words, stated
    from posada.results import ResultError

    result = opened(run)
    known = result.scenario.headlines.get(headline)
    if known is None:
        raise HTTPException(404, say("app.error.no-headline"))
    try:
        traced = result.why(headline)
    except ResultError:
        return page(request, "why.html", run=run, headline=known, why=None, result=result)
    scenario, rests = result.scenario, traced.rests
    assumed = rests.assumed + rests.unsourced
    return page(
        request,
        "why.html",
        run=run,
        headline=known,
        why=traced,
        evidence=percent(rests.evidence),
        assumed=percent(assumed),
        rest=percent(max(0.0, 1.0 - rests.evidence - assumed)),
        claim=partial(claim_in_words, scenario=scenario),
        percent=percent,
        stated=stated,
        name=partial(name_of, scenario),
        series=partial(in_words, scenario),
        result=result,
    )


def name_of(scenario: Any, path: str) -> str:
    """A number in words."""
    if path.startswith(("facilities.", "groups.", "quantities.")):
        return ": ".join(filter(None, reversed(label_of(scenario, path))))
    return path.replace("_", " ")


@router.get("/run/{id}/shelter/{shelter}")
def shelter(request: Request, run: OfRun, shelter: str, who: str = "families") -> Response:
    """Night by night: with what probability a shelter has no bed."""
    found = page_of(run)
    name = dict(found.places_to_sleep).get(shelter)
    if name is None:
        raise HTTPException(404, say("app.error.no-shelter"))
    nights = beds.nights(run, shelter, who)
    return page(request, "shelter.html", run=run, title=found.title, name=name, nights=nights)


@router.post("/run/{id}/tonight")
def tonight(run: OfRun, folder: OfFolder, queue: OfQueue, form: Form) -> Response:
    """Ask for the ten lines of a night."""
    found, name, day = page_of(run), field(form, "shelter"), when(form, "date")
    if name not in dict(found.places_to_sleep):
        raise HTTPException(404, say("app.error.no-shelter"))
    if day is not None and not found.start <= day.isoformat() <= found.end:
        raise HTTPException(400, say("app.error.date", start=found.start, end=found.end))
    asked = Asked(TONIGHT, str(run.head().get("scenario", "")), found.replicates, found.seed,
                  out=folder.named(run.folder), shelter=name, date=day.isoformat() if day else "",
                  language=language())  # fmt: skip
    return RedirectResponse(f"/run/{queue.ask(asked).id}", 303)


WRITING = Lock()
"""Two who ask for one report at once get the same."""


def report_of(run: Found, what: str, end: str, code: str) -> Path:
    """The report of a result in a language, made if there is none that is as new."""
    from posada.report import write_report

    file = made.kept(run, f"{what}-{code}.{end}")
    with WRITING:
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            page = file.with_suffix(".html")
            write_report(opened(run), page, language=code, brief=what == "brief", pdf=end == "pdf")
    return file


@router.get("/run/{id}/tables/{table}.csv")
def table(run: OfRun, table: str) -> Response:
    """A table as CSV."""
    if table not in TABLES:
        raise HTTPException(404)
    text = opened(run).table(table).write_csv()
    name = f"{run.id}-{table}.csv"
    return Response(text, media_type="text/csv; charset=utf-8", headers=as_file(name))


@router.get("/run/{id}/scenario.zip")
def scenario_zip(run: OfRun) -> Response:
    """The scenario as it was run."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in sorted((run.folder / "scenario").iterdir()):
            if entry.is_file():
                file.write(entry, f"{run.id}/{entry.name}")
    return Response(content.getvalue(), media_type="application/zip", headers=as_file(f"{run.id}-scenario.zip"))


@router.get("/run/{id}/comparison.html")
@router.get("/run/{id}/differences.csv")
@router.get("/run/{id}/moved.csv")
def of_comparison(request: Request, run: OfRun) -> Response:
    """A file of a comparison."""
    name = request.url.path.rpartition("/")[2]
    if run.kind != "comparison" or not (run.folder / name).is_file():
        raise HTTPException(404)
    kind = "text/html" if name.endswith("html") else "text/csv"
    spoken = run.folder / f"comparison-{language()}.html"
    file = spoken if kind == "text/html" and spoken.is_file() else run.folder / name
    return download(file, kind, f"{run.id}-{name}")


@router.get("/run/{id}/{what}.{end}")
def report(run: OfRun, what: str, end: str) -> Response:
    """The report or its brief, as a page or for paper, to be kept and sent on."""
    if what not in ("report", "brief") or end not in KINDS:
        raise HTTPException(404)
    return download(report_of(run, what, end, language()), KINDS[end], f"{run.id}-{what}.{end}")


def download(file: Path, kind: str, name: str) -> Response:
    """A file to be kept; it is never shown within the app."""
    return FileResponse(file, media_type=kind, headers=as_file(name))


def as_file(name: str) -> dict[str, str]:
    """That an answer is a file to be kept. Names are ids, which have letters, digits and hyphens only."""
    return {"content-disposition": f'attachment; filename="{name}"'}
