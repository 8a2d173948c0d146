"""The rules for Prometheus and prometheus-adapter that are delivered, by promtool's own unit tests (rules/*.yaml)."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import textwrap
import unittest

from support.lab import EBB, LAB, LabTest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("EBB_SOURCE_DIR", HERE.parents[2]))
FILES = SOURCE / "deploy/helm/ebb/files"


def text(name):
    return (FILES / name).read_text()


def dashboard():
    return json.loads(text("dashboard.json"))


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def questions():
    """(expression, legend) of each series that the dashboard shows."""
    return [(target["expr"], target["legendFormat"]) for panel in panels() for target in panel["targets"]]


@unittest.skipUnless(shutil.which("promtool"), "needs promtool: tools/setup")
class Promtool(unittest.TestCase):
    def promtool(self, *words):
        done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def unit_tests(self, prefix):
        files = sorted((HERE / "rules").glob(prefix + "*.yaml"))
        self.assertTrue(files)
        self.promtool("test", "rules", *files)

    def test_what_an_executor_s_load_is_taken_from(self):
        self.unit_tests("measured")

    def test_the_sum_is_absent_when_an_executor_is_not_measured(self):
        self.unit_tests("sum")

    def test_each_alert_fires_for_its_cause_alone(self):
        self.unit_tests("alerts")

    def test_rules_are_well_formed(self):
        self.promtool("check", "rules", *(SOURCE / "deploy/prometheus" / f"{n}.yaml" for n in ("recording", "alerts")))

    def test_the_adapter_takes_what_two_servers_recorded_for_one(self):
        queries = set(re.findall(r"metricsQuery: >-\n((?: {6}.*\n)+)", text("adapter.yaml")))
        self.assertEqual(1, len(queries))  # of both rules
        query = queries.pop()
        for place, word in (("Series", "load"), ("LabelMatchers", 'namespace="d",statefulset="x"'),
                            ("GroupBy", "statefulset")):
            query = query.replace(f"<<.{place}>>", word)
        series = 'load{namespace="d",statefulset="x",prometheus_replica="%d"}'
        case = {"interval": "10s", "input_series": [{"series": series % i, "values": "7x6"} for i in range(2)],
                "promql_expr_test": [{"expr": query, "eval_time": "1m",
                                      "exp_samples": [{"labels": '{statefulset="x"}', "value": 7}]},
                                     {"expr": query, "eval_time": "2m", "exp_samples": []}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"evaluation_interval": "10s", "tests": [case]}, file)
            file.flush()
            self.promtool("test", "rules", file.name)

    def test_what_the_dashboard_asks_is_well_formed(self):
        for expr, _ in questions():
            with self.subTest(expr), tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                expr = re.sub(r"\$__\w+", "1h", expr)
                json.dump({"groups": [{"name": "panel", "rules": [{"record": "asked", "expr": expr}]}]}, file)
                file.flush()
                self.promtool("check", "rules", file.name)


class Files(unittest.TestCase):
    def test_each_panel_of_the_dashboard_says_what_it_shows_of_what_is_chosen(self):
        board = dashboard()
        self.assertEqual(["datasource", "namespace", "statefulset"], [v["name"] for v in board["templating"]["list"]])
        for variable in board["templating"]["list"][1:]:
            self.assertEqual({"type": "prometheus", "uid": "${datasource}"}, variable["datasource"])
            self.assertEqual(variable["definition"], variable["query"]["query"])
        self.assertTrue(panels())
        for panel in panels():
            with self.subTest(panel["title"]):
                self.assertTrue(panel["title"] and panel["description"] and panel["fieldConfig"]["defaults"]["unit"])
                self.assertEqual({"type": "prometheus", "uid": "${datasource}"}, panel["datasource"])
                for target in panel["targets"]:
                    self.assertIn('namespace="$namespace"', target["expr"])
                    self.assertIn("$statefulset", target["expr"])
        identities = [panel["id"] for panel in board["panels"]]
        self.assertEqual(len(identities), len(set(identities)))

    def test_the_dashboard_shows_drains_that_nobody_saw_end_and_guesses_no_cut_queries(self):
        for counter, guessed in (("ebb_drains_total", True), ("ebb_drain_fragments_abandoned_total", False)):
            asked = [" ".join(t["expr"] for t in panel["targets"]) for panel in panels()]
            beside = [exprs for exprs in asked if counter in exprs]
            self.assertTrue(beside)
            for exprs in beside:
                self.assertEqual(guessed, "ebb:drain:unfinished" in exprs, exprs)

    def test_no_critical_alert_goes_by_a_guess(self):
        critical = [rule for rule in text("alerts.yaml").split("- alert: ") if "severity: critical" in rule]
        self.assertTrue(critical)
        for rule in critical:
            self.assertNotIn("ebb:drain:unfinished", rule)

    def test_recorded_series_of_the_dashboard_are_recorded(self):
        recorded = set(re.findall(r"- record: (\S+)", text("recording.yaml")))
        asked = set(re.findall(r"\bebb:[\w:]+", text("dashboard.json")))
        self.assertTrue(asked)
        self.assertLessEqual(asked, recorded)

    def test_both_forms_of_the_adapter_s_rule_say_the_same(self):
        alone = text("adapter.yaml").partition("\nrules:\n")[2]
        within = text("adapter-values.yaml").partition("\n  custom:\n")[2]
        self.assertTrue(alone)
        self.assertEqual(textwrap.dedent(alone), textwrap.dedent(within))

    def test_what_lasts_for_seconds_is_looked_for_each_ten_seconds(self):
        # promtool's own tests do not heed a group's interval.
        groups = re.split(r"^  - name: ", text("recording.yaml") + text("alerts.yaml"), flags=re.M)
        for rule in ("record: ebb:fragments_active:known", "record: ebb:fragments_active:sum", "record: ebb:drain:left",
                     "alert: EbbDrainNearDeadline"):
            group = next(g for g in groups if f"- {rule}\n" in g)
            self.assertIn("\n    interval: 10s\n", group, rule)

    def test_the_adapter_asks_for_series_that_are_recorded(self):
        recorded = set(re.findall(r"- record: (\S+)", text("recording.yaml")))
        asked = re.findall(r'__name__="([^"]+)"', text("adapter.yaml"))
        self.assertEqual(asked, ["ebb:fragments_active:sum", "ebb:fragments_active:known"])
        self.assertLessEqual(set(asked), recorded)

    def test_each_alert_has_both_cases_and_a_runbook(self):
        cases = "".join(path.read_text() for path in (HERE / "rules").glob("alerts*.yaml"))
        shown = re.findall(r'alertname="(\w+)".*?exp_samples: (\[.)', cases, re.S)
        headings = re.findall(r"^## (\w+)$", (SOURCE / "docs/runbooks.md").read_text(), re.M)
        alerts = re.findall(r"- alert: (\w+)", text("alerts.yaml"))
        self.assertEqual(sorted(alerts), sorted(headings))
        for name in alerts:
            with self.subTest(name):
                self.assertEqual({how for alert, how in shown if alert == name}, {"[]", "[{"})
                self.assertIn(f"runbook: docs/runbooks.md#{name.lower()}\n", text("alerts.yaml"))


@unittest.skipUnless(EBB and LAB, "needs the binaries")
class Names(LabTest):
    def test_rules_name_what_the_agent_exports(self):
        node = self.node(self.dremio())
        node.wait_state("serving")
        node.post("/drain?force=true")
        node.wait_state("draining")
        node.post("/undrain")  # a drain has ended: its counter is there
        node.wait_state("serving")
        node.post("/drain?force=true")
        node.wait_state("draining")
        node.terminate()
        node.wait_for(lambda s: s["drain"], "a deadline")
        page = node.get("/metrics")[1]
        exported = {*re.findall(r"^# TYPE (\w+)", page, re.M), *re.findall(r"^(\w+)[{ ]", page, re.M)}
        for name in ("recording.yaml", "alerts.yaml", "dashboard.json"):
            used = set(re.findall(r"(?<![\w:])(?:ebb|process)_\w+", re.sub(r"#.*", "", text(name))))
            self.assertTrue(used)
            self.assertLessEqual(used, exported, name)
        self.check_labels(page)

    def check_labels(self, page):
        """What the dashboard chooses by, sums by and shows is a label of a series that it asks for."""
        of_target = {"namespace", "pod", "instance"}  # Prometheus gives them
        known = dict.fromkeys(re.findall(r"^(\w+) ", page, re.M), set())
        for name, labels in re.findall(r"^(\w+)\{(.*)\} ", page, re.M):
            known[name] = set(re.findall(r'(\w+)="', labels))
        for expr, legend in questions():
            asked = re.findall(r"\b(?:ebb|process)[\w:]+", expr)
            ours = of_target.union(*(known.get(name, {"statefulset"}) for name in asked))
            used = re.findall(r"\b(?:by|on) \(([\w, ]+)\)", expr) + re.findall(r"\{\{(\w+)\}\}", legend)
            used += re.findall(r'(\w+)=~?"', expr)
            with self.subTest(expr):
                self.assertLessEqual(set(re.findall(r"\w+", " ".join(used))), ours)


if __name__ == "__main__":
    unittest.main()
