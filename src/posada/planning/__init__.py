"""Decisions: policies compared on the same luck, capacities sized, and which numbers drive which answers."""

from posada.planning.compare import AS_STATED, Comparison, Difference, Side, compare
from posada.planning.compare_text import in_words
from posada.planning.compare_text import render as comparison_text
from posada.planning.compare_text import summary as comparison_summary
from posada.planning.evaluate import PlanProgress
from posada.planning.plan import Plan, plan
from posada.planning.plan_text import plan_summary, plan_text
from posada.planning.proposals import NotInstalled
from posada.planning.sensitivity import METHODS, runs_of, sensitivity
from posada.planning.sensitivity_text import coverage_summary, coverage_text
from posada.planning.sensitivity_text import render as sensitivity_text
from posada.planning.sensitivity_text import summary as sensitivity_summary
from posada.planning.statements import Verdict, verdicts
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
    "Verdict",
    "compare",
    "comparison_summary",
    "comparison_text",
    "coverage_summary",
    "coverage_text",
    "in_words",
    "plan",
    "plan_summary",
    "plan_text",
    "runs_of",
    "sensitivity",
    "sensitivity_summary",
    "sensitivity_text",
    "verdicts",
    "why_summary",
    "why_text",
]
