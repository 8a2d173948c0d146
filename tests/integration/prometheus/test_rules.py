"""The rules for Prometheus and prometheus-adapter that are delivered, by promtool's own unit tests (rules/*.yaml)."""

import os
import pathlib
import re
import shutil
import subprocess
import textwrap
import unittest

from support.lab import EBB, LAB, LabTest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("EBB_SOURCE_DIR", HERE.parents[2]))
FILES = SOURCE / "deploy/helm/ebb/files"


def text(name):
    return (FILES / name).read_text()


@unittest.skipUnless(shutil.which("promtool"), "needs promtool: tools/setup")
class Promtool(unittest.TestCase):
    def promtool(self, *words):
        done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, timeout=60)
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


class Files(unittest.TestCase):
    def test_both_forms_of_the_adapter_s_rule_say_the_same(self):
        alone = text("adapter.yaml").partition("\nrules:\n")[2]
        within = text("adapter-values.yaml").partition("\n  custom:\n")[2]
        self.assertTrue(alone)
        self.assertEqual(textwrap.dedent(alone), textwrap.dedent(within))

    def test_the_adapter_asks_for_a_series_that_is_recorded(self):
        recorded = set(re.findall(r"- record: (\S+)", text("recording.yaml")))
        asked = re.findall(r'__name__="([^"]+)"', text("adapter.yaml"))
        self.assertEqual(asked, ["ebb:fragments_active:sum"])
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
        node.terminate()
        node.wait_for(lambda s: s["drain"], "a deadline")
        page = node.get("/metrics")[1]
        exported = {*re.findall(r"^# TYPE (\w+)", page, re.M), *re.findall(r"^(\w+)[{ ]", page, re.M)}
        for name in ("recording.yaml", "alerts.yaml"):
            used = set(re.findall(r"(?<![\w:])(?:ebb|process)_\w+", re.sub(r"#.*", "", text(name))))
            self.assertTrue(used)
            self.assertLessEqual(used, exported, name)


if __name__ == "__main__":
    unittest.main()
