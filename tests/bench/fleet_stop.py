#!/usr/bin/env python3
"""Many real agents told to stop at once, against one coordinator: is every entry there, and when was the last?

  fleet_stop.py [AGENTS [LATENCY]]      50 and 20ms where nothing is said

The lists are the coordinator's own; the times are those of the agents' `deny_list.verified`, from the first SIGTERM on.
"""
import sys
import time

from stage import Stage, all_denied, report, wait_serving

GOAL = 6.0


def main(agents=50, latency="20ms"):
    with Stage() as stage:
        coordinator = stage.coordinator("--latency", latency)
        nodes = [stage.node(coordinator, f"executor-{i}.cluster") for i in range(agents)]
        wait_serving(nodes, 180)
        before = coordinator.calls()
        began = time.time()
        for node in nodes:
            node.stop()

        entries, last = all_denied(nodes, coordinator)
        last -= began
        state = coordinator.state()
        lost = sum(int(e["lost"]) for n in nodes for e in [*n.events("deny_list.lost")][-1:])
        calls = sum(state["calls"].values()) - before
        report(f"{agents} agents stopped at once, {latency} latency: entries verified",
               f"{entries} of {agents}, the last after {last:.2f} s ({calls} calls, {state['list_writes']} writes, "
               f"{lost} entries lost and put back)", f"{agents} of {agents}, <= {GOAL:g} s on a quiet machine",
               entries == agents and last <= GOAL)


if __name__ == "__main__":
    main(*(int(a) if a.isdigit() else a for a in sys.argv[1:]))
