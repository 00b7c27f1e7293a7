# `make run` and `make test` are the two commands; `make help` names the rest.
# A stamp is touched only after its step has succeeded, so a step that was cut short runs again,
# and a step whose lock file is older than its stamp does not.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

venv := .venv
python := $(venv)/bin/python
stamps := $(venv)/.stamps
unfinished := $(stamps)/unfinished
catalogues := $(wildcard src/emailhub/locale/*/LC_MESSAGES/*.po)

# make run ARGS="--no-smtp", make test PYTEST_ARGS="-n 2 tests/mail"
ARGS ?=
# Room by room (tools/rooms.py) unless arguments say otherwise.
PYTEST_ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help
help: ## Name the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

.PHONY: run
run: setup ## Start EmailHub with its demo data; Ctrl+C stops it
	@$(venv)/bin/emailhub up --demo $(ARGS)

.PHONY: test
test: check ## Check the code, then run the tests
ifneq ($(strip $(PYTEST_ARGS)),)
	$(python) -m pytest -m "not soak" $(PYTEST_ARGS)
else
	$(python) tools/rooms.py -m "not soak"
endif

# Django's settings are read, and must not make a data folder for it; no database is asked.
.PHONY: check
check: export DJANGO_SETTINGS_MODULE := emailhub.settings
check: export EMAILHUB_SECRET_KEY := signs-nothing-since-this-only-reads-the-code
check: develop ## Lint, types, floors, migrations, translations
	$(venv)/bin/ruff check
	$(venv)/bin/ruff format --check
	$(venv)/bin/mypy
	$(venv)/bin/lint-imports
	$(python) -W "ignore:Got an error checking" -m django makemigrations --check --dry-run
	$(python) tools/untranslated.py

# --- Set-up ---------------------------------------------------------------------------------------

.PHONY: setup
setup: $(stamps)/project $(stamps)/browser-code $(stamps)/translations ## Install what the program needs

.PHONY: develop
develop: $(stamps)/dev setup ## Install what the tests need as well

.PHONY: browser-code
browser-code: $(stamps)/browser-code ## Fetch the browser code from npm

.PHONY: translations
translations: $(stamps)/translations ## Compile the translations

# A pip that was cut short can leave half a package that passes for a whole one: the next lays all anew.
define pip_install
	@echo "Installing $(1)"
	@anew=$$([ ! -e $(unfinished) ] || echo --force-reinstall); touch $(unfinished); \
	$(python) -m pip install --quiet $$anew $(2) && rm $(unfinished)
	@touch $@
endef

$(stamps)/venv:
	tools/make-venv.sh $(venv)
	@mkdir -p $(stamps) && touch $@

$(stamps)/runtime: requirements/runtime.txt $(stamps)/venv
	$(call pip_install,Python packages,--require-hashes -r $<)

$(stamps)/dev: requirements/dev.txt $(stamps)/runtime
	$(call pip_install,what the tests need,--require-hashes -r $<)

# pip refuses an editable project among hashes; what it builds with is in the lock.
$(stamps)/project: pyproject.toml tools/build_hook.py $(stamps)/runtime
	$(call pip_install,EmailHub,--no-deps --no-build-isolation --editable .)

$(stamps)/browser-code: package-lock.json tools/browser-code.sh requirements/node.txt $(stamps)/venv
	@echo "Installing browser code"
	@tools/browser-code.sh
	@touch $@

$(stamps)/translations: $(catalogues) tools/build_hook.py $(stamps)/runtime
	$(python) tools/build_hook.py
	@touch $@

# --- Packages and locks ---------------------------------------------------------------------------

.PHONY: wheel
wheel: develop ## Build a wheel into dist/ that needs neither Node nor a checkout
	$(python) -m build --no-isolation --wheel

.PHONY: dist
dist: develop ## Build an sdist, and the wheel from it
	$(python) -m build --no-isolation

.PHONY: lock
lock: ## Resolve the dependencies anew, Python's and npm's (UPGRADE=1 for newer versions)
	tools/lock.sh

# --- Machines -------------------------------------------------------------------------------------

.PHONY: test-tools
test-tools: ## Install what the tests drive as it is: browser, mail servers, PostgreSQL (Debian)
	tools/install-test-tools.sh

.PHONY: fresh
fresh: ## Run the two commands in a bare Debian (root's rights are needed)
	tools/fresh.sh

# --- Longer tests ---------------------------------------------------------------------------------

.PHONY: test-sample
test-sample: develop ## A small sample of test-all with a fixed seed
	$(python) tools/soak.py --sample

.PHONY: test-all
test-all: develop ## Every test at full size; the result is written into docs/trust.md
	$(python) tools/soak.py

.PHONY: bench
bench: setup ## Measure and print small tables; make bench ARGS=FOLDER_OF_EML measures intake as well
	$(python) benchmarks/all.py $(ARGS)

.PHONY: pictures
pictures: develop ## Take a picture of every page into pictures/
	$(python) tools/pictures.py $(ARGS)
