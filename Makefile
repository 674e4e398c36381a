# Every target sets up what it needs, in .venv; `make` alone lists them.
# Needs: python3 (3.11 or later), python3-venv, make.

PYTHON ?= python3
PORT ?= 8000
PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input
EXAMPLES = $(sort $(wildcard examples/*.txt))
MADE = $(sort $(wildcard examples/made/*.txt))

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help demo test check format lock clean always

help:
	@echo "make demo     check and publish the example and made-up offices, then serve them (PORT=$(PORT), MADE= for none)"
	@echo "make test     run the tests (ARGS='-k word' passes arguments on to pytest)"
	@echo "make check    lint, format, types, import directions"
	@echo "make format   apply automatic fixes"
	@echo "make lock     renew requirements/ from pyproject.toml (UPGRADE=1: to the newest releases)"
	@echo "make clean    remove everything the targets made"

# Findings are what the example is there to show: only exit 2, an unreadable file, stops the demo.
demo: .venv/.installed-parquet
	.venv/bin/yusuan validate $(EXAMPLES) || [ $$? -eq 1 ]
	.venv/bin/yusuan publish $(EXAMPLES) examples/notices --store build/demo
	$(if $(MADE),.venv/bin/yusuan publish $(MADE) --made --store build/demo)
	.venv/bin/yusuan serve --store build/demo --port $(PORT)

# The tests of a module run in one process, which makes their fixtures once.
# The many processes that the tests start share compiled modules, even where Python is told to keep none.
# The pages in a browser are judged by axe, which the extra brings.
test: .venv/.installed-test $(if $(findstring browser,$(ARGS)),.venv/.installed-browser)
	PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

check: .venv/.installed-check
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: .venv/.installed-check
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

lock: .venv/.installed-lock
	PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/lock $(if $(UPGRADE),--upgrade)

clean:
	rm -rf .venv build dist
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: one a requirements file, older than it (or than pyproject.toml) when it must be installed again.
.venv/.installed-%: requirements/%.txt requirements/build.txt pyproject.toml .venv/.created
	@echo "Installing requirements/$*.txt into .venv; this can take a minute ..."
	@$(PIP) install --quiet --only-binary :all: --require-hashes -r requirements/build.txt -r $<
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# A .venv whose Python has gone (an upgraded system) is made anew.
.venv/.created: $(if $(shell test -x .venv/bin/python && echo there),,always)
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: Yusuan needs 3.11 or later (make PYTHON=python3.11 ...)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@touch $@
