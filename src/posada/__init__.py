"""posada: simulate the whole chain of reception, person by person, with honest uncertainty."""

__version__ = "0.1.0"
