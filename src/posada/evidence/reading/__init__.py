"""Reading a report into proposed claims: rules, no model, nothing downloaded."""

from .dates import MONTHS, WEEKDAYS, When
from .people import Speaker
from .places import Place
from .quotations import Quotation
from .report import Claim, Report, read_report
from .text import fold

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "Claim",
    "Place",
    "Quotation",
    "Report",
    "Speaker",
    "When",
    "fold",
    "read_report",
]
