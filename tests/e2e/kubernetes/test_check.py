"""`ebb check` in a pod: what it sees of the things around it that only a real API server has."""
import json
import subprocess
import unittest

from scene import Scene
from support.processes import wait_until


class Check(Scene):
    def check(self, pod):
        """{name: finding} of `ebb check --json` in the pod's container."""
        command = ["exec", "-n", self.namespace, pod, "--", "/ebb", "check", "--json"]
        said = subprocess.run([*self.cluster.kubectl, *command], text=True, capture_output=True, check=False).stdout
        return {each["check"]: each for each in json.loads(said)["checks"]}

    def test_check_names_an_hpa_that_cannot_scale_and_a_service_that_drops_names(self):
        executors = self.fleet(self.dremio(), 1)
        self.assertEqual("none scales executor", self.check("executor-0")["autoscaler"]["why"])
        self.api.post(f"/apis/autoscaling/v2/namespaces/{self.namespace}/horizontalpodautoscalers", {
            "metadata": {"name": "executors"}, "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": executors.name},
                "minReplicas": 1, "maxReplicas": 3, "metrics": [{"type": "Object", "object": {
                    "describedObject": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": executors.name},
                    "metric": {"name": "no_such_metric"}, "target": {"type": "AverageValue", "averageValue": "8"}}}]}})
        seen = wait_until(lambda: self.seen("executor-0", "no_such_metric"), lambda: self.check("executor-0"), 30, 1)
        self.assertEqual("warning", seen["result"])
        self.assertIn("executors for executor does not scale: FailedGetObjectMetric", seen["why"])
        self.assertIn("prometheus-adapter", seen["mend"])

        self.assertEqual("ok", self.check("executor-0")["service"]["result"])
        self.api.patch(f"/api/v1/namespaces/{self.namespace}/services/executor",
                       {"spec": {"publishNotReadyAddresses": False}})
        dropped = self.check("executor-0")["service"]
        self.assertEqual("warning", dropped["result"])
        self.assertIn("kubectl patch service executor", dropped["mend"])

    def seen(self, pod, text):
        finding = self.check(pod)["autoscaler"]
        return finding if text in finding["why"] else None


if __name__ == "__main__":
    unittest.main()
