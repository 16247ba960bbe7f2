"""Pictures and the HTML report of a result, and the pages of validations and plans. Reads results only."""

from posada.report.backtest import free_for_backtest, write_backtest
from posada.report.calibration import write_calibration
from posada.report.comparison import free_for_comparison, write_comparison
from posada.report.flow_map import flow_map, flow_map_csp, flow_map_element, flow_map_module
from posada.report.flow_map_data import flow_map_data
from posada.report.hubverse import export_csv, export_hubverse
from posada.report.outlook import free_for_outlook, write_outlook
from posada.report.page import render, write_report
from posada.report.paper import PAPERS
from posada.report.plan import free_for_plan, write_plan
from posada.report.sensitivity import free_for_sensitivity, write_sensitivity
from posada.report.validation import free_for_validation, write_validation

__all__ = [
    "PAPERS",
    "export_csv",
    "export_hubverse",
    "flow_map",
    "flow_map_csp",
    "flow_map_data",
    "flow_map_element",
    "flow_map_module",
    "free_for_backtest",
    "free_for_comparison",
    "free_for_outlook",
    "free_for_plan",
    "free_for_sensitivity",
    "free_for_validation",
    "render",
    "write_backtest",
    "write_calibration",
    "write_comparison",
    "write_outlook",
    "write_plan",
    "write_report",
    "write_sensitivity",
    "write_validation",
]
