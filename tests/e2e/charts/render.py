"""What helm makes of the charts, without a cluster."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import textwrap
import unittest

from cluster import ROOT, Unavailable, assets

EBB = ROOT / "deploy/helm/ebb"
VALUES = ROOT / "deploy/values"
DREMIO, DREMIO_V3, BITNAMI = (ROOT / "tests/e2e/charts" / name for name in ("dremio", "dremio-v3", "bitnami"))
GUIDE = ROOT / "tests/data/guide"
APIS = ("monitoring.coreos.com/v1/PodMonitor", "monitoring.coreos.com/v1/PrometheusRule",
        "keda.sh/v1alpha1/ScaledObject")
CREDENTIALS = {"secrets": {"DREMIO_USER": "u", "DREMIO_PASSWORD": "p", "DREMIO_URL": "http://c:9047"}}
HPA = {"maxReplicas": 4, "metric": {"metricName": "fragments_active", "target": {"type": "AverageValue", "value": 8}}}
MONITOR = {"matchLabels": {"role": "dremio-cluster-pod"}, "podMetricsEndpoints": [{"port": "prometheus"}]}
OF_GUIDE = [GUIDE / f"{name}.yaml" for name in ("secrets", "hpa", "pod-monitor", "additional-config-map")]
KEDA = {"enabled": True, "prometheusUrl": "http://prometheus:9090"}
EVERYTHING = {
    **CREDENTIALS, "hpa": HPA, "prometheusRule": {"enabled": True}, "pdb": {"enabled": True},
    "podMonitor": {**MONITOR, "labels": {"release": "prometheus"}, "executor": {"enabled": True}},
    "networkPolicy": {"enabled": True, "from": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}]},
    "rbac": {"nodes": True, "serviceAccounts": ["default"]}, "additionalConfigMap": {"PROMETHEUS_PORT": 9010}}


def executor_of_guide():
    """Those of the guide's pieces that belong below `executor`, as values."""
    def piece(name):
        return (GUIDE / f"{name}.yaml").read_text("utf-8")

    text = "extraPorts:\n" + piece("extra-ports")
    for name in ("extra-start-params", "pod-annotations", "lifecycle"):
        text += piece(name)
    return "executor:\n" + textwrap.indent(text, "  ")


def documents(text, kind):
    return [document for document in text.split("\n---\n") if re.search(rf"^kind: {kind}$", document, re.M)]


def block(text, key):
    """What stands below KEY, as lines without their indent."""
    found = re.search(rf"^( *){re.escape(key)}:[ |]*\n((?:\1 .*\n|\n)*)", text + "\n", re.M)
    return textwrap.dedent(found[2])


class Rendering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.assets = pathlib.Path(assets())
        except Unavailable as reason:
            print(f"skipped: {reason}")
            raise unittest.SkipTest(str(reason)) from None

    def run_tool(self, name, *words, **more):
        with tempfile.TemporaryDirectory() as home:
            return subprocess.run([self.assets / name, *map(str, words)], text=True, capture_output=True, timeout=100,
                                  env={**os.environ, "HOME": home}, check=False, **more)

    def helm(self, chart, files=(), values=None, apis=APIS, verb="template", namespace="dremio", release="ebb"):
        """The ended process. `values`: an object, stronger than the files."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as given:
            json.dump(values or {}, given)
            given.flush()
            words = [verb, chart] if verb == "lint" else [verb, release, chart, "--namespace", namespace]
            for api in apis if verb == "template" else ():
                words += ["--api-versions", api]
            for file in (*files, given.name):
                words += ["-f", file]
            return self.run_tool("helm", *words, "--kube-version", "1.36.3")

    def render(self, chart, files=(), values=None, **more):
        """The manifests, which are valid."""
        ran = self.helm(chart, files, values, **more)
        self.assertEqual(0, ran.returncode, ran.stderr)
        self.assert_valid(ran.stdout)
        return ran.stdout

    def notes(self, values, **more):
        """What a person reads after an installation of Ebb's chart. Without a server helm does not tell it."""
        with tempfile.TemporaryDirectory() as folder:
            chart = shutil.copytree(EBB, pathlib.Path(folder, "ebb"))
            (chart / "templates/NOTES.txt").rename(chart / "NOTES.txt")
            made = 'notes: {{ tpl (.Files.Get "NOTES.txt") . | toJson }}'
            (chart / "templates/notes.yaml").write_text(made, "utf-8")
            ran = self.helm(chart, (), values, **more)
        self.assertEqual(0, ran.returncode, ran.stderr)
        return json.loads(next(line for line in ran.stdout.splitlines() if line.startswith("notes: "))[len("notes: "):])

    def assert_valid(self, text):
        """By the schemas of Kubernetes and of the custom resources: no unknown field, no wrong type."""
        schema = str(self.assets / "schemas/{{.ResourceKind}}{{.KindSuffix}}.json")
        ran = self.run_tool("kubeconform", "-strict", "-schema-location", schema, "-", input=text)
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)
