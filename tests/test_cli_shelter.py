"""Two commands from a spreadsheet to a forecast: what each prints, keeps and refuses."""

from __future__ import annotations

import json

from cli_kit import files_of, in_this_process
from import_counts_kit import days, poisson, table


def test_two_commands_make_a_forecast_of_a_spreadsheet(tmp_path, monkeypatch, capsys):
    call = in_this_process(monkeypatch, capsys)
    file, out = tmp_path / "llegadas.csv", tmp_path / "casa"
    file.write_text(table(days(10), poisson(10, 9), header="Fecha;Llegadas", mark=";"))

    code, told, _ = call("import", "counts", file, "--out", out, "--place", "Casa", "--beds", 40)
    assert code == 0
    assert "What was found and mended" in told
    assert f"posada forecast {out}" in told
    assert max(map(len, told.splitlines())) <= 120 + len(str(out))

    code, told, _ = call("import", "counts", file, "--out", out, "--force", "--json")
    assert code == 0
    assert json.loads(told)["series"][0]["address"] == "set_out:arrivals"

    code, told, _ = call("forecast", out, "--tries", 0, "--replicates", 30, "--horizon", "5d", "--json")
    assert code == 0
    found = json.loads(told)
    assert (found["issued"], len(found["nights"])) == ("2026-01-14", 5)
    assert (out / "outlook" / "outlook.html").is_file()
    assert (out / "forecasts" / "2026-01-14").is_dir()

    before = files_of(out)
    code, told, complaint = call("forecast", out, "--tries", 0, "--replicates", 30)
    assert (code, told) == (2, "")
    assert "was issued already" in complaint
    assert files_of(out) == before


def test_mistakes_of_an_import_of_counts_end_with_2_and_leave_nothing(tmp_path, monkeypatch, capsys):
    call = in_this_process(monkeypatch, capsys)
    file, out = tmp_path / "counts.csv", tmp_path / "casa"
    file.write_text(table(["01/02/2026", "05/02/2026"], [3, 4]))
    cases = {
        "--dayfirst or --monthfirst": (file,),
        "cannot be 'nights'": (file, "--what", "nights", "--dayfirst"),
        "no column 'fecha'": (file, "--date-column", "fecha"),
        "is not a number of beds": (file, "--dayfirst", "--beds", 0),
        "no time zone 'Nowhere/Mexico'": (file, "--dayfirst", "--what", "arrivals", "--time-zone", "Nowhere/Mexico"),
        "cannot be read": (tmp_path / "none.csv",),
    }
    for words, arguments in cases.items():
        code, told, complaint = call("import", "counts", *arguments, "--out", out)
        assert (code, told) == (2, ""), words
        assert words in complaint
        assert not out.exists()
