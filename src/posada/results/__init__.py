"""Tidy tables of what happened, addresses of series, headlines, checks against counts, and the store."""

from posada.results.result import Result, ResultError, RunInfo, build_tables, free_folder, open_result
from posada.results.summary import summary, summary_text

__all__ = ["Result", "ResultError", "RunInfo", "build_tables", "free_folder", "open_result", "summary", "summary_text"]
