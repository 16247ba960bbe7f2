"""Small scenarios from a text, run once, and what the tables say of them."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from posada.ensemble import run
from posada.results import Result

HEAD = {"posada": "1", "title": "A test", "start": "2018-04-02", "end": "2018-04-11", "time_zone": "UTC"}
"""2018-04-02 is a Monday."""
PLACES = "id,name,lat,lon,time_zone\nhere,Here,0,0,\nthere,There,1,1,\nwest,West,2,2,America/Tijuana\n"
LINKS = "id,from,to,mode,length_km\n"


def write(folder: Path, text: str, *, links: str = "", groups: str = "", places: str = PLACES) -> Path:
    """A scenario folder from YAML without its head (whose keys the text may give) and rows of CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    text = textwrap.dedent(text)
    head = [f"{key}: {value}" for key, value in HEAD.items() if f"\n{key}:" not in f"\n{text}"]
    (folder / "scenario.yaml").write_text("\n".join(head) + "\n" + text, encoding="utf-8")
    (folder / "places.csv").write_text(places, encoding="utf-8")
    if links:
        (folder / "links.csv").write_text(LINKS + textwrap.dedent(links).strip() + "\n", encoding="utf-8")
    if groups:
        (folder / "groups.csv").write_text(textwrap.dedent(groups).strip() + "\n", encoding="utf-8")
    return folder


def simulate(folder: Path, text: str, *, links: str = "", groups: str = "", places: str = PLACES,
             replicates: int = 1, seed: int = 1, **how: object) -> Result:
    """Write a scenario and run it."""
    write(folder, text, links=links, groups=groups, places=places)
    return run(folder, replicates=replicates, seed=seed, **how)  # type: ignore[arg-type]


def _rows(table: pl.DataFrame, where: str, column: str, level: str) -> pl.DataFrame:
    attribute, _, value = level.partition("=")
    return table.filter((pl.col(column) == where) & (pl.col("attribute") == (attribute or "all"))
                        & (pl.col("level") == (value or "all")))


def flow(result: Result, address: str, level: str = "", count: str = "people") -> dict[str, int]:
    """People of `event:where` by the first day of the interval, without zeros."""
    event, _, where = address.partition(":")
    table = result.outcomes.rename({"date": "from"}) if event == "ended" else result.flows
    rows = _rows(table, where, "outcome" if event == "ended" else "where", level)
    if event != "ended":
        rows = rows.filter(pl.col("event") == event)
    return {str(d): n for d, n in rows.group_by("from").agg(pl.col(count).sum()).sort("from").iter_rows()}


def total(result: Result, address: str, level: str = "", count: str = "people") -> int:
    """People of `event:where` in all."""
    return sum(flow(result, address, level, count).values())


def stock(result: Result, address: str, level: str = "", column: str = "people") -> dict[str, float]:
    """People in `state:where` at the end of each interval (or their mean, or most), without zeros."""
    state, _, where = address.partition(":")
    rows = _rows(result.stocks, where, "where", level).filter(pl.col("state") == state).sort("at")
    return {str(d): n for d, n in rows.select("at", column).iter_rows() if n}


def area(result: Result, address: str, level: str = "") -> float:
    """Person-days in `state:where` over the whole run (intervals of local days of 24 hours)."""
    state, _, where = address.partition(":")
    rows = _rows(result.stocks, where, "where", level).filter(pl.col("state") == state)
    lengths = (rows["until"] - rows["at"]).dt.total_days()
    return float((rows["people_mean"] * lengths).sum())


def waits(result: Result, where: str, level: str = "") -> dict[str, tuple[int, float]]:
    """(people, person-days) of waits by how they ended."""
    rows = _rows(result.waits, where, "where", level)
    found = rows.group_by("ended").agg(pl.col("people").sum(), pl.col("sum_days").sum())
    return {how: (people, days) for how, people, days in found.iter_rows()}


def dates(result: Result) -> list[date]:
    """First days of the record intervals in which anything happened."""
    return sorted({*result.stocks["at"].unique().to_list(), *result.flows["from"].unique().to_list()})


def day(n: int) -> str:
    """The n-th day of the default scenario, from 0."""
    return str(date(2018, 4, 2) + timedelta(days=n))


def hours(days: float) -> float:
    """Days as hours."""
    return days * 24


def same_tables(a: Path, b: Path) -> bool:
    """Whether two saved results are equal, byte for byte (but for the times taken and the folder of the scenario)."""
    names = sorted(p.name for p in a.iterdir())
    if names != sorted(p.name for p in b.iterdir()):
        return False
    return all((a / n).read_bytes() == (b / n).read_bytes() for n in names if n.endswith(".parquet"))
