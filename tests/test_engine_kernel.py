"""The engine's own maths, draws, and where its compiled code is kept."""

# ruff: noqa: E501

from __future__ import annotations

import fcntl
import math
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from engine_kit import simulate, write
from posada.engine import EngineBug, begin, cache, compile_scenario, compiled_functions, explain, go_on, new_state
from posada.engine import layout as at
from posada.engine.kernel import luck, maths, quantiles
from posada.engine.kernel.options import ENTRIES
from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses
from posada.scenario import load


@njit
def many(which, x, out):
    for i in range(len(x)):
        if which == 0:
            out[i] = maths.log(x[i])
        elif which == 1:
            out[i] = maths.exp(x[i])
        elif which == 2:
            out[i] = maths.normal_quantile(x[i])
        elif which == 3:
            out[i] = maths.power(x[i], 1 / 1.7)
        elif which == 4:
            out[i] = maths.gamma(x[i])
        elif which == 5:
            out[i] = maths.log_gamma(x[i])
        else:
            out[i] = maths.sine(x[i])


@njit
def two_way(which, a, b, u, out):
    """What the distribution function makes of the quantile."""
    for i in range(len(u)):
        if which == 0:
            out[i] = quantiles.gamma_share(a, quantiles.gamma_quantile(a, u[i]))
        else:
            out[i] = quantiles.beta_share(a, b, quantiles.beta_quantile(a, b, u[i]))


@njit
def shares(which, a, b, x, out):
    for i in range(len(x)):
        out[i] = quantiles.gamma_share(a, x[i]) if which == 0 else quantiles.beta_share(a, b, x[i])


@njit
def uniforms(key, purpose, first, out):
    for i in range(len(out)):
        out[i] = luck.uniform(key, purpose, first + i)


def ours(which: int, x: np.ndarray) -> np.ndarray:
    out = np.empty_like(x)
    many(which, x, out)
    return out


def relative(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.max(np.abs(found - exact) / np.maximum(np.abs(exact), 1e-300)))


def test_logarithm_and_exponential():
    rng = np.random.default_rng(1)
    x = np.concatenate([10 ** rng.uniform(-300, 300, 20000), rng.uniform(0.5, 2, 20000), 1 + rng.uniform(-1e-9, 1e-9, 2000)])
    assert relative(ours(0, x), np.array([math.log(v) for v in x])) < 1e-14
    y = np.concatenate([rng.uniform(-700, 700, 20000), rng.uniform(-1, 1, 20000)])
    assert relative(ours(1, y), np.array([math.exp(v) for v in y])) < 1e-14
    edges = ours(0, np.array([0.0, 1.0, math.inf, -1.0, 5e-324]))
    assert edges[0] == -math.inf
    assert edges[1] == 0.0
    assert edges[2] == math.inf
    assert math.isnan(edges[3])
    assert edges[4] == pytest.approx(math.log(5e-324), rel=1e-14)
    assert ours(1, np.array([0.0, -1000.0, 1000.0])).tolist() == [1.0, 0.0, math.inf]


def test_normal_quantile():
    p = np.concatenate([np.linspace(0.001, 0.999, 4001), [1e-15, 1e-9, 1e-5, 0.5, 0.05, 0.95, 1 - 1e-9]])
    exact = np.array([statistics.NormalDist().inv_cdf(v) for v in p])
    assert np.max(np.abs(ours(2, p) - exact)) < 1e-13
    far = np.abs(exact) > 0.01
    assert relative(ours(2, p[far]), exact[far]) < 1e-13
    # by the distribution function itself, which the quantile must invert
    back = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in ours(2, p)])
    assert relative(back, p) < 1e-13


def test_powers_and_gamma():
    x = np.random.default_rng(2).uniform(0.001, 100, 5000)
    assert relative(ours(3, x), x ** (1 / 1.7)) < 1e-14
    g = np.linspace(1, 20, 500)
    assert relative(ours(4, g), np.array([math.gamma(v) for v in g])) < 1e-12


def test_sine_and_the_logarithm_of_gamma():
    x = np.random.default_rng(3).uniform(-50, 50, 20000)
    assert np.max(np.abs(ours(6, x) - np.sin(2 * np.pi * (x - np.round(x))))) < 1e-14
    g = np.concatenate([np.linspace(0.01, 5, 500), np.linspace(5, 500, 500)])
    exact = np.array([math.lgamma(v) for v in g])
    assert np.max(np.abs(ours(5, g) - exact) / np.maximum(1, np.abs(exact))) < 1e-12


def test_incomplete_gamma_and_beta_and_their_inverses():
    x = np.linspace(0.01, 40, 300)
    found = np.empty_like(x)
    for k in (1, 2, 5, 20):  # whole shapes: a sum of Poisson terms
        exact = 1 - sum(np.exp(-x) * x**j / math.factorial(j) for j in range(k))
        shares(0, float(k), 0.0, x, found)
        assert np.max(np.abs(found - exact)) < 1e-13
    shares(0, 0.5, 0.0, x, found)
    assert np.max(np.abs(found - np.array([math.erf(math.sqrt(v)) for v in x]))) < 1e-13
    y = np.linspace(0.001, 0.999, 300)
    found = np.empty_like(y)
    for a, b in ((1, 5), (2, 4), (3, 3), (5, 1)):  # whole parameters: a binomial tail
        n = a + b - 1
        exact = sum(math.comb(n, j) * y**j * (1 - y) ** (n - j) for j in range(a, n + 1))
        shares(1, float(a), float(b), y, found)
        assert np.max(np.abs(found - exact)) < 1e-13
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 2000), [1e-12, 1 - 1e-12]])
    back = np.empty_like(u)
    for a in (0.05, 0.3, 0.7, 1.0, 2.5, 30.0, 400.0):
        two_way(0, a, 0.0, u, back)
        assert np.max(np.abs(back - u)) < 1e-11, a
    for a, b in ((1.0, 5.0), (1.5, 4.5), (3.0, 3.0), (4.9, 1.1)):
        two_way(1, a, b, u, back)
        assert np.max(np.abs(back - u)) < 1e-11, (a, b)


def test_draws_are_uniform_and_those_of_neighbours_have_nothing_in_common():
    n = 200_000
    sequences = []
    for key, purpose in ((1, 1), (1, 2), (2, 1), (2**63, 1)):
        u = np.empty(n)
        uniforms(np.uint64(key), np.uint64(purpose), 0, u)
        assert u.min() > 0
        assert u.max() < 1
        counts = np.bincount((u * 256).astype(int), minlength=256)
        assert abs(((counts - n / 256) ** 2 / (n / 256)).sum() - 255) < 5 * math.sqrt(2 * 255)
        assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 5 / math.sqrt(n)
        sequences.append(u)
    for i, a in enumerate(sequences):
        for b in sequences[:i]:
            assert abs(np.corrcoef(a, b)[0, 1]) < 5 / math.sqrt(n)


# --- where compiled code is kept ---------------------------------------------------------------------------------

def test_an_edited_source_has_a_folder_of_its_own(tmp_path, monkeypatch):
    engine = Path(cache.__file__).parent
    copy = tmp_path / "engine"
    shutil.copytree(engine, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(copy / "cache.py"))
    before = cache.source_hash()
    assert cache.source_hash() == before
    part = copy / "kernel" / "queues.py"
    part.write_text(part.read_text() + "\n")
    assert cache.source_hash() != before


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("POSADA_CACHE", str(blocked))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    assert cache.folder().is_relative_to(tmp_path / "tmp")
    (tmp_path / "tmp2").write_text("nor this")
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path / "tmp2"))
    monkeypatch.setattr(cache.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    assert cache.folder() == tmp_path / "posada-"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users")
def test_compiled_code_of_another_user_is_never_run(tmp_path, monkeypatch):
    monkeypatch.setenv("POSADA_CACHE", str(tmp_path / "mine"))
    mine = cache.folder()
    assert mine.is_relative_to(tmp_path / "mine")
    assert mine.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(cache.os, "getuid", lambda: 4321)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    assert not cache.folder().is_relative_to(tmp_path / "mine")


def test_of_two_that_compile_one_waits_for_the_other(tmp_path):
    def free():
        held = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(held)
        return True

    with cache.alone(tmp_path):
        assert not free()
    assert free()
    cache.mark(tmp_path)
    with cache.alone(tmp_path):
        assert free(), "nobody waits for what is compiled"


@pytest.mark.prove
def test_two_processes_that_start_at_once_with_nothing_compiled_both_work(tmp_path):
    """They share an empty cache; a third then reads what they left there."""
    scenario = write(tmp_path / "s", """
groups: {g: {people: 20, place: here, date: 2018-04-02, pathway: p}}
pathways: {p: [{id: w, wait: {for: {exponential: {mean: 1 days}}}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    program = "import sys; from posada.ensemble import run; print(run(sys.argv[1], replicates=2).flows['people'].sum())"
    environment = {**os.environ, "POSADA_CACHE": str(tmp_path / "cache")}
    started = [subprocess.Popen([sys.executable, "-c", program, str(scenario)], env=environment,
                                stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=900)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert said[0] == said[1]
    third = subprocess.run([sys.executable, "-c", program, str(scenario)], env=environment, capture_output=True,
                           text=True, timeout=300)
    assert third.stdout == said[0]


# --- load --------------------------------------------------------------------------------------------------------

def test_buffers_grow_under_a_crowd_in_one_queue(tmp_path):
    r = simulate(tmp_path, """
end: 2018-06-30
record: {by: [group, sex_and_age]}
groups: {g: {people: 50000, place: here, date: 2018-04-02 10:00, pathway: p, parties: {1: 0.5, 3: 0.5}, sex_and_age: {men_18_59: 0.5, girls_0_4: rest}}}
facilities:
  f: {at: here, kind: gate, slots_per_day: [{value: 100}, {from: 2018-05-15, value: 100000}], opens: "07:00"}
  b: {at: here, kind: beds, beds: [{value: 0}, {from: 2018-05-01, value: 100000}], max_stay: {exponential: {mean: 10 days}}}
pathways: {p: [{id: s, stay: {in: b}}, {id: part, split: {who: men, to: q}}, {id: q, queue: {at: f}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    out = r.outcomes.filter(r.outcomes["attribute"] == "all")["people"].sum()
    assert 50000 <= out <= 50002


def test_functions_are_compiled_before_threads_begin():
    functions = compiled_functions()
    assert all(functions[name].signatures for name in ENTRIES)


def test_compiled_code_that_was_cut_is_not_trusted(tmp_path):
    (tmp_path / "sub").mkdir()
    code = tmp_path / "sub" / "entry.advance.nbc"
    code.write_bytes(b"x" * 100)
    cache.mark(tmp_path)
    assert cache.whole(tmp_path)
    code.write_bytes(b"x" * 10)
    assert not cache.whole(tmp_path)
    cache.clear(tmp_path)
    assert not code.exists()
    assert cache.whole(tmp_path)  # an empty folder is as good as new


# --- what must never happen --------------------------------------------------------------------------------------

def halfway(tmp_path):
    """A small run that has begun."""
    folder = write(tmp_path, """
groups: {g: {people: 3, place: here, date: 2018-04-02, pathway: p}}
pathways: {p: [{id: w, wait: {for: 3 days}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    compiled = compile_scenario(load(folder))
    state = new_state(compiled.program, compiled.sizes)
    begin(compiled.program, compiled.sizes, np.zeros(compiled.sizes.values) + 3.0, 1, state)
    return compiled, state


def test_who_is_lost_is_told_as_a_bug(tmp_path):
    compiled, state = halfway(tmp_path)
    state.head["parties_n"], state.head["set_out"] = 3, 3
    state.party["status"][:3] = at.TIMED
    state.party["serial"][:3] = (5, 6, 7)
    state.party["place"][:3] = (0, -4, -1)
    error = explain(at.ERR_LOST, state, compiled.codes, 0, 1)
    assert isinstance(error, EngineBug)
    assert "parties without a place: [7]" in str(error)


def test_a_buffer_that_was_overrun_ends_the_run(tmp_path):
    compiled, state = halfway(tmp_path)
    state.head["room"] = at.OVERRUN
    functions = compiled_functions()
    where, here = addresses(compiled.program, PROGRAM_TYPES), addresses(state, STATE_TYPES)
    assert functions["advance"](where, here, 1e9, 1000) == at.ERR_TOO_MANY
    state.head["room"] = at.OVERRUN
    with pytest.raises(EngineBug, match="overrun"):
        go_on(compiled.program, state, 1e9, explain=lambda reason, s: explain(reason, s, compiled.codes, 0, 1))
