"""Decisions: policies compared on the same luck."""

from posada.planning.compare import AS_STATED, Comparison, Difference, Side, compare
from posada.planning.compare_text import in_words
from posada.planning.compare_text import render as comparison_text
from posada.planning.compare_text import summary as comparison_summary
from posada.planning.statements import Verdict, verdicts

__all__ = [
    "AS_STATED",
    "Comparison",
    "Difference",
    "Side",
    "Verdict",
    "compare",
    "comparison_summary",
    "comparison_text",
    "in_words",
    "verdicts",
]
