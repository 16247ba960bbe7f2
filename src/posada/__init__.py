"""posada: simulate the whole chain of reception, person by person, with honest uncertainty.

`posada.load` reads a scenario, `posada.run` simulates one, `posada.resume` goes on with a run that stopped at a date,
`posada.compare` runs policies on the same luck, `posada.plan` sizes capacities, `posada.sensitivity` tells what drives
an answer, `posada.open_result` reads a result back, `posada.validate` holds a scenario against counts,
`posada.calibrate` learns from counts, `posada.forecast`, `posada.score` and `posada.backtest` foretell counts and are
held to them. Each is imported when it is first asked for, so that `import posada` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from posada.ensemble import Precision, RunState, open_result, open_state, resume
    from posada.ensemble.run import run
    from posada.evidence import Claim, read, read_report
    from posada.forecasting import (
        Backtest,
        Calibration,
        Fit,
        Forecast,
        Outlook,
        Validation,
        backtest,
        calibrate,
        check_calibration,
        fit_movement,
        forecast,
        open_calibration,
        open_forecast,
        outlook,
        score,
        update,
        validate,
    )
    from posada.planning.compare import Comparison, compare
    from posada.planning.plan import Plan, plan
    from posada.planning.sensitivity import sensitivity
    from posada.results import Result, Sensitivity
    from posada.scenario import Scenario, ScenarioErrors, import_counts, import_flee, load, read_flee, shipped

_HOMES = {
    "Precision": "posada.ensemble",
    "RunState": "posada.ensemble",
    "open_state": "posada.ensemble",
    "resume": "posada.ensemble",
    "Claim": "posada.evidence",
    "read": "posada.evidence",
    "read_report": "posada.evidence",
    "run": "posada.ensemble",
    "Comparison": "posada.planning",
    "compare": "posada.planning",
    "Result": "posada.results",
    "Sensitivity": "posada.results",
    "sensitivity": "posada.planning",
    "open_result": "posada.ensemble",
    "Backtest": "posada.forecasting",
    "Calibration": "posada.forecasting",
    "calibrate": "posada.forecasting",
    "check_calibration": "posada.forecasting",
    "update": "posada.forecasting",
    "open_calibration": "posada.forecasting",
    "Fit": "posada.forecasting",
    "Forecast": "posada.forecasting",
    "backtest": "posada.forecasting",
    "forecast": "posada.forecasting",
    "open_forecast": "posada.forecasting",
    "Outlook": "posada.forecasting",
    "outlook": "posada.forecasting",
    "score": "posada.forecasting",
    "Validation": "posada.forecasting",
    "fit_movement": "posada.forecasting",
    "validate": "posada.forecasting",
    "Plan": "posada.planning",
    "plan": "posada.planning",
    "Count": "posada.scenario",
    "Scenario": "posada.scenario",
    "add_count": "posada.scenario",
    "ScenarioErrors": "posada.scenario",
    "import_counts": "posada.scenario",
    "import_flee": "posada.scenario",
    "load": "posada.scenario",
    "read_flee": "posada.scenario",
    "shipped": "posada.scenario",
}

__all__ = [
    "Backtest",
    "Calibration",
    "Claim",
    "Comparison",
    "Count",
    "Fit",
    "Forecast",
    "Outlook",
    "Plan",
    "Precision",
    "Result",
    "RunState",
    "Scenario",
    "ScenarioErrors",
    "Sensitivity",
    "Validation",
    "__version__",
    "add_count",
    "backtest",
    "calibrate",
    "check_calibration",
    "compare",
    "fit_movement",
    "forecast",
    "import_counts",
    "import_flee",
    "load",
    "open_calibration",
    "open_forecast",
    "open_result",
    "open_state",
    "outlook",
    "plan",
    "read",
    "read_flee",
    "read_report",
    "resume",
    "run",
    "score",
    "sensitivity",
    "shipped",
    "update",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for from the room that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'posada' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
