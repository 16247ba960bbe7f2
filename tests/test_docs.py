"""What the README and the docs show is what posada does; links lead somewhere; generated pages are up to date."""

import re
import subprocess
import sys

import pytest

from docs_blocks import ROOT, blocks, fits, follow, pages, runs

PAGES = pages()
EXECUTED = [page for page in PAGES if any(runs(block) for block in blocks(page.read_text(encoding="utf-8")))]


def slowly(page):
    """The pages that everybody reads are followed with all tests; how-to's by `make docs`."""
    name = str(page.relative_to(ROOT))
    return pytest.param(page, id=name, marks=[pytest.mark.docs] if page.parent.name == "how-to" else [])


@pytest.mark.parametrize("page", [slowly(page) for page in EXECUTED])
def test_a_page_shows_what_posada_does(page, tmp_path):
    for shown in follow(page, tmp_path):
        assert fits(shown.shown, shown.printed), (
            f"$ {shown.command}\nprints\n"
            + "\n".join(shown.printed)
            + "\n(python tests/docs_blocks.py renews the pages)"
        )


def test_the_readme_the_tutorial_and_the_how_tos_are_executed():
    names = {str(page.relative_to(ROOT)) for page in EXECUTED}
    assert {"README.md", "docs/tutorial.md"} <= names
    assert {str(page.relative_to(ROOT)) for page in PAGES if page.parent.name == "how-to"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_table_of_the_state_is_up_to_date():
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "state_table.py")], capture_output=True, text=True, check=True
    )
    told = (ROOT / "docs" / "engine-state.md").read_text(encoding="utf-8")
    assert told == made.stdout, "python tools/state_table.py > docs/engine-state.md"


def test_every_command_and_option_is_in_the_reference():
    import typer.main

    from posada.cli import app

    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for name, command in typer.main.get_group(app).commands.items():
        assert f"posada {name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert f"`{option}" in text, f"posada {name} {option}"


@pytest.mark.parametrize(
    ("shown", "printed", "right"),
    [
        (["a", "b"], ["a", "", "b"], True),
        (["a", "...", "c"], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["b"], False),
        (["1 (2)"], ["1 (2)"], True),
    ],
)
def test_the_comparison_itself(shown, printed, right):
    assert fits(shown, printed) is right
