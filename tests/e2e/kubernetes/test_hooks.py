"""preStop hooks that hold the executor until it is drained: under `ebb run`, and beside a native sidecar."""
import os
import signal
import time
import unittest

from fleet import PROBES
from scene import Scene
from support.processes import wait_until

TERMINATED = 143  # of a JVM, or its stand-in, that is told to end by the kubelet itself
HELD_BY_GET = {"preStop": {"httpGet": {"path": "/drain/wait", "port": PROBES}}}
HELD_BY_COMMAND = {"preStop": {"exec": {"command": ["/ebb", "hook", "-a", "add"]}}}


def hooked(hook):
    def change(pod):
        pod["containers"][0]["lifecycle"] = hook

    return change


def with_sidecar(hook):
    """Moves the agent into a native sidecar, its settings and its probes with it; the executor is on its own."""
    def change(pod):
        together = pod["containers"][0]
        sidecar = {**together, "name": "ebb", "restartPolicy": "Always", "command": ["/ebb", "sidecar"]}
        # Startup is a matter of the executor, which starts after the sidecar has.
        del sidecar["startupProbe"]
        alone = {k: v for k, v in together.items() if not k.endswith("Probe") and k != "ports"}
        pod["initContainers"] = [sidecar]
        pod["containers"] = [{**alone, "command": together["command"][3:], "lifecycle": hook}]

    return change


class Held(Scene):
    def scale_down_held(self, change, codes=(0,), containers=1, outcome="outcome=idle"):
        dremio = self.dremio()
        executors = self.fleet(dremio, 3, change=change)
        dremio.run_queries()
        time.sleep(3)  # a kubelet is slow with pods that have just become ready: they would be drained before the hook
        gone = self.scale_down(dremio, executors, 3, 1)
        self.end_load(dremio)
        self.assert_never_killed(len(gone) * containers, codes)
        self.assert_list(dremio)
        for pod in gone:
            self.assertIn(outcome, self.log(pod, "drain.end")[-1])
        return gone


class Hooks(Held):
    def test_a_hook_by_http_holds_until_the_node_is_drained(self):
        self.scale_down_held(hooked(HELD_BY_GET))

    def test_a_hook_by_command_holds_until_the_node_is_drained(self):
        for pod in self.scale_down_held(hooked(HELD_BY_COMMAND)):
            self.assertTrue(self.log(pod, "cause", "joined=hook"))

    def test_a_native_sidecar_drains_the_executor_beside_it(self):
        gone = self.scale_down_held(with_sidecar(HELD_BY_GET), (0, TERMINATED), 2)
        self.assertEqual({(pod, "executor", TERMINATED) for pod in gone} | {(pod, "ebb", 0) for pod in gone},
                         {(e.pod, e.container, e.code) for e in self.exits()})

    def test_a_sidecar_that_is_killed_leaves_the_executor_alone(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2, change=with_sidecar(HELD_BY_GET))
        dremio.run_queries()
        self.busy(dremio, ["executor-1"])
        os.kill(executors.processes("executor-1")["sidecar"], signal.SIGKILL)

        def restarted():
            ended = executors.there()["executor-1"]["status"]["initContainerStatuses"][0]
            return ended["restartCount"] == 1 and ended["ready"]

        wait_until(restarted, "another sidecar", 30, 0.05)
        executors.wait_state("executor-1", "serving")
        self.end_load(dremio)
        self.assert_list(dremio)
        self.assertEqual(0, executors.there()["executor-1"]["status"]["containerStatuses"][0]["restartCount"])


class WithoutRights(Held):
    rights = ("ServiceAccount",)

    def tearDown(self):
        self.assertLessEqual({request[-1] for request in self.requests()}, {403})

    def test_a_sidecar_without_rights_is_asked_by_command(self):
        # Nothing tells the sidecar that its pod goes: the hook's drain rests until the executor has ended.
        self.scale_down_held(with_sidecar(HELD_BY_COMMAND), (0, TERMINATED), 2, "abandoned=0")


if __name__ == "__main__":
    unittest.main()
