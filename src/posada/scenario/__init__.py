"""Scenarios: the words of the language as types; reading and checking folders; what-ifs."""

from typing import TYPE_CHECKING, Any

from .add_count import Count, add_count
from .build import FILES, load, shipped
from .clock import ALWAYS, DAYS, Hours, Instant, parse_date
from .expressions import Expr, ExpressionError, ExpressionNames
from .expressions import parse as parse_expression
from .hindsight import known_since
from .intervals import record_intervals
from .model import (
    CLASSES,
    PARTY_TYPES,
    PLACE_NUMBERS,
    UNSTATED,
    Arrival,
    Background,
    BedClass,
    Block,
    Change,
    Facility,
    Group,
    Headline,
    Initial,
    Link,
    Mode,
    Movement,
    Observation,
    OutcomeKind,
    PartyKind,
    Pathway,
    Place,
    Policy,
    Price,
    Record,
    Rung,
    Season,
    Shift,
    Source,
    Statement,
)
from .problems import Problem, Problems, ScenarioErrors, Spot, format_problems, nearest, nearest_path
from .quantity import Duration, Entry, Known, Number, Quantity, plain_number
from .rewrite import write_quantity
from .scenario import Scenario
from .schema import json_schema
from .series import FLOWS, STOCKS, Series, check_series, parse_series
from .steps import (
    Branch,
    Choose,
    Gather,
    Go,
    Hold,
    Option,
    Outcome,
    Queue,
    Rejoin,
    Release,
    Risk,
    Roam,
    Set,
    Split,
    Stay,
    Step,
    Travel,
    Wait,
)
from .tables import Row, Shape, read_table
from .walking import find_numbers, map_numbers

if TYPE_CHECKING:
    from .importers import (
        Counts,
        Imported,
        ImportedCounts,
        Situation,
        import_counts,
        import_flee,
        read_counts,
        read_flee,
    )

__all__ = [
    "ALWAYS",
    "CLASSES",
    "DAYS",
    "FILES",
    "FLOWS",
    "PARTY_TYPES",
    "PLACE_NUMBERS",
    "STOCKS",
    "UNSTATED",
    "Arrival",
    "Background",
    "BedClass",
    "Block",
    "Branch",
    "Change",
    "Choose",
    "Count",
    "Counts",
    "Duration",
    "Entry",
    "Expr",
    "ExpressionError",
    "ExpressionNames",
    "Facility",
    "Gather",
    "Go",
    "Group",
    "Headline",
    "Hold",
    "Hours",
    "Imported",
    "ImportedCounts",
    "Initial",
    "Instant",
    "Known",
    "Link",
    "Mode",
    "Movement",
    "Number",
    "Observation",
    "Option",
    "Outcome",
    "OutcomeKind",
    "PartyKind",
    "Pathway",
    "Place",
    "Policy",
    "Price",
    "Problem",
    "Problems",
    "Quantity",
    "Queue",
    "Record",
    "Rejoin",
    "Release",
    "Risk",
    "Roam",
    "Row",
    "Rung",
    "Scenario",
    "ScenarioErrors",
    "Season",
    "Series",
    "Set",
    "Shape",
    "Shift",
    "Situation",
    "Source",
    "Split",
    "Spot",
    "Statement",
    "Stay",
    "Step",
    "Travel",
    "Wait",
    "add_count",
    "check_series",
    "find_numbers",
    "format_problems",
    "import_counts",
    "import_flee",
    "json_schema",
    "known_since",
    "load",
    "map_numbers",
    "nearest",
    "nearest_path",
    "parse_date",
    "parse_expression",
    "parse_series",
    "plain_number",
    "read_counts",
    "read_flee",
    "read_table",
    "record_intervals",
    "shipped",
    "write_quantity",
]

_IMPORTERS = (
    "Counts",
    "Imported",
    "ImportedCounts",
    "Situation",
    "import_counts",
    "import_flee",
    "read_counts",
    "read_flee",
)
"""What reads other people's data: loaded when it is asked for."""


def __getattr__(name: str) -> Any:
    """Import what is asked for from the importers."""
    if name not in _IMPORTERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import importers

    return getattr(importers, name)
