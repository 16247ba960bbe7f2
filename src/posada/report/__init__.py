"""Pictures and the HTML report of a result. Reads results only."""

from posada.report.page import render, write_report

__all__ = ["render", "write_report"]
