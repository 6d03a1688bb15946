# Every target does its own set-up; `make help` lists them.
# PYTHON=/path/to/python3 chooses the Python for .venv.

.DEFAULT_GOAL := help
.PHONY: help run test checks lint types layers tests search sequences docs test-peers \
	test-managed test-newest test-oldest bench pictures exe test-exe constraints dist check-workflows icons clean
.NOTPARALLEL:

PYTHON ?=
IMAGE ?=
OUT ?= calibtool-demo
VENV ?= .venv
VERSIONS ?= tested
manual := calibtool/manual
sphinx = $(bin)/python -m sphinx --fail-on-warning --keep-going --quiet --doctree-dir build/doctrees
export PYTHON IMAGE OUT VENV VERSIONS

bin := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
ready := @sh setup/environment.sh

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]*:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

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

sequences: ## let chance use the window: 200 sequences of 40 actions
	$(ready) test
	@CALIBTOOL_RANDOM_SEQUENCES=200 $(bin)/python -m pytest tests/app/test_random_actions.py --timeout=0

test-managed: ## the tests of the window again, with a window manager (openbox) around it
	$(ready) test
	@CALIBTOOL_WINDOW_MANAGER=openbox $(bin)/python -m pytest --numprocesses=auto --dist=loadfile tests/app tests/view

test-newest: ## lint, types and all tests with what is newest today
	@$(MAKE) --no-print-directory test VENV=.venv-newest VERSIONS=newest

test-oldest: ## all tests with the lowest versions allowed (Python 3.11 or 3.12)
	@VENV=.venv-oldest VERSIONS=oldest sh setup/environment.sh test
	@$(MAKE) --no-print-directory tests VENV=.venv-oldest

constraints: ## write down the versions that pip takes today, for each Python that is here
	@for python in $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3.14); do \
		if command -v $$python >/dev/null; then $$python setup/constraints.py || exit 1; fi; \
	done

test-peers: ## open our files in MuscleX, pyFAI and Dioptas, each in an environment of its own
	@VENV=.venv-musclex VERSIONS=newest sh setup/environment.sh musclex
	@VENV=.venv-dioptas VERSIONS=newest sh setup/environment.sh dioptas
	@.venv-musclex/bin/python -m pytest -s tests/peers/test_musclex.py tests/peers/test_pyfai.py
	@.venv-dioptas/bin/python -m pytest -s tests/peers/test_dioptas.py tests/peers/test_pyfai.py

bench: ## measure: all benchmarks, or BENCH="points ring"
	$(ready) bench
	@$(bin)/python -m tests.bench $(BENCH)

pictures: ## photograph the window in all states and sizes, into pictures/ or OUT=folder
	$(ready) test
	@$(bin)/python -m tests.screenshots $(if $(filter file,$(origin OUT)),pictures,$(OUT))

docs: ## build the manual into calibtool/manual/, its pictures taken from the window
	$(ready) docs
	@$(bin)/python -m tests.screenshots docs/pictures --sizes 1280x800 --looks light
	@rm -rf $(manual)
	@$(sphinx) -b html docs $(manual)
	@$(sphinx) -b man docs $(manual)
	@$(bin)/python docs/check_links.py $(manual)

exe: docs ## build the executable in dist/ with the manual; ONEFILE=1 makes a single file
	$(ready) exe
	@$(bin)/python setup/build.py $(if $(ONEFILE),--onefile)

test-exe: ## try the executable where nothing is installed
	$(ready) test
	@$(bin)/python -m pytest tests/executable/check_program.py

dist: docs ## build sdist and wheel in dist/ with the manual, and check what they say of themselves
	$(ready) release
	@rm -f dist/*.whl dist/*.tar.gz
	@$(bin)/python -m build --outdir dist
	@$(bin)/python -m twine check --strict dist/*.whl dist/*.tar.gz

check-workflows: ## check the files in .github against their schemas
	$(ready) release
	@$(bin)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

icons: ## draw the icons again
	$(ready) run
	@$(bin)/python icons/draw.py

clean: ## remove .venv and everything that was built
	rm -rf .venv .venv-newest .venv-oldest .venv-musclex .venv-dioptas build $(manual) docs/made docs/pictures dist *.egg-info .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache bench-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
