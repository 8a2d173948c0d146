#!/usr/bin/env python3
"""Figures that programs beside this script print; here they meet their goals.

  counted.py poll         CPU of reading one page of 3,000 lines (exposition_bench)
  counted.py probes       requests per second of GET /livez (probe_load)
  counted.py forward      a signal through init to its child, against tini in the same run (signal_forward)
  counted.py turns        a thousand simulated agents in Kubernetes, told to stop at once
  counted.py sim [SEEDS]  seconds that the simulated fleet of 50 agents needs for 300 seeds
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from stage import EBB, Stage, report

BUILD = pathlib.Path(EBB).parent
FLEET = "*fifty executors*"  # the cases of tests/sim that are a fleet of 50


def output(*command, **more):
    ran = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True, check=False, **more)
    if ran.returncode != 0:
        sys.exit(f"{command[0]} ended with {ran.returncode}:\n{ran.stdout[-2000:]}")
    return ran.stdout


def poll():
    said = output(BUILD / "tests/bench/exposition_bench")
    lines = re.search(r"bytes, (\d+) lines", said)[1]
    line = re.search(r"large page, with counters.*?([\d.]+) us median.*?([\d.]+) allocations", said)
    report(f"CPU per poll of a page of {lines} lines, all five names",
           f"{float(line[1]) / 1000:.3f} ms, {line[2]} allocations", "<= 0.2 ms", float(line[1]) <= 200)


def probes():
    with Stage() as stage:
        node = stage.node(stage.coordinator(), "executor-0.cluster")
        node.wait_serving()
        time.sleep(2)
        said = output(BUILD / "tests/bench/probe_load", node.probes, "/livez", 5, 16)
    rate = int(re.search(r"requests_per_second (\d+)", said)[1])
    report("probe endpoint GET /livez, keep-alive, 16 connections, one thread each side", f"{rate:,} requests/s",
           ">= 50,000 requests/s", rate >= 50_000)


def forward():
    tini = shutil.which("tini") or shutil.which("docker-init")
    if not tini:
        sys.exit("tini is not installed: tools/setup")
    said = output(BUILD / "tests/bench/signal_forward", EBB, tini)
    medians = dict(re.findall(r"forward_USR1_(ebb|tini)_median ([\d.]+) us", said))
    ebb, theirs = float(medians["ebb"]), float(medians["tini"])
    report("signal forwarded to the executor, 1,000 times, against tini in turns",
           f"median {ebb:.0f} us, tini {theirs:.0f} us ({ebb / theirs:.2f} x)", "<= 2 x tini's median",
           ebb <= 2 * theirs)


def turns():
    said = output(BUILD / "tests/sim/sim_turns", "[figures]")
    verified, writes, mean, most = re.search(
        r"verified (\d+) ms, writes (\d+), requests mean ([\d.]+) most (\d+)", said).groups()
    report("sim: 1,000 agents told to stop at once, all entries verified",
           f"{int(verified) / 1000:.2f} s, {writes} writes, {mean} requests an agent to Kubernetes and the list "
           f"(the one that writes: {most})", "<= 5 s, <= 10 writes, <= 10 requests",
           int(verified) <= 5000 and int(writes) <= 10 and float(mean) <= 10)


def sim(seeds=300):
    began = time.monotonic()
    said = output(BUILD / "tests/sim/sim_duties", FLEET, env={**os.environ, "EBB_SIM_SEEDS": str(seeds)})
    took = time.monotonic() - began
    report(f"sim: {seeds} seeds of the fleet scenario (50 agents)",
           f"clean in {took:.0f} s ({took / seeds * 1000:.0f} ms each); {said.strip().splitlines()[-1]}",
           "clean; time printed", "assertions in" in said or "All tests passed" in said)


if __name__ == "__main__":
    figures = {"poll": poll, "probes": probes, "forward": forward, "turns": turns, "sim": sim}
    if sys.argv[1:2] == [] or sys.argv[1] not in figures:
        sys.exit(__doc__)
    figures[sys.argv[1]](*map(int, sys.argv[2:]))
