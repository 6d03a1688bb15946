# Every target does its own set-up; `make help` lists them.
# PYTHON=/path/to/python3 chooses the Python for .venv.

.DEFAULT_GOAL := help
.PHONY: help run test checks lint types layers tests search bench pictures exe test-exe icons clean
.NOTPARALLEL:

PYTHON ?=
IMAGE ?=
OUT ?= calibtool-demo
export PYTHON IMAGE OUT

bin := .venv/bin
ready := @sh setup/environment.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: ## open the window on a simulated image, or on IMAGE=path
	$(ready) run
	@sh setup/run.sh

test: ## lint, types, layer contracts and all tests
	$(ready) test
	@$(MAKE) --no-print-directory --keep-going lint types layers tests

lint:
	$(bin)/python -m ruff check .

types:
	$(bin)/python -m mypy

layers:
	$(bin)/lint-imports --no-logo

tests:
	$(bin)/python -m pytest --numprocesses=auto --dist=loadfile --cov --cov-report=term:skip-covered

search: ## try the property tests on many new examples, for long
	$(ready) test
	@$(bin)/python -m pytest -m hypothesis --hypothesis-profile=search --timeout=0

bench: ## measure: all benchmarks, or BENCH="points ring"
	$(ready) bench
	@$(bin)/python -m tests.bench $(BENCH)

pictures: ## photograph the window in all states and sizes, into pictures/ or OUT=folder
	$(ready) test
	@$(bin)/python -m tests.screenshots $(if $(filter file,$(origin OUT)),pictures,$(OUT))

exe: ## build the executable in dist/; ONEFILE=1 makes a single file
	$(ready) exe
	@$(bin)/python setup/build.py $(if $(ONEFILE),--onefile)

test-pictures: ## photograph the window in all states and sizes, into pictures/ or OUT=folder
	$(ready) test
	@$(bin)/python -m tests.screenshots $(if $(filter file,$(origin OUT)),pictures,$(OUT))

exe: ## try the executable where nothing is installed
	$(ready) test
	@$(bin)/python -m pytest tests/executable/check_program.py

icons: ## draw the icons again
	$(ready) run
	@$(bin)/python icons/draw.py

clean: ## remove .venv and everything that was built
	rm -rf .venv build dist *.egg-info .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache bench-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
