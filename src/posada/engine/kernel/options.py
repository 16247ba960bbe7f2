"""How the functions of the loop are compiled: without wrappers for Python, and with IEEE division."""

from __future__ import annotations

from numba import njit

compiled = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only other compiled functions call."""
