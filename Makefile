# Everything a developer or a visitor types. It needs Python 3.11 or newer with venv, make and the package index.

PYTHON ?= python3
PROGRAMME ?= znak-kachestva
VENV := .venv
BIN := $(VENV)/bin
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
TEST_WORKERS ?= auto
KILLS ?= 1000
EXAMPLES ?= 2000
FRONT_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path 'frontend/dist/*' -not -path 'frontend/cabinet/graph/*' -not -path 'frontend/till/graph/*' -not -path 'frontend/admin/graph/*' -not -path 'frontend/build/made/*' 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo port test check bench torture month stories frontend schema migrations format browser lock

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' Makefile

demo: port $(VENV)/.runtime frontend/dist/.built frontend/node_modules/.playground/graphiql.js ## start everything with invented members on http://127.0.0.1:$PORT; PROGRAMME=askona for the other one
	@$(BIN)/kunak demo --programme $(PROGRAMME)

# A port that is taken is told before minutes of installing.
port:
	@$(PYTHON) api/port.py

test: $(VENV)/.development frontend/dist/.built browser ## run every test: front end, then the whole house
	$(NODE) npm --prefix frontend test --silent
	$(BIN)/pytest --cache-clear -n $(TEST_WORKERS) --dist loadfile || { test $$? -eq 1 && $(BIN)/python -m tests.second_look; }

check: $(VENV)/.development frontend/dist/.built ## format, lint, types, floors, then every test; what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) npm --prefix frontend run types --silent
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.development frontend/dist/.built ## measure this machine and print the figures with their limits
	$(BIN)/python -m bench

torture: $(VENV)/.development ## kill servers and sessions of PostgreSQL KILLS times (1000) under load, then check that nothing is lost or doubled
	$(BIN)/python -m tests.torture --kills $(KILLS) $(if $(SEED),--seed $(SEED))

month: $(VENV)/.development ## play a month of hotels and restaurants with a fifth of everything failing, then compare both sides to the kopeck
	$(BIN)/python -m tests.month $(if $(SEED),--seed $(SEED))

stories: $(VENV)/.development ## run the stories of points, families, tiers, campaigns, instalments and merged profiles EXAMPLES times (2000) against naive ledgers
	STORIES=$(EXAMPLES) $(BIN)/pytest -q tests/loyalty/test_points_stories.py tests/services/points/test_against_the_model.py \
		tests/services/families/test_against_the_model.py tests/services/promotions/test_against_the_model.py \
		tests/services/tiers/test_against_the_model.py tests/services/instalments/test_against_the_model.py \
		tests/services/merging/test_against_the_life.py tests/services/test_clock_back.py

frontend: frontend/dist/.built ## build the pages, which `make demo` does by itself

schema: $(VENV)/.development ## write graph/schema.graphql anew from the code
	$(BIN)/python -m graph.schema

migrations: $(VENV)/.development ## write the migration that the models ask for; NAME=what_changes
	@test -n "$(NAME)" || { echo 'say what changes: make migrations NAME=members_have_a_locale' >&2; exit 2; }
	$(BIN)/tortoise -c models.migrating.TORTOISE makemigrations --name $(NAME)

format: $(VENV)/.development ## bring Python into its form and mend what can be mended
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

lock: $(VENV)/.development ## write the lock files anew after a change of *.in or package.json
	for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
			$$name.in -o $$name.lock || exit 1; \
	done
	$(NODE) npm --prefix frontend run lock --silent

browser: $(VENV)/.development
	@.ci/browser

# --- what is made once and made anew when its lock changes ------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Kunak needs Python 3.11 or newer: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. Debian and Ubuntu: apt install python3-venv. Fedora: dnf install python3" >&2; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what requirements.lock pins: this takes a minute or more, once.' >&2
	$(BIN)/pip install --quiet --no-compile --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/pip install --quiet --no-compile --require-hashes --requirement requirements-dev.lock
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json | $(VENV)/.runtime
	$(NODE) npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@touch $@

# Without it the demo lacks one page for developers, so trouble here stops nothing.
frontend/node_modules/.playground/graphiql.js: frontend/playground.json frontend/node_modules/.installed
	-$(NODE) node frontend/build/playground.ts

frontend/dist/.built: frontend/node_modules/.installed $(FRONT_SOURCES) graph/schema.graphql
	$(NODE) npm --prefix frontend run build --silent
	@touch $@
