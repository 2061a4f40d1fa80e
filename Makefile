# make run: the site on http://127.0.0.1:8000 (PORT changes it). make test: everything. Both set up what they need.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app app_tess

.PHONY: run test pins clean
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@$(FLASK) db upgrade
	@$(FLASK) first-load
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start --no-prefix --port $(PORT) web worker || [ $$? -eq 130 ]

test: $(VENV)/test.stamp
	@bash tests/support/system_packages.sh
	$(BIN)/python -m pytest $(TESTS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d: make PYTHON=..." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

UV_VERSION := 0.13.9
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode

$(VENV)/run.stamp: requirements.txt $(BIN)/python
	@echo "Installing the site's packages into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-train.txt requirements-test.txt $(VENV)/run.stamp
	@echo "Installing what training and the tests need into $(VENV) ..."
	@$(INSTALL) -r requirements-train.txt -r requirements-test.txt
	@touch $@

# Recompile the pinned requirement files from pyproject.toml.
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url --no-emit-find-links pyproject.toml
pins: $(BIN)/python
	$(PIN) -o requirements.txt
	$(PIN) -c requirements.txt --extra train -o requirements-train.txt
	$(PIN) -c requirements.txt --extra test -o requirements-test.txt

clean:
	rm -rf $(VENV)
