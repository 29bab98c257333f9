.DEFAULT_GOAL := help
# The longest first: they run side by side.
LINTS := lint-types lint-style lint-layers lint-containers lint-templates
.PHONY: $(LINTS)
.PHONY: help setup setup-dev demo test test-dates chaos soak compose-test bench bench-compose lint audit-dependencies lock clean-demo

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Empty is unset. Where an image forbids Python its cache, each of the many processes that start
# here would compile all of ours once more.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

.venv/installed-%: requirements/%.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "Kakari needs Python 3.11 or newer with venv: apt install python3-venv"; exit 1; }
	@echo "Installing what Kakari needs into .venv …"
	@$(BIN)/pip install --quiet --require-hashes -r $<
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/installed-demo ## Install what running Kakari needs into .venv
setup-dev: .venv/installed-dev ## Install what developing Kakari needs into .venv

demo: setup ## Start everything here and play one real conversation (ARGS=--once: then end)
	@$(BIN)/kakari demo $(ARGS)

test: setup-dev ## Run the whole suite (ARGS="-k words": some of it)
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

test-dates: setup-dev ## Run the suite on other days and in other zones (ARGS=--today: today's one)
	@$(BIN)/python -m tests.dates $(ARGS)

chaos: setup-dev ## Kill and stop workers at every point, on both databases; all examples of a sheet
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests/contract/schedule tests/unit/schedule tests/chaos -m "" $(ARGS)

MINUTES ?= 5
soak: setup-dev ## Kill and stop everything at random (MINUTES=5 SEED=n ARGS=…)
	@$(BIN)/python -m tests.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

compose-test: setup-dev ## Bring the demo up in containers and disturb it (needs Docker)
	@$(BIN)/python -m pytest -v -s -p no:randomly -m compose tests/compose $(ARGS)

bench: setup-dev ## Measure, and print a table and JSON
	@$(BIN)/python -m tests.bench $(ARGS)

bench-compose: setup-dev ## Measure 40 jobs with 1, 2, 4, 8 worker containers (needs Docker)
	@$(BIN)/python -m tests.compose.bench $(ARGS)

lint: setup-dev ## Check style, types and layers
	@$(MAKE) --no-print-directory --jobs 2 --keep-going --output-sync $(LINTS)
lint-types:
	$(BIN)/mypy
lint-style:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
lint-layers:
	$(BIN)/lint-imports
lint-containers:
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yml compose.override.example.yml
lint-templates:
	$(BIN)/kakari templates check

audit-dependencies: setup-dev ## Look whether an advisory is known of what the image holds
	@$(BIN)/python requirements/audit.py $(ARGS)

lock: setup-dev ## Lock the dependencies anew
	@requirements/lock.sh

clean-demo: ## Forget what the demo made
	@rm -rf var/demo
