"""The crowd as a bare Numba loop with a calendar queue."""

from numba_runs import main

if __name__ == "__main__":
    main(calendar=True)
