"""Issued forecasts in a report: the newest beside the counts, and past scores."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import posada
from forecast_kit import START, write
from posada.forecasting import ForecastError, forecast, store
from posada.report import write_report
from posada.results import Result
from test_report import Page


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("shelter") / "s")
    for days in (20, 30):
        found = forecast(folder, issued=START + timedelta(days), horizon=14, replicates=12)
        store(found, folder)
    return folder


@pytest.fixture(scope="module")
def result(home: Path) -> Result:
    return posada.run(home, replicates=6)


def test_the_newest_forecast_and_past_scores_are_told(home: Path, result: Result, tmp_path: Path) -> None:
    page = write_report(result, tmp_path / "report.html", forecasts=home).read_text(encoding="utf-8")
    text = " ".join(" ".join(Page(page).text).split())
    assert "Two forecasts, issued from 21 March 2024 to 31 March 2024" in text
    assert "What the forecast of 31 March 2024 says" in text
    assert "last value" in text
    assert 'id="figure-forecast"' in page
    assert "than the best naive one" in text
    spanish = write_report(result, tmp_path / "informe.html", language="es", forecasts=home).read_text(encoding="utf-8")
    assert "Dos pronósticos" in spanish
    assert "último valor" in spanish


def test_a_folder_without_forecasts_is_told(result: Result, tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match="holds no forecast"):
        write_report(result, tmp_path / "report.html", forecasts=tmp_path)
    assert list(tmp_path.iterdir()) == []
