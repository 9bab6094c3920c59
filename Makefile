# Every target sets up what it needs by itself; a second start finds all in place and spends under a second on it.
.PHONY: run test check bench screenshots fix lock set-up
.DEFAULT_GOAL := run
bin := .venv/bin

set-up:
	@deploy/set-up.sh

run: set-up          ## the whole system on this machine
	@$(bin)/kiosk demo

test: set-up         ## the whole suite
	$(bin)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: set-up        ## what .ci/run calls
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	@$(MAKE) --no-print-directory test

bench: set-up        ## the benchmark table, also build/bench.json
	@$(bin)/python -m tests.benchmarks

screenshots: set-up  ## every screen, state and language under build/screenshots
	@$(bin)/python -m tests.screens.pictures.draw_all

fix: set-up          ## format and mend what can be mended by machine
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

lock: set-up         ## lock the dependencies anew, with hashes and without any host's name
	$(bin)/uv pip compile pyproject.toml --python-version 3.13 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	$(bin)/uv pip compile pyproject.toml --extra central -c requirements.lock --python-version 3.13 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-central.lock
	$(bin)/uv pip compile pyproject.toml --extra hub -c requirements.lock --python-version 3.13 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-hub.lock
	$(bin)/uv pip compile pyproject.toml --extra dev -c requirements.lock --python-version 3.13 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.lock
