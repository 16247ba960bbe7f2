"""Tidy tables of what happened, addresses of series, headlines, checks against counts, and the store."""

from posada.results.folders import ResultError, free_folder, make_parents, work_folder
from posada.results.headlines import intervals, values_of
from posada.results.history import FILE, FOLDER, HistoryDecoder, Kept, file_of, write_part
from posada.results.result import (
    NOT_KEPT,
    Fork,
    Result,
    RunInfo,
    build_tables,
    check_comparable,
    forks_of,
    keep_scenario,
    open_result,
    read_summary,
)
from posada.results.series import array_of, rows_of, window
from posada.results.summary import summary, summary_text

__all__ = [
    "FILE",
    "FOLDER",
    "NOT_KEPT",
    "Fork",
    "HistoryDecoder",
    "Kept",
    "Result",
    "ResultError",
    "RunInfo",
    "array_of",
    "build_tables",
    "check_comparable",
    "file_of",
    "forks_of",
    "free_folder",
    "intervals",
    "keep_scenario",
    "make_parents",
    "open_result",
    "read_summary",
    "rows_of",
    "summary",
    "summary_text",
    "values_of",
    "window",
    "work_folder",
    "write_part",
]
