#!/usr/bin/env python3
"""When the executor is signalled, with the defaults.

  released.py idle [NODES]      SIGTERM of an idle node until its executor is signalled
  released.py busy [NODES]      the end of the last fragment until its executor is signalled

Each of the nodes (10) has a coordinator of its own. The end of a fragment is the moment at which the coordinator has
heard of it, looked at every 5 ms; the signal is the agent's `executor.signal`.
"""
import sys
import time

from stage import Stage, median, report, wait_gone, wait_serving

SETTLE, QUIET = 10.0, 3.0  # the defaults
LASTS, APART = 14.0, 0.33  # the fragments end at different places between two polls


def signalled(node):
    return node.when("executor.signal")


def idle(stage, pairs):
    for _, node in pairs:
        node.stop()
        time.sleep(0.1)
    wait_gone([node for _, node in pairs], 60)
    after_term = [signalled(node) - node.told for _, node in pairs]
    after_entry = [signalled(node) - node.when("deny_list.verified", wish="denied") for _, node in pairs]
    early = sum(t < SETTLE - 0.002 for t in after_entry)  # the log has whole milliseconds
    report(f"idle node, SIGTERM until the executor is signalled, defaults, {len(pairs)} nodes",
           f"median {median(after_term):.2f} s, worst {max(after_term):.2f} s; {early} before settle was over",
           f"<= {SETTLE + 2:g} s, never before the rules hold", max(after_term) <= SETTLE + 2 and early == 0)


def end_of_fragment(coordinator, node, expected):
    time.sleep(max(0.0, expected - 0.1 - time.time()))
    while True:
        seen = coordinator.state()["nodes"][node.name]["pending"]
        if not seen:
            return time.time()
        time.sleep(0.005)


def busy(stage, pairs):
    expected = []
    for i, (coordinator, node) in enumerate(pairs):
        lasts = LASTS + i * APART
        coordinator.ask("POST", f"/lab/query?fragments=1&lasts={lasts * 1000:.0f}ms")
        expected.append(time.time() + lasts)
        node.stop()
    ends = [end_of_fragment(c, n, at) for (c, n), at in zip(pairs, expected)]
    wait_gone([node for _, node in pairs], 60)
    took = [signalled(node) - end for (_, node), end in zip(pairs, ends)]
    lost = sum(c.state()["queries"]["lost"] for c, _ in pairs)
    report(f"last fragment done until the executor is signalled, defaults, {len(pairs)} nodes",
           f"median {median(took):.2f} s, least {min(took):.2f} s, worst {max(took):.2f} s; {lost} queries lost",
           f"median <= {QUIET + 1:g} s (quiet + 1 s)", median(took) <= QUIET + 1 and min(took) > 0 and lost == 0)


def main(what, nodes=10):
    with Stage() as stage:
        pairs = []
        for _ in range(nodes):
            coordinator = stage.coordinator()
            pairs.append((coordinator, stage.node(coordinator, f"executor-{len(pairs)}.cluster")))
        wait_serving([node for _, node in pairs])
        time.sleep(2)
        {"idle": idle, "busy": busy}[what](stage, pairs)


if __name__ == "__main__":
    if sys.argv[1:2] not in (["idle"], ["busy"]):
        sys.exit(__doc__)
    main(sys.argv[1], *map(int, sys.argv[2:]))
