# naome: everything a newcomer needs. `make demo` first, then `make ui`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export DAGSTER_HOME ?= $(CURDIR)/.naome/dagster
export NAOME_LANDING ?= $(CURDIR)/.naome/landing
export DAGSTER_DISABLE_TELEMETRY := yes

DEMO_FROM  ?= 2022-Q1
DEMO_TO    ?= 2024-Q4
DEMO_SCALE ?= 0.1

.PHONY: setup demo ui test check bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
