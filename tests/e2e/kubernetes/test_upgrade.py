"""From hooks to Ebb without a gap: one StatefulSet, upgraded under load."""
import unittest

from fleet import settings
from scene import Scene
from support.processes import wait_until

TERMINATED = 143  # of an executor that the kubelet itself tells to end
NODES = 3


class Upgrade(Scene):
    def hooked(self, dremio):
        """What the original guide sets up: the executor alone, with a hook at each end of its life."""
        def change(pod):
            executor = pod["containers"][0]
            executor["env"] += settings(dremio, {})
            executor["lifecycle"] = {"postStart": {"exec": {"command": ["/ebb", "hook", "-a", "remove"]}},
                                     "preStop": {"exec": {"command": ["/ebb", "hook", "-a", "add"]}}}

        return change

    def upgrade(self, executors, dremio):
        """Applies the same StatefulSet with Ebb in it, and waits until the controller has replaced every pod."""
        old = [executors.uid(pod) for pod in executors.ready()]
        new = self.fleet(dremio, NODES)
        executors.wait_gone(old, 150)
        new.wait_ready(NODES)
        for pod in new.ready():
            new.wait_state(pod, "serving")
        return new

    def test_a_stateful_set_with_hooks_becomes_one_with_ebb_under_load(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, NODES, ebb=False, change=self.hooked(dremio))
        dremio.run_queries()
        self.busy(dremio, [f"executor-{i}" for i in range(NODES)])
        upgraded = self.upgrade(executors, dremio)
        self.assert_never_killed(NODES, (TERMINATED,))
        self.assert_list(dremio)
        gone = self.scale_down(dremio, upgraded, NODES, 1)  # and the new ones are drained by Ebb
        self.end_load(dremio)
        wait_until(lambda: len(self.exits()) == NODES + len(gone), lambda: f"all exits: {self.exits()}", 10, 0.05)
        self.assertEqual(len(gone), len([e for e in self.exits() if e.code == 0]), self.exits())
        for pod in gone:
            self.assertIn("outcome=idle", self.log(pod, "drain.end")[-1])
        self.assert_list(dremio)

    def test_the_same_upgrade_of_bare_executors_loses_queries(self):
        # The control: what the hooks saved above.
        dremio = self.dremio()
        executors = self.fleet(dremio, NODES, ebb=False)
        dremio.run_queries()
        self.busy(dremio, [f"executor-{i}" for i in range(NODES)])
        self.upgrade(executors, dremio)
        self.assertGreater(dremio.stop_queries()["lost"], 0)


if __name__ == "__main__":
    unittest.main()
