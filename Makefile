# Every target sets up .venv by itself, once per change of its lock file.
PYTHON ?= python3
BIN := .venv/bin
CORE := .venv/core-installed
DEV := .venv/dev-installed
SITE := .venv/docs-installed

PYTEST := $(BIN)/python -m pytest -q -n 2

.PHONY: demo test test-deep test-browser check kernels bench docs clean

demo: $(CORE)                   ## a first result: two cycles, figures and a report
	$(BIN)/lithomech demo

test: $(DEV)                    ## the checks and every test that is not deep: about 6 minutes on two cores, 8 the first time
	$(MAKE) -j 2 check kernels
	$(PYTEST) --dist loadfile --no-loadscope-reorder -m "not deep and not browser"

test-deep: kernels              ## the tests that take long, in at most 45 minutes
	$(PYTEST) --dist loadfile -m deep

test-browser: $(DEV)            ## the page of `lithomech app` in a headless Chromium, if there is one
	$(BIN)/python -m pytest -q -p no:xdist -m browser tests/browser

check: $(DEV)                   ## style, types, layers and the generated pages, in seconds
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/basedpyright
	$(BIN)/python -m pytest -q -p no:xdist tests/architecture/test_style.py tests/architecture/test_width.py
	$(BIN)/python docs/notation.py --check

kernels: $(DEV)                 ## compiles what the tests share, so that no two workers do
	$(BIN)/python tests/support/warm_cache.py

bench: $(DEV)                   ## every script of benchmarks/, then one table
	$(BIN)/python benchmarks

docs: $(SITE) kernels           ## the documentation site in build/site; examples that changed are run for its gallery
	$(BIN)/python docs/website.py

clean:
	rm -rf .venv build results .pytest_cache .ruff_cache .import_linter_cache .hypothesis

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

$(SITE): requirements-docs.lock $(DEV)
	$(BIN)/python -m pip install --quiet --requirement requirements-docs.lock
	touch $@
