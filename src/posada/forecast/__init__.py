"""Movement fitted to counts, and forecasts held against them."""

from posada.forecast.counts import Registered, Site, ValidationError, counted_sites, registered
from posada.forecast.fit import Fit, fit_movement
from posada.forecast.fitted import free_for_fit, write_fitted
from posada.forecast.measures import averaged_relative_difference, crps, mean_absolute_scaled_error, rescaled
from posada.forecast.naive import Baseline, baselines
from posada.forecast.network import Network
from posada.forecast.told import LIKE_FOR_LIKE, PARTS, fit_text, validation_summary, validation_text
from posada.forecast.validation import OURS, OWN_TOTAL, REPLICATES, Forecast, Validation, split_date, validate

__all__ = [
    "LIKE_FOR_LIKE",
    "OURS",
    "OWN_TOTAL",
    "PARTS",
    "REPLICATES",
    "Baseline",
    "Fit",
    "Forecast",
    "Network",
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
    "mean_absolute_scaled_error",
    "registered",
    "rescaled",
    "split_date",
    "validate",
    "validation_summary",
    "validation_text",
    "write_fitted",
]
