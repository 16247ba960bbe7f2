"""`python -m posada.cli`."""

from posada.cli import main

main()
