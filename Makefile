# What a person does with this tree; every target works from a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MANAGE := $(BIN)/python manage.py
PO := $(wildcard coaching/locale/*/LC_MESSAGES/django.po)
NAME ?=
ARGS ?=

.PHONY: help setup demo test bench lint format messages lock clean

help:
	@echo "make setup   install everything into .venv"
	@echo "make demo    run the whole on 127.0.0.1 (PORT=8000), with a world to look at"
	@echo "make test    all tests (ARGS='-k win_rate' for some)"
	@echo "make bench   one measurement: NAME=recompute, ..."
	@echo "make lint    style, types, layers, templates"
	@echo "make messages  gather new sentences into coaching/locale, to be translated there"
	@echo "make lock    lock the requirements anew"

setup: $(STAMP) $(PO:.po=.mo)

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Touchline needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the requirements into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
	  && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@$(MANAGE) collectstatic --noinput --ignore redoc --verbosity 0
	@touch $@

# Babel, not gettext: nothing beyond the requirements has to be installed.
%.mo: %.po | $(STAMP)
	@$(BIN)/pybabel --quiet compile -i $< -o $@

demo: setup
	@exec $(MANAGE) demo

# A file's tests stay on one worker, in the order of the files: the worlds they share are made once.
test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: setup
	@test -n "$(NAME)" || { echo "make bench NAME=..., one of:"; ls tests/benchmarks/*.py | xargs -n1 basename -s .py; exit 2; }
	$(BIN)/python -m tests.benchmarks.$(NAME) $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

messages: setup
	$(BIN)/python .ci/messages.py write
	$(BIN)/python .ci/messages.py

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: setup
	$(BIN)/$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	$(BIN)/$(COMPILE) $(ARGS) --constraint requirements.txt requirements-dev.in -o requirements-dev.txt
	$(BIN)/python .ci/locks.py write

clean:
	rm -rf build .pytest_cache .ruff_cache .mypy_cache
