#!/usr/bin/env python3
"""`make demo-kubernetes`: a real Kubernetes on this machine whose HPA scales executors out and in under load, bare and
with Ebb. Ends with the table of `make demo`, and writes build/demo-kubernetes/report.html.

  demo.py [--rounds N]     how often load comes and goes in each way (1)
"""
import argparse
import atexit
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / "build/demo-kubernetes"
os.environ.setdefault("EBB_BINARY", str(ROOT / "build/release/ebb"))
os.environ.setdefault("EBB_LAB", str(ROOT / "build/release/ebb-lab"))
os.environ["EBB_E2E_STATE"] = str(OUT / "cluster.json")
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/integration", "tests/e2e/kubernetes")]
import cluster  # noqa: E402
from loop import FEWEST, MOST, TARGET  # noqa: E402
from ways import Bare, WithEbb  # noqa: E402

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
            except (OSError, KeyError):
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
    class Run(loop):
        def runTest(self):
            print(f"\n{title}", flush=True)
            screen = Screen(self)
            for _ in range(rounds):
                self.out_and_in()
            self.coordinator.stop_queries()
            screen.ended.set()
            screen.join()
            (OUT / f"{key}.json").write_text(json.dumps(self.story(key, title, screen.began)), "utf-8")

    run = Run()
    with open(OUT / f"{key}.log", "w", encoding="utf-8") as log:
        try:
            result = unittest.TextTestRunner(stream=log).run(run)
        except KeyboardInterrupt:  # which unittest lets through without cleaning up
            run.doCleanups()
            raise
    if not result.wasSuccessful():
        sys.exit(f"demo.py: the run failed; see {OUT / key}.log")
    if result.skipped:
        sys.exit(f"demo.py: {result.skipped[0][1]}")
    return str(OUT / f"{key}.json")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=1)
    rounds = options.parse_args().rounds
    OUT.mkdir(parents=True, exist_ok=True)
    print("starting a control plane and a node", flush=True)
    why_not = cluster.up(owner=os.getpid())
    if why_not:
        sys.exit(f"demo.py: {why_not}")
    atexit.register(cluster.down)
    stories = [way(Bare, "bare", "Executors as they are", rounds), way(WithEbb, "ebb", "With Ebb", rounds)]
    facts = [word for fact in FACTS for word in ("--fact", fact)]
    print(flush=True)
    subprocess.run([cluster.LAB, "report", *stories, *facts, "--out", str(OUT / "report.html")], check=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\ninterrupted; everything that was started has been ended")
        sys.exit(4)
