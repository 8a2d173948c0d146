#!/usr/bin/env python3
"""Every figure with its goal, and the command that printed it: this is `make bench`, half an hour on a quiet machine.

  run.py [SCRIPT…]      only the figures of these commands, such as `released.py` or `footprint.py memory`

EBB_BENCH_DRAINS makes the longest of them shorter: so many drains of the lab in place of 1,000.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = ("fleet_stop.py", "verified.py", "released.py idle", "released.py busy", "counted.py poll",
           "footprint.py memory", "footprint.py wakeups", "footprint.py size", "counted.py probes",
           "counted.py forward", "drains.py defaults", "drains.py settle", "counted.py turns", "counted.py sim")


def measure(folder, figure):
    """Prints the lines of a figure with its command. For each: whether its goal is met."""
    script, *arguments = figure.split()
    command = [sys.executable, "-B", folder / script, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in ran.stdout.splitlines() if " | " in line]
    if ran.returncode != 0 or not lines:
        why = (ran.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        lines = [f"FAILED | {figure} | {why[:300]} | a figure"]
    for line in lines:
        print(f"{line} | {folder.relative_to(HERE.parents[1])}/{figure}", flush=True)
    return [line.startswith(("ok", "-")) for line in lines]


def main(chosen, folder=HERE, figures=FIGURES):
    print("       | what | figure | goal | command", flush=True)
    wanted = [figure for figure in figures if not chosen or any(figure.startswith(c) for c in chosen)]
    met = [goal for figure in wanted for goal in measure(folder, figure)]
    print(f"{sum(met)} of {len(met)} goals met")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
