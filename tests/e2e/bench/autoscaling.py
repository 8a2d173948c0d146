#!/usr/bin/env python3
"""The whole loop, executors bare and under Ebb: both charts, Prometheus, prometheus-adapter, HPA, StatefulSet, kubelet.

  autoscaling.py [ROUNDS]     5 where nothing is said; each is four scale-downs of one executor under light load

A round more, under Ebb, ends with no load at all: its pods are idle when they are deleted.
"""
import pathlib
import sys

import pods
from stage import median, report

sys.path.append(str(pods.ROOT / "tests/e2e/autoscaling"))
import ways  # noqa: E402
from loop import BEHAVIOR, FEWEST  # noqa: E402

SETTLE = 10  # drain.settle where nothing else is said
SPARE = 3
WINDOW = BEHAVIOR["scaleDown"]["stabilizationWindowSeconds"]


def told(found):
    """What `play` leaves in `found`: queries, scale-downs, and times in seconds."""
    queries = f"{found['lost']} of {found['finished'] + found['lost']:,} queries lost"
    return f"{queries}, {found['stops']} scale-downs"


def rounds_of(way, rounds, last, log):
    found = {}

    def play(loop):
        for _ in range(rounds):
            loop.out_and_in()
        queries = loop.coordinator.stop_queries()
        found.update(lost=queries["lost"], finished=queries["finished"], stops=len(loop.stops()), lowered=loop.lowered)
        last(loop, found)

    if why_not := ways.run(way, play, log):
        sys.exit(f"{why_not}: {log.read_text('utf-8')[-300:]}")
    return found


def nothing_more(*_):
    pass


def idle(loop, found):
    before = len(loop.stops())
    loop.scale_out()
    loop.coordinator.stop_queries()
    loop.wait_scaled(FEWEST, 150)
    found["idle"] = [life["ended"] - life["told"] for life in loop.stops()[before:]]


def main(rounds=5):
    made = pods.cluster()
    folder = pathlib.Path(made.folder)

    class Here:
        def find_cluster(self):
            return made

    ebb = rounds_of(type("WithEbb", (Here, ways.WithEbb), {}), rounds, idle, folder / "ebb.log")
    report("the loop, under Ebb", told(ebb), "0 lost", ebb["lost"] == 0)
    bare = rounds_of(type("Bare", (Here, ways.Bare), {}), rounds, nothing_more, folder / "bare.log")
    report("the same without Ebb", told(bare), "> 0 lost", bare["lost"] > 0)
    lowered = ebb["lowered"] + bare["lowered"]
    report(f"from load gone to replicas lowered, by an HPA that settles for {WINDOW} s",
           f"median {median(lowered):.1f} s ({min(lowered):.1f} to {max(lowered):.1f} s)", "printed", None)
    report(f"from the deletion of an idle pod to its executor's end, settle {SETTLE} s, of {len(ebb['idle'])}",
           f"median {median(ebb['idle']):.1f} s, longest {max(ebb['idle']):.1f} s", f"<= {SETTLE + SPARE} s",
           max(ebb["idle"]) <= SETTLE + SPARE)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
