# Every target sets up .venv by itself, once per change of its lock file.
PYTHON ?= python3
BIN := .venv/bin
CORE := .venv/core-installed
DEV := .venv/dev-installed

.PHONY: demo test check bench clean

demo: $(CORE)                   ## a first result: two cycles, figures and a report
	$(BIN)/lithomech demo

test: check                     ## everything that continuous integration runs
	$(BIN)/python -m pytest -q -n 2

check: $(DEV)                   ## style, types, layers and the generated pages, in seconds
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/basedpyright
	$(BIN)/python docs/notation.py --check
	$(BIN)/python docs/materials.py --check

bench: $(DEV)                   ## every script of benchmarks/, then one table
	$(BIN)/python benchmarks

clean:
	rm -rf .venv results .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(CORE): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@
