# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
ROS = set -o pipefail; source activate.bash

.PHONY: help setup demo test bench reference lint types clean

help:  ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## Virtual environment, ROS 2 if there is none, build
	@$(PYTHON) scripts/setup_workspace.py

demo: setup  ## Live emotional state on real recordings (HEADLESS=1 SECONDS=30 for one JSON line)
	@$(ROS) && exec ros2 run affect_bringup demo $(if $(filter 1,$(HEADLESS)),--headless) \
	  $(if $(filter command environment,$(origin SECONDS)),--seconds $(SECONDS)) \
	  $(if $(AFFECT_DATA),--data $(AFFECT_DATA))

test: setup  ## Lint, types, unit, contract and system tests
	@$(ROS) && exec python scripts/run_tests.py $(ARGS)

bench: setup  ## Measure the budgets of the design into reports/bench.json
	@$(ROS) && exec ros2 run affect_bringup bench $(ARGS)

reference: setup  ## Python API, messages, nodes and parameters as HTML in reference/
	@$(ROS) && exec python scripts/build_reference.py

lint: setup  ## ruff and the ament linters
	@$(ROS) && exec python scripts/run_tests.py --only lint

types: setup  ## mypy over the pure modules
	@$(ROS) && exec python scripts/run_tests.py --only types

clean:  ## Remove what set-up and build made
	rm -rf .venv .underlay build install log
