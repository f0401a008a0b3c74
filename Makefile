# make site   builds the website in _build/html
# make test   runs every test, in a browser where there is one
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE := _build/html
# the same commit gives the same bytes
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export PYDEVD_DISABLE_FILE_VALIDATION = 1

.PHONY: site serve test lint bench clean install browser help

help:
	@sed -n 's/^# //p' Makefile

site: install
	@echo "Building the site: chapters run, then pages are written (about a minute the first time)."
	$(BIN)/jupyter-book build -W -n --keep-going .
	@echo
	@echo "The site is $(CURDIR)/$(SITE)/index.html"
	@echo "Open that file in a browser, or type 'make serve' and go to http://localhost:8000"

serve: site
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(SITE)

test: $(VENV)/test browser site
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

lint: $(VENV)/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

install: $(VENV)/installed
browser: $(VENV)/test
	$(BIN)/python tests/browser.py

# Debian splits venv from Python; as root it can be had, elsewhere the message says what to do.
$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
	  rm -rf $(VENV); \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Debian's python3-venv"; apt-get update -qq && apt-get install -yqq python3-venv && $(PYTHON) -m venv $(VENV); \
	  else echo "Python's venv module is missing: install python3-venv, then run make again."; exit 1; fi; }

$(VENV)/installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) (about a minute)."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test: requirements-test.txt $(VENV)/installed
	@echo "Installing what the tests need."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

bench: $(VENV)/test browser site
	$(BIN)/python benchmarks/explorer.py

clean:
	rm -rf _build build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
