# Two commands do everything: `make run` opens the app, `make test` checks all of it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export SNOWDOME_DATA ?= $(if $(wildcard ../shared/data),$(abspath ../shared/data))
THING ?=

WEB := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)
BUNDLE := src/snowdome/static/index.html

.PHONY: run test check test-python test-web test-browser browser bench clean

run: $(VENV)/run.done $(BUNDLE)
	$(BIN)/snowdome $(if $(THING),open $(THING))

test: $(VENV)/test.done $(BUNDLE) check test-web test-python test-browser

check: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/wire_types.py --check

test-python: $(VENV)/test.done $(BUNDLE)
	$(BIN)/python scripts/compile_kernels.py
	$(BIN)/python -m pytest tests --ignore=tests/browser -n 2 --dist loadscope --no-loadscope-reorder --durations 25

# Playwright leaves an event loop running, so these have a process of their own.
test-browser: $(VENV)/test.done $(BUNDLE) browser
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadscope --no-loadscope-reorder --durations 40

test-web: $(VENV)/test.done $(BUNDLE)
	$(BIN)/python scripts/front_end.py check test

browser:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else echo "The browser tests drive Chromium; install it first (Debian, Ubuntu: apt-get install chromium)."; exit 1; fi; }

$(VENV)/run.done: pyproject.toml hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[export]'
	@touch $@

$(VENV)/test.done: $(VENV)/run.done
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[deep,export,test]'
	@touch $@

# The installation builds the front end; here it is built again when its sources have changed since.
$(BUNDLE): $(VENV)/run.done $(WEB)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

bench: $(VENV)/test.done
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks tsne --n 70000
	$(BIN)/python -m benchmarks start

clean:
	rm -rf $(VENV) web/node_modules src/snowdome/static dist build
