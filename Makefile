# The verbs of this tree. Everything is built by CMake's presets (CMakePresets.json); this file only names the ways in.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup dev test e2e release release-arm64 demo demo-kubernetes \
  bench bench-e2e sim fuzz nightly coverage clang-tidy format tidy clean
JOBS ?= $(shell nproc)
BUILD = cmake --preset $(1) >/dev/null && cmake --build build/$(1) -j $(JOBS) --target $(2)

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 25

setup: ## install what the build and the tests need (root or sudo)
	@tools/setup

dev: setup ## build everything for development; then `ctest --preset dev`
	@$(call BUILD,dev,all)

test: setup ## everything that must pass: debug, sanitizers, the released binary, fuzzing
	@tools/suite

e2e: setup ## pods of a real Kubernetes, which is built first (root; from nothing 15 minutes)
	@tools/suite e2e

release: setup ## the static binary, build/release/ebb
	@$(call BUILD,release,ebb)

release-arm64: ## the same for arm64, build/arm64/ebb
	@tools/setup --arm64
	@$(call BUILD,arm64,ebb)

demo: release ## executors stopped under load: bare, with a shell hook, with Ebb; a table and a report
	@$(call BUILD,release,ebb-lab)
	@build/release/ebb-lab demo

demo-kubernetes: release ## the same by the HPA of a real Kubernetes, which is built first (root; then 4 minutes)
	@$(call BUILD,release,ebb-lab)
	@tests/e2e/prepare cluster >/dev/null
	@python3 -B tests/e2e/autoscaling/demo.py

bench: release ## the measured figures, each with its goal (25 minutes; EBB_BENCH_DRAINS=100 for 15)
	@$(call BUILD,release,ebb-lab tests_bench tests_sim)
	@python3 -B tests/bench/run.py

bench-e2e: release ## the figures that need a real Kubernetes (root; 20 minutes once that is built)
	@$(call BUILD,release,ebb-lab)
	@tests/e2e/prepare cluster >/dev/null
	@python3 -B tests/e2e/bench/run.py

sim: setup ## the simulations with 2,000 seeds (EBB_SIM_SEEDS for another number)
	@$(call BUILD,release,tests_sim)
	@EBB_SIM_SEEDS=$${EBB_SIM_SEEDS:-2000} ctest --test-dir build/release -L '^sim$$' -j $(JOBS) --output-on-failure

fuzz: setup ## every fuzz target for ten minutes from a new place (EBB_FUZZ_SECONDS for another time)
	@EBB_FUZZ_SECONDS=$${EBB_FUZZ_SECONDS:-600} EBB_FUZZ_SEED=$${EBB_FUZZ_SEED:-0} tools/suite fuzz

nightly: test coverage clang-tidy sim fuzz ## test, and coverage, clang-tidy, 2,000 seeds, long fuzzing

coverage: setup ## line coverage of core/, proto/, keeper/ and drain/, at least 95 %
	@$(call BUILD,cov,tests_unit tests_sim)
	@tools/coverage

clang-tidy: setup ## clang-tidy on every source
	@$(call BUILD,tidy,all)

tidy: ## the house rules, without a compiler
	@tools/tidy

format: ## lay out all C++ as .clang-format says
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format-19 -i

clean: ## remove the builds, keep what setup compiled
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
