"""The ledger of claims: who said what, when and where."""

from .ledger import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence
from .telling import amount, contradicting, source, subject, who

__all__ = [
    "KINDS",
    "QUALIFIERS",
    "SENSITIVITIES",
    "STATUSES",
    "Evidence",
    "amount",
    "contradicting",
    "source",
    "subject",
    "who",
]
