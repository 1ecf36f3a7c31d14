# `make play` runs the quiz in this terminal, `make test` runs the tests; both set up all they need.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: play test lint types check clean

play: $(READY)
	@$(BIN)/quizbot play

test: $(READY)
	@$(BIN)/python -m pytest

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/hadolint Dockerfile

types: $(READY)
	@$(BIN)/mypy

check: $(READY)
	@$(BIN)/quizbot check

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The versions in constraints.txt are the ones that the tests passed with.
$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "quizbot needs $(PYTHON); name another with: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,postgresql]'
	@touch $@
