"""The charts before a real API server that has the custom resources: what it says to them, and what a person reads."""
import unittest

from render import BITNAMI, CREDENTIALS, DREMIO, DREMIO_V3, EBB, EVERYTHING, HPA, KEDA, MONITOR, OF_GUIDE, VALUES
from scene import Scene

CHARTS = (  # chart, value files, values
    (EBB, OF_GUIDE, {}), (EBB, (), EVERYTHING), (EBB, (), {**CREDENTIALS, "keda": KEDA}),
    (EBB, (), {**CREDENTIALS, "executor": {"create": True, "replicas": 2}}), (DREMIO, [VALUES / "dremio-v2.yaml"], {}),
    (DREMIO_V3, [VALUES / "dremio-v3.yaml"], {"executor": {"engines": ["default"]}}),
    (BITNAMI, [VALUES / "bitnami.yaml"], {}))


class Server(Scene):
    rights = ()

    def dry_run(self, chart, files, values):
        """The manifests of an installation, and what is said beside them."""
        said = self.helm("install", "ebb", chart, values, "--dry-run=server", files=files)
        manifests, _, notes = said.partition("\nNOTES:\n")
        return manifests.partition("MANIFEST:\n")[2], notes

    def test_the_api_server_takes_every_object(self):
        for chart, files, values in CHARTS:
            with self.subTest(chart):
                manifests, _ = self.dry_run(chart, files, values)
                self.kubectl("apply", "-n", self.namespace, "--dry-run=server", "-f", "-", input=manifests)

    def test_the_notes_warn_of_what_works_badly(self):
        good = {**CREDENTIALS, "prometheusRule": {"enabled": True}}
        self.assertNotIn("WARNING", self.dry_run(EBB, (), good)[1])
        for values, words in (
                ({"hpa": {"maxReplicas": 4, "metric": {"target": {"type": "Value", "value": 1}}}},
                 ("target.type is Value", "type: AverageValue")),
                ({"maxReplicas": 4, "hpa": None, "metric": {"target": {"type": "Value"}}}, ("target.type is Value",)),
                ({"hpa": {"maxReplicas": 4}, "prometheusRule": {"enabled": False}}, ("hpa needs the recording rules",)),
                ({"keda": KEDA, "prometheusRule": {"enabled": False}}, ("keda needs the recording rules",)),
                ({"executor": {"create": True, "lifecycle": {"postStop": {"exec": {"command": ["true"]}}}}},
                 ("taken for postStart",)),
                ({"executor": {"lifecycle": {"postStop": {"exec": {"command": ["true"]}}}, "replicas": 3}},
                 ("without executor.create", "executor.replicas, executor.lifecycle\n")),
                *(({**scaled, "networkPolicy": {"enabled": True}}, ("networkPolicy.from is empty",))
                  for scaled in ({"hpa": HPA}, {"keda": KEDA}, {"podMonitor": MONITOR})),
                *(({"executor": {"terminationGracePeriodSeconds": grace}},
                   (f"terminationGracePeriodSeconds is {grace}.", f"longer than {protected} s are cut"))
                  for grace, protected in ((59, 47), (10, 3)))):
            with self.subTest(values):
                notes = self.dry_run(EBB, (), {**good, **values})[1]
                self.assertEqual(1, notes.count("WARNING"), notes)
                for word in words:
                    self.assertIn(word, notes)

    def test_the_notes_say_what_the_operator_and_the_adapter_take_up(self):
        rule = {"enabled": True, "labels": {"release": "kps"}}
        for values, said in (({"prometheusRule": {"enabled": True}}, True), ({"podMonitor": MONITOR}, True),
                             ({"podMonitor": MONITOR, "prometheusRule": rule}, True), ({"prometheusRule": rule}, False),
                             ({"podMonitor": {**MONITOR, "labels": {"release": "kps"}}}, False)):
            notes = self.dry_run(EBB, (), {**CREDENTIALS, **values})[1]
            self.assertEqual(said, "podMonitor.labels and prometheusRule.labels" in notes, notes)
        adapter = {"adapter": {"namespace": "monitoring"}}
        for values, namespace in (({}, self.namespace), (adapter, "monitoring")):
            notes = self.dry_run(EBB, (), {**CREDENTIALS, "hpa": HPA, **values})[1]
            for words in (f"in namespace {namespace}.", "rules.existing replaces all", "adapter-values.yaml"):
                self.assertIn(words, notes)

    def test_an_upgrade_to_an_autoscaler_leaves_the_executors_as_many_as_they_are(self):
        """What helm takes out of a StatefulSet the server sets to 1."""
        path = f"/apis/apps/v1/namespaces/{self.namespace}/statefulsets/dremio-executor"
        given = {"create": True, "imagePullPolicy": "Never"}
        self.helm("install", "ebb", EBB, {**CREDENTIALS, "executor": {**given, "replicas": 3}})
        self.assertEqual(3, self.api.get(path)["spec"]["replicas"])
        scaled = {**CREDENTIALS, "executor": given, "hpa": {**HPA, "minReplicas": 1}}
        self.helm("upgrade", "ebb", EBB, scaled)
        self.assertEqual(3, self.api.get(path)["spec"]["replicas"])
        self.kubectl("scale", "-n", self.namespace, "statefulset/dremio-executor", "--replicas=2")  # as an HPA does
        self.helm("upgrade", "ebb", EBB, scaled)
        self.assertEqual(2, self.api.get(path)["spec"]["replicas"])


if __name__ == "__main__":
    unittest.main()
