"""The ledger of claims: who said what, when and where."""

from .ledger import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence

__all__ = ["KINDS", "QUALIFIERS", "SENSITIVITIES", "STATUSES", "Evidence"]
