# Two commands matter: `make run` and `make test`. Each sets up what it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FRONT := cyberdesk/core/web/static/built/.stamp
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
  --no-emit-index-url --no-annotate
ARGS ?=
WORKERS ?= 2
CHAOS_KILLS ?= 50

.PHONY: run setup test lint types programs unit front chaos hosts screens docs bench lock sbom clean help

help:  ## what can be asked for
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

setup: $(STAMP) $(FRONT)  ## install everything into .venv and build the front-end

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "CyberDesk needs Python 3.11 or later: name one with make … PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock -r requirements-dev.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

front: $(FRONT)  ## build the style sheets, scripts and icons

# The machine's node when it is recent enough, else the one that came with the wheel.
$(FRONT): $(shell find frontend -type f) package.json package-lock.json .npmrc | $(STAMP)
	@{ command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20)'; } >/dev/null 2>&1 \
	  || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	  npm ci --ignore-scripts --silent && node frontend/build.mjs

lock:  ## resolve the dependencies anew and pin them: what runs, and what tests need besides
	@VIRTUAL_ENV=$(VENV) $(COMPILE) pyproject.toml -o requirements.lock
	@VIRTUAL_ENV=$(VENV) $(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	@VIRTUAL_ENV=$(VENV) $(COMPILE) --group peers -o requirements-peers.lock

sbom: setup  ## list every component with its hashes (CycloneDX), into dist/
	@mkdir -p dist
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
	  --output-reproducible -o dist/sbom-python.cdx.json
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm sbom --package-lock-only --sbom-format cyclonedx \
	  --loglevel=error > dist/sbom-front.cdx.json

run: setup  ## start everything with the demo (ARGS="--port 8000 --data DIR")
	@$(BIN)/cyberdesk up --demo $(ARGS)

test: setup lint  ## everything that must hold before a change lands
	@$(MAKE) --no-print-directory -j2 types programs
	@$(MAKE) --no-print-directory unit

lint:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types:
	@$(BIN)/mypy

programs:  ## the browser and the servers that tests drive, where we may install them
	@$(BIN)/python -m tests.debian

unit:  ## the tests, on two processes with servers of their own (WORKERS=0 for one)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

chaos: setup  ## kill a house at random while people work in it (CHAOS_KILLS=1000 SEED=7 for a long one)
	@$(BIN)/python -m tests.chaos --kills $(CHAOS_KILLS) $(if $(SEED),--seed $(SEED))

hosts: setup  ## two hosts on one database, one of which vanishes (as root; RUNS=200 for a longer one)
	@$(BIN)/python -m tests.chaos.two_hosts $(if $(RUNS),--runs $(RUNS))

screens: setup  ## take the pictures of the documentation anew, from the journeys
	@CYBERDESK_SHOTS=docs/screens $(BIN)/pytest -q -n 0 $$(grep -l picture tests/journeys/test_*.py)

docs: setup  ## build the documentation as a site, into dist/docs
	@$(BIN)/sphinx-build --fail-on-warning --keep-going --nitpicky --quiet -b dirhtml -c docs . dist/docs

# What we are measured against, apart from what runs and from what tests need.
$(VENV)/peers/.installed: requirements-peers.lock | $(STAMP)
	@test -x $(VENV)/peers/bin/python || $(BIN)/python -m venv --without-pip $(VENV)/peers
	@VIRTUAL_ENV=$(VENV)/peers $(BIN)/uv pip install --quiet --require-hashes -r requirements-peers.lock
	@touch $@

bench: setup $(VENV)/peers/.installed  ## measure, each number beside its limit (LONG=1 for 100 000 cases; ONLY=queue for one)
	@$(BIN)/python -m bench $(if $(LONG),--long) $(ONLY)
