"""Importers: the files of other programs, translated into scenario folders."""

from .flee import import_flee, read_flee
from .situation import Closure, Count, Imported, Remark, Route, Rules, Site, SiteSeries, Situation

__all__ = [
    "Closure",
    "Count",
    "Imported",
    "Remark",
    "Route",
    "Rules",
    "Site",
    "SiteSeries",
    "Situation",
    "import_flee",
    "read_flee",
]
