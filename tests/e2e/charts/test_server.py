"""The charts before a real API server that has the custom resources: what it says to them, and what a person reads."""
import unittest

from render import BITNAMI, CREDENTIALS, DREMIO, DREMIO_V3, EBB, EVERYTHING, KEDA, OF_GUIDE, VALUES
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
                ({"executor": {"lifecycle": {"postStop": {"exec": {"command": ["true"]}}}}}, ("taken for postStart",)),
                ({"executor": {"terminationGracePeriodSeconds": 59}}, ("terminationGracePeriodSeconds is 59",))):
            with self.subTest(values):
                notes = self.dry_run(EBB, (), {**good, **values})[1]
                self.assertEqual(1, notes.count("WARNING"), notes)
                for word in words:
                    self.assertIn(word, notes)


if __name__ == "__main__":
    unittest.main()
