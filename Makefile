# The menu. On a fresh machine with Python 3.11+, `make demo` and `make test` need nothing else.

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CONFIG ?= config.toml
DOCS ?= 10000
CASES ?= 650
EACH ?= 2
ROUNDS ?= 3
# TRIES=6 thins out each table of cases, evenly; without it all are tried.
TRIES ?=
FEW := $(if $(TRIES),--few-cases $(TRIES))
# The first Python on the PATH that is new enough.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(name) -c 'import sys; print("$(name)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
INSTALLED := $(VENV)/installed
REQUIRED := $(VENV)/required
# Where there is no C compiler, COMPILER=zig installs one from PyPI, of 400 MB, which needs no administrator.
COMPILER ?=
COMPILERS := $(if $(filter zig,$(COMPILER)),$(VENV)/zig)
$(if $(filter-out zig,$(COMPILER)),$(error COMPILER=$(COMPILER): must be zig, or left out))
# What `make install` compiles, in place, if the machine has a C compiler. The folders: a source may be gone.
SOURCES := $(shell find index -name '*.p[yx][xd]')
SOURCES += $(wildcard $(patsubst %.pxd,%.py,$(filter %.pxd,$(SOURCES))))
CORE := hatch_build.py $(sort $(dir $(SOURCES))) $(SOURCES)
# For every Python and platform at once, with a marker where they differ; one version for all of them where there is one.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --custom-compile-command "make lock"
# The tests of the code that extends Whoosh, and the environment that tries them on its other distributions.
WHOOSH_TESTS := tests/index/codec tests/index/segment tests/index/writer tests/index/search \
  tests/index/test_distribution.py tests/index/engines/test_search_contract.py \
  tests/index/analysis/test_whoosh_analyzer.py
WHOOSH_VENV := .venv-whoosh
# The tests of what is compiled: they pass with the compiled core and without.

# Tests start hundreds of commands; without compiled modules each of them would compile ours again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo serve test test-sweeps test-fast test-whoosh test-opensearch opensearch test-image parity \
  scale lint check hooks mutants fuzz sanitize fix bench compare relevance contract storm accidents package lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## install everything into .venv, pinned by version and hash; COMPILER=zig also a C compiler

$(REQUIRED): requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found on the PATH." >&2; exit 1; }
	@echo "Installing into $(VENV) with $$($(PYTHON) --version) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/zig: $(REQUIRED) requirements-compiler.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-compiler.lock
	@touch $@

# pip hides what a build says, so the line that says why there is no compiled core comes from the log.
$(INSTALLED): $(REQUIRED) $(COMPILERS) pyproject.toml preses_relizes/__init__.py $(CORE)
	@rm -f $(VENV)/install.log
	@$(if $(COMPILERS),CC="$(abspath $(BIN))/python -m ziglang cc" )$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --log $(VENV)/install.log -e .
	@sed -n 's/.*\(The search core is\)/\1/p' $(VENV)/install.log
	@# Its folders have their byte code now: else the first import would change them, and all were built again.
	@$(BIN)/python -m compileall -q $(sort $(dir $(SOURCES)))
	@touch $@

demo: $(INSTALLED) ## crawl the sample sites over HTTP, index and serve them; PORT=8000
	@exec $(BIN)/python -m samples.demo --port $(PORT)

serve: $(INSTALLED) ## serve the data that CONFIG names; PORT=8000
	@exec $(BIN)/serve --config $(CONFIG) --port $(PORT)

test: $(INSTALLED) ## run all tests but the longest sweeps, on all processors
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not long_sweep"

test-sweeps: $(INSTALLED) ## run the tests that take longest; TRIES=6 for six cases of each table
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m long_sweep $(FEW)

test-fast: $(INSTALLED) ## run all tests but sweeps, oracles and browser tests, five cases of each table: within a minute
	$(BIN)/python -m pytest -q -n auto --dist worksteal --few-cases 5 -m "not (sweep or oracle or browser)"

test-whoosh: $(INSTALLED) ## run the tests of the codec on the other distributions of Whoosh; TRIES=6
	@# Hard links: installing everything again takes minutes. pip replaces files and never writes into them.
	@rm -rf $(WHOOSH_VENV) && cp -al $(VENV) $(WHOOSH_VENV)
	@grep -rlI '^#!$(abspath $(VENV))/' $(WHOOSH_VENV)/bin | xargs sed -i '1s|$(abspath $(VENV))/|$(abspath $(WHOOSH_VENV))/|'
	@set -e; for pins in tests/index/whoosh/*.txt; do \
	  echo "$$pins:"; \
	  $(WHOOSH_VENV)/bin/python -m pip uninstall --quiet --yes whoosh3 whoosh whoosh-reloaded; \
	  $(WHOOSH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $$pins; \
	  $(WHOOSH_VENV)/bin/python -m pytest -q -n auto $(FEW) $(WHOOSH_TESTS); \
	done

opensearch: $(INSTALLED) ## start three OpenSearch nodes on loopback, until Ctrl-C (needs Java and Maven)
	@exec $(BIN)/python -m tests.opensearch

test-opensearch: $(INSTALLED) ## run the tests that need an OpenSearch cluster; starts one unless OPENSEARCH_URL is set; TRIES=6
	@OPENSEARCH_URL=$${OPENSEARCH_URL:-start} $(BIN)/python -m pytest -q -m opensearch $(FEW)

test-image: $(INSTALLED) ## build and run the image; PYTHON_IMAGE=base ENGINE=podman BUILD_OPTIONS= RUN_OPTIONS=
	@PYTHON_IMAGE=$${PYTHON_IMAGE:-docker.io/library/python:3.13-slim} $(BIN)/python -m pytest -q tests/deploy/test_image.py

parity: $(INSTALLED) ## compare both engines' answers (OPENSEARCH_URL=start, or `make opensearch` first); DOCS=N generated releases
	$(BIN)/python -m benchmarks.parity $(if $(filter command line environment,$(origin DOCS)),--docs $(DOCS))

scale: $(INSTALLED) ## measure both engines at 10k, 200k, 1M and 2M releases; goes on where it was stopped; hours, 40 GB in .scale/
	$(BIN)/python -m benchmarks.scale --folder .scale --docs 10000 200000 1000000 2000000 --cluster-docs 10000 200000 --write

lint: $(INSTALLED) ## run ruff, mypy and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint test ## what a change must pass: lint and all tests

hooks: $(INSTALLED) ## run the linters before each commit (needs pre-commit on the PATH)
	pre-commit install --hook-type pre-commit --hook-type commit-msg

mutants: $(INSTALLED) ## mutation tests of the next room by rota (installs mutmut first); ROOM=index/query, SAMPLE=60; MODULE=throttle.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/mutants/requirements.txt
	$(BIN)/python -m tests.mutants $(if $(ROOM),--room $(ROOM)) $(if $(MODULE),--module $(MODULE)) $(if $(SAMPLE),--sample $(SAMPLE))

fuzz: $(INSTALLED) ## look for bytes that break a reader, and examples that break a property (installs atheris first); MINUTES=10
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/fuzz/requirements.txt
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),10)

sanitize: $(INSTALLED) ## try the compiled core under ASan and UBSan (needs gcc); MINUTES=4 of damage after its tests, TRIES=12
	$(BIN)/python -m tests.sanitize --minutes $(or $(MINUTES),4) --tries $(or $(TRIES),12)

fix: $(INSTALLED) ## format, and repair what can be repaired automatically
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

relevance: $(INSTALLED) ## score the judged queries, also among 1,500 and 10,000 releases, and the similar ones; fails below a floor
	$(BIN)/python -m benchmarks.relevance --size 1500 10000
	$(BIN)/python -m benchmarks.similar

bench: $(INSTALLED) ## compare speed with other engines (installs them first); DOCS=10000, up to 1000000
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.speed --docs $(DOCS) --write

compare: $(INSTALLED) ## measure the main jobs of this checkout and of the commit BASE in turn; ROUNDS=3
	$(BIN)/python -m benchmarks.compare $(BASE) --rounds $(ROUNDS)

contract: $(INSTALLED) ## 5,000 generated requests to the API, each answer compared with its OpenAPI description; CASES=650 for each endpoint
	CASES=$(CASES) $(BIN)/python -m pytest -q -s tests/searcher/api/test_contract.py -k as_described

storm: $(INSTALLED) ## random hostile sites and requests, for hours; each failure names the seed that repeats it
	$(BIN)/python -m tests.storm --crawls 300 --requests 50000

accidents: $(INSTALLED) ## wrong pages in place of releases, day by day, and true edits; EACH=2 cases of each kind
	$(BIN)/python -m tests.accidents --each $(EACH)

package: $(INSTALLED) ## build sdist and the wheel for every platform into dist/, and check them
	rm -rf dist
	PRESES_RELIZES_BUILD=pure $(BIN)/python -m build --quiet --no-isolation
	$(BIN)/twine check --strict dist/*

lock: $(INSTALLED) ## update requirements.lock (production) and those of development, of the image's builder and of COMPILER=zig
	$(COMPILE) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' | \
	  $(COMPILE) --constraint requirements-dev.lock --output-file requirements-build.lock -
	echo "ziglang>=0.17" | $(COMPILE) --output-file requirements-compiler.lock -

clean: ## remove the environments, what was built and the demo's data
	rm -rf $(VENV) $(WHOOSH_VENV) samples/data dist build $$(find index -name '*.so')
