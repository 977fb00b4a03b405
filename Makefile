# Every verb of the project; `make help` lists them.
.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/sh

# The first Python that is new enough; `make PYTHON=/path/to/python3 …` chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: help
help: ## List every verb
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: python
python:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
		echo "Galea needs Python 3.11 or newer (found: $(or $(PYTHON),none)): install it (for instance: apt-get install python3 python3-venv) or run make PYTHON=/path/to/python3." >&2
		exit 1
	}

# --- Look at it ---------------------------------------------------------------------------
.PHONY: demo
demo: python ## Build, seed and start the demo shop (PORT=8000 STRIPE_PORT=8100 VERBOSE=1)
	@exec $(PYTHON) -m tools.demo run

.PHONY: demo-reset
demo-reset: python ## Throw the demo's data away and start over
	@exec $(PYTHON) -m tools.demo reset

# --- Work on it ---------------------------------------------------------------------------
.PHONY: dev
dev: python ## Install everything that tests, lint and development need
	@$(PYTHON) -m tools.environment dev

.PHONY: shell
shell: dev ## Open a Django shell on the development settings
	@$(MANAGE) shell

.PHONY: worker
worker: dev ## Run the background worker on the development settings
	@$(MANAGE) worker

.PHONY: format
format: dev ## Format Python and templates
	@$(BIN)/python -m tools.lint --fix

.PHONY: screenshots
screenshots: dev ## Take the screenshots of the main pages again (docs/screenshots)
	@$(BIN)/python -m tools.screenshots

.PHONY: lock
lock: dev ## Compile the hash-locked requirements from pyproject.toml
	@$(BIN)/python -m tools.lock $(ARGS)

# --- Prove it -----------------------------------------------------------------------------
.PHONY: lint
lint: dev ## Check style, types, floors, templates, migrations, settings and secrets
	@$(BIN)/python -m tools.lint

.PHONY: test
test: dev ## Run the whole suite on SQLite and on PostgreSQL (ARGS="-k basket")
	@exec $(BIN)/python -m tools.test $(ARGS)

.PHONY: thorough
thorough: dev ## Try all that the suite draws by lot: every value in every field, 2,000 filters, every page
	@THOROUGH=1 exec $(BIN)/python -m tools.test tests/fuzz tests/browser/test_accessibility.py tests/browser/test_admin_screens.py tests/catalog/test_listing.py tests/blog/comments/test_robots.py $(ARGS)

.PHONY: races
races: dev ## Run the races and crashes at full length, on both databases (about an hour)
	@RACE_REPEATS=20 CRASH_EVERY=1 exec $(BIN)/python -m tools.test tests/races tests/crash $(ARGS)

.PHONY: histories
histories: dev ## Try 1,000 random histories of the ledger, of gifts and of the promises report, on both databases
	@LEDGER_HISTORIES=1000 exec $(BIN)/python -m tools.test tests/treatments -k histories $(ARGS)

# --- Measure it ---------------------------------------------------------------------------
.PHONY: bench
bench: dev ## Measure every page beside a bare Django view and nginx (ROUNDS=5 SECONDS=2)
	@exec $(BIN)/python -m tools.bench $(ARGS)

.PHONY: bench-scale
bench-scale: dev ## Ask a shop of 100, 10,000 and 100,000 products the same (SIZES=100,10000)
	@exec $(BIN)/python -m tools.bench.scale $(ARGS)

.PHONY: lighthouse
lighthouse: dev ## Let Lighthouse judge the main pages (needs Node and Chromium)
	@exec $(BIN)/python -m tools.lighthouse $(ARGS)

.PHONY: profile
profile: dev ## Show where a page of the demo spends its time (URL=/shop/ LINES=5)
	@exec $(BIN)/python -m tools.profile_page

.PHONY: clean
clean: ## Remove the environment, caches and everything the shop wrote
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
