"""Decisions: which numbers drive which answers."""

from posada.planning.sensitivity import METHODS, runs_of, sensitivity
from posada.planning.sensitivity_text import coverage_summary, coverage_text
from posada.planning.sensitivity_text import render as sensitivity_text
from posada.planning.sensitivity_text import summary as sensitivity_summary
from posada.planning.why_text import render as why_text
from posada.planning.why_text import summary as why_summary

__all__ = [
    "METHODS",
    "coverage_summary",
    "coverage_text",
    "runs_of",
    "sensitivity",
    "sensitivity_summary",
    "sensitivity_text",
    "why_summary",
    "why_text",
]
