# The workshop: `make help` lists the targets. Each sets up what it needs in .venv.
PYTHON ?= python3
PORT ?= 8000
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app app_tess
UV_VERSION := 0.13.9

# Every process that is started compiles what it imports, unless an earlier one may leave that in __pycache__.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test system-packages check lint types floors docs tours format hooks pins licenses sbom benchmark clean

help: ## List the targets
	@awk -F ' *## ' '/^[a-z]+:.* ## / { sub(/:.*/, "", $$1); printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/run.stamp ## Serve the site, with its worker, on http://127.0.0.1:8000 (PORT=9000: another port)
	@$(FLASK) db upgrade
	@$(FLASK) first-load
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start --no-prefix --port $(PORT) web worker || [ $$? -eq 130 ]

# The checks run beside the tests, which often wait, and print when these are done; the exit status is that of both.
# The import floors are among the tests.
# Each file's tests run in one process, which makes its fixtures once; in order, or the slow files with few tests come last.
# One process more than there are cores, because many tests wait: for an archive's timeout, a worker or the browser.
# The numerical libraries get one thread for each worker: more would compete for the same cores.
test: ## Run the checks and every test on all cores (TESTS=tests/astro: only those tests, without coverage)
	@$(MAKE) --no-print-directory --jobs 2 system-packages $(VENV)/check.stamp $(VENV)/test.stamp
	@report=$$(mktemp); trap 'rm -f $$report' EXIT; \
	nice $(MAKE) --no-print-directory check CHECKS='lint types docs $(if $(TESTS),floors)' >$$report 2>&1 & checking=$$!; \
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(if $(TESTS),,PYTEST_PLUGINS=tests.support.coverage) \
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder $(TESTS); tested=$$?; \
	wait $$checking; checked=$$?; echo "make check:"; cat $$report; \
	[ $$checked -eq 0 ] || echo "make check failed: its messages are above."; \
	[ $$tested -eq 0 ] || echo "Tests failed: their messages are above those of make check."; \
	[ $$checked -eq 0 ] && [ $$tested -eq 0 ]

system-packages:
	@bash tests/support/system_packages.sh

CHECKS = lint types floors docs
check: $(VENV)/check.stamp ## Lint, check format, types and import floors, and build the documentation
	@$(MAKE) --keep-going --jobs 2 --output-sync=target --no-print-directory $(CHECKS)

lint: $(VENV)/check.stamp
	$(BIN)/ruff check --output-format=concise .
	$(BIN)/ruff format --check .

types: $(VENV)/check.stamp
	$(BIN)/mypy

floors: $(VENV)/check.stamp
	$(BIN)/python -m pytest tests/test_floors.py tests/test_large_rooms.py tests/test_sizes.py

docs: $(VENV)/check.stamp ## Build the documentation into docs/_build/html; a broken reference is an error
	@rm -f docs/reference/app_tess*.rst
	$(BIN)/python -m sphinx -W --keep-going -n -q -b html docs docs/_build/html

tours: $(VENV)/check.stamp $(VENV)/test.stamp ## Take the pictures of the tours in docs/tours anew, from the bundled sample
	$(BIN)/python -m docs.tours.pictures

format: $(VENV)/check.stamp ## Sort imports, fix what ruff can fix, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(VENV)/check.stamp ## Run the fast checks before each commit (git hook; see .pre-commit-config.yaml)
	$(BIN)/pre-commit install

pins: $(BIN)/python ## Recompile requirements*.txt, with the SHA-256 of every file, from pyproject.toml
	echo 'uv==$(UV_VERSION)' | $(COMPILE) - -o requirements-uv.txt
	$(PIN) -o requirements.txt
	$(PIN) -c requirements.txt --extra train -o requirements-train.txt
	$(PIN) -c requirements.txt --extra store -o requirements-store.txt
	$(PIN) -c requirements.txt --extra survey -o requirements-survey.txt
	$(PIN) -c requirements.txt --extra check -o requirements-check.txt
	$(PIN) -c requirements.txt --extra test -o requirements-test.txt
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url --no-emit-find-links
PIN = $(COMPILE) pyproject.toml

licenses: $(VENV)/check.stamp $(VENV)/test.stamp ## Write the licenses of all software into docs/reference/licenses.md
	$(BIN)/python -m docs.software.licenses

sbom: $(VENV)/check.stamp ## Write the software bill of materials (CycloneDX) into build/sbom.cdx.json
	$(BIN)/python -m docs.software.sbom build/sbom.cdx.json

benchmark: $(VENV)/test.stamp ## Measure speed and memory beside alternatives, about 20 min (LIGHTKURVE=python: one with lightkurve)
	@$(BIN)/python -m benchmarks.side_by_side $(if $(LIGHTKURVE),--lightkurve $(LIGHTKURVE))

clean: ## Remove .venv, caches and what was built
	rm -rf $(VENV) build docs/_build docs/reference/*.rst .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python: | requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d: make PYTHON=..." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt

# A file whose SHA-256 is not among the pinned ones is not installed.
INSTALL = $(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python

$(VENV)/run.stamp: requirements.txt $(BIN)/python
	@echo "Installing the site's packages into $(VENV) ..."
	@$(INSTALL) -r requirements.txt --compile-bytecode
	@touch $@

# The larger packages below are compiled as far as they are imported: compiling all of them takes 45 s.
$(VENV)/check.stamp: requirements-check.txt $(VENV)/run.stamp
	@echo "Installing the linter, the type checker and the documentation builder into $(VENV) ..."
	@$(INSTALL) -r requirements-check.txt
	@touch $@

$(VENV)/test.stamp: requirements-train.txt requirements-survey.txt requirements-test.txt $(VENV)/run.stamp
	@echo "Installing what training, surveys and the tests need into $(VENV) ..."
	@$(INSTALL) -r requirements-train.txt -r requirements-survey.txt -r requirements-test.txt
	@touch $@
