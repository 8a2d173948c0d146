"""What Ebb's chart makes of single values. What kubeconform refuses, a number for a label say, render() fails on."""
import base64
import pathlib
import re
import shutil
import tempfile
import unittest

from render import CREDENTIALS, EBB, EVERYTHING, HPA, KEDA, MONITOR, ROOT, Rendering, block, documents

MADE = {**CREDENTIALS, "executor": {"create": True}}
SAFE = {"scaleDown": {"stabilizationWindowSeconds": "300", "policies": 1},
        "scaleUp": {"stabilizationWindowSeconds": "0", "policies": 2}}  # policies: how many
HOOK = {"preStop": {"exec": {"command": ["bash", "/opt/dremio/bin/autoscale-handler.sh", "-a", "add"]}}}

WHOLE = """{apiVersion: v2, name: whole, version: 0.0.1, dependencies: [
  {name: ebb, version: "*", repository: "", condition: ebb.enabled}]}"""


def executor(**values):
    return {**MADE, "executor": {"create": True, **values}}


class Values(Rendering):
    def selectors(self, **values):
        """What each object selects executors by, and the labels of the executors' pods."""
        text = self.render(EBB, (), {**EVERYTHING, "hpa": None, "executor": {"create": True, **values}})
        made = documents(text, "StatefulSet")[0]
        found = [block(document, "matchLabels") for kind in ("PodDisruptionBudget", "NetworkPolicy", "StatefulSet")
                 for document in documents(text, kind)]
        return {*found, block(documents(text, "Service")[0], "selector")}, block(block(made, "template"), "labels")

    def test_executors_are_selected_by_the_given_labels_alone(self):
        for values, selected in (({}, "app: dremio-executor\n"), ({"name": "dremio-executor-big"},
                                                                 "app: dremio-executor-big\n"),
                                 ({"matchLabels": {"app.kubernetes.io/component": "executor"}},
                                  "app.kubernetes.io/component: executor\n")):
            selectors, labels = self.selectors(**values)
            self.assertEqual({selected}, selectors)
            self.assertEqual(selected + "role: dremio-cluster-pod\n", labels)

    def test_labels_and_annotations_are_texts_whatever_they_look_like(self):
        likeness = {"a": 9010, "b": True, "c": 1.5}
        values = {**EVERYTHING, "hpa": None, "prometheusRule": {"enabled": True, "labels": likeness},
                  "podMonitor": {**MONITOR, "labels": likeness, "matchLabels": likeness},
                  "executor": {"create": True, "matchLabels": likeness, "podAnnotations": likeness,
                               "nodeSelector": likeness}}
        text = self.render(EBB, (), values)
        self.assertEqual(10, len(re.findall(r'a: "9010"\n +b: "true"\n +c: "1.5"', text)))

    def test_the_executors_page_is_scraped_through_a_port_that_they_declare(self):
        text = self.render(EBB, (), {**CREDENTIALS, "podMonitor": {
            **MONITOR, "executor": {"enabled": True, "port": 9020}}})
        endpoint = text[text.rindex("- port: server-fabric"):]
        for words in ("path: /metrics", "replacement: '$1:9020'", "replacement: '[$1]:9020'"):
            self.assertIn(words, endpoint)
        self.assertNotIn("9010", self.render(EBB, (), {**CREDENTIALS, "podMonitor": MONITOR}))

    def test_of_the_pods_with_such_a_port_only_executors_are_scraped(self):
        text = self.render(EBB, (), {**CREDENTIALS, "podMonitor": {**MONITOR, "executor": {"enabled": True}}})
        keeps = re.findall(r"- sourceLabels: \[__meta_kubernetes_pod_name\]\n +regex: '(.*)'\n +action: keep", text)
        self.assertEqual(2, len(keeps))
        for keep in keeps:
            for pod in ("dremio-executor-0", "dremio-executor-big-12", "dremio-executor-my-engine-000-0"):
                self.assertTrue(re.fullmatch(keep, pod), pod)
            for pod in ("dremio-master-0", "dremio-coordinator-0", "not-dremio-executor-0", "dremio-executor"):
                self.assertFalse(re.fullmatch(keep, pod), pod)

    def test_the_adapters_rule_is_in_the_adapters_namespace(self):
        for values, namespace in (({}, "dremio"), ({"adapter": {"namespace": "monitoring"}}, "monitoring")):
            text = self.render(EBB, (), {**CREDENTIALS, "hpa": HPA, **values})
            name = "dremio-ebb-adapter-rules" if values else "ebb-adapter-rules"  # where others may have theirs, too
            self.assertIn(f'name: "{name}"\n  namespace: "{namespace}"\n', text)
            notes = self.notes({**CREDENTIALS, "hpa": HPA, **values})
            for words in (f"rules.existing: {name} in", f"in namespace {namespace}.", "adapter.configMap: false"):
                self.assertIn(words, notes)

    def test_the_rules_of_another_metric_are_found_where_they_are(self):
        files = ("deploy/prometheus/adapter-values.yaml", "deploy/prometheus/recording.yaml")
        for metric, named in (("fragments_active", files), ("exec_fragments_active", files[1:]),
                              ("threads_waiting_count", ())):
            notes = self.notes({**CREDENTIALS, "hpa": {**HPA, "metric": {"metricName": metric}}})
            self.assertEqual(named, tuple(file for file in files if file in notes))
            self.assertEqual(files[0] not in named,
                             "config.yaml of ConfigMap ebb-adapter-rules below rules.custom" in notes)
            self.assertIn("set prometheusRule.enabled: true", notes)

    def test_a_second_release_is_told_what_the_first_one_may_do(self):
        notes = self.notes({"existingSecret": "ebb", "hpa": HPA, "adapter": {"configMap": False}}, release="ebb-big")
        self.assertEqual(2, notes.count("WARNING"), notes)
        self.assertEqual(2, " ".join(notes.split()).count("Unless another release does that for these executors, "))

    def test_a_pod_monitor_has_the_labels_that_prometheus_looks_for(self):
        text = self.render(EBB, (), {**CREDENTIALS, "podMonitor": {**MONITOR, "labels": {"release": "kps"}}})
        self.assertIn("release: kps\n", block(text[text.index("kind: PodMonitor"):], "labels"))

    def test_hooks_find_their_script_in_dremios_own_image(self):
        script = (ROOT / "deploy/autoscale-handler.sh").read_text("utf-8")
        for hooks in (HOOK, {"postStop": HOOK["preStop"]}):
            text = self.render(EBB, (), executor(lifecycle=hooks))
            self.assertEqual(script.strip(), block(text, "autoscale-handler.sh").strip())
            self.assertRegex(text, r"mountPath: /opt/dremio/bin/autoscale-handler\.sh\n +subPath: autoscale-handler\.sh"
                                   r"\n +readOnly: true\n")
            self.assertIn("{name: ebb-handler, configMap: {name: ebb-handler, defaultMode: 0555}}", text)
        self.assertIn(":/opt/ebb;", script)  # where the init container puts ebb, and PATH does not lead
        for more in ({"lifecycle": HOOK, "derivedImage": True}, {"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}}):
            self.assertNotIn("ebb-handler", self.render(EBB, (), executor(**more)))

    def test_a_partial_behavior_keeps_what_is_safe_of_the_rest(self):
        for given in ({}, {"scaleUp": {"selectPolicy": "Min"}}, {"scaleUp": {"stabilizationWindowSeconds": 9}},
                      {"scaleDown": {"stabilizationWindowSeconds": 0}}, {"scaleDown": {"selectPolicy": "Disabled"}}):
            for values in ({"hpa": {**HPA, "behavior": given}}, {"keda": {**KEDA, "behavior": given}}):
                with self.subTest(values):
                    text = self.render(EBB, (), {**CREDENTIALS, **values})
                    for way, safe in SAFE.items():
                        made = block(block(text, "behavior"), way)
                        fields = dict(re.findall(r"^(\w+): (\w+)$", made, re.M))
                        expected = {"stabilizationWindowSeconds": safe["stabilizationWindowSeconds"]}
                        expected |= {name: str(value) for name, value in given.get(way, {}).items()}
                        self.assertEqual(expected, fields)
                        self.assertEqual(safe["policies"], made.count("periodSeconds"))
        policies = [{"type": "Pods", "value": 2, "periodSeconds": 30}]
        text = self.render(EBB, (), {**CREDENTIALS, "hpa": {**HPA, "behavior": {"scaleDown": {"policies": policies}}}})
        self.assertEqual(1, block(block(text, "behavior"), "scaleDown").count("periodSeconds"))

    def test_start_parameters_may_have_several_lines(self):
        text = self.render(EBB, (), executor(extraStartParams="-Da=1\n  -Db=2\n-Dc=3\n"))
        self.assertIn("value: >-\n                -Da=1 -Db=2 -Dc=3\n                -Dzookeeper=", text)

    def test_a_secret_holds_what_is_given_and_nothing_from_before(self):
        text = documents(self.render(EBB, (), CREDENTIALS), "Secret")[0]
        self.assertNotIn("stringData", text)  # from which a key that is taken out would stay
        made = dict(re.findall(r'^(\w+): "(.*)"$', block(text, "data"), re.M))
        self.assertEqual(CREDENTIALS["secrets"], {name: base64.b64decode(made[name]).decode() for name in made})

    def test_an_account_that_is_neither_made_nor_named_is_the_default(self):
        text = self.render(EBB, (), {**MADE, "serviceAccount": {"create": False}})
        self.assertIn('serviceAccountName: "default"\n', text)
        self.assertIn('- {kind: ServiceAccount, name: "default", namespace: "dremio"}', text)

    def test_a_namespace_may_be_a_number(self):
        text = self.render(EBB, (), EVERYTHING, namespace="2024")
        self.assertNotRegex(text, r"namespace: 2024")

    def test_executors_of_a_private_registry_have_an_hour_to_find_their_coordinator(self):
        text = self.render(EBB, (), executor(imagePullSecrets=["one", "two"]))
        self.assertEqual('- name: "one"\n- name: "two"\n', block(text, "imagePullSecrets"))
        probe = re.search(r"startupProbe: .*periodSeconds: (\d+), failureThreshold: (\d+)", text)
        self.assertGreaterEqual(int(probe[1]) * int(probe[2]), 3600)

    def test_a_network_policy_opens_the_executors_port(self):
        of = {**EVERYTHING, "podMonitor": {**MONITOR, "executor": {"enabled": True, "port": 9020}}}
        for values, port in ((EVERYTHING, 9010), (of, 9020)):
            self.assertIn(f"- ports: [{{port: {port}}}, {{port: 9011}}]\n", self.render(EBB, (), values))

    def test_a_disruption_budget_lets_executors_go_that_are_not_ready(self):
        for most in (2, "25%"):
            text = self.render(EBB, (), {**CREDENTIALS, "pdb": {"enabled": True, "maxUnavailable": most}})
            self.assertIn(f"maxUnavailable: {most}\n", text)
            self.assertIn("unhealthyPodEvictionPolicy: AlwaysAllow\n", text)

    def test_keda_without_a_least_number_keeps_one(self):
        text = self.render(EBB, (), {**CREDENTIALS, "keda": {**KEDA, "minReplicas": None}})
        self.assertIn("minReplicaCount: 1\n", text)

    def test_what_works_badly_is_warned_of_and_not_refused(self):
        notes = self.notes({
            **CREDENTIALS, "hpa": {**HPA, "metric": {"target": {"type": "Value"}}}, "networkPolicy": {"enabled": True},
            "executor": {"terminationGracePeriodSeconds": 10, "lifecycle": {"postStop": HOOK["preStop"]}}})
        self.assertEqual(5, notes.count("WARNING"), notes)

    def test_names_that_the_value_files_do_not_have_are_warned_of(self):
        other = "\n".join(f"  {what} by prod-{what.split()[1]}" for what in (
            "Secret ebb", "ConfigMap ebb", "ConfigMap ebb-settings", "account ebb"))
        for values, release, said in (
                (CREDENTIALS, "ebb", None), (CREDENTIALS, "prod", other),
                ({"existingSecret": "mine"}, "ebb", "  Secret ebb by mine"), ({"existingSecret": "ebb"}, "ebb", None),
                ({**CREDENTIALS, "serviceAccount": {"name": "x"}}, "ebb", "  account ebb by x"),
                ({**CREDENTIALS, "serviceAccount": {"create": False}}, "ebb", "  account ebb by default"),
                ({**MADE, "serviceAccount": {"name": "x"}}, "prod", None)):
            with self.subTest(values, release=release):
                _, warned, lines = self.notes(values, release=release).partition("replace in a copy of yours\n\n")
                self.assertEqual(said, lines.strip("\n") if warned else None)

    def test_names_are_texts_whatever_they_look_like(self):
        values = {**EVERYTHING, "secrets": None, "existingSecret": "1e3", "serviceAccount": {"name": "2026"}}
        for given in ({"name": "2024"}, {"create": True, "name": "null"}):
            self.render(EBB, (), {**values, "executor": given})
            self.render(EBB, (), {**values, "executor": given, "hpa": None, "keda": KEDA})

    def test_a_week_is_the_longest_grace(self):
        text = self.render(EBB, (), executor(terminationGracePeriodSeconds=604800))
        self.assertIn("terminationGracePeriodSeconds: 604800\n", text)
        self.assertIn('EBB_DRAIN_GRACE: "604800s"\n', text)

    def test_executors_start_without_their_secret(self):
        text = self.render(EBB, (), {"existingSecret": "mine", "executor": {"create": True}})
        self.assertIn('secret: {secretName: "mine", defaultMode: 0440, optional: true}', text)
        self.assertEqual(1, text.count('secretKeyRef: {name: "mine", '))
        self.assertEqual(1, len(re.findall(r"secretKeyRef: .*optional: true}", text)))

    def test_a_chart_may_have_this_one_as_a_part_with_a_condition(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(EBB, pathlib.Path(folder, "charts/ebb"))
            pathlib.Path(folder, "Chart.yaml").write_text(WHOLE, "utf-8")
            self.assertIn("name: \"ebb\"", self.render(folder, (), {"ebb": {**CREDENTIALS, "enabled": True}}))
            self.assertEqual("", self.render(folder, (), {"ebb": {"enabled": False}}).strip())

    def test_nothing_warns_of_what_is_taken_away(self):
        self.render(EBB, (), {
            **CREDENTIALS, "hpa": None, "podMonitor": None, "additionalConfigMap": None,
            "executor": {"create": True, "lifecycle": None}})


if __name__ == "__main__":
    unittest.main()
