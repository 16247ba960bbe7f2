"""Many runs of one scenario: uncertain numbers are drawn anew for each."""

from posada.ensemble.again import open_result, tonight
from posada.ensemble.job import Part, Progress, as_date, cores, keys_of, numbers_stated
from posada.ensemble.parts import Parts
from posada.ensemble.precision import Mean, Precision, Reached, outputs, student
from posada.ensemble.run import run
from posada.ensemble.state import RunState, StateError, forget, free_file, open_state
from posada.ensemble.stops import resume

__all__ = [
    "Mean",
    "Part",
    "Parts",
    "Precision",
    "Progress",
    "Reached",
    "RunState",
    "StateError",
    "as_date",
    "cores",
    "forget",
    "free_file",
    "keys_of",
    "numbers_stated",
    "open_result",
    "open_state",
    "outputs",
    "resume",
    "run",
    "student",
    "tonight",
]
