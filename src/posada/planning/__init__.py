"""Decisions: policies compared on the same luck, capacities sized."""

from posada.planning.compare import AS_STATED, Comparison, Difference, Side, compare
from posada.planning.compare_text import in_words
from posada.planning.compare_text import render as comparison_text
from posada.planning.compare_text import summary as comparison_summary
from posada.planning.evaluate import PlanProgress
from posada.planning.plan import Plan, plan
from posada.planning.plan_text import plan_summary, plan_text
from posada.planning.proposals import NotInstalled
from posada.planning.statements import Verdict, verdicts

__all__ = [
    "AS_STATED",
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
    "in_words",
    "plan",
    "plan_summary",
    "plan_text",
    "verdicts",
]
