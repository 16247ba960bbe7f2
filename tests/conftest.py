"""Fixtures of all tests, and the order in which workers take them."""

import pytest

from cli_kit import SMALL, in_this_process, process
from scenario_base import write

EARLY = (
    *("test_report", "test_paper", "test_documents", "test_reading", "test_web_safety", "test_flow_map", "test_public"),
    *("test_docs", "test_engine_exact", "test_cli", "test_history", "test_running_state", "test_web_browser"),
    *("test_forecasts", "test_cli_state", "test_plan", "test_us_asylum", "test_notebook", "test_plan_words"),
)
"""Modules that come first: those that do without the engine, while another worker compiles it for the README; then
those that take long, so that no worker is left alone with them at the end."""


def pytest_collection_modifyitems(items):
    """Put the README first, then what comes early."""
    order = {name: rank for rank, name in enumerate(EARLY)}
    items.sort(key=lambda item: -1 if "[README.md]" in item.name else order.get(item.module.__name__, len(EARLY)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Workers take whole files, whose tests share what they have made; of the docs, a page each."""
    from xdist.scheduler import LoadFileScheduling

    class Pages(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if "::test_a_page_" in nodeid else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Pages(config, log)


@pytest.fixture
def posada(monkeypatch, capsys):
    """Run the command line in this process: (exit code, stdout, stderr)."""
    return in_this_process(monkeypatch, capsys)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A good scenario, and a result of it."""
    folder = tmp_path_factory.mktemp("cli")
    write(folder / "small")
    done = process(folder, "run", "small", *SMALL, "--out", "result")
    assert done.returncode == 0, done.stderr
    return folder
