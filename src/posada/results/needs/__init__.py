"""Needs by published standards, overflow of shelters, and the ten lines that a coordinator needs tonight."""

from posada.results.needs.amounts import needs, sites_of
from posada.results.needs.overflow import overflow
from posada.results.needs.standards import PACKAGED, PHASES, Pack, Standard, read_standards

__all__ = ["PACKAGED", "PHASES", "Pack", "Standard", "needs", "overflow", "read_standards", "sites_of"]
