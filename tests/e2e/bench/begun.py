#!/usr/bin/env python3
"""From the DELETE of a pod on a real node until its agent drains: the watch or SIGTERM, whichever was first.

  begun.py [TIMES]     20 where nothing is said

A time begins when the request is sent, so that the server's own part is in it, and ends with the agent's line
`event=state … to=draining`, in whole milliseconds of the same clock.
"""
import json
import sys
import time

import pods
from stage import PASSWORD, USER, Stage, median, report, unix_time, wait_until

GOAL_MS = 250
EXECUTORS = 5
PAUSE = 3  # a pod has just become ready, and its kubelet is at work with it


def draining(place, pod):
    """The agent's lines that tell of a drain begun, of all pods that have had this name."""
    lines = [json.loads(line) for line in place.logs.of(pod) if line.startswith("{")]
    return [e for e in lines if e["event"] == "state" and e["to"] == "draining" and e["from"] != "draining"]


def delete(place, executors, pod):
    """(milliseconds, causes) of one."""
    before = len(draining(place, pod))
    sent = time.time()
    executors.delete(pod)
    wait_until(lambda: len(draining(place, pod)) > before, pod + " drains", 20, 0.05)
    event = draining(place, pod)[-1]
    return (unix_time(event) - sent) * 1000, event["causes"]


def main(times=20):
    place = pods.Place(pods.cluster())
    with Stage(place.cluster.nodes["node-1"].ip) as stage:
        coordinator = stage.coordinator()
        coordinator.control_address = coordinator.control
        settings = {"EBB_LOG_FORMAT": "json", "EBB_DREMIO_USER": USER, "EBB_DREMIO_PASSWORD": PASSWORD}
        executors = pods.fleet.Fleet(place, coordinator, EXECUTORS, env=settings)
        got = []
        while len(got) < times:
            executors.wait_ready(EXECUTORS)
            time.sleep(PAUSE)
            names = executors.ready()
            uids = [executors.uid(pod) for pod in names]
            got += [delete(place, executors, pod) for pod in names]
            executors.wait_gone(uids, 60)
        took = [ms for ms, _ in got[:times]]
        watch = sum(causes == "deletion" for _, causes in got[:times])
        report(f"DELETE of a pod on a real node until its agent drains, median of {times}",
               f"{median(took):.0f} ms (worst {max(took):.0f} ms); the watch was first {watch} times",
               f"<= {GOAL_MS} ms", median(took) <= GOAL_MS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
