"""The four situations of Flee's authors, where their files are at hand: what they hold, and their known faults.

FLEE_DATA names the folder with burundi2015, car2013, mali2012, syria2013 and settings; without it these tests skip.
"""

import os
from pathlib import Path

import pytest

import posada
from posada.scenario import load

DATA = Path(os.environ.get("FLEE_DATA", ""))
pytestmark = pytest.mark.skipif("FLEE_DATA" not in os.environ or not DATA.is_dir(), reason="FLEE_DATA is not set")

# days, places, routes, sites with series
HELD = {
    "burundi2015": (396, 30, 41, 5),
    "car2013": (820, 63, 86, 14),
    "mali2012": (300, 23, 35, 7),
    "syria2013": (1095, 18, 32, 4),
}
FAULTS = {
    "burundi2015": [
        ("input_csv/closures.csv", 2, "all links of 'Bujumbura' are closed on 2015-05-01 to 2015-07-30"),
        ("input_csv/closures.csv", 2, "Flee ignores name2 ('Lusenda')"),
        ("input_csv/locations.csv", 27, "the capacity of 5 of 5 sites"),
        ("source_data/con-lusenda.csv", 3, "7332 on 2015-08-03 stands between 7 and 155"),
        ("input_csv/routes.csv", 41, "forced redirection from 'Nduta' to 'Nyarugusu'"),
    ],
    "car2013": [
        ("input_csv/locations.csv", 38, "no route leads to 'Bili'"),
        ("source_data/data_layout.csv", 10, "'Bossobolo' is not in locations.csv"),
        ("source_data/con-brazaville.csv", 31, "may be a sum of arrivals"),
        ("input_csv/registration_corrections.csv", 7, "by 4.11"),
    ],
    "mali2012": [
        ("input_csv/locations.csv", 13, "the coordinates of 'Lere' do not fit its roads"),
        ("input_csv/locations.csv", 21, "the coordinates of 'Abala' do not fit its roads"),
    ],
    "syria2013": [
        ("input_csv/locations.csv", 18, "the capacity of 4 of 4 sites"),
        ("input_csv/locations.csv", 11, "`conflict_date` disagrees"),
        ("input_csv/closures - syria.csv", 0, "is not read; Flee reads 'closures.csv' only"),
    ],
}


@pytest.mark.parametrize("name", HELD)
def test_a_situation_is_read_whole_with_its_faults_and_loads(name, tmp_path):
    made = posada.import_flee(DATA / name, tmp_path / "out", settings=DATA / "settings" / "simsetting.yml")
    found = made.situation
    assert (found.days, len(found.sites), len(found.routes) // 2, len(found.series)) == HELD[name]
    for file, line, message in FAULTS[name]:
        assert any((r.file, r.line) == (file, line) and message in r.message for r in found.remarks), (file, message)
    assert load(made.folder).end == found.date(found.days - 1)


@pytest.mark.parametrize("settings", ["classic125", "fastflow", "modern125", "modern125aw2dm75", "simsetting"])
def test_every_settings_file_is_translated(settings, tmp_path):
    made = posada.import_flee(DATA / "mali2012", tmp_path / "out", settings=DATA / "settings" / f"{settings}.yml")
    assert "not known" not in made.report
    assert "`capacity_scaling` has no effect" in made.report
    load(made.folder)
