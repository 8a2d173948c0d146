#!/usr/bin/env python3
"""One agent with a pod's token beside a real API server.

  single.py memory      PSS of init and agent that serve, with TLS to the API server (two watches) and the coordinator
  single.py threads     strace of the agent through a whole drain: how many threads there ever were
  single.py ipv6        the whole job over ::1 alone, API server, coordinator and executor
"""
import re
import subprocess
import sys
import time

import pods
import footprint
from stage import TOKEN, Stage, report, wait_until

GOAL_PSS = 14
REST = 20  # seconds until looks at list, executor, pod and node have been made


def serving(stage, made, coordinator, **settings):
    (name, variables), = made.environment().items()
    node = stage.node(coordinator, f"{name}.cluster", variables, **{
        "kubernetes.mode": "", "drain.grace": "", "drain.settle": "2s", "drain.quiet": "1s", **settings})
    node.wait_serving()
    return node


def take_away(made, node):
    """Scales the pod away, as a container would hear of it; the exit code of init."""
    made.scale(0)
    node.wait_event("drain.plan", 20, grace_source="deletion")
    node.stop()
    return node.process.wait(60)


def memory(stage, made):
    coordinator = stage.coordinator()
    front = footprint.TlsFront(stage, int(coordinator.url.rsplit(":", 1)[1]))
    node = serving(stage, made, coordinator, **{
        "dremio.url": front.url, "dremio.ca_file": str(front.certificate), "dremio.token": TOKEN, "dremio.user": "",
        "dremio.password": ""})
    time.sleep(REST)
    watches = len({r["requestURI"] for r in made.requests() if r["verb"] == "watch"})
    pss = [footprint.kilobytes(pid, "Pss") * 1024 / footprint.MB for pid in (node.process.pid, node.agent_pid())]
    report("release, serving: PSS of init and agent with TLS to the coordinator and to the API server",
           f"{sum(pss):.2f} MB (init {pss[0]:.2f}, agent {pss[1]:.2f}; {watches} watches)", f"<= {GOAL_PSS} MB",
           sum(pss) <= GOAL_PSS and watches == 2)


def threads(stage, made):
    node = serving(stage, made, stage.coordinator())
    trace = stage.folder / "trace"
    tracer = stage.start(["strace", "-f", "-qq", "-o", trace, "-p", node.agent_pid()], stage.folder / "strace.log")
    wait_until(lambda: trace.exists() and trace.stat().st_size > 0, "strace is at work", 20)
    code = take_away(made, node)
    tracer.wait(20)
    lines = trace.read_text().splitlines()
    ids = {line.split()[0] for line in lines}
    born = [line for line in lines if re.search(r" (clone|clone3|fork|vfork)\(", line)]
    report("strace of the agent through a whole drain: threads",
           f"{len(ids)} ({len(lines):,} calls, {len(born)} clones; exit code {code})", "1",
           len(ids) == 1 and not born and code == 0)


def ipv6(stage, made):
    coordinator = stage.coordinator()
    node = serving(stage, made, coordinator)
    coordinator.ask("POST", "/lab/load?per_second=20&fragments=1&lasts=100ms-800ms&plan_delay=0ms-300ms")
    wait_until(lambda: coordinator.state()["nodes"][node.name]["pending"] > 0, "work", 20)
    coordinator.ask("DELETE", "/lab/load")  # the only node: what is planned once it is denied would be refused
    before = ipv4(node)
    code = take_away(made, node)
    state = coordinator.state()
    lost = state["queries"]["lost"]
    report("the whole job over IPv6 alone: pod deleted, watched, drained, off the list",
           f"exit code {code}, {lost} queries lost, {len(state['denied'])} entries left, {before} sockets of IPv4",
           "works",
           code == 0 and lost == 0 and state["queries"]["finished"] > 0 and not state["denied"] and before == 0)


def ipv4(node):
    """Sockets of IPv4 in init, agent and executor together."""
    said = subprocess.run(["ss", "-4antpH"], capture_output=True, text=True, check=True).stdout
    pids = (node.process.pid, node.agent_pid(), node.executor_pid())
    return sum(f"pid={pid}," in line for line in said.splitlines() for pid in pids)


def main(figure):
    v6 = figure is ipv6
    cluster = pods.cluster(node=False, environment={"APISERVER_ARGS": "--bind-address=::"} if v6 else {})
    host = "[::1]" if v6 else "127.0.0.1"
    with Stage(host) as stage:
        figure(stage, pods.Pods(stage, cluster, 1, host))


if __name__ == "__main__":
    figures = {"memory": memory, "threads": threads, "ipv6": ipv6}
    if sys.argv[1:2] == [] or sys.argv[1] not in figures:
        sys.exit(__doc__)
    main(figures[sys.argv[1]])
