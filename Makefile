# Two commands do all the set-up: `make demo` and `make test`. Both may be run again, and in a folder with spaces.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
.PHONY: demo test app wording clean

# The main job on the embedded data: dictionary and grammar table in, adapter and report out. No network after the install.
demo: .venv/core
	$(BIN)/python -m lowres run swh-demo
	$(BIN)/python -m lowres predict "niamshe saa moja asubuhi" "washa taa za jikoni" --adapter runs/swh-demo

# Install what tests need and run them, a worker for each core and a file of tests on one worker; `python -m pytest tests/X.py` for some.
test: .venv/test
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

# The workbench, on the runs made so far.
app: .venv/app
	$(BIN)/python -m lowres app

# Catalogues of the interface's words, after what pages say has changed: resources/interface/*.po.
wording: .venv/app
	$(BIN)/python -m lowres.workbench.catalogues

.venv/python:
	"$(PYTHON)" -m venv .venv
	touch $@

.venv/core: .venv/python pyproject.toml constraints.txt
	$(PIP) -e .
	touch $@

.venv/test: .venv/core
	$(PIP) -e ".[test,app,sound,registry,serve]"
	touch $@

.venv/app: .venv/core
	$(PIP) -e ".[app]"
	touch $@

clean:
	rm -rf .venv
