"""Tidy tables of what happened, addresses of series, headlines, checks against counts, and the store."""

from posada.results import shares
from posada.results.assumptions import assumptions as assumptions_of
from posada.results.checks import model_values
from posada.results.claims import Held, claim_lines
from posada.results.claims import claims as claims_held
from posada.results.drivers import Coverage, Driven, Driver, Share, coverage, driven_by, normals
from posada.results.folders import ResultError, free_folder, make_parents, work_folder
from posada.results.headlines import intervals, values_of
from posada.results.history import FILE, FOLDER, HistoryDecoder, Kept, file_of, write_part
from posada.results.info import Fork, RunInfo, forks_of
from posada.results.kept import NOT_KEPT, keep_scenario, read_json, write_json
from posada.results.opened import check_comparable, open_result, read_summary
from posada.results.pooling import pooled_quantity
from posada.results.result import Result
from posada.results.sensitivity import FILE as SENSITIVITY_FILE
from posada.results.sensitivity import Sensitivity, as_data, numbers_of_headline
from posada.results.sensitivity import of_result as sensitivity_of
from posada.results.series import array_of, rows_of, window
from posada.results.statements import Verdict, verdicts
from posada.results.summary import summary, summary_text
from posada.results.supports import LEGEND, SIGNS, Support, percent, supported, supports
from posada.results.tables import build_tables
from posada.results.terminal import ASSUMED, MORE_THAN_HALF, blank, interval, number, whole
from posada.results.why import Said, Step, Why, too_few, why

__all__ = [
    "ASSUMED",
    "FILE",
    "FOLDER",
    "LEGEND",
    "MORE_THAN_HALF",
    "NOT_KEPT",
    "SENSITIVITY_FILE",
    "SIGNS",
    "Coverage",
    "Driven",
    "Driver",
    "Fork",
    "Held",
    "HistoryDecoder",
    "Kept",
    "Result",
    "ResultError",
    "RunInfo",
    "Said",
    "Sensitivity",
    "Share",
    "Step",
    "Support",
    "Verdict",
    "Why",
    "array_of",
    "as_data",
    "assumptions_of",
    "blank",
    "build_tables",
    "check_comparable",
    "claim_lines",
    "claims_held",
    "coverage",
    "driven_by",
    "file_of",
    "forks_of",
    "free_folder",
    "interval",
    "intervals",
    "keep_scenario",
    "make_parents",
    "model_values",
    "normals",
    "number",
    "numbers_of_headline",
    "open_result",
    "percent",
    "pooled_quantity",
    "read_json",
    "read_summary",
    "rows_of",
    "sensitivity_of",
    "shares",
    "summary",
    "summary_text",
    "supported",
    "supports",
    "too_few",
    "values_of",
    "verdicts",
    "whole",
    "why",
    "window",
    "work_folder",
    "write_json",
    "write_part",
]
