# naome: everything a newcomer needs. `make demo` first, then `make ui`.
PYTHON ?= python3
BIN    := .venv/bin
MUTMUT := .naome/mutmut

export DAGSTER_HOME  ?= $(CURDIR)/.naome/dagster
export NAOME_LANDING ?= $(CURDIR)/.naome/landing
export NAOME_OUTPUT  ?= $(CURDIR)/.naome/output
export NAOME_WAREHOUSE ?= duckdb:///$(CURDIR)/.naome/warehouse.duckdb
export DAGSTER_DISABLE_TELEMETRY := yes

# The demonstration: three years of generated submissions at a twentieth of real size.
FROM  ?= 2022-Q1
TO    ?= 2024-Q4
SCALE ?= 0.05
SEED  ?= 1

.PHONY: setup demo ui test check check-sql format dbt bench mutants judge clean

setup: .venv/.ready  ## Set up everything in .venv

.venv/.ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup  ## Generate submissions, run the audit on them, print the headline
	$(BIN)/naome synth --from $(FROM) --to $(TO) --scale $(SCALE) --seed $(SEED) --hospital
	$(BIN)/naome run --from $(FROM) --to $(TO)

ui: setup  ## Open Dagster on http://localhost:3000
	$(BIN)/python -c "from naome_assets.orchestration.home import open_instance; open_instance().dispose()"
	$(BIN)/dagster dev --workspace workspace.yaml

test: setup  ## Run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: setup  ## Lint and check types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

SQLFLUFF := .naome/sqlfluff
check-sql:  ## Lint the SQL, in an environment of its own (nightly)
	test -x $(SQLFLUFF)/bin/sqlfluff || { $(PYTHON) -m venv $(SQLFLUFF) && \
		$(SQLFLUFF)/bin/python -m pip install --quiet sqlfluff==4.5.0; }
	PYTHONPATH=. $(SQLFLUFF)/bin/sqlfluff lint --processes 0 dbt_like_sql/models dbt_like_sql/analyses

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.dbt/.ready: dbt_like_sql/requirements.txt
	$(PYTHON) -m venv .dbt
	.dbt/bin/python -m pip install --quiet --no-deps --requirement dbt_like_sql/requirements.txt
	touch $@

dbt: setup .dbt/.ready  ## Let dbt build and test the SQL project, and compare its tables with naome's
	PATH="$(CURDIR)/.dbt/bin:$$PATH" $(BIN)/python -m pytest naome_tests/transform/test_dbt.py

bench: setup  ## Speed and memory as ratios (see docs/benchmark.md)
	$(BIN)/python -m naome_assets.benchmark

mutants: setup $(MUTMUT)/.ready  ## Make lines wrong, listed ones and by chance: do the tests notice? (nightly)
	$(BIN)/python -m naome_tests.mutants
	$(MUTMUT)/bin/python -m naome_tests.sampled_mutants

# The tool sees what the project has installed, and is no part of it.
$(MUTMUT)/.ready:
	$(PYTHON) -m venv $(MUTMUT)
	$(MUTMUT)/bin/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))" \
		> $$($(MUTMUT)/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/naome.pth
	touch $@

JUDGES := .naome/judges
# Of Debian: r-base-core r-cran-survival r-cran-cmprsk r-cran-epitools, libreoffice-calc-nogui, npm.
judge: setup $(JUDGES)/.ready  ## Let others' tools judge figures and files of the demo (nightly)
	$(BIN)/python -m naome_tests.judges $(NAOME_OUTPUT)

$(JUDGES)/.ready:
	$(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/python -m pip install --quiet csvw==4.1.1 frictionless==5.21.0 \
		recordlinkage==0.16 pandas==2.3.3
	-npm install --silent --prefix $(JUDGES) html-validate@10.17.0
	touch $@

clean:  ## Remove what naome made (submissions, warehouse, runs); .venv and .dbt stay
	rm -rf .naome
