# Closeloop. `make help` lists what there is; a plain shell, make and Python 3.11 are enough for everything but `make lint`.
# Written for GNU make 3.81 (macOS) and newer: no .ONESHELL, no grouped targets.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?=
# More arguments for `demo`, `test`, `bench` and `eval`: make demo ARGS="--forum https://meta.discourse.org"
ARGS ?=
# Pytest's processes: two more than cores, because many a test waits for a server; at most eight.
WORKERS ?= $(shell $(PY) -c 'import os; print(min((os.cpu_count() or 1) + 2, 8))' 2>/dev/null || echo 4)

RUN := $(VENV)/.runtime
DEV := $(VENV)/.dev
NODE := node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench eval format clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(RUN) ## Try it: a local Trello, forum and Slack with Closeloop in the middle (Ctrl-C stops it; ARGS="--forum https://…" reads a live forum)
	@exec $(VENV)/bin/closeloop demo $(ARGS)

test: $(DEV) ## All tests, on SQLite and PostgreSQL, with a real browser (ARGS="-k links" for some; needs no Node)
	@CLOSELOOP_CHROMIUM="$$($(PY) -m scripts.ensure_chromium)" || exit 1; export CLOSELOOP_CHROMIUM; \
	exec $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(DEV) $(NODE) ## Style, types and import directions, of Python and JavaScript (needs Node)
	@$(NEED_NODE)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	node_modules/.bin/biome ci
	node_modules/.bin/tsc

bench: $(DEV) ## Measure the badge request against the same SQL by hand, on both databases
	@exec $(PY) -m tests.bench $(ARGS)

# The data sets are other people's texts, so they lie beside the repository and not in it (docs/suggestions.md).
DATA ?= ../shared/data/tickets

eval: $(RUN) ## Measure the suggestions on real data sets (DATA=folder; ARGS="--part heldout" for another part)
	@test -d "$(DATA)" || { echo "There is no folder $(DATA) with data sets: say where they are with DATA=… (docs/suggestions.md)." >&2; exit 1; }
	@exec $(VENV)/bin/closeloop eval --data "$(DATA)" $(ARGS)

format: $(DEV) $(NODE) ## Mend what can be mended without thought
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	node_modules/.bin/biome check --write

clean: ## Remove everything that make made
	rm -rf $(VENV) node_modules build dist var test-results *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(PY):
	@found="$$(PYTHON="$(PYTHON)" sh scripts/find_python.sh)" || exit 1; \
	"$$found" scripts/progress.py "Making $(VENV)" -- "$$found" -m venv --clear $(VENV)

# A stamp is newer than pyproject.toml when everything in it is installed.
$(RUN): pyproject.toml | $(PY)
	@$(PY) scripts/progress.py "Installing Closeloop" -- $(PY) -m pip install --disable-pip-version-check --no-input -e .
	@touch $@

$(DEV): pyproject.toml | $(PY)
	@$(PY) scripts/progress.py "Installing Closeloop and its test tools" -- $(PY) -m pip install --disable-pip-version-check --no-input -e ".[dev]"
	@touch $(RUN) $@

# Also asked where the checkers are installed already: they do not run without it.
NEED_NODE = command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 || \
	{ echo "make lint needs Node 20 or newer with npm (https://nodejs.org); demo and test do not." >&2; exit 1; }

$(NODE): package.json package-lock.json | $(PY)
	@$(NEED_NODE)
	@$(PY) scripts/progress.py "Installing the JavaScript checkers" -- npm ci --no-audit --no-fund
	@touch $@
