"""Forecasts as they were issued: each in a folder of its own that is never written again, its content checked.

`FOLDER/forecasts/2018-04-17/` holds `forecast.json`, `samples.parquet`, `quantiles.csv` and `known.csv`. A hash of all
of it stands in `forecast.json` and in `FOLDER/forecasts/ledger.csv`, where each line's seal covers the lines before it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from posada.results.folders import make_parents, work_folder
from posada.scenario import Scenario, shipped

from .counted import ForecastError
from .issued import Forecast

HOME = "forecasts"
HEAD, SAMPLES, QUANTILES, KNOWN = "forecast.json", "samples.parquet", "quantiles.csv", "known.csv"
FILES = (SAMPLES, QUANTILES, KNOWN)
LEDGER = "ledger.csv"
AS_STATED = "as-stated"


def store(forecast: Forecast, folder: str | os.PathLike[str], *, again: bool = False) -> Forecast:
    """Put a forecast into `FOLDER/forecasts`, for good; the forecast with its folder and the hash of its content.

    ForecastError if one of that date and policy is there; with `again` it then becomes its next version. OSError if
    the folder cannot be written.
    """
    home = Path(folder) / HOME
    name = free_name(folder, forecast.issued, str(forecast.about.get("policy", AS_STATED)), again)
    target = home / name
    make_parents(target)
    with work_folder(target) as work:
        content = write(forecast, work)
        for file in (*FILES, HEAD):
            (work / file).chmod(0o444)
        work.chmod(0o755)
        try:
            work.rename(target)
        except OSError:
            raise ForecastError(f"{target} was issued by another process meanwhile") from None
    seal(home, name, content)
    return replace(forecast, about=forecast.about | {"content": content}, folder=target)


def free_name(folder: str | os.PathLike[str], issued: date, policy: str = AS_STATED, again: bool = False) -> str:
    """The name of a folder for a forecast: its date, and the policy if there is one.

    ForecastError if it was issued, and is not to be issued again.
    """
    home = Path(folder) / HOME
    name = issued.isoformat()
    if policy != AS_STATED:
        name += f"-{re.sub(r'[^a-z0-9]+', '-', policy.lower()).strip('-')}"
    if not (home / name).exists():
        return name
    if not again:
        raise ForecastError(
            f"{home / name} was issued already, and an issued forecast is never changed; issue a version 2 beside it "
            "with --again (in Python `again=True`), or write to another folder"
        )
    number = next(n for n in range(2, 10_000) if not (home / f"{name}-v{n}").exists())
    return f"{name}-v{number}"


def home_of(scenario: Scenario, out: str | os.PathLike[str] | None = None) -> Path:
    """Where forecasts are kept: the folder named, the scenario's, or for a shipped one `posada-forecasts/NAME`."""
    if out is not None:
        return Path(out)
    own = scenario.folder not in shipped().values()
    return scenario.folder if own else Path("posada-forecasts") / scenario.folder.name


def write(forecast: Forecast, work: Path) -> str:
    """Write the files; the hash of their content."""
    forecast.samples.write_parquet(work / SAMPLES, compression="zstd", statistics=False)
    forecast.quantiles().write_csv(work / QUANTILES)
    forecast.known.write_csv(work / KNOWN)
    content = content_of(work, forecast.about)
    head = {**forecast.about, "content": content}
    (work / HEAD).write_text(json.dumps(head, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return content


def content_of(folder: Path, about: Mapping[str, Any]) -> str:
    """SHA-256 of all that a forecast says, and of how it says that it was made."""
    told = hashlib.sha256()
    own = {key: value for key, value in about.items() if key != "content"}
    told.update(json.dumps(own, sort_keys=True, ensure_ascii=False).encode())
    for name in FILES:
        told.update(f"\n{name}\n".encode())
        told.update((folder / name).read_bytes())
    return told.hexdigest()


def open_forecast(folder: str | os.PathLike[str]) -> Forecast:
    """A forecast that was issued; ForecastError if there is none, or it is not what was issued."""
    place = Path(folder)
    try:
        about = json.loads((place / HEAD).read_text(encoding="utf-8"))
        content = content_of(place, about)
        samples = pl.read_parquet(place / SAMPLES)
        known = pl.read_csv(place / KNOWN, schema_overrides={"from": pl.Date, "to": pl.Date, "as_of": pl.Date})
        issued, last = date.fromisoformat(about["issued"]), date.fromisoformat(about["last"])
    except (FileNotFoundError, NotADirectoryError):
        raise ForecastError(
            f"{place} holds no forecast (make one with `posada forecast SCENARIO --issued DATE`)"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError) as error:
        raise ForecastError(f"{place} is damaged ({str(error).splitlines()[0]}); it is not what was issued") from None
    sealed = sealed_content(place.parent, place.name)
    if content != about.get("content") or sealed not in (None, content):
        raise ForecastError(f"{place} is not what was issued: its content does not have the hash that was written down")
    return Forecast(issued, last, samples, known, about, place)


def seal(home: Path, name: str, content: str) -> None:
    """Add a line to the ledger: what was issued, its hash, and a seal that covers all lines before."""
    ledger = home / LEDGER
    lines = read_ledger(ledger)
    before = lines[-1]["seal"] if lines else ""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    if not lines:
        writer.writerow(["forecast", "content", "seal"])
    writer.writerow([name, content, sealed(before, name, content)])
    with ledger.open("a", encoding="utf-8", newline="") as file:
        file.write(line.getvalue())


def sealed(before: str, name: str, content: str) -> str:
    """The seal of a line."""
    return hashlib.sha256(f"{before}\n{name}\n{content}".encode()).hexdigest()


def read_ledger(ledger: Path) -> list[dict[str, str]]:
    """The lines of a ledger; ForecastError if one was changed."""
    if not ledger.exists():
        return []
    with ledger.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    before = ""
    for number, line in enumerate(lines, 2):
        if line.get("seal") != sealed(before, str(line.get("forecast")), str(line.get("content"))):
            raise ForecastError(f"{ledger}:{number} is not what was written when the forecast was issued")
        before = str(line["seal"])
    return lines


def sealed_content(home: Path, name: str) -> str | None:
    """The hash that a ledger knows of a forecast; None if it knows none."""
    return next((line["content"] for line in read_ledger(home / LEDGER) if line["forecast"] == name), None)
