# Two commands of a fresh machine: `make demo` and `make test`. Each makes the environment first.
# Windows has no make: the README has the plain lines.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
OLDEST := .venv-oldest
# Files go to the cores whole, for each draws its people once, and in their order: those of
# integration, which take the longest, come first, so that no core is left with one at the end.
ON_TWO_CORES := -n 2 --dist loadfile --no-loadscope-reorder
# The programs that tests start find what the first of them compiled, whatever this shell says of it.
CACHED := PYTHONDONTWRITEBYTECODE=

.PHONY: help demo test test-slow test-all test-oldest lint clean
.DEFAULT_GOAL := demo

help: ## these lines
	@awk -F ':.* ## ' '/^[a-z-]+:.* ## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed ## the main job on what lies here: scores, videos and a report
	$(RUN) run_talkingface.py --model=PC_AVS --dataset=PC_AVSDataset

test: $(VENV)/.installed-dev ## the default tests, under three minutes
	$(CACHED) $(RUN) -m pytest $(ON_TWO_CORES)

test-slow: $(VENV)/.installed-slow ## those that need minutes, a browser or a notebook
	$(CACHED) $(RUN) -m pytest $(ON_TWO_CORES) -m "slow and not long and not gpu and not network"

test-all: $(VENV)/.installed-slow ## all of them, benchmarks and full sizes too
	$(CACHED) $(RUN) -m pytest $(ON_TWO_CORES) -m "not gpu and not network"

test-oldest: $(OLDEST)/.installed-dev ## the default tests with the oldest packages allowed
	$(CACHED) $(OLDEST)/bin/python -m pytest $(ON_TWO_CORES)

lint: $(VENV)/.installed-dev ## style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

clean: ## away with environments and caches; runs and data stay
	rm -rf $(VENV) $(OLDEST) build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(VENV)/.installed-slow: $(VENV)/.installed-dev requirements-slow.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-slow.txt
	touch $@

# The oldest Python with the oldest of everything that requirements.txt allows: each `>=` is read as
# `==`. The tools of the tests are as new as ever.
$(OLDEST)/.installed-dev: requirements.txt requirements-dev.txt
	python3.11 -m venv $(OLDEST)
	sed -n 's/>=\([^,]*\),.*/==\1/p' requirements.txt > $(OLDEST)/oldest.txt
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check \
		-c $(OLDEST)/oldest.txt -r requirements-dev.txt
	touch $@
