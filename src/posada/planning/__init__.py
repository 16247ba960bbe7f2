"""Decisions: capacities sized."""

from posada.planning.evaluate import PlanProgress
from posada.planning.plan import Plan, plan
from posada.planning.plan_text import plan_summary, plan_text
from posada.planning.proposals import NotInstalled

__all__ = [
    "NotInstalled",
    "Plan",
    "PlanProgress",
    "plan",
    "plan_summary",
    "plan_text",
]
