"""The ledger of claims: who said what, when and where; and reading a report into proposed claims."""

from typing import TYPE_CHECKING, Any

from .compare import COUNTED, Dispute, allows, conflict_lines, contradicting, disputes, likenesses
from .ledger import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence
from .pool import Opinion, Pooled, PoolError, pool
from .table import append, append_cells
from .telling import NOT_PUBLIC, amount, source, subject, who
from .writing import alone

if TYPE_CHECKING:
    from .documents import Document, DocumentError, decode, looks_binary, read_document
    from .proposed import ProposalError, Source, as_evidence, proposals, read, read_proposals, write_proposals
    from .reading import MONTHS, WEEKDAYS, Claim, Place, Quotation, Report, Speaker, When, fold, read_report
    from .review import Decision, Reviewed, apply, free_id, from_cells, open_claims, shown

__all__ = [
    "COUNTED",
    "KINDS",
    "MONTHS",
    "NOT_PUBLIC",
    "QUALIFIERS",
    "SENSITIVITIES",
    "STATUSES",
    "WEEKDAYS",
    "Claim",
    "Decision",
    "Dispute",
    "Document",
    "DocumentError",
    "Evidence",
    "Opinion",
    "Place",
    "PoolError",
    "Pooled",
    "ProposalError",
    "Quotation",
    "Report",
    "Reviewed",
    "Source",
    "Speaker",
    "When",
    "allows",
    "alone",
    "amount",
    "append",
    "append_cells",
    "apply",
    "as_evidence",
    "conflict_lines",
    "contradicting",
    "decode",
    "disputes",
    "fold",
    "free_id",
    "from_cells",
    "likenesses",
    "looks_binary",
    "open_claims",
    "pool",
    "proposals",
    "read",
    "read_document",
    "read_proposals",
    "read_report",
    "shown",
    "source",
    "subject",
    "who",
    "write_proposals",
]

_HOMES = {
    "documents": ("Document", "DocumentError", "decode", "looks_binary", "read_document"),
    "proposed": (
        "ProposalError",
        "Source",
        "as_evidence",
        "proposals",
        "read",
        "read_proposals",
        "write_proposals",
    ),
    "reading": (
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
    ),
    "review": ("Decision", "Reviewed", "apply", "free_id", "from_cells", "open_claims", "shown"),
}
"""What reads reports: it takes a while to load, and whoever only runs a scenario need not wait for it."""


def __getattr__(name: str) -> Any:
    """Import what is asked for from the file that holds it."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
