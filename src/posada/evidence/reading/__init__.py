"""Reading a report into proposed claims: rules, no model, nothing downloaded."""

from .dates import When
from .people import Speaker
from .places import Place
from .quotations import Quotation
from .report import Claim, Report, read_report

__all__ = ["Claim", "Place", "Quotation", "Report", "Speaker", "When", "read_report"]
