#!/usr/bin/env python3
"""Real agents, as processes with tokens bound to pods, against a real API server and one coordinator.

  agents.py [COUNT [LATENCY]]     50 and 20ms where nothing is said

The pods are scaled away at once; the watch tells the agents, as it would in a pod, and SIGTERM follows. Times are those
of `deny_list.verified`, from the change of the StatefulSet on. Before that, a minute of rest is counted.
"""
import sys
import time

import pods
from stage import Stage, all_denied, report, wait_serving

GOAL_SECONDS, GOAL_WRITES, GOAL_RATE = 3.0, 5, 1.0
REST = 60
RECLAIM = 66  # within dremio.reclaim after an admission a wish changes once more


def resting(nodes, made):
    """Requests an agent and a minute, watches not counted."""
    began = made.audited()
    time.sleep(REST)
    asked = [r for r in made.requests(began) if r["verb"] != "watch"]
    rate = len(asked) / len(nodes) * 60 / REST
    report(f"{len(nodes)} agents that serve: requests to the API server besides the watches, an agent and minute",
           f"{rate:.2f}", f"<= {GOAL_RATE:g}", rate <= GOAL_RATE)


def stopping(nodes, made, coordinator):
    count, mark = len(nodes), made.audited()
    writes = coordinator.state()["list_writes"]
    began = time.time()
    made.scale(0)
    for node in nodes:
        node.stop()

    entries, last = all_denied(nodes, coordinator)
    last -= began
    writes = coordinator.state()["list_writes"] - writes
    asked = [r for r in made.requests(mark) if r["verb"] != "watch"]
    report(f"{count} agents whose pods are scaled away: entries verified; writes of the list",
           f"{entries} of {count}, the last after {last:.2f} s; {writes} writes "
           f"({len(asked) / count:.1f} requests an agent to the API server)",
           f"{count} of {count}, <= {GOAL_SECONDS:g} s; <= {GOAL_WRITES}",
           entries == count and last <= GOAL_SECONDS and writes <= GOAL_WRITES)


def main(count=50, latency="20ms"):
    cluster = pods.cluster(node=False)
    with Stage() as stage:
        made = pods.Pods(stage, cluster, count)
        coordinator = stage.coordinator("--latency", latency)
        nodes = [stage.node(coordinator, f"{name}.cluster", variables, **{"kubernetes.mode": "", "drain.grace": ""})
                 for name, variables in made.environment().items()]
        wait_serving(nodes, 180)
        time.sleep(RECLAIM)
        resting(nodes, made)
        stopping(nodes, made, coordinator)


if __name__ == "__main__":
    main(*(int(a) if a.isdigit() else a for a in sys.argv[1:]))
