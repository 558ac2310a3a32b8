# Every command of the house. `make demo` and `make test` need nothing but Python 3.11 or newer.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PYTEST_ARGS ?=
BENCH_ARGS ?=
# One process a core; tests of one file stay together, because they share what is slow to make.
WORKERS ?= -n auto --maxprocesses 4 --dist loadfile
BIN := .venv/bin
REAL := .venv-real/bin
KGX := .venv-kgx/bin
SETUP_FILES := pyproject.toml scripts/setup

.PHONY: help demo test test-real test-gpu check lint types format bench lock setup hooks clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Build the default graph, generate 1,000 four-hop questions, say what to look at next
	$(BIN)/kgsynth build-graph
	$(BIN)/kgsynth generate --hops 4
	@cat scripts/next-steps.txt

test: setup ## The quick suite: two to three minutes on two cores, no server, no gigabytes
	$(BIN)/python -m pytest -m "not real and not gpu" $(WORKERS) $(PYTEST_ARGS)

test-real: .venv-real/.stamp .venv-kgx/.stamp ## The real parts: Neo4j (needs Java 17 and Maven), vLLM on CPU, TRL, KGX
	$(REAL)/python -m pytest tests -m "real and not gpu" -k "not kgx and not pyobo" $(PYTEST_ARGS)
	$(KGX)/python -m pytest tests/real/test_kgx.py tests/sources/test_pyobo.py -m "real and not gpu" $(PYTEST_ARGS)

test-gpu: .venv-real/.stamp ## What needs a GPU
	$(REAL)/python -m pytest tests -m gpu $(PYTEST_ARGS)

check: lint types ## Format, lint, types, import contracts, quick suite
	$(BIN)/python -m pytest -m "not real and not gpu" $(WORKERS) $(PYTEST_ARGS)

lint: setup ## Format, lint and import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports

types: setup ## mypy, strict
	$(BIN)/mypy

format: setup ## Format, and fix what ruff can fix
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: setup ## Benchmarks side by side; a table, and outputs/bench.json
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

lock: ## Resolve the locked versions anew (needs uv)
	scripts/lock

setup: .venv/.stamp ## Make .venv from requirements/dev.lock
	@:

hooks: setup ## Run format, lint and types before each commit
	install -m 755 scripts/pre-commit "$$(git rev-parse --git-path hooks)/pre-commit"

.venv/.stamp: requirements/dev.lock $(SETUP_FILES)
	@PYTHON="$(PYTHON)" scripts/setup .venv requirements/dev.lock

.venv-real/.stamp: requirements/real.lock $(SETUP_FILES)
	@PYTHON="$(PYTHON)" scripts/setup .venv-real requirements/real.lock

.venv-kgx/.stamp: requirements/kgx.lock $(SETUP_FILES)
	@PYTHON="$(PYTHON)" scripts/setup .venv-kgx requirements/kgx.lock

clean: ## Remove environments and caches; outputs/ stays
	rm -rf .venv .venv-real .venv-kgx .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
