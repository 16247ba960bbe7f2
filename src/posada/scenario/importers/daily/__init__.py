"""A shelter's own daily counts, as a spreadsheet holds them, translated into a scenario that can be fitted to them."""

from .counted import Counted, Counts, Line, Remark
from .importer import ImportedCounts, import_counts, read_counts

__all__ = ["Counted", "Counts", "ImportedCounts", "Line", "Remark", "import_counts", "read_counts"]
