"""The tutorial notebook runs from top to bottom, as a reader runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "notebooks" / "caravan.ipynb"
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=300).execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.mark.docs
def test_the_tutorial_notebook_runs(tmp_path: Path) -> None:
    assert all(not cell.get("outputs") for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"])
    folder = tmp_path / "in-a-folder"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "IPYTHONDIR": str(tmp_path / "ipython")}
    ran = [sys.executable, "-c", RUN, str(NOTEBOOK), str(tmp_path / "done.ipynb")]
    done = subprocess.run(ran, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    shown = [output["data"] for output in outputs if output["output_type"] == "execute_result"]
    assert sum("image/svg+xml" in data for data in shown) == 5
    assert any("posada-flow-map" in "".join(data.get("text/html", "")) for data in shown)
    assert sorted(file.name for file in folder.iterdir()) == ["map.html", "queues.png"]
