"""Many runs of one scenario: uncertain numbers are drawn anew for each."""

from posada.ensemble.run import Progress, run

__all__ = ["Progress", "run"]
