"""`ebb sidecar`: the agent alone, beside an executor that it cannot signal and that is held by its hook."""

import signal
import subprocess
import time
import unittest

from support.kube import Api
from support.lab import EBB, LAB, LabTest, Node, bare_environment
from support.net import http_json
from support.processes import send, wait_until


class Sidecar(Node):
    def whole_command(self, before, options, command):
        out = open(self.test.path("executor.log"), "ab")
        self.test.addCleanup(out.close)
        self.executor_process = self.test.start(command, env=bare_environment(), inherit=False, stdout=out, stderr=out)
        return [*before, EBB, "sidecar", *options]

    def end_executor(self):
        send(self.executor_process, signal.SIGTERM)


class SidecarTest(LabTest):
    def setUp(self):
        super().setUp()
        self.coordinator = self.dremio()

    def beside(self, **env):
        node = Sidecar(self, self.coordinator, "executor-0", env=env)
        node.wait_state("serving")
        return node

    def ask(self, node, *command, **options):
        """The command of a person or a hook, in the container of the agent."""
        env = bare_environment({"EBB_LISTEN_CONTROL": f"127.0.0.1:{node.control}", "EBB_DRAIN_GRACE": "60s"})
        return self.start([EBB, *command], env=env, inherit=False, **options)

    def test_a_hook_holds_the_executor_until_it_is_drained(self):
        node = self.beside()
        self.coordinator.query_on("executor-0", lasts="2s")
        began = time.monotonic()
        hook = self.ask(node, "hook", "-a", "add")
        self.assertEqual(hook.wait(30), 0)
        self.assertGreater(time.monotonic() - began, 1.5)
        self.assertEqual(self.coordinator.denied(), ["executor-0"])
        node.end_executor()
        node.terminate()  # as the kubelet does when the container is gone
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(self.coordinator.denied(), [])
        self.assertEqual(self.coordinator.stop_queries()["lost"], 0)

    def test_drain_wait_holds_while_the_pod_is_deleted_and_the_executor_works(self):
        api = Api(self)
        node = self.beside(**api.env)
        code, body = node.get("/drain/wait")
        self.assertEqual(code, 200)
        self.assertTrue(api.asked("GET /api/v1/namespaces/dremio/pods/executor-0"))
        self.assertEqual(node.status()["state"], "serving")  # it starts nothing
        self.coordinator.query_on("executor-0", lasts="2s")
        api.delete(40)
        began = time.monotonic()
        http_json(f"http://127.0.0.1:{node.probes}/drain/wait", timeout=30)
        self.assertGreater(time.monotonic() - began, 1.5)
        self.assertEqual(node.status()["state"], "stopping")
        node.end_executor()
        node.wait_log("deny_list.off", "confirmed=true")
        self.assertEqual(self.coordinator.stop_queries()["lost"], 0)

    def test_told_to_end_alone_it_leaves_the_executor_be(self):
        api = Api(self)
        node = self.beside(**api.env)
        self.coordinator.query_on("executor-0", lasts="4s")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertIsNone(node.executor_process.poll())
        self.assertEqual(self.coordinator.denied(), [])
        self.assertEqual(self.coordinator.stop_queries()["lost"], 0)

    def test_told_to_end_it_is_gone_by_its_deadline_whatever_the_executor_does(self):
        node = self.beside(EBB_DRAIN_GRACE="12s")
        self.coordinator.query_on("executor-0", lasts="60s")
        began = time.monotonic()
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertLess(time.monotonic() - began, 12)
        self.assertIsNone(node.executor_process.poll())
        self.assertEqual(self.coordinator.denied(), ["executor-0"])

    def test_a_person_cannot_stop_an_executor_that_nobody_here_can_signal(self):
        node = self.beside()
        stop = self.ask(node, "stop", stderr=subprocess.PIPE, text=True)
        self.assertEqual(stop.wait(30), 1)
        self.assertIn("delete the pod", stop.stderr.read())
        self.assertEqual(node.status()["state"], "serving")

    def test_a_person_who_is_in_a_hurry_lets_the_hook_go_and_the_sidecar_ends_by_the_shortened_deadline(self):
        node = self.beside(EBB_DRAIN_GRACE="60s")
        self.coordinator.query_on("executor-0", lasts="60s")
        hook = self.ask(node, "hook", "-a", "add")
        node.wait_state("draining")
        self.assertEqual(self.ask(node, "stop").wait(30), 0)
        self.assertEqual(hook.wait(10), 1)  # work is left on the node
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)  # long before the grace is over, though the executor goes on
        self.assertIsNone(node.executor_process.poll())
        self.assertEqual(self.coordinator.denied(), ["executor-0"])

    def test_an_executor_that_ends_by_itself_leaves_the_node_serving_and_not_ready(self):
        node = self.beside()
        node.executor_process.kill()
        wait_until(lambda: node.get("/readyz")[0] == 500, "not ready", 30)
        self.assertEqual(node.status()["state"], "serving")

    def test_a_wrong_configuration_ends_with_2(self):
        ended = self.start([EBB, "sidecar", "--set", "drain.settle=soon"], env=bare_environment(), inherit=False)
        self.assertEqual(ended.wait(10), 2)


if __name__ == "__main__":
    unittest.main()
