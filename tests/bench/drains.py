#!/usr/bin/env python3
"""Real executors under a query load, stopped in waves, with a coordinator that misbehaves: are queries lost?

  drains.py [settle|defaults]

| run      | drains                   | in waves of | settings                           | from plan to start |
|----------|--------------------------|-------------|------------------------------------|--------------------|
| settle   | 1,000 (EBB_BENCH_DRAINS) | 50          | settle 1 s, all else as by default | up to 800 ms       |
| defaults | 60                       | 30          | all as by default                  | up to 2 s          |

Settle is the time for plans that were made before the entry: a cluster that starts them later than that loses queries.

While a wave drains, every second call to the coordinator is late, one in ten gets a 503, some lose their answer, are
reset, or get a page of HTML. A few executors are never stopped, and take over. A wave's pods come back under their
names for the next one. A query counts as lost when an executor leaves with one of its fragments planned or running.
"""
import os
import sys
import time

from stage import Stage, report, wait_gone, wait_serving

SURVIVORS = 6
FAULTS = ("what=delay&chance=0.5&before=0ms-200ms&after=0ms-200ms", "what=status&chance=0.1&status=503",
          "what=lost_answer&chance=0.05", "what=reset&chance=0.03", "what=not_json&chance=0.03")
LOAD = "per_second=20&fragments=4&lasts=200ms-3s"
LONGEST_WAVE = 180


class Tally:
    def __init__(self):
        self.drains = self.clean = 0
        self.took = []


def wave(stage, coordinator, size, settings, tally):
    nodes = [stage.node(coordinator, f"executor-{i}.cluster", **settings) for i in range(size)]
    wait_serving(nodes, LONGEST_WAVE)
    for faults in FAULTS:
        coordinator.ask("POST", f"/lab/faults?{faults}&path=/api")
    for node in nodes:
        node.stop()
    codes = wait_gone(nodes, LONGEST_WAVE)
    coordinator.ask("DELETE", "/lab/faults")
    tally.drains += size
    tally.clean += sum(code == 0 for code in codes)
    tally.took += [node.when("executor.signal") - node.told for node in nodes if node.when("executor.signal")]


def run(drains, waves_of, settings, plan_delay, said):
    began = time.monotonic()
    tally = Tally()
    with Stage() as stage:
        coordinator = stage.coordinator()
        stayers = [stage.node(coordinator, f"survivor-{i}.cluster") for i in range(SURVIVORS)]
        wait_serving(stayers)
        coordinator.ask("POST", f"/lab/load?{LOAD}&plan_delay={plan_delay}&for=24h")
        while tally.drains < drains:
            wave(stage, coordinator, min(waves_of, drains - tally.drains), settings, tally)
        coordinator.ask("DELETE", "/lab/load")
        time.sleep(4)
        queries = coordinator.state()["queries"]
        denied = coordinator.state()["denied"]
    lost = queries["lost"] + queries["refused"]
    report(f"queries lost in {drains} lab drains, {said}, waves of {waves_of}, faults on",
           f"{lost} of {lost + queries['finished']} queries; {tally.clean} ended with code 0, signalled after at most "
           f"{max(tally.took):.1f} s, {len(denied)} entries left; {time.monotonic() - began:.0f} s",
           "0", lost == 0 and tally.clean == tally.drains)


def main(chosen=("settle", "defaults")):
    for which in chosen:
        if which == "settle":
            run(int(os.environ.get("EBB_BENCH_DRAINS", "1000")), 50, {"drain.settle": "1s"}, "0ms-800ms",
                "settle 1 s")
        elif which == "defaults":
            run(60, 30, {}, "0ms-2s", "defaults")
        else:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:] or ("settle", "defaults"))
