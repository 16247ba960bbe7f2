"""Movement fitted to counts, and forecasts held against them."""

from posada.forecasting.counts import Registered, Site, ValidationError, counted_sites, registered
from posada.forecasting.fit import Fit, fit_movement
from posada.forecasting.fitted import free_for_fit, write_fitted
from posada.forecasting.measures import averaged_relative_difference, crps, mean_absolute_scaled_error, rescaled
from posada.forecasting.naive import Baseline, baselines
from posada.forecasting.network import Network
from posada.forecasting.observing import Observed, log_likelihoods, observed, reported, seen, simulated
from posada.forecasting.told import LIKE_FOR_LIKE, PARTS, fit_text, validation_summary, validation_text
from posada.forecasting.validation import OURS, OWN_TOTAL, REPLICATES, Compared, Validation, split_date, validate

__all__ = [
    "LIKE_FOR_LIKE",
    "OURS",
    "OWN_TOTAL",
    "PARTS",
    "REPLICATES",
    "Baseline",
    "Compared",
    "Fit",
    "Network",
    "Observed",
    "Registered",
    "Site",
    "Validation",
    "ValidationError",
    "averaged_relative_difference",
    "baselines",
    "counted_sites",
    "crps",
    "fit_movement",
    "fit_text",
    "free_for_fit",
    "log_likelihoods",
    "mean_absolute_scaled_error",
    "observed",
    "registered",
    "reported",
    "rescaled",
    "seen",
    "simulated",
    "split_date",
    "validate",
    "validation_summary",
    "validation_text",
    "write_fitted",
]
