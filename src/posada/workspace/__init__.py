"""A folder of work, in which the command line and the app find what the other did."""

from posada.workspace.asked import COMPARE, FORECAST, RUN, TONIGHT, Asked, asked_of
from posada.workspace.folder import POLICIES, REVIEWS, RUNS, SCENARIOS, Found, Place, Workspace, slug
from posada.workspace.jobs import DONE, ENDED, FAILED, RUNNING, STOPPED, WAITING, Job, Records
from posada.workspace.listing import listing

__all__ = [
    "COMPARE",
    "DONE",
    "ENDED",
    "FAILED",
    "FORECAST",
    "POLICIES",
    "REVIEWS",
    "RUN",
    "RUNNING",
    "RUNS",
    "SCENARIOS",
    "STOPPED",
    "TONIGHT",
    "WAITING",
    "Asked",
    "Found",
    "Job",
    "Place",
    "Records",
    "Workspace",
    "asked_of",
    "listing",
    "slug",
]
