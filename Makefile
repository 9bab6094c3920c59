# Every target sets up what it needs by itself; a second start finds all in place and spends under a second on it.
.PHONY: run test quick proofs long without fleet town cluster-test cluster-packages check types bench screenshots fix revision driver mutants lock \
	licences advisories packages package-tools stick set-up
.DEFAULT_GOAL := run
bin := .venv/bin
# Of the examples that the proofs try, and of the faults that `make mutants` samples: another one each time.
seed := $(or $(SEED),$(shell shuf -i 1-999999999 -n 1))
# What tells within half a minute whether a thought was wrong: rules and values, no process, browser or server.
fast := tests/devices tests/kiosk/desk tests/kiosk/settings tests/kiosk/machine tests/kiosk/papers tests/kiosk/test_language.py \
	tests/common tests/offline_store/issuing tests/offline_store/queue tests/hub/engine tests/hub/place tests/deploy
# Of these folders, what starts programs, crowds or browsers, draws every paper, or reads the whole tree: for `make test` alone.
slow := $(addprefix tests/,common/web/test_connections.py deploy/test_bounds.py deploy/test_console.py deploy/test_events.py \
	deploy/machines/test_firewall.py deploy/machines/test_harden.py deploy/test_recipes.py deploy/test_supply.py \
	devices/receipt_printer/test_emupos.py devices/code_scanner/test_scanner_emupos.py hub/engine/presses/test_cuts.py \
	kiosk/papers/test_documents.py offline_store/issuing/test_nine_kiosks.py)

set-up:
	@deploy/set-up.sh

run:                 ## the whole system on this machine
	@deploy/set-up.sh run
	@$(bin)/kiosk demo

quick: set-up        ## the inner loop: half a minute
	$(bin)/ruff check .
	$(bin)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q -m "not proof" $(slow:%=--ignore=%) $(fast)

# A third of a test's time is waiting, for what is said to happen within a second or a minute: three at a time.
test: set-up         ## the suite; its proofs, which take longest, are a target of their own
	@echo "about eight minutes on two cores"
	$(bin)/pytest -n 3 --dist loadfile --no-loadscope-reorder -rs -m "not proof"

proofs: set-up cluster-packages package-tools ## pages in a browser, crowds at counters, cuts at length, a bare machine
	@echo "about thirty-five minutes on two cores; the same examples again: make proofs SEED=$(seed)"
	$(bin)/pytest -n 3 --dist loadfile --no-loadscope-reorder -rs -m proof
	$(bin)/pytest -n 2 --dist loadfile --no-loadscope-reorder -rs -m hypothesis --hypothesis-profile=fresh --hypothesis-seed=$(seed)

# The campaign's name may be a word of the command: make long kills
ifeq ($(firstword $(MAKECMDGOALS)),long)
campaigns := $(or $(NAME),$(wordlist 2,99,$(MAKECMDGOALS)))
$(wordlist 2,99,$(MAKECMDGOALS)):;@:
endif
long: set-up cluster-packages ## campaigns at full length, hours: make long [examples, databases, kills, board, soak, mutants, payments, town, faults, without] [SEED=N]
	@$(bin)/python -m tools.campaigns $(seed) $(campaigns)

# The feature's name is a word of the command: make without NAME; make without all
ifeq ($(firstword $(MAKECMDGOALS)),without)
without := $(wordlist 2,99,$(MAKECMDGOALS))
$(without):;@:
endif
.PHONY: $(without)
without: set-up      ## whether all holds in a copy without a feature's folder and its tests: make without NAME, make without all
	@$(bin)/python -m tools.without $(without)

# The campaign's own words: make town [DAYS=20] [SEED=1] [PLAN=FILE] [WITH=FAULT] [SHRINK=FILE]
town: set-up         ## a simulated town judges the promises: a line of JSON a run; the pace goes to stderr
	@$(bin)/python -W ignore -m tests.town $(DAYS:%=--days %) $(SEED:%=--seed %) $(PLAN:%=--plan %) $(WITH:%=--with %) $(SHRINK:%=--shrink %)

fleet: set-up        ## a season on one machine: central over PostgreSQL, fifty kiosks, four weeks on a fast clock; SEED=N
	@echo "the same season again: make fleet SEED=$(seed)"
	@$(bin)/python -m tools.fleet --seed $(seed)

cluster-packages:
	@deploy/cluster/install-packages --for-tests

cluster-test: set-up cluster-packages ## three machines of central's cluster, killed, cut and restored; needs root
	@$(bin)/python -m tools.cluster

check: set-up        ## what .ci/run calls
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	@$(MAKE) --no-print-directory -j 2 types test

# In what the tests leave of two cores while they wait.
types: set-up
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/reuse lint --quiet || $(bin)/reuse lint --lines

bench: set-up        ## the benchmark table, also build/bench.json
	@$(bin)/python -m tools.benchmarks

screenshots: set-up  ## every screen, page and paper under build/screenshots, and all in one contact-sheet.pdf; BRAND=FILE: those that show another brand, alone
ifdef BRAND
	@$(bin)/python -m tests.screens.pictures.draw_all --town "$$BRAND"
else
	@$(bin)/python -m tests.screens.pictures.draw_all
	@$(bin)/python -m tests.hub.pages.draw_all
	@$(bin)/python -m tests.central.insight.public.phone build/screenshots
	@$(bin)/pytest -q -m proof tests/central/offices/test_pages.py
	@$(bin)/python -m tests.screens.pictures.contact_sheet
endif

fix: set-up          ## format and mend what can be mended by machine
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

revision: set-up     ## the next revision of a database: make revision STORE=central NAME="what it does"
	@$(bin)/python -m tools.scaffolds.revision "$$STORE" "$$NAME"

# The name may also be a word of the command: make driver acr122
ifeq ($(firstword $(MAKECMDGOALS)),driver)
ifneq ($(word 2,$(MAKECMDGOALS)),)
ifneq ($(origin NAME),command line)
NAME := $(word 2,$(MAKECMDGOALS))
endif
$(wordlist 2,99,$(MAKECMDGOALS)):;@:
endif
endif
KIND := card_reader
export NAME KIND STORE RANGE BRAND
driver: set-up       ## a device driver with its simulator and test: make driver NAME KIND=card_reader (scanner, printer)
	@$(bin)/python -m tools.scaffolds.driver "$$KIND" "$$NAME"

export SECONDS ?= $(if $(SAMPLE),86400,300)
export SAMPLE
mutants: set-up      ## faults in what differs from main (or RANGE=a..b) that no test notices; SECONDS=300; SAMPLE=90 of all
	@$(bin)/python -m tools.mutants "$$RANGE" "$$SECONDS" "$$SAMPLE" "$(seed)"

compile := $(bin)/uv pip compile pyproject.toml --python-version 3.13 --generate-hashes --no-emit-index-url --no-header --no-annotate -q
lock: set-up         ## lock the dependencies, with hashes and without any host's name
	$(compile) --extra dev -o requirements-dev.lock
	$(compile) --extra demo -c requirements-dev.lock -o requirements-demo.lock
	$(compile) --extra kiosk -c requirements-dev.lock -o requirements.lock
	$(compile) --extra hub -c requirements-dev.lock -o requirements-hub.lock
	$(compile) --extra central -c requirements-dev.lock -o requirements-central.lock

licences: set-up     ## docs/licences.md, after the lock files have changed
	@$(bin)/python -m release.libraries.licences

advisories: set-up   ## known faults in what is locked, from DB=FOLDER of advisories (OSV, JSON); asks no network
	@$(bin)/python -m release.libraries.advisories $(DB)

package-tools: set-up
	@deploy/set-up.sh packages

packages: package-tools ## what machines install, with the signed repository, under build/packages
	@$(bin)/python -m release

stick: package-tools ## a stick for machines without a network, of what make packages built; release.stick --help says more
	@$(bin)/python -m release.stick
