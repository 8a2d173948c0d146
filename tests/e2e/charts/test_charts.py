"""Ebb's chart: the original guide's values as they stand, what is refused and how; Dremio's charts with Ebb in them."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from render import (BITNAMI, CREDENTIALS, DREMIO, DREMIO_V3, EBB, EVERYTHING, HPA, KEDA, MONITOR, OF_GUIDE, ROOT,
                    VALUES, Rendering, executor_of_guide)

GOLDEN = ROOT / "tests/e2e/charts/golden"
# values beside the credentials → what the message says: the place and the mend
REFUSED = [
    ({"secrets": None}, ["secrets: no credentials", "existingSecret"]),
    ({"secrets": None, "executor": {"create": True}}, ["secrets: no credentials", "existingSecret"]),
    ({"secrets": {"DREMIO_USER": "u", "DREMIO_PASSWORD": "p"}},
     ["secrets.DREMIO_URL: missing", "http://dremio-client:9047"]),
    ({"secrets": {"DREMIO_URL": "http://c", "DREMIO_PASSWORD": "p"}}, ["secrets.DREMIO_USER: missing", "DREMIO_TOKEN"]),
    ({"secrets": {"DREMIO_URL": "http://c", "DREMIO_USER": "u"}}, ["secrets.DREMIO_PASSWORD: missing"]),
    ({"existingSecret": "mine"}, ["existingSecret: mine, beside secrets", "remove one"]),
    ({"existingSecretHolds": "token"}, ["existingSecretHolds: token, without existingSecret", "secrets.DREMIO_TOKEN"]),
    ({"executor": {"terminationGracePeriodSeconds": 4}}, ["executor.terminationGracePeriodSeconds: 4", "720"]),
    ({"hpa": HPA, "executor": {"replicas": 3}}, ["executor.replicas: 3", "minReplicas"]),
    ({"hpa": {**HPA, "minReplicas": 9}}, ["hpa.maxReplicas: 4", "hpa.minReplicas, 9"]),
    ({"hpa": {"minReplicas": 1}}, ["hpa.maxReplicas: missing"]),
    ({"hpa": HPA, "keda": KEDA}, ["keda.enabled: true, beside hpa", "remove one"]),
    ({"maxReplicas": 4, "keda": KEDA}, ["keda.enabled: true, beside hpa", "remove one"]),
    ({"keda": KEDA, "executor": {"replicas": 3}}, ["executor.replicas: 3", "minReplicas"]),
    ({"keda": {"enabled": True}}, ["keda.prometheusUrl: missing"]),
    ({"keda": {**KEDA, "minReplicas": 11}}, ["keda.maxReplicas: 10", "keda.minReplicas, 11"]),
    *(({"additionalConfigMap": {name: "x"}}, [f"additionalConfigMap.{name}: ", f"{name}_FILE", "existingSecret"])
      for name in ("DREMIO_PASSWORD", "EBB_DREMIO_PASSWORD", "EBB_DREMIO_TOKEN", "EBB_DREMIO_CLIENT_SECRET")),
]
# values that nothing can be made without
NEEDED = {
    "executor": ["name", "terminationGracePeriodSeconds", "image", "imageTag", "imagePullPolicy", "zookeeper"],
    "image": ["repository", "pullPolicy"], "serviceAccount": ["create"], "rbac": ["serviceAccounts"],
    "pdb": ["maxUnavailable"], "keda": ["threshold", "maxReplicas", "pollingInterval"]}
# values that the schema refuses → the place that is named
OF_SCHEMA = [
    ({"hap": {}}, "hap"),
    ({"hpa": {"maxReplicas": "many"}}, "/hpa/maxReplicas"),
    ({"hpa": {**HPA, "minReplicas": 0}}, "/hpa/minReplicas"),
    ({"hpa": {**HPA, "metric": {"target": {"type": "Average"}}}}, "/hpa/metric/target/type"),
    ({"hpa": {**HPA, "metric": {"target": {"value": 0}}}}, "/hpa/metric/target/value"),
    ({"hpa": {**HPA, "metric": {"metricName": "fragments-active"}}}, "/hpa/metric/metricName"),
    ({"secrets": {**CREDENTIALS["secrets"], "DREMIO_PASSWROD": "p"}}, "DREMIO_PASSWROD"),
    ({"secrets": {**CREDENTIALS["secrets"], "DREMIO_URL": "dremio-client"}}, "/secrets/DREMIO_URL"),
    ({"secrets": {**CREDENTIALS["secrets"], "DREMIO_PASSWORD": 42798}}, "/secrets/DREMIO_PASSWORD"),
    ({"podMonitor": {"matchLabels": {}, "podMetricsEndpoints": []}}, "/podMonitor/podMetricsEndpoints"),
    ({"podMonitor": {"matchLabels": {"role": "r"}}}, "podMetricsEndpoints"),
    ({"podMonitor": {"podMetricsEndpoints": [{"port": "prometheus"}]}}, "matchLabels"),
    ({"podMonitor": {**MONITOR, "matchLabels": {}}}, "/podMonitor/matchLabels"),
    ({"podMonitor": {**MONITOR, "executor": {"port": "9010"}}}, "/podMonitor/executor/port"),
    ({"hpa": {**HPA, "behavior": {"scaledown": {}}}}, "scaledown"),
    ({"additionalConfigMap": {"PROMETHEUS_PORT": [9010]}}, "/additionalConfigMap/PROMETHEUS_PORT"),
    ({"additionalConfigMap": {"a key": "x"}}, "a key"),
    ({"executor": {"terminationGracePeriodSeconds": "10m"}}, "/executor/terminationGracePeriodSeconds"),
    ({"executor": {"terminationGracePeriodSeconds": 604801}}, "/executor/terminationGracePeriodSeconds"),
    *(({"executor": {"name": name}}, "/executor/name") for name in ("a.b", "-a", "A", "a" * 53, "", 2024)),
    ({"executor": {"create": True, "name": "2024"}}, "/executor/name"),
    *(({name: None}, f"missing property '{name}'") for name in (
        "serviceAccount", "rbac", "keda", "adapter", "prometheusRule", "dashboard", "image", "pdb", "networkPolicy",
        "executor", "existingSecretHolds")),
    *(({part: {name: None}}, f"at '/{part}': missing property '{name}'") for part, names in NEEDED.items()
      for name in names),
    ({"enabled": "yes"}, "/enabled"),
    ({"rbac": {"serviceAccounts": ["Not A Name"]}}, "/rbac/serviceAccounts/0"),
    ({"adapter": {"configMap": "yes"}}, "/adapter/configMap"),
    ({"pdb": {"enabled": "yes"}}, "/pdb/enabled"),
    *(({"pdb": {"maxUnavailable": most}}, "/pdb/maxUnavailable") for most in (0, "0%", "1", "101%")),
    ({"dashboard": {"enabled": "yes"}}, "/dashboard/enabled"),
    ({"keda": {**KEDA, "threshold": 0}}, "/keda/threshold"),
    ({"keda": {**KEDA, "minReplicas": 0}}, "/keda/minReplicas"),
    ({"executor": {"lifecycle": {"postStrat": {}}}}, "postStrat"),
    ({"executor": {"create": "yes"}}, "/executor/create"),
    ({"executor": {"extraPorts": {"containerPort": 9010}}}, "/executor/extraPorts"),
    ({"executor": {"nmae": "x"}}, "nmae"),
    ({"executor": {"imageTag": 26}}, "/executor/imageTag"),
    ({"executor": {"imagePullSecrets": [{"name": "x"}]}}, "/executor/imagePullSecrets/0"),
    ({"image": {"tag": 0.1}}, "/image/tag"),
    ({"image": {"pullPolicy": "Sometimes"}}, "/image/pullPolicy"),
    ({"networkPolicy": {"from": "monitoring"}}, "/networkPolicy/from"),
]


class Charts(Rendering):
    def assert_golden(self, name, text):
        file = GOLDEN / f"{name}.yaml"
        if os.environ.get("EBB_UPDATE_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        self.assertEqual(file.read_text("utf-8"), text, "EBB_UPDATE_GOLDEN=1 writes it anew")

    def test_the_guides_values_work_as_they_stand(self):
        self.assert_golden("guide", self.render(EBB, OF_GUIDE))

    def test_everything_on(self):
        self.assert_golden("everything", self.render(EBB, (), EVERYTHING))

    def test_the_executors_themselves_by_the_guides_values(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(executor_of_guide())
            file.flush()
            text = self.render(EBB, [*OF_GUIDE, file.name], {"executor": {"create": True}})
        self.assert_golden("executor", text)
        self.assertNotIn("replicas:", text)  # the HPA's to choose

    def test_the_derived_image_has_ebb_in_it(self):
        text = self.render(EBB, (), {**CREDENTIALS, "executor": {"create": True, "derivedImage": True, "replicas": 3}})
        self.assertNotIn("initContainers", text)
        self.assertNotIn("/opt/ebb", text)
        self.assertIn("replicas: 3", text)

    def test_keda_in_place_of_the_hpa(self):
        text = self.render(EBB, (), {**CREDENTIALS, "keda": KEDA})
        self.assert_golden("keda", text)
        self.assertNotIn("HorizontalPodAutoscaler", text)

    def test_another_metric_than_fragments_is_recorded_and_served_by_its_name(self):
        values = {**CREDENTIALS, "prometheusRule": {"enabled": True},
                  "hpa": {**HPA, "metric": {"metricName": "threads_waiting_count"}}}
        text = self.render(EBB, (), values)
        for words in ("record: ebb:threads_waiting_count:sum", '__name__="ebb:threads_waiting_count:sum"',
                      "name: {as: threads_waiting_count}", "metric: {name: threads_waiting_count}"):
            self.assertIn(words, text)
        groups = re.search(r"^  groups:\n(?:    .*\n|\n)*", text, re.M)[0]
        cases = ROOT / "tests/integration/prometheus/rules/of_chart.yaml"
        with tempfile.TemporaryDirectory() as folder:
            rules = pathlib.Path(folder, "rendered.yaml")
            rules.write_text(groups, "utf-8")
            for words in (["check", "rules", rules], ["test", "rules", shutil.copy(cases, folder)]):
                ran = subprocess.run(["promtool", *words], text=True, capture_output=True)
                self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)

    def test_the_rules_are_those_of_deploy_prometheus(self):
        text = self.render(EBB, (), {**CREDENTIALS, "prometheusRule": {"enabled": True}})
        for name in ("recording", "alerts"):
            rules = ROOT / f"deploy/prometheus/{name}.yaml"
            of_file = re.findall(r"(?:record|alert): (\S+)", rules.read_text("utf-8"))
            self.assertTrue(of_file)
            self.assertEqual([], [rule for rule in of_file if not re.search(rf": {re.escape(rule)}$", text, re.M)])

    def test_a_setting_is_as_it_was_written_and_there_once(self):
        text = self.render(EBB, (), {
            **CREDENTIALS, "hpa": {**HPA, "metric": {"target": {"value": 2000000}}},
            "additionalConfigMap": {"A": 1000000, "B": 1.5, "C": True, "EBB_DRAIN_GRACE": "90s"}})
        for words in ('A: "1000000"', 'B: "1.5"', 'C: "true"', 'averageValue: "2000000"'):
            self.assertIn(words, text)
        self.assertEqual(['"90s"'], re.findall(r"EBB_DRAIN_GRACE: (.*)", text))

    def test_a_network_policy_lets_in_nobody_who_is_not_named(self):
        text = self.render(EBB, (), {**CREDENTIALS, "networkPolicy": {"enabled": True}})
        self.assertIn("    - from: [{podSelector: {}}]", text)
        self.assertNotIn("port: 9010", text)
        self.assertIn("port: 9010", self.render(EBB, (), EVERYTHING))

    def test_the_dashboard_is_that_of_deploy_grafana(self):
        of_file = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text("utf-8"))
        for labels in ({}, {"labels": {"grafana_dashboard": 1}}):  # a label that is no text would be refused
            text = self.render(EBB, (), {**CREDENTIALS, "dashboard": {"enabled": True, **labels}})
            document = next(d for d in text.split("\n---\n") if re.search(r'^  name: "ebb-dashboard"$', d, re.M))
            self.assertIn('    grafana_dashboard: "1"\n', document)
            content = re.search(r"^  ebb\.json: \|\n((?:    .*\n?)*)", document, re.M)[1]
            self.assertEqual(of_file, json.loads(content))
        self.assertNotIn("-dashboard", self.render(EBB, (), CREDENTIALS))

    def test_an_existing_secret_and_nothing_else(self):
        text = self.render(EBB, (), {"existingSecret": "mine"})
        self.assertNotIn("kind: Secret", text)
        self.assertNotIn("HorizontalPodAutoscaler", text)

    def test_what_makes_no_sense_is_refused_with_the_mend(self):
        for values, words in REFUSED:
            with self.subTest(values):
                ran = self.helm(EBB, (), {**CREDENTIALS, **values})
                self.assertNotEqual(0, ran.returncode, ran.stdout)
                for word in words:
                    self.assertIn(word, ran.stderr)

    def test_what_the_schema_refuses_is_named(self):
        for values, place in OF_SCHEMA:
            with self.subTest(values):
                ran = self.helm(EBB, (), {**CREDENTIALS, **values})
                self.assertNotEqual(0, ran.returncode, ran.stdout)
                self.assertIn(place, ran.stderr)

    def test_a_cluster_without_the_custom_resources_is_named_with_the_mend(self):
        for values, kind in (({"podMonitor": MONITOR}, "PodMonitor"),
                             ({"prometheusRule": {"enabled": True}}, "PrometheusRule"),
                             ({"keda": KEDA}, "ScaledObject")):
            ran = self.helm(EBB, (), {**CREDENTIALS, **values}, apis=())
            self.assertNotEqual(0, ran.returncode, ran.stdout)
            self.assertRegex(ran.stderr, rf"--api-versions \S+/{kind}")

    def test_lint(self):
        ran = self.helm(EBB, OF_GUIDE, verb="lint")
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)
        self.assertNotIn("[WARNING]", ran.stdout)

    def test_the_role_is_that_of_deploy_rbac(self):
        def rules(text, kind):
            document = next(d for d in text.split("\n---\n") if re.search(rf"^kind: {kind}$", d, re.M))
            return re.findall(r"(apiGroups|resources|verbs): (\[.*\])", document)

        by_hand = (ROOT / "deploy/rbac.yaml").read_text("utf-8")
        rendered = self.render(EBB, (), EVERYTHING)
        for kind in ("Role", "ClusterRole"):
            self.assertTrue(rules(by_hand, kind))
            self.assertEqual(rules(by_hand, kind), rules(rendered, kind))

    def test_the_chart_of_dremio_takes_ebb_by_values_alone(self):
        text = self.render(DREMIO, [VALUES / "dremio-v2.yaml"])
        self.assert_golden("dremio-v2", text)
        self.assertNotIn("HorizontalPodAutoscaler", text)

    def test_both_kinds_of_engines_of_chart_v3_take_ebb_by_values_alone(self):
        text = self.render(DREMIO_V3, [VALUES / "dremio-v3.yaml"], {"executor": {"engines": ["default", "big"]}})
        self.assert_golden("dremio-v3", text)
        self.assertEqual(3, text.count("value: /opt/ebb/java"))

    def test_components_give_executors_their_time_their_names_and_a_hook(self):
        v2 = self.render(DREMIO, [VALUES / "dremio-v2.yaml"])
        v3 = self.render(DREMIO_V3, [VALUES / "dremio-v3.yaml"], {"executor": {"engines": ["default", "big"]}})
        for rendered, executors in ((v2, 1), (v3, 2)):
            made = self.kustomized(rendered, "grace", "hooks")
            self.assert_valid(made)
            self.assertEqual(executors, made.count("terminationGracePeriodSeconds: 720\n"))
            self.assertEqual(executors, made.count("path: /drain/wait"))
        self.assertIn("publishNotReadyAddresses: true", self.kustomized(v2, "grace"))
        self.assertNotIn("lifecycle", self.kustomized(v2, "grace"))

    def kustomized(self, rendered, *components):
        with tempfile.TemporaryDirectory() as folder:
            here = os.path.realpath(folder)
            names = [os.path.relpath(ROOT / "deploy/kustomize" / name, here) for name in components]
            pathlib.Path(here, "rendered.yaml").write_text(rendered, "utf-8")
            pathlib.Path(here, "kustomization.yaml").write_text(
                json.dumps({"resources": ["rendered.yaml"], "components": names}), "utf-8")
            made = self.run_tool("kubectl", "kustomize", here)
        self.assertEqual(0, made.returncode, made.stderr)
        return made.stdout

    def test_the_chart_of_bitnami_takes_ebb_by_values_alone(self):
        self.assert_golden("bitnami", self.render(BITNAMI, [VALUES / "bitnami.yaml"]))

    def test_the_value_files_say_the_same_where_they_mean_the_same(self):
        def names(file):
            return re.findall(r"- \{?name: (\w+),?\s+value", (VALUES / file).read_text("utf-8"))

        self.assertIn("EBB_CONFIG", names("dremio-v2.yaml"))
        self.assertEqual(names("dremio-v2.yaml"), names("dremio-v3.yaml"))
        self.assertEqual(set(names("bitnami.yaml")) - {"EBB_EXECUTOR_ADMIN_URL"}, set(names("dremio-v2.yaml")))

    def test_the_stand_in_refuses_what_the_chart_of_dremio_refuses(self):
        for chart in (DREMIO, DREMIO_V3):
            ran = self.helm(chart, (), {"extraEnvs": [{"name": "DREMIO_URL", "value": "x"}]})
            self.assertIn("a name cannot begin with DREMIO", ran.stderr)


if __name__ == "__main__":
    unittest.main()
