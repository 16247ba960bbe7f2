"""The ledger of claims: who said what, when and where; and reading a report into proposed claims."""

from .ledger import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence
from .reading import Claim, Place, Quotation, Report, Speaker, When, read_report

__all__ = [
    "KINDS",
    "QUALIFIERS",
    "SENSITIVITIES",
    "STATUSES",
    "Claim",
    "Evidence",
    "Place",
    "Quotation",
    "Report",
    "Speaker",
    "When",
    "read_report",
]
