"""Decisions: policies compared on the same luck, capacities sized, and which numbers drive which answers."""

from posada.planning import compare_words, plan_words
from posada.planning.compare import AS_STATED, Comparison, Difference, Side, compare
from posada.planning.compare_words import in_words
from posada.planning.compare_words import render as comparison_text
from posada.planning.compare_words import summary as comparison_summary
from posada.planning.evaluate import PlanProgress
from posada.planning.plan import Plan, plan
from posada.planning.plan_words import plan_summary, plan_text
from posada.planning.proposals import NotInstalled
from posada.planning.sensitivity import METHODS, runs_of, sensitivity
from posada.planning.sensitivity_text import coverage_summary, coverage_text
from posada.planning.sensitivity_text import render as sensitivity_text
from posada.planning.sensitivity_text import summary as sensitivity_summary
from posada.planning.why_text import render as why_text
from posada.planning.why_text import summary as why_summary

__all__ = [
    "AS_STATED",
    "METHODS",
    "Comparison",
    "Difference",
    "NotInstalled",
    "Plan",
    "PlanProgress",
    "Side",
    "compare",
    "compare_words",
    "comparison_summary",
    "comparison_text",
    "coverage_summary",
    "coverage_text",
    "in_words",
    "plan",
    "plan_summary",
    "plan_text",
    "plan_words",
    "runs_of",
    "sensitivity",
    "sensitivity_summary",
    "sensitivity_text",
    "why_summary",
    "why_text",
]
