"""Learning from counts: movement fitted, forecasts issued and scored, a scenario held against counts."""

from posada.forecasting import told_calibration
from posada.forecasting.backtesting import Backtest, backtest
from posada.forecasting.calibration import (
    Calibration,
    CalibrationError,
    Question,
    fitting,
    free_for_calibration,
    model_hash,
    open_calibration,
)
from posada.forecasting.counted import Count, Counts, ForecastError, counts_of, is_stock
from posada.forecasting.counts import Registered, Site, ValidationError, counted_sites, registered
from posada.forecasting.fit import Fit, fit_movement
from posada.forecasting.fitted import free_for_fit, write_fitted
from posada.forecasting.issue import forecast, issue_date, policy_name
from posada.forecasting.issued import Forecast
from posada.forecasting.learning import INFLATION, ROUNDS, RUNS, calibrate
from posada.forecasting.ledger import free_name, home_of, open_forecast, store
from posada.forecasting.measures import averaged_relative_difference, crps, mean_absolute_scaled_error, rescaled
from posada.forecasting.naive import Baseline, baselines
from posada.forecasting.naive_counts import NAIVE
from posada.forecasting.network import Network
from posada.forecasting.nights import Outlook, Worth, last_day, outlook
from posada.forecasting.observing import Observed, log_likelihoods, observed, reported, seen, simulated
from posada.forecasting.of_result import open_told
from posada.forecasting.reweight import update
from posada.forecasting.scores import LEVELS
from posada.forecasting.scoring import HORIZONS, known_counts, score, skill_table, summary_table, truth_of
from posada.forecasting.smoother import NotInstalled
from posada.forecasting.told import LIKE_FOR_LIKE, PARTS, fit_text, validation_summary, validation_text
from posada.forecasting.told_calibration import calibration_summary, calibration_text
from posada.forecasting.told_forecast import (
    all_counts,
    backtest_summary,
    backtest_text,
    forecast_summary,
    forecast_text,
    scores_summary,
    scores_text,
    skill_lines,
)
from posada.forecasting.told_outlook import beds_said, chance, heading, named, outlook_summary, outlook_text, said_of
from posada.forecasting.trial import Trial, check_calibration
from posada.forecasting.validation import OURS, OWN_TOTAL, REPLICATES, Compared, Validation, split_date, validate

__all__ = [
    "HORIZONS",
    "INFLATION",
    "LEVELS",
    "LIKE_FOR_LIKE",
    "NAIVE",
    "OURS",
    "OWN_TOTAL",
    "PARTS",
    "REPLICATES",
    "ROUNDS",
    "RUNS",
    "Backtest",
    "Baseline",
    "Calibration",
    "CalibrationError",
    "Compared",
    "Count",
    "Counts",
    "Fit",
    "Forecast",
    "ForecastError",
    "Network",
    "NotInstalled",
    "Observed",
    "Outlook",
    "Question",
    "Registered",
    "Site",
    "Trial",
    "Validation",
    "ValidationError",
    "Worth",
    "all_counts",
    "averaged_relative_difference",
    "backtest",
    "backtest_summary",
    "backtest_text",
    "baselines",
    "beds_said",
    "calibrate",
    "calibration_summary",
    "calibration_text",
    "chance",
    "check_calibration",
    "counted_sites",
    "counts_of",
    "crps",
    "fit_movement",
    "fit_text",
    "fitting",
    "forecast",
    "forecast_summary",
    "forecast_text",
    "free_for_calibration",
    "free_for_fit",
    "free_name",
    "heading",
    "home_of",
    "is_stock",
    "issue_date",
    "known_counts",
    "last_day",
    "log_likelihoods",
    "mean_absolute_scaled_error",
    "model_hash",
    "named",
    "observed",
    "open_calibration",
    "open_forecast",
    "open_told",
    "outlook",
    "outlook_summary",
    "outlook_text",
    "policy_name",
    "registered",
    "reported",
    "rescaled",
    "said_of",
    "score",
    "scores_summary",
    "scores_text",
    "seen",
    "simulated",
    "skill_lines",
    "skill_table",
    "split_date",
    "store",
    "summary_table",
    "told_calibration",
    "truth_of",
    "update",
    "validate",
    "validation_summary",
    "validation_text",
    "write_fitted",
]
