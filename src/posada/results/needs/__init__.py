"""Needs by published standards, overflow of shelters, and the ten lines that a coordinator needs tonight."""

from posada.results.needs.amounts import PEOPLE, needs, sites_of
from posada.results.needs.beds import Beds
from posada.results.needs.evening import busiest_day, can_tell, evening, shelters
from posada.results.needs.night import Again, day_of, find_shelter, night_of
from posada.results.needs.overflow import EVERYONE, free_beds, overflow
from posada.results.needs.phrases import LANGUAGES, PHRASES, Speech
from posada.results.needs.standards import PACKAGED, PHASES, Pack, Standard, read_standards
from posada.results.needs.text import needs_text, overflow_text, peak_days, worst_nights
from posada.results.needs.tonight import Tonight, ten_lines

__all__ = [
    "EVERYONE",
    "LANGUAGES",
    "PACKAGED",
    "PEOPLE",
    "PHASES",
    "PHRASES",
    "Again",
    "Beds",
    "Pack",
    "Speech",
    "Standard",
    "Tonight",
    "busiest_day",
    "can_tell",
    "day_of",
    "evening",
    "find_shelter",
    "free_beds",
    "needs",
    "needs_text",
    "night_of",
    "overflow",
    "overflow_text",
    "peak_days",
    "read_standards",
    "shelters",
    "sites_of",
    "ten_lines",
    "worst_nights",
]
