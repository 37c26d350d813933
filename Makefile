# Two commands do all the set-up on a machine with Python 3.11 or later and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A build in a checkout keeps nothing outside of it.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test golden lint format bench bench-read bench-extract bench-link bench-web evaluate train docs screenshots lock clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mustdo needs Python 3.11 or later; this is %d.%d. Try: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime ## build the sample corpus and serve it on http://127.0.0.1:8001
	$(BIN)/mustdo demo

test: $(VENV)/.development ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

golden: $(VENV)/.development ## write the golden files again; read what differs before committing
	$(BIN)/python -m pytest tests/link/test_golden_diff.py --update-golden

lint: $(VENV)/.development ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.development ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-read bench-extract bench-link bench-web ## run every benchmark

bench-read: $(VENV)/.development ## reading speed against the PDF libraries
	$(BIN)/python -m benchmarks.bench_read

bench-extract: $(VENV)/.development ## extraction speed against spaCy's whole pipeline
	$(BIN)/python -m benchmarks.bench_extract

bench-link: $(VENV)/.development ## linking speed against all-pairs peers
	$(BIN)/python -m benchmarks.bench_link

bench-web: $(VENV)/.development ## page latencies on a large database
	$(BIN)/python -m benchmarks.bench_web

evaluate: $(VENV)/.runtime ## precision, recall and F1 on the project's labelled documents
	$(BIN)/mustdo evaluate

train: $(VENV)/.runtime ## fit the models in models/ again
	$(BIN)/mustdo train

docs: $(VENV)/.development ## write the generated parts of the documentation again
	$(BIN)/python -m docs.generate

screenshots: $(VENV)/.development ## take the pictures in docs/screenshots again (needs Chromium)
	$(BIN)/python -m docs.screenshots

lock: ## resolve the lock files again
	$(PYTHON) -m pip install --quiet uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml build-requirements.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev --extra shared -c requirements.lock pyproject.toml build-requirements.in -o requirements-dev.lock

clean: ## remove what was built
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis mustdo.db mustdo-reviews.db
