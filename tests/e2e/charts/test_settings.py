"""What of the chart's values reaches Ebb, by the file that Ebb reads: the released binary itself says what it takes."""
import subprocess
import tempfile
import textwrap
import tomllib
import unittest

from cluster import EBB as BINARY
from render import CREDENTIALS, EBB, Rendering

TOKEN = {"DREMIO_TOKEN": "t", "DREMIO_URL": "http://c:9047"}
TOKEN_FILE = "/etc/ebb/secret/DREMIO_TOKEN"


class Settings(Rendering):
    def settings(self, values):
        """(ebb.toml of the ConfigMap, what Ebb says of it)"""
        text = self.render(EBB, (), values)
        _, _, block = text.partition("  ebb.toml: |\n")
        lines = []
        for line in block.splitlines():
            if line and not line.startswith("    "):
                break
            lines.append(line)
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(textwrap.dedent("\n".join(lines)))
            file.flush()
            ran = subprocess.run([BINARY, "config", "--config", file.name], text=True, capture_output=True, check=False)
        return ran

    def taken(self, values):
        ran = self.settings(values)
        self.assertEqual(0, ran.returncode, ran.stderr)
        return tomllib.loads(ran.stdout)

    def test_settings_of_the_config_map_are_taken_whatever_their_kind(self):
        said = self.taken({**CREDENTIALS, "additionalConfigMap": {
            "EBB_DRAIN_SETTLE": "20s", "EBB_DREMIO_TLS_VERIFY": "false", "EBB_RETRY_BURST": 5, "EBB_RETRY_RATIO": "0.2",
            "EBB_EXECUTOR_SUCCESS_CODES": "0, 143", "EBB_EXECUTOR_METRICS": "one, two", "EBB_DREMIO_NODE_NAME": 'a"\\b',
            "EBB_PROMETHEUS_SELECTOR": 'pod="x",job=~"<.*>"', "EBB_LOG_LEVEL": "", "PROMETHEUS_PORT": "9010"}})
        self.assertEqual(("20s", "720s"), (said["drain"]["settle"], said["drain"]["grace"]))
        self.assertEqual((False, 'a"\\b'), (said["dremio"]["tls_verify"], said["dremio"]["node_name"]))
        self.assertEqual((5, 0.2), (said["retry"]["burst"], said["retry"]["ratio"]))
        self.assertEqual(([0, 143], ["one", "two"]), (said["executor"]["success_codes"], said["executor"]["metrics"]))
        self.assertEqual('pod="x",job=~"<.*>"', said["prometheus"]["selector"])

    def test_the_grace_is_the_pods_unless_somebody_says_another(self):
        self.assertEqual("120s", self.taken({
            **CREDENTIALS, "executor": {"terminationGracePeriodSeconds": 120}})["drain"]["grace"])
        self.assertEqual("90s", self.taken({
            **CREDENTIALS, "additionalConfigMap": {"EBB_DRAIN_GRACE": "90s"}})["drain"]["grace"])

    def test_a_token_is_taken_in_place_of_a_login(self):
        for values in ({"secrets": TOKEN}, {"existingSecret": "mine", "existingSecretHolds": "token"}):
            self.assertEqual(TOKEN_FILE, self.taken(values)["dremio"]["token_file"])
        for values in (CREDENTIALS, {"existingSecret": "mine"}):
            self.assertNotEqual(TOKEN_FILE, self.taken(values)["dremio"].get("token_file"))

    def test_a_setting_that_is_none_is_named(self):
        ran = self.settings({**CREDENTIALS, "additionalConfigMap": {"EBB_DRAIN_SETTEL": "20s"}})
        self.assertNotEqual(0, ran.returncode)
        self.assertIn("did you mean drain.settle", ran.stderr)


if __name__ == "__main__":
    unittest.main()
