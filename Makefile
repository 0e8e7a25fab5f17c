# Two commands are enough: `make run`, then `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
AQSHA := $(BIN)/aqsha
UV_VERSION := 0.13.9
# Where it is set, each of the many processes of a night and of the tests compiles all of us anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run up test rehearse bench clean lock

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

run: .venv/installed ## the demonstration night, from delivered feeds to a published report
	@AQSHA_REGIONS=$${AQSHA_REGIONS:-79} $(AQSHA) demo

up: .venv/installed ## object store, Prefect server with its UI, and the schedule; Ctrl-C stops all
	@$(AQSHA) up

test: .venv/installed ## lint, types, arrows, unit, property and end-to-end tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not rehearsal"

rehearse: .venv/installed ## nights under faults, a month of backlog, the compose file's own commands
	@$(BIN)/pytest -m rehearsal

bench: .venv/installed ## measurements side by side, with their budgets
	@$(BIN)/python -m benchmarks

# PyICU has no wheel: a newcomer without a compiler could not install it.
lock: .venv/installed ## renew the pinned versions from pyproject.toml
	@$(BIN)/uv pip compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --constraints <(echo 'pyicu<0') pyproject.toml -o requirements.lock

clean: ## remove the installation and everything it kept
	@[ ! -x $(AQSHA) ] || $(AQSHA) stop
	@rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results *.egg-info

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Installing into .venv (once; a minute or two)…"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(AQSHA) prepare
	@touch $@
