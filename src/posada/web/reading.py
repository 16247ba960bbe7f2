"""A report read into proposed claims, and the claims reviewed: nothing goes into the ledger that nobody looked at."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posada.web import telling
from posada.web.asking import Form, OfFolder, OfPlace, loaded
from posada.web.pages import field, page
from posada.words import say
from posada.workspace import REVIEWS, Place, Workspace

router = APIRouter()
ADDRESS = "/scenario/{where}/{name}"
COLUMNS = ("counts_what", "kind", "place", "low", "value", "high", "qualifier", "unit", "from", "to", "status",
           "claimant_role", "claimant_org")  # fmt: skip
"""What can be mended of a proposal, in the order of the form."""
MOST_PASTED = 200_000
ENDS = (".txt", ".html", ".htm", ".pdf", ".docx", ".md")


@router.get(ADDRESS + "/read")
def read(request: Request, place: OfPlace, folder: OfFolder) -> Response:
    """Ask for a report; reports that were read before."""
    from posada.evidence import open_claims, read_proposals

    found = []
    for file in folder.reviews(place.id):
        proposals = read_proposals(file)
        waiting = len(open_claims(proposals, place.folder)) if place.own else len(proposals["claims"])
        found.append((file.stem, proposals["source"].get("title") or file.stem, waiting))
    return page(request, "read.html", card=telling.scenario_card(place), reviews=found, today=date.today().isoformat())


@router.post(ADDRESS + "/read")
async def receive(place: OfPlace, folder: OfFolder, form: Form) -> Response:
    """Read a report that was sent as a file or pasted; its text is not kept, only the sentences of its claims."""
    from anyio.to_thread import run_sync

    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        content, name = await upload.read(), upload.filename
    else:
        content, name = field(form, "text")[:MOST_PASTED].encode(), "report.txt"
    if not content.strip():
        raise HTTPException(400, say("app.read.nothing"))
    id = await run_sync(propose, folder, place, content, name, form)
    return RedirectResponse(f"/scenario/{place.home}/{place.id}/review/{id}", 303)


def shown_name(name: str) -> str:
    """The name of a file that was chosen, as it may be shown; the text itself if none was."""
    return Path(name.replace("\\", "/")).name[:80] or say("app.read.paste")


def propose(folder: Workspace, place: Place, content: bytes, name: str, form: Any) -> str:
    """Write what a report says as proposals; the name of their file."""
    from posada.evidence import SENSITIVITIES, DocumentError, Source, proposals, read_document, write_proposals

    day = day_of(form)
    sensitivity = field(form, "sensitivity") or "internal"
    language = field(form, "language") or None
    if sensitivity not in SENSITIVITIES or language not in (None, "en", "es"):
        raise HTTPException(400, say("app.error.refused"))
    end = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="posada-") as work:
        file = Path(work) / f"report{end if end in ENDS else ''}"
        file.write_bytes(content)
        try:
            document = read_document(file)
        except DocumentError as error:
            raise HTTPException(400, str(error).replace(str(file), shown_name(name))) from None
    title = field(form, "title") or document.title or Path(name).stem
    source = Source(title, field(form, "publisher") or None, day, field(form, "address") or None, document.hash,
                    document.kind, sensitivity)  # fmt: skip
    found = proposals(document.text, source, loaded(folder, place), language)
    target = folder.folder / REVIEWS / place.id
    target.mkdir(parents=True, exist_ok=True)
    id = hashlib.sha256(content + day.isoformat().encode()).hexdigest()[:12]
    write_proposals(found, target / f"{id}.json")
    return id


def day_of(form: Any) -> date:
    """The day of the report; 400 if it is none."""
    try:
        return date.fromisoformat(field(form, "date"))
    except ValueError:
        raise HTTPException(400, say("app.read.no-date")) from None


def proposals_of(folder: Workspace, place: Place, id: str) -> dict[str, Any]:
    """The proposals of a report that was read; 404 if there are none."""
    from posada.evidence import read_proposals

    file = next((file for file in folder.reviews(place.id) if file.stem == id), None)
    if file is None:
        raise HTTPException(404, say("app.read.missing"))
    return read_proposals(file)


@router.get(ADDRESS + "/review/{id}")
def review(request: Request, place: OfPlace, folder: OfFolder, id: str) -> Response:
    """The proposals that nobody has decided yet, each with its sentence marked."""
    from posada.evidence import KINDS, QUALIFIERS, STATUSES, open_claims

    found = proposals_of(folder, place, id)
    waiting = open_claims(found, place.folder) if place.own else found["claims"]
    return page(
        request,
        "review.html",
        card=telling.scenario_card(place),
        id=id,
        found=found,
        claims=[told(claim) for claim in waiting],
        columns=COLUMNS,
        words={"kind": KINDS, "qualifier": QUALIFIERS, "status": STATUSES},
        places=loaded(folder, place).places,
        own=place.own,
        added=request.query_params.get("added", ""),
    )


def told(claim: dict[str, Any]) -> dict[str, Any]:
    """A proposal for its form: the sentence in three parts, the number in the middle."""
    first, last = claim["span"]
    sentence = claim["sentence"]
    likes = [(like["id"], like["how"]) for like in claim["like"]]
    return {
        **claim,
        "before": sentence[:first],
        "number": sentence[first:last],
        "after": sentence[last:],
        "likes": likes,
    }


@router.post(ADDRESS + "/review/{id}")
def decide(place: OfPlace, folder: OfFolder, id: str, form: Form) -> Response:
    """Write what was decided: claims into the ledger, every decision into its log."""
    from posada.evidence import Decision, apply, open_claims

    if not place.own:
        raise HTTPException(400, say("app.read.not-own"))
    found = proposals_of(folder, place, id)
    decisions = []
    for claim in open_claims(found, place.folder):
        key = str(claim["id"])
        word = field(form, f"{key}:decision")
        if word not in ("accepted", "rejected"):
            continue
        why = field(form, f"{key}:why")
        if word == "rejected" and not why:
            raise HTTPException(400, say("app.read.no-reason", id=key))
        changed = changes_of(claim["row"], form, key) if word == "accepted" else ()
        decisions.append(Decision(key, word, why, changed))
    done = apply(found, decisions, place.folder, (), again=False)
    back = f"/scenario/{place.home}/{place.id}/review/{id}"
    return RedirectResponse(f"{back}?added={len(done.added)}", 303)


def changes_of(row: dict[str, str], form: Any, key: str) -> tuple[tuple[str, str], ...]:
    """The cells that were mended."""
    found = [(name, field(form, f"{key}:{name}")) for name in COLUMNS if f"{key}:{name}" in form]
    return tuple((name, cell) for name, cell in found if cell != (row.get(name) or ""))
