# GNU make 3.81 or newer; everything is installed into .venv, nothing outside the checkout.
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PINS := pyproject.toml constraints.txt
# Installed since the pins last changed: what grading needs, and what work on the code needs.
FOR_USE := $(VENV)/.installed
FOR_WORK := $(VENV)/.installed-dev
FOR_INTEGRATION := $(VENV)/.installed-integration

# Handwritten digits in the format of MNIST, made of what scikit-learn has; nothing is downloaded.
DIGITS := build/digits.npz

USABLE := $(shell $(RUN) -c 'import pip; $(RECENT)' 2>/dev/null && echo yes)

.PHONY: help grade grade-ps1 test prove integrate bench validity lint format schemas wheel clean venv
# Into a .venv that is not usable everything is installed again, whatever the stamps say.
ifneq ($(USABLE),yes)
.PHONY: $(FOR_USE) $(FOR_WORK) $(FOR_INTEGRATION)
endif
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

grade: $(FOR_USE) ## install, and grade the sample class into reports/hw1
	$(VENV)/bin/grader run rubrics/hw1.toml submissions/hw1 --out reports/hw1

grade-ps1: $(FOR_WORK) $(DIGITS) ## grade the sample class of PS1 into reports/ps1, on handwritten digits
	$(VENV)/bin/grader run rubrics/ps1.toml submissions/ps1 --out reports/ps1 --supply mnist=$(DIGITS)

test: lint ## install, check style and types, and run the test suite
	$(RUN) -m pytest -n 2 --dist loadfile -m "not proof and not integration"

prove: $(FOR_WORK) ## run the proofs that take minutes: whole sample classes, all attacks, batches killed
	$(RUN) -m pytest -n 2 --dist loadfile -m proof

integrate: $(FOR_INTEGRATION) ## try the action with `act`, and checks in JupyterLab; needs Chromium
	$(RUN) -m pytest -n 2 --dist loadfile -m integration

bench: $(FOR_WORK) ## measure against other graders for most of an hour; writes docs/benchmarks.md
	$(RUN) -m tests.bench

validity: $(FOR_WORK) ## grade 600 composed notebooks whose mistakes are known; writes docs/validity.md
	$(RUN) -m tests.bench.validity --count 600 --write

lint: $(FOR_WORK) ## check style and types only
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

format: $(FOR_WORK) ## put the code into its style
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

schemas: $(FOR_WORK) ## write the JSON Schemas of rubrics, grades.json and results again
	$(RUN) -m grader.rubric.schema
	$(RUN) -m grader.reporting.grades_schema
	$(RUN) -m grader.results.schema

wheel: $(FOR_WORK) ## build the wheel into dist/
	$(RUN) -m build --wheel --outdir dist

clean: ## remove builds and caches; .venv and reports stay
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find grader reference rubrics tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(FOR_USE): $(PINS) | venv
	@echo "Installing gradmark into $(VENV); PyTorch is large, the first time takes minutes."
	@$(INSTALL) -e .
	@touch $@

$(FOR_WORK): $(PINS) | venv
	@echo "Installing gradmark and its tools into $(VENV); the first time takes minutes."
	@$(INSTALL) -e '.[dev]'
	@touch $@ $(FOR_USE)

$(FOR_INTEGRATION): $(PINS) | venv
	@echo "Installing gradmark, JupyterLab and tools for workflows into $(VENV)."
	@$(INSTALL) -e '.[dev,integration]'
	@touch $@ $(FOR_USE) $(FOR_WORK)

$(DIGITS): tests/digits.py | $(FOR_WORK)
	@$(RUN) -m tests.digits $@

# A .venv that does not run, has no pip or is of an older Python is made again.
venv:
ifneq ($(USABLE),yes)
	@$(PYTHON) -c '$(RECENT)' 2>/dev/null || { \
		echo "gradmark needs Python 3.11 or newer, but $(PYTHON) is" \
			"$$($(PYTHON) --version 2>/dev/null || echo not there)." \
			"Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv --clear $(VENV)
endif
