#!/usr/bin/env python3
"""Every figure that needs a real Kubernetes, with its goal and the command that printed it: this is `make bench-e2e`.

  run.py [SCRIPT…]      only the figures of these commands, such as `agents.py` or `single.py memory`
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "bench"))
sys.path = [folder for folder in sys.path if pathlib.Path(folder) != HERE]  # this file, too, is called run
import run  # noqa: E402

FIGURES = ("begun.py", "agents.py", "single.py memory", "single.py threads", "single.py ipv6", "autoscaling.py")

if __name__ == "__main__":
    sys.exit(run.main(sys.argv[1:], HERE, FIGURES))
