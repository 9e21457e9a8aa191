# Needs git, make, Python 3.11 or later with venv. Everything else comes from `make install`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ASSETS := web/static/vendor/manifest.json
SUITE := .cache/w3c-shacl/manifest.ttl
CASES := $(wildcard examples/*.yaml)
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help install run demo test conformance check bench wheel reference browser lint

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) $(ASSETS) ## make .venv and build the browser assets

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "No Python found. Type: sudo apt-get install -y python3.11 python3.11-venv"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "Type: sudo apt-get install -y $(notdir $(PYTHON))-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[xlsx,dev]"
	@touch $@

$(ASSETS): $(STAMP) web/package-lock.json web/vendor.py
	$(BIN)/python web/vendor.py
	@touch $@

run: demo ## answer the examples, then serve them on http://127.0.0.1:8000/
	$(BIN)/kg serve $(CASES)

demo: install ## answer the examples on the terminal
	$(BIN)/kg assess examples/section-47-request.yaml
	$(BIN)/kg why examples/school-referral.yaml ca1989:s47-9
	$(BIN)/kg validate examples/section-47-request.yaml examples/request-refused.yaml

test: install browser lint $(SUITE) ## run every check and every test, browser included
	$(BIN)/python -m pytest -q -n auto

conformance: install $(SUITE) ## two validators agree, and ours passes the W3C SHACL test suite; with figures
	$(BIN)/python -m pytest -q -n auto tests/shapes/test_w3c.py tests/shapes/test_second_engine.py

$(SUITE): $(STAMP) tests/shapes/w3c_suite.py
	$(BIN)/python tests/shapes/w3c_suite.py
	@touch $@

check: install lint ## the fast loop: lint, types, quick tests, the ontology
	$(BIN)/python -m pytest -q -n auto -m "not slow and not browser"
	$(BIN)/kg check

lint: install
	$(BIN)/ruff check .
	$(BIN)/mypy

browser:
	@if [ -z "$(CHROMIUM)" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -y -q --no-install-recommends chromium; \
	  else \
	    echo "The browser tests need Chromium. Type: sudo apt-get update && sudo apt-get install -y chromium"; exit 1; \
	  fi; \
	fi

bench: install ## measure load, answer and validation
	$(BIN)/python benchmarks/run.py

wheel: install ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

reference: install ## write the generated pages of docs/reference again
	$(BIN)/python -m kg.export.reference
