"""`posada read`, `posada review`, `posada evidence`: from reports to claims, and what claims say together."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.kit import AsJson, ScenarioName, app, fail, print_json

evidence = typer.Typer(
    no_args_is_help=True,
    help="Who said what, and what rests on it.",
    pretty_exceptions_enable=False,
)
app.add_typer(evidence, name="evidence")

Published = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="the day of the report; weekdays are resolved against it")
]
Language = Annotated[str | None, typer.Option(metavar="en|es", help="of the report; default: told from its words")]
Title = Annotated[
    str | None, typer.Option(metavar="TEXT", help="of the report; default: that of the file, if it has one")
]
Publisher = Annotated[str | None, typer.Option(metavar="NAME", help="who published it")]
Address = Annotated[str | None, typer.Option(metavar="URL", help="where it stands")]
Sensitivity = Annotated[str, typer.Option(metavar="WORD", help="public, internal, restricted or confidential")]


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a report: text, HTML, PDF or docx")],
    published: Published = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="whose places and ledger to compare with")
    ] = None,
    language: Language = None,
    title: Title = None,
    publisher: Publisher = None,
    address: Address = None,
    sensitivity: Sensitivity = "internal",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="write the proposals here, to be reviewed")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a report into proposed claims; nothing goes into a ledger before it is reviewed."""
    loaded = scenario_of(scenario) if scenario else None
    found = proposals_of(file, published, loaded, language, title, publisher, address, sensitivity)
    if out is not None:
        from posada.evidence import write_proposals

        write_proposals(found, out)
        print(
            f"{len(found['claims'])} proposals are in {out}; `posada review {out} --scenario FOLDER` goes through "
            f"them.",
            file=sys.stderr,
        )
    if as_json:
        print_json(found)
    elif out is None:
        print_proposals(found["claims"], found)


@app.command()
def review(
    file: Annotated[Path, typer.Argument(metavar="FILE|PROPOSALS", help="a report, or what `posada read --out` wrote")],
    scenario: Annotated[Path, typer.Option(metavar="FOLDER", help="the scenario whose ledger the claims go into")],
    accept: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="accept this proposal, or `all`; may be repeated")
    ] = None,
    reject: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="reject this proposal; may be repeated")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="leave this proposal for later; may be repeated")
    ] = None,
    edit: Annotated[
        list[str] | None, typer.Option(metavar="ID:COLUMN=VALUE", help="change a cell of a proposal that is accepted")
    ] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="the reason, kept in the log")] = "",
    published: Published = None,
    language: Language = None,
    title: Title = None,
    publisher: Publisher = None,
    address: Address = None,
    sensitivity: Sensitivity = "internal",
) -> None:
    """Go through proposed claims: what is accepted goes into evidence.csv, every decision into evidence-log.csv."""
    from posada.evidence import open_claims, read_proposals

    if not (scenario / "scenario.yaml").is_file():
        fail(
            f"{scenario} holds no scenario.yaml; --scenario names the folder of a scenario of your own, not a "
            f"shipped one"
        )
    loaded = scenario_of(str(scenario))
    if looks_like_proposals(file):
        found = read_proposals(file)
    else:
        found = proposals_of(file, published, loaded, language, title, publisher, address, sensitivity)
    asked = bool(accept or reject or skip)
    waiting = open_claims(found, scenario)
    if asked:
        decide(found, [decisions_of(waiting, accept or [], reject or [], skip or [], edit or [], why)], scenario)
    elif sys.stdin.isatty():
        decide(found, ([decision] for decision in ask(waiting)), scenario)
    else:
        print_proposals(waiting, found)
        fail("there is no terminal to ask on; say --accept ID, --reject ID --why TEXT or --skip ID")


def decide(found: dict[str, Any], batches: Iterable[list[Any]], folder: Path) -> None:
    """Write decisions, each batch as soon as it is made, and say what was done."""
    from posada.evidence import ProposalError, apply

    added, rejected, skipped = 0, 0, 0
    several = not isinstance(batches, list)
    try:
        for batch in batches:
            try:
                done = apply(found, batch, folder, (), again=False)
            except ProposalError as error:
                if not several:
                    raise
                print(f"    {error}; it is not written", file=sys.stderr)
                continue
            for key in done.added:
                print(f"{key} is in {folder / 'evidence.csv'}")
            added, rejected, skipped = added + len(done.added), rejected + done.rejected, skipped + done.skipped
    finally:
        print(
            f"{added} accepted, {rejected} rejected, {skipped} skipped; every decision is in "
            f"{folder / 'evidence-log.csv'}"
        )


def decisions_of(
    waiting: list[dict[str, Any]], accept: list[str], reject: list[str], skip: list[str], edit: list[str], why: str
) -> list[Any]:
    """The decisions that options tell of."""
    from posada.evidence import Decision

    known = [str(claim["id"]) for claim in waiting]
    changed: dict[str, list[tuple[str, str]]] = {}
    for text in edit:
        key, colon, rest = text.partition(":")
        column, equals, value = rest.partition("=")
        if not (colon and equals):
            fail(f"--edit: {text!r} does not say what; write c2:place=mexicali")
        changed.setdefault(key, []).append((column.strip(), value.strip()))
    if "all" in accept:
        accept = [key for key in known if key not in (*reject, *skip)]
    said = [*accept, *reject, *skip]
    for key in changed:
        if key in known and key not in accept:
            fail(f"--edit changes proposals that are accepted; {key!r} is not")
    for key in [*said, *changed]:
        if key not in known:
            fail(f"there is no open proposal {key!r}; there are {', '.join(known) or 'none'}")
        if said.count(key) != 1:
            fail(f"say exactly one of --accept, --reject and --skip of {key!r}")
    if reject and not why.strip():
        fail("--reject needs a reason: --why TEXT")
    words = {**dict.fromkeys(accept, "accepted"), **dict.fromkeys(reject, "rejected"), **dict.fromkeys(skip, "skipped")}
    return [Decision(key, words[key], why, tuple(changed.get(key, ()))) for key in known if key in words]


def ask(waiting: list[dict[str, Any]]) -> Iterator[Any]:
    """Ask about each proposal in the terminal; each decision is handed over before the next is asked for."""
    from posada.evidence import Decision, ProposalError, from_cells, shown

    if not waiting:
        print("Every proposal of this report has been decided.")
    for claim in waiting:
        print("\n".join(shown(claim)))
        changed: list[tuple[str, str]] = []
        while True:
            try:
                answer = input("    accept, edit COLUMN=VALUE, reject REASON, skip, quit? ").strip()
            except EOFError:
                return
            word, _, rest = answer.partition(" ")
            if "accept".startswith(word.lower()) and word:
                yield Decision(claim["id"], "accepted", rest, tuple(changed))
            elif "edit".startswith(word.lower()) and word and "=" in rest:
                column, _, value = rest.partition("=")
                changed.append((column.strip(), value.strip()))
                try:
                    from_cells(claim["row"], dict(changed), claim["id"])
                except ProposalError as error:
                    changed.pop()
                    print(f"    {error}")
                continue
            elif "reject".startswith(word.lower()) and word and rest.strip():
                yield Decision(claim["id"], "rejected", rest.strip())
            elif "skip".startswith(word.lower()) and word:
                yield Decision(claim["id"], "skipped", rest)
            elif "quit".startswith(word.lower()) and word:
                return
            else:
                print("    write accept, edit place=mexicali, reject with a reason, skip, or quit")
                continue
            break


@evidence.callback()
def evidence_() -> None:
    """Who said what, and what rests on it."""


@evidence.command()
def conflicts(scenario: ScenarioName, as_json: AsJson = False) -> None:
    """Claims about one thing at one time that cannot all be true, side by side, and how far apart they are."""
    from posada.evidence import conflict_lines, disputes

    loaded = scenario_of(scenario)
    found = disputes(loaded.evidence)
    if as_json:
        print_json({"conflicts": [{"claims": [c.id for c in d.claims], "gap": d.gap, "ratio": d.ratio} for d in found]})
        return
    for dispute in found:
        print("\n".join(conflict_lines(dispute)))
    print(f"{len(found)} conflicts among {len(loaded.evidence)} claims.")


@evidence.command()
def claims(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")],
    as_json: AsJson = False,
) -> None:
    """Each claim beside the result: consistent, not consistent, or not testable by counts."""
    from posada.results import claim_lines, claims_held, open_result

    found = claims_held(open_result(result))
    if as_json:
        print_json(
            {
                "claims": [
                    {
                        "id": h.claim.id, "verdict": h.verdict, "series": h.series, "median": h.median,
                        "low90": h.low90, "high90": h.high90,
                        "reason": h.reason, "sets_a_number": h.used,
                    }
                    for h in found
                ]
            }
        )  # fmt: skip
        return
    print("\n".join(claim_lines(found)))


@evidence.command()
def pool(
    scenario: ScenarioName,
    path: Annotated[str, typer.Argument(metavar="PATH", help="the number, such as groups.caravan.people")],
    claim: Annotated[
        list[str] | None, typer.Option(metavar="ID=WEIGHT", help="a claim and its weight; may be repeated")
    ] = None,
    keep: Annotated[
        float, typer.Option(metavar="WEIGHT", min=0, help="of what the number is now, as one more opinion")
    ] = 0.0,
    write: Annotated[bool, typer.Option("--write", help="put the pooled number into scenario.yaml")] = False,
    as_json: AsJson = False,
) -> None:
    """Pool claims into a quantity, with stated weights; it changes nothing unless told to."""
    from posada.evidence import PoolError
    from posada.results import pooled_quantity
    from posada.scenario import write_quantity

    loaded = scenario_of(scenario)
    weights = {}
    for text in claim or ():
        key, equals, number = text.partition("=")
        try:
            weights[key] = float(number) if equals else 1.0
        except ValueError:
            fail(f"--claim: {number!r} is not a weight; write {key}=2")
    try:
        made, steps = pooled_quantity(loaded, path, weights, keep)
    except PoolError as error:
        fail(str(error))
    ends = "" if made.low is None else f", from {made.low:g} to {made.high:g} in nine cases of ten"
    if as_json:
        print_json(
            {
                "path": path,
                "value": made.value,
                "low": made.low,
                "high": made.high,
                "evidence": list(made.evidence),
                "steps": list(steps),
            }
        )
    else:
        print("\n".join([f"{path}: {made.value:g}{ends}", *(f"    {step}" for step in steps)]))
    if write:
        print(f"It stands in {write_quantity(loaded, path, made)}", file=sys.stderr)


def scenario_of(name: str) -> Any:
    """A scenario by name or folder; its mistakes are told with the folder, for it is not what the command is about."""
    from dataclasses import replace

    from posada.scenario import ScenarioErrors, load

    try:
        return load(name)
    except ScenarioErrors as error:
        at = Path(name)
        raise ScenarioErrors(replace(p, file=str(at / p.file)) if p.file else p for p in error.problems) from None


def looks_like_proposals(file: Path) -> bool:
    """Whether a file begins as `posada read --out` writes it."""
    try:
        with file.open("rb") as opened:
            return b'"posada_proposals"' in opened.read(200)
    except OSError:
        return False


def proposals_of(
    file: Path,
    published: str | None,
    loaded: Any,
    language: str | None,
    title: str | None,
    publisher: str | None,
    address: str | None,
    sensitivity: str,
) -> dict[str, Any]:
    """What a report says, as proposals."""
    from posada.evidence import SENSITIVITIES, Source, proposals, read_document

    if published is None:
        fail("--date is needed: the day of the report, such as --date 2018-04-25")
    try:
        day = date.fromisoformat(published)
    except ValueError:
        fail(f"--date: {published!r} is not a date such as 2018-04-25")
    if language not in (None, "en", "es"):
        fail(f"--language is en or es, not {language!r}")
    if sensitivity not in SENSITIVITIES:
        fail(f"--sensitivity is one of {', '.join(SENSITIVITIES)}, not {sensitivity!r}")
    document = read_document(file)
    for note in document.notes:
        print(f"{file}: {note}", file=sys.stderr)
    source = Source(
        title or document.title or file.stem, publisher, day, address, document.hash, document.kind, sensitivity
    )
    return proposals(document.text, source, loaded, language)


def print_proposals(claims: list[dict[str, Any]], found: dict[str, Any]) -> None:
    """Print proposals, then the places and dates that the report names."""
    from posada.evidence import shown

    for claim in claims:
        print("\n".join(shown(claim)))
    print(f"{len(claims)} proposed claims. Places: {', '.join(p['name'] for p in found['places']) or 'none'}.")
