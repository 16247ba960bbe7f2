"""The app of a folder of work, in the browser. There is no modelling in it: it calls what the command line calls."""

from posada.web.serving import serve

__all__ = ["serve"]
