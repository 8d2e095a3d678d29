# Type `make` for the list. Every target that needs the environment makes it, once.

SHELL := /bin/bash
PYTHON ?= python3
OUT ?= out
DATA ?= build/course
VENV := .venv
BIN := $(VENV)/bin
# Three stamps: the locked packages that grading needs are installed, the grader itself is, and so is what everything
# else needs. A change of pyproject.toml alone installs the grader again, not TensorFlow.
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
ASSIGNMENTS := $(patsubst solutions/%/assignment.toml,%,$(wildcard solutions/*/assignment.toml))
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)
INSTALL = command -v apt-get && $(SUDO) apt-get update && $(SUDO) apt-get install -y
export OMP_NUM_THREADS = 1
unexport PYTHONDONTWRITEBYTECODE  # images for containers often set it: each of our processes would compile everything

.DEFAULT_GOAL := help
.PHONY: help setup browser postgres caddy grade serve check check-debian assignment validate quick test long stability lint fuzz bench bench-serve docs screenshots changelog clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## install what grading needs: .venv and bubblewrap

$(LOCKED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
	  "Python 3.11 or newer is needed as $(PYTHON). Install it with: sudo apt-get install python3 python3-venv" \
	  "(or name another one: make setup PYTHON=python3.12)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	  "$(PYTHON) comes without its venv module. Install it with: sudo apt-get install python3-venv"; exit 1; }
	@command -v bwrap >/dev/null || { $(INSTALL) bubblewrap; } >/dev/null 2>&1 || { echo \
	  "bubblewrap is needed to run student code safely. Install it with: sudo apt-get install bubblewrap"; exit 1; }
	@echo "Setting up $(VENV) (once; TensorFlow is large, so this takes a few minutes) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): $(LOCKED) requirements-dev.txt | $(READY)
	@echo "Adding to $(VENV) what tests, lint and docs need (once) ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

grade: $(READY)  ## grade the sample class, print the table, write the reports to out/
	@$(BIN)/grader grade tests/corpus/sample_class --assignment solutions/digits --out $(OUT)

serve: $(READY)  ## the portal with the sample class, in build/course; Ctrl-C ends it
	@$(BIN)/python tests/helpers/sample_course.py $(DATA)

assignment: $(READY)  ## make assignment/ from solutions/
	@for name in $(ASSIGNMENTS); do $(BIN)/grader release solutions/$$name --out assignment/$$name || exit 1; done

validate: $(READY)  ## judge the hidden cases by known answers and mutants; write docs/assignment-quality*.md
	@$(BIN)/grader validate solutions/digits --report docs/assignment-quality.md
	@$(BIN)/grader validate solutions/practice_lab --report docs/assignment-quality-practice_lab.md

browser:
	@command -v chromium >/dev/null || { $(INSTALL) chromium; } >/dev/null 2>&1 || { echo \
	  "The tests look at the pages in Chromium. Install it with: sudo apt-get install chromium"; exit 1; }

postgres:
	@ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { $(INSTALL) postgresql; } >/dev/null 2>&1 || { echo \
	  "The tests of the gradebook need PostgreSQL. Install it with: sudo apt-get install postgresql"; exit 1; }

# The temporary files of `make test`, 1.1 GB at most, lie in memory where 4 GB are free: it takes a tenth less time.
IN_MEMORY = if [ -z "$$TMPDIR" ] && [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null; then \
	  TMPDIR=$$(mktemp -d /dev/shm/grader-tests-XXXXXX); export TMPDIR; trap 'rm -rf "$$TMPDIR"' EXIT; trap 'exit 130' INT TERM; fi;

quick: $(READY_DEV)  ## the unit tests that need no process, portal or gradebook, with a tenth of the random examples
	@EXAMPLES=0.1 $(BIN)/python -m pytest -q -n 2 -m "not long and not thorough" tests/unit \
	  --ignore tests/unit/server --ignore tests/unit/gradebook --ignore tests/unit/test_patterns.py  # all thorough

caddy:
	@command -v caddy >/dev/null || { $(INSTALL) caddy; } >/dev/null 2>&1 || { echo \
	  "The long tests run the portal behind Caddy. Install it with: sudo apt-get install caddy"; exit 1; }

test: $(READY_DEV) browser postgres  ## every test of the project but the long ones, with three tenths of the random examples
	@$(IN_MEMORY) EXAMPLES=0.3 $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

long: $(READY_DEV) browser postgres caddy  ## the tests that take minutes: all of the corpus, notebooks, written answers, many kills, all random examples
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "long or hypothesis"

stability: $(READY)  ## grade the sample class fifty times, then ten times on a busy machine: the same reports each time
	@$(BIN)/python tests/helpers/stability.py 50
	@$(BIN)/python tests/helpers/stability.py 11 --busy 8

lint: $(READY_DEV)  ## format, lint, types, the direction of imports, and names in changelog.d/
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@MYPYPATH=benchmarks $(BIN)/mypy benchmarks  # its scripts import each other by their names alone
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/towncrier build --draft --version next > /dev/null

check: lint  ## all that CI checks: lint, drift of assignment/, validate, docs, test, long
	@for name in $(ASSIGNMENTS); do $(BIN)/grader release solutions/$$name --out assignment/$$name --check || exit 1; done
	@$(MAKE) --no-print-directory validate
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory long

check-debian:  ## before a release: grade and test in a bare Debian 13, with Python 3.13; as root
	@tests/debian13.sh grade test

fuzz: $(READY)  ## feed what reads untrusted bytes with a minute of fuzz
	@$(PIP) --require-hashes -r tests/fuzz/requirements.txt
	@for target in wire values intake loader; do $(BIN)/python tests/fuzz/fuzz.py $$target 20 || exit 1; done

bench: $(READY_DEV)  ## measure throughput and memory; benchmarks/README.md holds a run
	@$(BIN)/python benchmarks/bench.py

bench-serve: $(READY_DEV)  ## measure the portal: one submission, a class within a minute, a full store; half an hour
	@$(BIN)/python benchmarks/bench_serve.py

docs: $(READY_DEV)  ## the documentation as a site, in build/docs; a broken link fails
	@$(BIN)/sphinx-build -q -W --keep-going -n -b html docs build/docs
	@$(BIN)/python docs/links.py build/docs

screenshots: $(READY_DEV) browser  ## take the pictures of docs/images from a run of the sample class
	@$(BIN)/python docs/screenshots.py

changelog: $(READY_DEV)  ## show what changelog.d/ adds to CHANGELOG.md
	@$(BIN)/towncrier build --draft --version next

clean:  ## remove what the targets made, .venv included
	rm -rf $(VENV) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
