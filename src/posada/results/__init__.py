"""Tidy tables of what happened, addresses of series, headlines, checks against counts, and the store."""

from posada.results.folders import ResultError, free_folder
from posada.results.result import Result, RunInfo, build_tables, check_comparable, open_result, read_summary
from posada.results.summary import summary, summary_text

__all__ = [
    "Result",
    "ResultError",
    "RunInfo",
    "build_tables",
    "check_comparable",
    "free_folder",
    "open_result",
    "read_summary",
    "summary",
    "summary_text",
]
