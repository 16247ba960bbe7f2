# Two commands do everything on a machine with python3 and a package registry: `make demo` and `make test`.
# What `make test` leaves to others, because it takes long: `make docs` (continuous integration runs it too) and `make prove`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := posada-results

# The tests start many processes; without this each would compile its modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test docs prove lint bench clean

demo: $(VENV)/.installed
	$(BIN)/posada run caravan-2018 --replicates 100 --seed 1 --out $(OUT)/caravan-2018
	$(BIN)/posada run caravan-2018 --replicates 100 --seed 1 --policy without-the-caravan --out $(OUT)/without-the-caravan --json > /dev/null
	$(BIN)/posada report $(OUT)/caravan-2018 --compare $(OUT)/without-the-caravan

test: $(VENV)/.installed-test lint
	$(BIN)/python -m pytest -n auto

# Whether the docs say what posada does: every command of the how-to's, the notebook, the pages in a browser, the benchmarks.
docs: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto -m docs

# Slow, larger versions of the tests against theory and of random scenarios, with every index of the engine checked.
prove: $(VENV)/.installed-test
	POSADA_BOUNDS=1 $(BIN)/python -m pytest -m prove

lint: $(VENV)/.installed-test
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/mypy

# About ten minutes; other work on the machine makes it longer.
bench: $(VENV)/.installed-bench
	$(BIN)/python benchmarks/run.py

$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group test --group lint
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group bench
	touch $@

clean:
	rm -rf $(VENV) $(OUT) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
