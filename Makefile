# The menu. `make demo` and `make test` are all that a fresh machine with Python 3.11+ needs.

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CONFIG ?= config.toml
DOCS ?= 10000
# The first Python on the PATH that is new enough.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(name) -c 'import sys; print("$(name)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
INSTALLED := $(VENV)/installed
# What stands on Whoosh itself, and where it is tried on other distributions than the one that is locked.
WHOOSH_TESTS := tests/index/codec tests/index/segment tests/index/writer tests/index/search \
  tests/index/test_distribution.py tests/index/engines/test_contract.py \
  tests/index/analysis/test_whoosh_analyzer.py
WHOOSH_VENV := .venv-whoosh

.PHONY: help install demo serve test test-whoosh lint check mutants fix bench relevance storm lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## everything into .venv, versions and hashes as locked

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found on the PATH." >&2; exit 1; }
	@echo "Installing into $(VENV) with $$($(PYTHON) --version) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(INSTALLED) ## sample sites, crawled over HTTP, indexed and served; PORT=8000
	@exec $(BIN)/python -m samples.demo --port $(PORT)

serve: $(INSTALLED) ## the search page over the data that CONFIG names; PORT=8000
	@exec $(BIN)/serve --config $(CONFIG) --port $(PORT)

test: $(INSTALLED) ## the tests
	$(BIN)/python -m pytest -q -n auto

test-whoosh: ## the tests of the codec and of exactness on the other distributions of Whoosh
	@$(MAKE) --no-print-directory install VENV=$(WHOOSH_VENV)
	@set -e; for pins in tests/index/whoosh/*.txt; do \
	  echo "$$pins:"; \
	  $(WHOOSH_VENV)/bin/python -m pip uninstall --quiet --yes whoosh3 whoosh whoosh-reloaded; \
	  $(WHOOSH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $$pins; \
	  $(WHOOSH_VENV)/bin/python -m pytest -q -n auto $(WHOOSH_TESTS); \
	done

lint: $(INSTALLED) ## ruff, mypy and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint test ## all that a change must pass: lint and the tests

mutants: $(INSTALLED) ## change one thing at a time and see whether tests notice (installs mutmut first); MODULE=pace.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/mutants.txt
	$(BIN)/python -m tests.mutants $(MODULE)

fix: $(INSTALLED) ## format, and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

relevance: $(INSTALLED) ## the judged queries: nDCG, MRR, recall, query by query
	$(BIN)/python -m benchmarks.relevance

bench: $(INSTALLED) ## speed against peers (installs them first); DOCS=10000, also 100000, 200000, 1000000
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.speed --docs $(DOCS) --write

storm: $(INSTALLED) ## random nasty sites and requests, some hours; each failure names the seed that repeats it
	$(BIN)/python -m tests.storm --crawls 300 --requests 50000

lock: ## renew requirements.lock
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --allow-unsafe --strip-extras --output-file requirements.lock pyproject.toml

clean: ## away with the environment and the demo's data
	rm -rf $(VENV) $(WHOOSH_VENV) samples/data
