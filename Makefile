# Two commands do everything on a bare machine with Python 3.11: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
QA := $(BIN)/qa
STAMP := .venv/.installed

.PHONY: demo test check lint bench clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,documents,ollama,openai,anthropic,serve,mcp,team]'
	touch $@

demo: $(STAMP)
	$(QA) --store .demo ingest seeds
	$(QA) --store .demo ask "When did King Salman visit Moscow?"

test: $(STAMP)
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks.performance $(ARGS)

clean:
	rm -rf .venv .demo build *.egg-info
