"""The shipped scenario `us-asylum`: its receipts are the official ones, its pending cases are held against them.

At full size a replicate takes some twenty seconds (`make prove`). The other tests run it a twentieth as large: a
twentieth of the arrivals and of those there at the start, and services twenty times as long, so that judges stay as
many as they are.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from posada.ensemble import run
from posada.results import Result
from posada.scenario import Scenario, load, shipped

SMALL = 20
PENDING = {2015: 460093, 2016: 521517, 2017: 656095}
"""Official pending cases at the end of the fiscal years that set nothing."""
RECEIPTS = {2008: 225871, 2011: 238157, 2014: 230178, 2017: 295245}
NAME = "us-asylum"


def smaller(folder: Path) -> Path:
    """A copy with the policy `smaller`."""
    shutil.copytree(shipped()[NAME], folder)
    s = load(NAME)
    changes = [f"{{multiply: groups.{g}.parties_per_day, by: {1 / SMALL}}}" for g in s.groups if g != "already-pending"]
    for name, facility in s.facilities.items():
        changes += [
            f"{{multiply: facilities.{name}.initial.{n}.people, by: {1 / SMALL}}}"
            for n, _ in enumerate(facility.initial, 1)
        ]
    longer = (
        "quantities.judge_days_per_case",
        "pathways.fear-screening.interview.queue.service",
        "pathways.asylum-office.interview.queue.service",
    )
    changes += [f"{{multiply: {path}, by: {SMALL}}}" for path in longer]
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    lines = "".join(f"    - {change}\n" for change in changes)
    text = text.replace("\npolicies:\n", f"\npolicies:\n  smaller:\n{lines}", 1)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(smaller(tmp_path_factory.mktemp("us") / "small"))


def as_stated(s: Scenario, *policies: str) -> Result:
    """One replicate a twentieth as large, with every number at its stated value."""
    chosen = [*policies, "smaller"]
    drawn = run(s, replicates=1, until=date(2007, 10, 2), policy=chosen).quantities
    return run(s, replicates=1, policy=chosen, draws=drawn.select("replicate", "path", z=pl.lit(0.0)))


@pytest.fixture(scope="module")
def stated(small: Scenario) -> Result:
    return as_stated(small)


def last(r: Result, address: str, year: int) -> float:
    """A stock at the end of a fiscal year, in the mean of the replicates."""
    found = r.series(address, date(year, 9, 1), date(year, 9, 30))
    return float(found["value"].to_numpy().mean())


def year_of(r: Result, address: str, year: int) -> float:
    """A flow of a fiscal year, in the mean of the replicates."""
    return float(r.series(address, date(year - 1, 10, 1), date(year, 9, 30))["value"].sum()) / r.replicates


def test_what_comes_after_fiscal_2014_is_a_check(small: Scenario) -> None:
    used = {o.id: o.use for o in small.observations.values() if o.id.startswith(("pending", "completions", "receipts"))}
    late = {f"{what}-{year}" for what in ("pending", "completions") for year in PENDING}
    assert {name for name, use in used.items() if use == "check"} == late


def test_it_takes_in_the_official_receipts(stated: Result) -> None:
    for year, received in RECEIPTS.items():
        assert year_of(stated, "took:court.received/case", year) * SMALL == pytest.approx(received, rel=0.02)
    fear = year_of(stated, "took:court.received/case{group=credible-fear}", 2010) * SMALL
    assert fear / 247187 == pytest.approx(0.03, abs=0.005)
    fear = year_of(stated, "took:court.received/case{group=credible-fear}", 2017) * SMALL
    assert fear / RECEIPTS[2017] == pytest.approx(0.23, abs=0.01)


@pytest.mark.parametrize("year", PENDING)
def test_pending_cases_come_out(stated: Result, year: int) -> None:
    assert last(stated, "in_stage:court", year) * SMALL == pytest.approx(PENDING[year], rel=0.1)


def test_nobody_detained_waits_behind_the_others(stated: Result) -> None:
    waits = stated.waits.filter((pl.col("where") == "immigration-courts") & (pl.col("attribute") == "docket"))
    served = waits.filter(pl.col("ended") == "served").group_by("level")
    mean = dict(served.agg(pl.col("sum_days").sum() / pl.col("people").sum()).iter_rows())
    assert mean["detained"] < 10
    assert mean["non-detained"] > 300


JUDGES = ("hire-50-a-year", "hire-100-a-year", "hire-100-a-year-at-once")


def test_judges_who_are_hired_take_742_days(small: Scenario, stated: Result) -> None:
    """The longer, the more: nothing before they sit, then fewer cases pending, by what they complete."""
    pending = {policy: as_stated(small, policy) for policy in JUDGES}
    for policy in JUDGES[:2]:
        assert last(pending[policy], "in_stage:court", 2016) == last(stated, "in_stage:court", 2016)
    at = [last(stated, "in_stage:court", 2019), *(last(pending[policy], "in_stage:court", 2019) for policy in JUDGES)]
    assert at == sorted(at, reverse=True)
    saved = (last(stated, "in_stage:court", 2017) - last(pending["hire-100-a-year"], "in_stage:court", 2017)) * SMALL
    assert saved == pytest.approx(100 * 354 / 365.25 * 574, rel=0.2)


def test_lawyers_change_who_stays_only_by_their_effect(small: Scenario) -> None:
    def protected(policy: str) -> float:
        return year_of(as_stated(small, policy), "ended:asylum", 2017)

    none, full = (
        protected(f"lawyers-for-all-{effect}-effect") / protected(f"lawyers-as-now-{effect}-effect")
        for effect in ("no", "full")
    )
    assert none == pytest.approx(1, abs=0.1)
    assert full > 1.15
    assert protected("lawyers-for-all-half-effect") > protected("lawyers-as-now-half-effect")


def test_who_is_next_changes_waits_and_no_count(small: Scenario, stated: Result) -> None:
    newest = as_stated(small, "courts-newest-first")
    assert last(newest, "in_stage:court", 2017) == pytest.approx(last(stated, "in_stage:court", 2017), rel=0.03)
    assert year_of(newest, "served:immigration-courts", 2017) == pytest.approx(
        year_of(stated, "served:immigration-courts", 2017), rel=0.01
    )

    def waited(r: Result) -> float:
        rows = r.waits.filter((pl.col("where") == "asylum-officers") & (pl.col("level") == "affirmative"))
        rows = rows.filter((pl.col("ended") == "served") & (pl.col("joined") >= date(2014, 10, 1)))
        return float(rows["sum_days"].sum() / rows["people"].sum())

    assert waited(as_stated(small, "offices-newest-first")) < waited(as_stated(small, "offices-oldest-first")) / 2


def test_screening_where_the_claim_is_made_shortens_custody(small: Scenario, stated: Result) -> None:
    at_port = as_stated(small, "screening-at-the-port")
    nights = "nights:port-custody"
    spared = (year_of(stated, nights, 2017) - year_of(at_port, nights, 2017)) * SMALL
    assert spared == pytest.approx(78090 * (10 - 2) * 1.093, rel=0.05)  # the mean of a lognormal with spread 2
    officers = as_stated(small, "officers-decide-claims")
    came = "took:court.received/case{group=credible-fear}"
    assert year_of(officers, came, 2017) < 0.8 * year_of(stated, came, 2017)
    waiting = "waiting:asylum-officers"
    assert last(officers, waiting, 2017) > last(stated, waiting, 2017) + 1000


def test_every_policy_is_run_somewhere_here(small: Scenario) -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    for policy in small.policies:
        name = policy.replace("-no-effect", "").replace("-half-effect", "").replace("-full-effect", "")
        assert name in told, policy


def test_what_was_known_in_2017_begins_the_forecast_closer(small: Scenario) -> None:
    known = as_stated(small, "known-to-2017")
    assert last(known, "in_stage:court", 2017) * SMALL == pytest.approx(PENDING[2017], rel=0.04)


@pytest.mark.prove
def test_at_full_size_pending_cases_come_out() -> None:
    r = run(load(NAME), replicates=4)
    for year, counted in PENDING.items():
        found = r.series("in_stage:court", date(year, 9, 1), date(year, 9, 30))["value"].median()
        assert found == pytest.approx(counted, rel=0.1)
    cases = r.series("set_out:already-pending", None, date(2017, 9, 30))["value"].sum()
    cases += r.series("took:court.received/case", None, date(2017, 9, 30))["value"].sum()
    assert cases / r.replicates > 2_400_000
