#!/usr/bin/env python3
"""SIGTERM until the deny entry is verified: one agent, loopback, a coordinator without latency.

  verified.py [TIMES]      20 where nothing is said

Each time is a life of its own. Round trips are the calls that the coordinator counted between the two.
"""
import sys
import time

from stage import Stage, median, report

GOAL_MS, GOAL_TRIPS = 50, 4


def once(stage, coordinator):
    node = stage.node(coordinator, "executor-0.cluster", **{"drain.settle": "100ms", "drain.quiet": "0s",
                                                            "drain.samples": "1"})
    node.wait_serving()
    node.wait_event("executor.metric", 20)  # the first look at the load is over
    time.sleep(1.8)  # and so is the second one at the list
    before = coordinator.calls()
    told = node.stop()
    verified = node.wait_event("deny_list.verified", 10, wish="denied")
    trips = coordinator.calls() - before
    node.process.wait(60)
    return (verified - told) * 1000, trips


def main(times=20):
    with Stage() as stage:
        coordinator = stage.coordinator()
        got = [once(stage, coordinator) for _ in range(times)]
        took = [ms for ms, _ in got]
        trips = [n for _, n in got]
        report(f"SIGTERM until the entry is verified, one agent, median of {times}",
               f"{median(took):.1f} ms (worst {max(took):.1f} ms), {median(trips):g} round trips (most {max(trips)})",
               f"<= {GOAL_MS} ms, <= {GOAL_TRIPS} round trips", median(took) <= GOAL_MS and max(trips) <= GOAL_TRIPS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
