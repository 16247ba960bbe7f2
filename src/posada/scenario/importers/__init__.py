"""Importers: the files of other programs, translated into scenario folders."""

from .daily import Counted, Counts, ImportedCounts, Line, import_counts, read_counts
from .flee import import_flee, read_flee
from .situation import Closure, Count, Imported, Remark, Route, Rules, Site, SiteSeries, Situation

__all__ = [
    "Closure",
    "Count",
    "Counted",
    "Counts",
    "Imported",
    "ImportedCounts",
    "Line",
    "Remark",
    "Route",
    "Rules",
    "Site",
    "SiteSeries",
    "Situation",
    "import_counts",
    "import_flee",
    "read_counts",
    "read_flee",
]
