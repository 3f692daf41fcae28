PYTHON ?= python3
.PHONY: test

.venv/installed: pyproject.toml constraints.txt
	"$(PYTHON)" -m venv .venv
	.venv/bin/python -m pip install -q -c constraints.txt -e ".[test]"
	touch .venv/installed

# Set up what is missing and run the tests.
test: .venv/installed
	.venv/bin/python -m pytest
