"""A shelter's own counts: what is read from tables as people keep them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from import_counts_kit import FIRST, TODAY, days, poisson, read, table, told, values
from posada.scenario import ScenarioErrors, import_counts, load
from posada.scenario.importers.daily.days import day_first, read_written
from posada.scenario.importers.daily.figures import Figure, read_figure


def test_a_plain_table(tmp_path: Path) -> None:
    counts = read(tmp_path, table(days(30), range(1, 31)), cumulative=False)
    (line,) = counts.lines
    assert line.what == "arrivals"
    assert values(counts) == list(range(1, 31))
    assert line.counts[0].line == 2
    assert counts.last == date(2026, 2, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_encodings(tmp_path: Path, encoding: str, mark: str) -> None:
    text = table(days(20), poisson(20, 9), [""] * 20, header="Día,Número de llegadas,Observación", mark=mark)
    counts = read(tmp_path, text.replace("\n", "\r\n"), encoding=encoding)
    assert counts.lines[0].what == "arrivals"
    assert values(counts) == poisson(20, 9)


def test_a_line_that_names_the_delimiter(tmp_path: Path) -> None:
    counts = read(tmp_path, "sep=;\n" + table(days(9), poisson(9, 9), header="fecha;ingresos", mark=";"))
    assert values(counts) == poisson(9, 9)
    assert counts.lines[0].counts[0].line == 3


def test_titles_comments_blanks_and_totals(tmp_path: Path) -> None:
    body = table(days(10), range(40, 50), header="noche,ocupación").replace("2026-01-09", "# read aloud\n\n2026-01-09")
    counts = read(tmp_path, f"Casa del Mar,\nregistro 2026,\n\n{body}Total,445\n,445\n")
    assert values(counts) == list(range(40, 50))
    assert counts.lines[0].what == "present"
    assert "2 rows of totals" in told(counts)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("12", Figure(12.0)),
        ("1.234", Figure(1234.0)),
        ("1,234", Figure(1234.0)),
        ("1 234", Figure(1234.0)),
        ("12,0", Figure(12.0)),
        ("12.5", Figure(12.5, qualifier="about")),
        ("12 aprox.", Figure(12.0, qualifier="about")),
        ("~12", Figure(12.0, qualifier="about")),
        ("12 personas", Figure(12.0)),
        (">40", Figure(None, 40.0, None, "at_least")),
        ("más de 40", Figure(None, 40.0, None, "at_least")),
        ("40+", Figure(None, 40.0, None, "at_least")),
        ("< 5", Figure(None, None, 5.0, "at_most")),
        ("30-40", Figure(None, 30.0, 40.0, "range")),
        ("entre 30 y 40", Figure(None, 30.0, 40.0, "range")),
        ("30 to 40", Figure(None, 30.0, 40.0, "range")),
        ("-3", Figure(-3.0)),
        ("s/d", None),
        ("", None),
        ("—", None),
    ],
)
def test_counts_as_people_write_them(text: str, figure: Figure | None) -> None:
    assert read_figure(text) == figure


@pytest.mark.parametrize("text", ["many", "12:30", "3 men 4 women", "12/1/3"])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(ValueError, match="not a count"):
        read_figure(text)


@pytest.mark.parametrize(
    "text",
    ["2026-03-09", "2026/3/9", "20260309", "2026-03-09 21:00", "2026-03-09T21:00:00", "9 mar 2026", "Mon 9 March 2026",
     "lunes, 9 de marzo de 2026", "9-mar-26", "March 9, 2026", "46090"],
)  # fmt: skip
def test_dates_that_are_clear(text: str) -> None:
    written = read_written(text)
    assert written is not None
    assert written.day == date(2026, 3, 9)


def cells(*texts: str) -> list:  # type: ignore[type-arg]
    """Date cells taken apart."""
    return [(text, read_written(text)) for text in texts]


def test_day_or_month_first_is_found_by_what_is_there() -> None:
    assert day_first(cells("03/04/2026", "13/04/2026"))[0] is True
    assert day_first(cells("03/04/2026", "04/13/2026"))[0] is False
    assert day_first(cells("01/03/2026", "02/03/2026", "03/03/2026", "04/03/2026"))[0] is True
    assert day_first(cells("03/01/2026", "03/02/2026", "03/03/2026", "03/04/2026"))[0] is False


def test_dates_that_could_be_either_are_asked(tmp_path: Path) -> None:
    text = table(["01/02/2026", "05/02/2026"], [3, 4])
    with pytest.raises(ScenarioErrors, match="--dayfirst or --monthfirst"):
        read(tmp_path, text)
    assert read(tmp_path, text, day_first=True).last == date(2026, 2, 5)
    assert read(tmp_path, text, day_first=False).last == date(2026, 5, 2)


def test_dates_in_two_orders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors, match="two ways"):
        read(tmp_path, table(["13/01/2026", "01/14/2026", "01/15/2026"], [3, 4, 5]))


def test_dates_without_a_year(tmp_path: Path) -> None:
    counts = read(tmp_path, table(["30 dic", "31 dic", "1 ene", "2 ene"], [3, 4, 5, 6], header="fecha,llegadas"))
    assert counts.lines[0].counts[0].day == date(2025, 12, 30)
    assert counts.last == date(2026, 1, 2)


def test_gaps_are_left_open(tmp_path: Path) -> None:
    rows = [(d, v) for i, (d, v) in enumerate(zip(days(40), poisson(40, 15), strict=True)) if i not in (7, 8, 9, 30)]
    counts = read(tmp_path, table(*zip(*rows, strict=True)))
    assert len(values(counts)) == 36
    assert "4 of 40 days have no count (2026-01-12 to 2026-01-14, 2026-02-04)" in told(counts)


def test_doubles(tmp_path: Path) -> None:
    dates, numbers = [*days(20), FIRST, days(20)[3]], [*range(10, 30), 10, 16]
    counts = read(tmp_path, table(dates, numbers), cumulative=False)
    assert len(values(counts)) == 20
    assert counts.lines[0].counts[0].figure == Figure(10.0)
    assert counts.lines[0].counts[3].figure == Figure(None, 13.0, 16.0, "range")
    assert "the same number twice" in told(counts)
    assert "2026-01-08 has 13 and 16: rival counts" in told(counts)


def test_later_versions_are_kept_with_their_dates(tmp_path: Path) -> None:
    text = "date,arrivals,as of\n2026-01-05,9,2026-01-05\n2026-01-06,7,2026-01-06\n2026-01-05,11,2026-01-08\n"
    counts = read(tmp_path, text)
    first, second, _ = counts.lines[0].counts
    assert (first.value, first.known) == (9, date(2026, 1, 5))
    assert (second.value, second.known) == (11, date(2026, 1, 8))
    assert "later versions" in told(counts)


@pytest.mark.parametrize("header", ["date,arrivals", "date,total arrivals to date", "fecha,llegadas acumuladas"])
def test_a_running_total(tmp_path: Path, header: str) -> None:
    daily = poisson(40, 12)
    running = [900 + sum(daily[: i + 1]) for i in range(40)]
    counts = read(tmp_path, table(days(40), running, header=header))
    assert values(counts) == daily[1:]
    assert "a running total from" in told(counts)
    assert values(read(tmp_path, table(days(40), running, header=header), cumulative=False)) == running


def test_a_running_total_that_begins_anew_has_gaps_and_falls(tmp_path: Path) -> None:
    daily = poisson(60, 12)
    running = [sum(daily[: i + 1]) for i in range(30)] + [sum(daily[30 : i + 1]) for i in range(30, 60)]
    rows = [(d, v) for i, (d, v) in enumerate(zip(days(60), running, strict=True)) if i not in (10, 11)]
    counts = read(tmp_path, table(*zip(*rows, strict=True)))
    wide = next(count for count in counts.lines[0].counts if count.first != count.day)
    assert (wide.first, wide.day) == (days(60)[10], days(60)[12])
    assert wide.value == sum(daily[10:13])
    assert sum(values(counts)) == sum(daily[1:])
    assert "begins anew on 2026-02-04" in told(counts)
    running[45] -= 40
    assert "falls on 2026-02-19" in told(read(tmp_path, table(days(60), running), cumulative=True))


@pytest.mark.parametrize("seed", range(8))
def test_growing_arrivals_are_no_running_total(tmp_path: Path, seed: int) -> None:
    import numpy as np

    daily = poisson(30, list(np.linspace(3, 40, 30)), seed)
    assert values(read(tmp_path, table(days(30), daily))) == daily
    assert values(read(tmp_path, table(days(30), poisson(30, 0.4, seed)))) == poisson(30, 0.4, seed)


def test_people_present_that_never_fall_are_asked_about(tmp_path: Path) -> None:
    counts = read(tmp_path, table(days(20), range(100, 200, 5), header="night,people present"))
    assert values(counts)[0] == 100
    assert "add --cumulative" in told(counts)


def test_a_part_day_by_its_note(tmp_path: Path) -> None:
    text = table(days(20), [*poisson(19, 12), 4], [*[""] * 19, "so far"], header="date,arrivals,notes")
    counts = read(tmp_path, text)
    last = counts.lines[0].counts[-1]
    assert last.figure == Figure(None, 4.0, None, "at_least")
    assert counts.last == days(20)[18]
    assert "only part of a day" in told(counts)


def test_a_part_day_by_its_hour(tmp_path: Path) -> None:
    text = table(days(20), ["20:00"] * 19 + ["11:30"], poisson(20, 40), header="fecha,hora,presentes")
    counts = read(tmp_path, text)
    assert len(values(counts)) == 19
    assert "taken at 11:30, others at about 20:00" in told(counts)


def test_today_is_not_over(tmp_path: Path) -> None:
    counts = read(tmp_path, table(days(20), [*poisson(19, 20), 3]), today=days(20)[-1])
    assert counts.lines[0].counts[-1].figure.qualifier == "at_least"


def test_headcounts_at_several_hours(tmp_path: Path) -> None:
    rows = [(d, hour, n) for d in days(10) for hour, n in (("08:00", 30), ("22:00", 50))]
    counts = read(tmp_path, table(*zip(*rows, strict=True), header="fecha,hora,ocupación"))
    assert values(counts) == [50.0] * 10
    assert "several hours" in told(counts)


def test_single_intakes_and_no_names(tmp_path: Path) -> None:
    rows = [
        (f"{d} {hour:02d}:15", "A. Name", "HND", size) for d in days(20) for hour, size in ((9, 1), (13, 4), (21, 2))
    ]
    text = table(*zip(*rows, strict=True), header="fecha y hora de llegada,nombre,nacionalidad,integrantes")
    counts = read(tmp_path, text.replace("fecha y hora de llegada", "fecha y hora"))
    assert values(counts) == [7.0] * 20
    assert counts.lines[0].what == "arrivals"
    assert "columns of persons are not read" in told(counts)
    assert "A. Name" not in repr(counts)


def test_intakes_without_sizes_and_days_without_any(tmp_path: Path) -> None:
    rows = [d for i, d in enumerate(days(20)) for _ in range(3) if i != 7]
    counts = read(tmp_path, table(rows, ["walk-in"] * len(rows), header="arrived on,how"))
    assert values(counts) == [3.0] * 7 + [0.0] + [3.0] * 12
    assert "one person each" in told(counts)
    assert "nobody came, it is taken" in told(counts)


def test_several_shelters_side_by_side(tmp_path: Path) -> None:
    a, b = poisson(20, 30), poisson(20, 9, 2)
    both = [x + y for x, y in zip(a, b, strict=True)]
    counts = read(tmp_path, table(days(20), a, b, both, header="date,Casa Norte,Casa Sur,Total"), what="present")
    assert [(line.name, line.what) for line in counts.lines] == [("Casa Norte", "present"), ("Casa Sur", "present")]
    assert values(counts, 1) == b
    assert "'Total'" in told(counts)


def test_several_shelters_in_rows_with_their_beds(tmp_path: Path) -> None:
    rows = [(s, d if s == "A" else "", n, beds) for d in days(12) for s, n, beds in (("A", 40, 50), ("B", 9, 20))]
    counts = read(tmp_path, table(*zip(*rows, strict=True), header="albergue,fecha,presentes,camas"))
    assert [line.name for line in counts.lines] == ["A", "B"]
    assert len(values(counts, 1)) == 12
    assert counts.beds == {"A": 50, "B": 20}


def test_days_broken_down_are_added_up(tmp_path: Path) -> None:
    rows = [(d, sex, n) for d in days(12) for sex, n in (("mujeres", 4), ("hombres", 6))]
    counts = read(tmp_path, table(*zip(*rows, strict=True), header="fecha,sexo,llegadas"))
    assert values(counts) == [10.0] * 12
    assert "added up" in told(counts)


def test_arrivals_departures_and_people_present_together(tmp_path: Path) -> None:
    text = table(days(20), poisson(20, 9), poisson(20, 8), poisson(20, 60), header="Fecha,Llegadas,Salidas,Presentes")
    assert [line.what for line in read(tmp_path, text).lines] == ["arrivals", "left", "present"]
    assert [line.what for line in read(tmp_path, text, what="present").lines] == ["present"]


def test_what_cannot_be(tmp_path: Path) -> None:
    numbers: list[object] = [*poisson(30, 15)]
    numbers[4], numbers[9], numbers[14], numbers[20] = -3, 0, 150, "lots"
    text = table(days(30), numbers) + "2031-01-01,9\n2026-02-30,4\n"
    counts = read(tmp_path, text)
    assert len(values(counts)) == 26
    for part in ("below zero (-3)", "0 on 2026-01-14", "150 on 2026-01-19", "'lots' is not a count",
                 "days that have not come yet (2031-01-01)", "'2026-02-30' is not a date"):  # fmt: skip
        assert part in told(counts), part


def test_a_house_that_is_closed_on_sundays_keeps_its_zeros(tmp_path: Path) -> None:
    means = [0.0 if day.weekday() == 6 else 20.0 for day in days(56)]
    counts = read(tmp_path, table(days(56), poisson(56, means)))
    assert values(counts).count(0) == 8
    assert "Sundays -100 %" in told(counts)


def test_a_sudden_change_and_all_the_same_are_told(tmp_path: Path) -> None:
    assert "a sudden change" in told(read(tmp_path, table(days(40), poisson(40, [9.0] * 35 + [40.0] * 5))))
    assert "all 30 counts are 25" in told(read(tmp_path, table(days(30), [25] * 30)))
    assert "only 8 counts" in told(read(tmp_path, table(days(8), poisson(8, 20))))


def test_what_is_counted_is_asked_or_told_by_the_name_of_the_file(tmp_path: Path) -> None:
    text = table(days(10), poisson(10, 20), header="date,people")
    with pytest.raises(ScenarioErrors, match="add --what"):
        read(tmp_path, text)
    assert read(tmp_path, text, what="present").lines[0].what == "present"
    assert read(tmp_path, text, name="llegadas_2026.csv").lines[0].what == "arrivals"


def test_mistakes_are_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors, match="no column 'dats'"):
        read(tmp_path, table(days(9), poisson(9, 9)), date_column="dats")
    for text in ("", "a,b\nc,d\n", "date,arrivals\n", "date,arrivals\n2026-01-05,\n", "hello"):
        with pytest.raises(ScenarioErrors):
            read(tmp_path, text)
    with pytest.raises(ScenarioErrors, match="cannot be read"):
        import_counts(tmp_path / "none.csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_excel_file(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    xlsx = pytest.importorskip("xlsxwriter")
    book = xlsx.Workbook(str(tmp_path / "counts.xlsx"))
    sheet, form = book.add_worksheet("Enero"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Fecha", "Llegadas"])
    for i, (day, number) in enumerate(zip(days(12), poisson(12, 9), strict=True), 1):
        sheet.write_datetime(i, 0, day, form)
        sheet.write_number(i, 1, number)
    book.close()
    from posada.scenario import read_counts

    counts = read_counts(tmp_path / "counts.xlsx", today=TODAY)
    assert values(counts) == poisson(12, 9)
    assert counts.last == days(12)[-1]


def test_the_scenario_is_sound_and_holds_what_was_counted(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(table(days(60), poisson(60, 9), poisson(60, 60), header="Fecha,Llegadas,Presentes"))
    made = import_counts(file, tmp_path / "out", place="Casa Mar", beds=70, today=TODAY)
    scenario = load(made.folder)
    assert scenario.places["casa-mar"].name == "Casa Mar"
    assert [o.value for o in scenario.observations.values() if o.series == "present:casa-mar"] == poisson(60, 60)
    assert len([o for o in scenario.observations.values() if o.series == "set_out:arrivals"]) == 60
    assert scenario.facilities["beds-casa-mar"].beds[0].beds.fixed == 70
    assert scenario.headlines["over"].over == 70
    assert not [problem for problem in scenario.check() if problem.severity == "warning"]
    assert made.report == (made.folder / "IMPORTED.md").read_text()
    with pytest.raises(ScenarioErrors, match="not empty"):
        import_counts(file, tmp_path / "out", today=TODAY)


def test_first_ranges_know_no_more_than_they_could(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(table(days(90), poisson(45, 10) + poisson(45, 200, 3)))
    scenario = load(import_counts(file, tmp_path / "a", today=TODAY).folder)
    file.write_text(table(days(45), poisson(45, 10)))
    half = load(import_counts(file, tmp_path / "b", today=TODAY).folder)
    then = scenario.as_known_on(days(45)[-1])
    for name in ("mondays", "arrivals_a_day"):
        one, other = (s.quantities[name].entries[0].what for s in (then, half.as_known_on(days(45)[-1])))
        assert (one.value, one.low, one.high) == (other.value, other.low, other.high), name  # type: ignore[union-attr]


def test_a_sudden_change_is_a_step_of_its_own_known_when_it_was_seen(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(table(days(60), poisson(60, [8.0] * 50 + [45.0] * 10)))
    scenario = load(import_counts(file, tmp_path / "out", today=TODAY).folder)
    ((name, number),) = [(k, q) for k, q in scenario.quantities.items() if k.startswith("sudden")]
    assert name == "sudden_2026_02_24"
    assert number.entries[0].what.value > 3  # type: ignore[union-attr]
    (before,) = scenario.as_known_on(date(2026, 2, 24)).quantities[name].entries
    assert before.what.high < 1.02  # type: ignore[union-attr, operator]
    file.write_text(table(days(60), poisson(60, 12)))
    calm = load(import_counts(file, tmp_path / "calm", today=TODAY).folder)
    assert not [key for key in calm.quantities if key.startswith("sudden")]
