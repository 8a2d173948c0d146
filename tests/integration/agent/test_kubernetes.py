"""The released binary beside a stand-in for the Kubernetes API: what needs no node, no kubelet and no other pod."""

import unittest

from support.kube import Api
from support.lab import LabTest
from support.processes import wait_until


class Kubernetes(LabTest):
    def setUp(self):
        super().setUp()
        self.coordinator = self.dremio()
        self.api = Api(self)

    def pod_node(self, **env):
        return self.node(self.coordinator, env={**self.api.env, **env})

    def test_a_deletion_ends_an_idle_executor_before_any_signal(self):
        node = self.pod_node()
        node.wait_for(lambda s: s["pod"]["watched"], "the watch")
        self.api.delete(30)
        drain = node.wait_for(lambda s: s["drain"] and s["drain"]["deadline_source"], "a plan")
        self.assertEqual((drain["causes"], drain["drain"]["deadline_source"]), (["deletion"], "deletion"))
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(self.coordinator.denied(), [])
        reasons = [event["reason"] for event in self.api.events]
        for reason in ("Serving", "Draining", "Quiescing", "Drained", "DrainEnded", "Stopping", "Stopped"):
            self.assertIn(reason, reasons)
        self.assertTrue(all(event["regarding"]["uid"] == "uid-1" for event in self.api.events))

    def test_sigterm_in_a_pod_that_is_not_deleted_has_the_short_grace(self):
        node = self.pod_node(EBB_DRAIN_SHORT="8s")
        self.coordinator.query_on("executor-0")
        node.terminate()
        drain = node.wait_for(lambda s: s["drain"] and s["drain"]["deadline_source"] == "short", "the short grace")
        self.assertEqual(drain["causes"], ["sigterm"])
        self.assertEqual(node.wait_exit(15), 0)
        self.assertTrue(any("outcome=deadline" in line for line in node.log("drain.end")))

    def test_the_annotation_drains_and_its_removal_undoes_it(self):
        node = self.pod_node()
        self.api.change(annotations={"ebb.dev/drain": "true"})
        node.wait_state("draining", "drained")
        self.assertEqual(self.coordinator.denied(), ["executor-0"])
        self.assertEqual(node.get("/readyz")[0], 200)
        self.api.change(annotations={})
        node.wait_state("serving")
        self.assertEqual(self.coordinator.denied(), [])

    def test_undrain_after_a_deletion_is_refused(self):
        node = self.pod_node()
        self.coordinator.query_on("executor-0")
        self.api.delete(40)
        node.wait_state("draining", "quiescing")
        code, body = node.post("/undrain")
        self.assertEqual(code, 409)
        self.assertIn("the pod is going away", body["error"])

    def test_an_api_that_refuses_everything_is_named_and_costs_nothing(self):
        self.api.answer_with = (403, {"kind": "Status", "code": 403, "message": "no rights at all"})
        node = self.pod_node(EBB_DRAIN_GRACE="30s")
        status = node.status()
        self.assertIn("no rights at all; give the service account this right, see deploy/rbac.yaml",
                      status["pod"]["error"])
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(self.coordinator.denied(), [])

    def test_required_is_not_ready_until_the_api_answers(self):
        self.api.answer_with = (503, "no upstream")
        node = self.pod_node(EBB_KUBERNETES_MODE="required")
        code, body = node.get("/readyz?verbose")
        self.assertEqual(code, 500)
        self.assertIn("kubernetes", str(body))
        self.assertEqual(node.get("/livez")[0], 200)
        self.api.answer_with = None
        wait_until(lambda: node.get("/readyz")[0] == 200, "ready", 30)

    def test_the_token_is_in_no_answer_and_no_line(self):
        node = self.pod_node()
        self.api.delete(20)
        node.wait_exit()
        self.assertNotIn("a-token", self.log_of_all())

    def test_a_wish_is_a_lease_of_the_pod(self):
        node = self.pod_node()
        self.api.change(annotations={"ebb.dev/drain": "true"})
        node.wait_state("draining", "drained")
        wish = self.api.leases["ebb-executor-0"]["metadata"]
        self.assertEqual(wish["annotations"], {"ebb.dev/node": "executor-0", "ebb.dev/wish": "denied"})
        self.assertEqual(wish["ownerReferences"][0]["uid"], "uid-1")


if __name__ == "__main__":
    unittest.main()
