"""Folders of results and pages: whole or not there, and free of what killed processes left."""

from posada.report.pages import put
from posada.results import work_folder


def test_leftovers_of_killed_processes_go_and_those_of_living_ones_stay(tmp_path):
    target = tmp_path / "pages"
    left = tmp_path / ".pages-abcdefgh.work"
    left.mkdir()
    (left / "picture.svg").write_text("half a pic")
    others = tmp_path / ".pages-2-abcdefgh.work"
    others.mkdir()
    with work_folder(target) as living:
        assert not left.exists()
        left.mkdir()
        put(target, lambda work: (work / "page.html").write_text("whole"), last="page.html")
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([living.name, others.name, "pages"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [others.name, "pages"]
    assert (target / "page.html").read_text() == "whole"
