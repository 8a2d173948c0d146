"""What of the chart's values reaches Ebb, by the file that Ebb reads: the released binary itself says what it takes."""
import re
import subprocess
import tempfile
import tomllib
import unittest

from cluster import EBB as BINARY
from render import CREDENTIALS, EBB, Rendering, block

TOKEN = {"DREMIO_TOKEN": "t", "DREMIO_URL": "http://c:9047"}
TOKEN_FILE = "/etc/ebb/secret/DREMIO_TOKEN"


def kind(default):
    """As keys.yaml calls it."""
    if isinstance(default, list):
        return "numbers" if any(isinstance(entry, int) for entry in default) else "list"
    return {bool: "flag", int: "number", float: "number", str: "text"}[type(default)]


class Settings(Rendering):
    def settings(self, values):
        """What Ebb says of the file in the ConfigMap: the ended process."""
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(block(self.render(EBB, (), values), "ebb.toml"))
            file.flush()
            return subprocess.run([BINARY, "config", "--config", file.name], text=True, capture_output=True,
                                  check=False)

    def taken(self, values):
        ran = self.settings(values)
        self.assertEqual(0, ran.returncode, ran.stderr)
        return tomllib.loads(ran.stdout)

    def test_settings_of_the_config_map_are_taken_whatever_their_kind(self):
        said = self.taken({**CREDENTIALS, "additionalConfigMap": {
            "EBB_DRAIN_SETTLE": "20s", "EBB_DREMIO_TLS_VERIFY": "false", "EBB_RETRY_BURST": 5, "EBB_RETRY_RATIO": "0.2",
            "EBB_EXECUTOR_SUCCESS_CODES": "0, 143", "EBB_EXECUTOR_METRICS": "one, two", "EBB_DREMIO_NODE_NAME": 'a"\\b',
            "EBB_PROMETHEUS_SELECTOR": 'pod="x",job=~"<.*>"', "EBB_LOG_LEVEL": " ", "PROMETHEUS_PORT": "9010"}})
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
            said = self.taken(values)["dremio"]
            self.assertEqual(("", "/etc/ebb/secret/DREMIO_USER", "/etc/ebb/secret/DREMIO_PASSWORD"),
                             (said["token_file"], said["user_file"], said["password_file"]))

    def test_another_file_of_credentials_is_taken_in_place_of_the_secrets(self):
        for values, key, other in ((CREDENTIALS, "USER", "PASSWORD"), (CREDENTIALS, "PASSWORD", "USER"),
                                   ({"secrets": TOKEN}, "TOKEN", None)):
            for path, left in (("/vault/it", 0), (" ", 1)):  # an empty text counts as not set
                with self.subTest(key, path=path):
                    text = self.render(EBB, (), {**values, "executor": {"create": True},
                                                 "additionalConfigMap": {f"EBB_DREMIO_{key}_FILE": path}})
                    self.assertEqual(left, text.count(f"- {{name: EBB_DREMIO_{key}_FILE, "))
                    self.assertEqual(other is not None, f"- {{name: EBB_DREMIO_{other}_FILE, " in text)

    def test_the_charts_keys_are_ebbs(self):
        said = subprocess.run([BINARY, "config", "--defaults"], text=True, capture_output=True, check=True).stdout
        kinds, section = {}, ""
        for line in said.splitlines():
            if header := re.match(r"\[([a-z]+)\]", line):
                section = header[1]
            elif key := re.match(r"#?\s?([a-z_]+) = ", line):
                kinds[f"{section}.{key[1]}"] = "text"  # of one that is commented out, since it has no default
        for section, defaults in tomllib.loads(said).items():
            kinds |= {f"{section}.{key}": kind(default) for key, default in defaults.items()}
        lines = (EBB / "files/keys.yaml").read_text("utf-8").splitlines()
        self.assertEqual(kinds, dict(line.split(": ") for line in lines if not line.startswith("#")))

    def test_a_text_stays_one_whatever_it_looks_like(self):
        said = self.taken({**CREDENTIALS, "additionalConfigMap": {
            "EBB_KUBERNETES_CLUSTER": 2024, "EBB_KUBERNETES_FLEET": True, "EBB_DREMIO_NODE_NAME": 1.5}})
        self.assertEqual(("2024", "true"), (said["kubernetes"]["cluster"], said["kubernetes"]["fleet"]))
        self.assertEqual("1.5", said["dremio"]["node_name"])

    def test_a_setting_that_ebb_would_refuse_is_refused_with_the_mend(self):
        for name, value, words in (
                ("DRAIN_SETTEL", "20s", "no key of Ebb: [drain] has EBB_DRAIN_DENY_PATIENCE, "),
                ("DRIAN_SETTLE", "20s", "no key of Ebb: ebb config --defaults shows all"),
                ("drain_settle", "20s", "no key of Ebb: [drain] has "), ("DRAIN", "20s", "no key of Ebb: [drain] has "),
                ("CONFIG", "/etc/mine", "set each key as EBB_SECTION_KEY"),
                ("DREMIO_URL", "http://c:9047", "set secrets.DREMIO_URL"),
                ("JAVA", "/usr/bin/java", "set it in the container's environment"),
                ("JAVA_ROLE", "executor", "set it in the container's environment"),
                ("DREMIO_TLS_VERIFY", "no", "no: neither true nor false"), ("RETRY_BURST", "many", "many: no number"),
                ("RETRY_BURST", "007", "007: no number"), ("EXECUTOR_SUCCESS_CODES", "0;143", "0;143: no numbers")):
            for made in (False, True):
                with self.subTest(name, value=value, made=made):
                    ran = self.helm(EBB, (), {**CREDENTIALS, "executor": {"create": made},
                                              "additionalConfigMap": {f"EBB_{name}": value}})
                    if made and name.startswith("JAVA"):  # there, all of the ConfigMap are the container's variables
                        self.assertEqual(0, ran.returncode, ran.stderr)
                        self.assertNotIn("[java]", ran.stdout)
                    else:
                        self.assertNotEqual(0, ran.returncode, ran.stdout)
                        self.assertIn(f"additionalConfigMap.EBB_{name}: ", ran.stderr)
                        self.assertIn(words, ran.stderr)


if __name__ == "__main__":
    unittest.main()
