"""Nodes that go: drained by kubectl, shut down, with a kubelet that is restarted. Each scene has a node of its own."""
import threading
import unittest

from cluster import kit
from scene import Scene


class Nodes(Scene):
    def two_fleets(self, *options, **more):
        """Executors on node-1, which stay, and on a node of their own, whose name is returned with them."""
        dremio = self.dremio()
        name = self.node(*options)
        self.fleet(dremio, 2, name="others")
        executors = self.fleet(dremio, 2, node=name, **more)
        dremio.run_queries()
        self.busy(dremio, ["executor-0", "executor-1"])
        return dremio, executors, name

    def both(self, executors):
        return [executors.uid("executor-0"), executors.uid("executor-1")]

    def test_kubectl_drain_loses_no_query(self):
        dremio, executors, node = self.two_fleets()
        uids = self.both(executors)
        self.kubectl("drain", node, "--ignore-daemonsets", "--timeout=60s")
        executors.wait_gone(uids, 5)
        self.end_load(dremio)
        self.assert_never_killed(2)
        self.assert_list(dremio)
        for pod in ("executor-0", "executor-1"):
            self.assertTrue(self.log(pod, "cause", "joined=node"), f"{pod} did not see its node being cordoned")
            self.assertIn("outcome=idle", self.log(pod, "drain.end")[-1])

    def test_a_cordoned_node_is_denied_until_it_is_uncordoned(self):
        dremio, executors, node = self.two_fleets()
        self.kubectl("cordon", node)
        for pod in ("executor-0", "executor-1"):
            self.assertEqual(["node"], executors.wait_state(pod, "draining", "drained")["causes"])
        self.assert_list(dremio, ["executor-0", "executor-1"])
        self.assertEqual(["executor-0", "executor-1"], executors.ready())
        self.kubectl("uncordon", node)
        for pod in ("executor-0", "executor-1"):
            executors.wait_state(pod, "serving")
        self.assert_list(dremio)
        self.busy(dremio, ["executor-0", "executor-1"])
        self.end_load(dremio)
        self.assert_never_killed(0)

    def test_a_kubelet_restarted_mid_drain_changes_nothing(self):
        dremio, executors, node = self.two_fleets()
        dremio.query_on("executor-1", lasts="8s")
        uid = executors.uid("executor-1")
        executors.delete("executor-1")
        before = executors.wait_state("executor-1", "draining", "quiescing")
        kit("node", "restart", self.cluster.nodes[node].folder)
        after = executors.wait_state("executor-1", "draining")
        self.assertEqual((before["drain"]["deadline"][:19], 0),
                         (after["drain"]["deadline"][:19], after["agent"]["restarts"]))
        self.replaced_when_idle(dremio, executors, uid, 50)

    def test_a_node_shutdown_of_15s_loses_no_query(self):
        dremio, _, node = self.two_fleets("--shutdown-grace", "15", grace=120)
        dremio.query_on("executor-1", lasts="5s")
        down = threading.Thread(target=kit, args=("node", "shutdown", self.cluster.nodes[node].folder))
        down.start()
        down.join(30)
        self.assertFalse(down.is_alive(), "the machine is still kept up")
        self.end_load(dremio)
        self.assert_never_killed(2)
        self.assert_list(dremio)
        for pod in ("executor-0", "executor-1"):
            self.assertIn("outcome=idle", self.log(pod, "drain.end")[-1])
            self.assertIn("source=short", self.log(pod, "drain.plan")[-1])


if __name__ == "__main__":
    unittest.main()
