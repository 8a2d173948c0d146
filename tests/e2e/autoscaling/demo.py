#!/usr/bin/env python3
"""`make demo-kubernetes`: a real Kubernetes on this machine whose HPA scales executors out and in under load, bare and
with Ebb. Ends with the table of `make demo`, and writes build/demo-kubernetes/report.html.

  demo.py [--rounds N]     how often load comes and goes in each way (1)
"""
import argparse
import atexit
import fcntl
import http.client
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / "build/demo-kubernetes"
os.environ.setdefault("EBB_BINARY", str(ROOT / "build/release/ebb"))
os.environ.setdefault("EBB_LAB", str(ROOT / "build/release/ebb-lab"))
os.environ["EBB_E2E_STATE"] = str(OUT / "cluster.json")
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/integration", "tests/e2e/kubernetes")]
import cluster  # noqa: E402
import ways  # noqa: E402
from api import ApiError  # noqa: E402
from loop import FEWEST, MOST, TARGET  # noqa: E402

FACTS = (
    "A real control plane, node, kubelet and containerd, Prometheus, prometheus-adapter and HPA; both charts are "
    "installed by helm. The Dremio in the pods is the lab's.",
    f"The HPA keeps {FEWEST} to {MOST} executors for {TARGET} fragments each, and takes one away each 4 s at most.",
    "Load comes, executors are added; it goes, and executors are taken away while some of it still runs on them.",
    "A query is lost when an executor goes away while one of its fragments is planned or running there.")


class Screen(threading.Thread):
    """One line a second that moves on a terminal, and stays where the numbers of executors change."""

    def __init__(self, loop):
        super().__init__(daemon=True)
        self.loop, self.began, self.ended = loop, time.time(), threading.Event()
        self.start()

    def run(self):
        self.loop.cluster.enter()
        before = None
        while not self.ended.wait(1):
            try:
                wished, ready = self.loop.scaled()
                state = self.loop.coordinator.state()
            except (OSError, KeyError, ApiError, http.client.HTTPException):  # the next look may be answered
                continue
            leaving = sum("deletionTimestamp" in pod["metadata"] for pod in self.loop.pods())
            line = (f"  {time.time() - self.began:5.0f} s   wished {wished}, ready {ready}, draining {leaving}   "
                    f"fragments {sum(node['pending'] for node in state['nodes'].values()):3}   "
                    f"queries {state['queries']['finished']:4} finished, {state['queries']['lost']} lost")
            stays = (wished, ready, leaving) != before
            before = (wished, ready, leaving)
            if sys.stdout.isatty():
                print("\r\033[K" + line, end="\n" if stays else "", flush=True)
            elif stays:
                print(line, flush=True)


def way(loop, key, title, rounds):
    """The story of one way, as a file."""
    story = OUT / f"{key}.json"

    def play(run):
        print(f"\n{title}", flush=True)
        screen = Screen(run)
        try:
            for _ in range(rounds):
                run.out_and_in()
            run.coordinator.stop_queries()
        finally:
            screen.ended.set()
            screen.join()
        story.write_text(json.dumps(run.story(key, title, screen.began)), "utf-8")

    if why_not := ways.run(loop, play, OUT / f"{key}.log"):
        sys.exit(f"demo.py: {why_not}")
    return str(story)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=1)
    rounds = options.parse_args().rounds
    OUT.mkdir(parents=True, exist_ok=True)
    lock = open(OUT / "lock", "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"demo.py: another one runs in {OUT}: wait for its end")
    print("starting a control plane and a node", flush=True)
    why_not = cluster.up(owner=os.getpid())
    if why_not:
        sys.exit(f"demo.py: {why_not}")
    atexit.register(cluster.down)
    stories = [way(ways.Bare, "bare", "Executors as they are", rounds),
               way(ways.WithEbb, "ebb", "With Ebb", rounds)]
    facts = [word for fact in FACTS for word in ("--fact", fact)]
    print(flush=True)
    subprocess.run([cluster.LAB, "report", *stories, *facts, "--out", str(OUT / "report.html")], check=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\ninterrupted; everything that was started has been ended")
        sys.exit(4)
