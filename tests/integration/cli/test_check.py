"""`ebb check` against the lab: each thing that can be wrong is found, named and has its mend."""

import http.server
import json
import shutil
import ssl
import subprocess
import threading
import unittest

from cli.scene import LabTest
from support.net import free_port


class Examination(LabTest):
    def setUp(self):
        super().setUp()
        self.env["EBB_DRAIN_POLL"] = "1s"
        self.start_executor()

    def check(self):
        """Exit code, and the findings by name."""
        code, out, err = self.ebb("check", "--json", timeout=60)
        self.assertEqual(err, "")
        return code, {f["check"]: f for f in json.loads(out)["checks"]}

    def found(self, name, result, code, mend):
        exit_code, findings = self.check()
        self.assertEqual((findings[name]["result"], exit_code), (result, code), findings)
        self.assertIn(mend, findings[name]["mend"])
        return findings


class Check(Examination):
    def test_all_is_well(self):
        code, out, err = self.ebb("check")
        self.assertEqual((code, err), (0, ""), out)
        self.assertEqual({line.split()[0] for line in out.splitlines()[:-1]}, {"ok"})
        self.assertTrue(out.endswith(" ok, no warning, no failure\n"))

    def test_name_that_cannot_be_resolved(self):
        self.env["EBB_DREMIO_URL"] = "http://no-such-host.invalid:9047"
        self.found("dremio.resolve", "failure", 1, "DNS")

    def test_port_that_nobody_has(self):
        self.env["EBB_DREMIO_URL"] = f"http://127.0.0.1:{free_port()}"
        findings = self.found("dremio.connect", "failure", 1, "is the port right")
        self.assertNotIn("dremio.login", findings)

    def test_wrong_password(self):
        self.env["EBB_DREMIO_PASSWORD"] = "wrong"
        findings = self.found("dremio.login", "failure", 1, "dremio.password")
        self.assertNotIn("wrong", json.dumps(findings))

    def test_dead_metric(self):
        self.env["EBB_EXECUTOR_METRICS"] = "fragments_running"
        self.found("executor.metric", "failure", 1, "executor.metrics")

    def test_executor_that_does_not_listen(self):
        self.env["EBB_EXECUTOR_ADMIN_URL"] = f"http://127.0.0.1:{free_port()}"
        self.found("executor.live", "failure", 1, "services.web-admin.port")

    def test_node_that_dremio_does_not_know(self):
        self.env["EBB_DREMIO_NODE_NAME"] = "EXECUTOR-0"
        self.found("node.row", "failure", 1, 'dremio.node_name = "executor-0"')

    def test_entry_of_our_name(self):
        self.deny("executor-0")
        self.found("node.entry", "warning", 3, "ebb undrain")

    def test_prometheus_that_is_away(self):
        self.env |= {"EBB_PROMETHEUS_URL": f"http://127.0.0.1:{free_port()}",
                     "EBB_PROMETHEUS_SELECTOR": 'pod="executor-0"'}
        self.found("prometheus", "warning", 3, "prometheus.url")

    def test_grace_that_nobody_set(self):
        del self.env["EBB_DRAIN_GRACE"]
        self.found("drain.grace", "warning", 3, "terminationGracePeriodSeconds")

    def test_port_of_somebody_else(self):
        self.env["EBB_LISTEN_CONTROL"] = f"127.0.0.1:{self.http}"
        self.found("listen.control", "failure", 1, "listen.control")

    def test_proxy_that_is_not_used(self):
        self.env["HTTPS_PROXY"] = "http://proxy:3128"
        self.found("proxy", "warning", 3, "")


class CheckRights(Examination):
    options = ("--no-privilege",)

    def test_account_without_the_right(self):
        code, findings = self.check()
        bad = {name for name, f in findings.items() if f["result"] == "failure"}
        self.assertEqual(code, 1)
        self.assertTrue(bad <= {"dremio.privilege", "dremio.list"} and bad, findings)
        for name in bad:
            self.assertIn("ADMIN", findings[name]["mend"])


class CheckTls(LabTest):
    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_certificate_that_is_not_trusted_until_its_authority_is_named(self):
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", self.path("key"), "-out", self.path("cert")]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject, *files]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("cert"), self.path("key"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.env["EBB_DREMIO_URL"] = f"https://localhost:{server.server_port}"

        def tls():
            found = json.loads(self.ebb("check", "--json", timeout=60)[1])["checks"]
            return next(f for f in found if f["check"] == "dremio.tls")

        self.assertEqual(tls()["result"], "failure")
        self.assertIn("dremio.ca_file", tls()["mend"])
        self.env["EBB_DREMIO_CA_FILE"] = self.path("cert")
        self.assertEqual(tls()["result"], "ok")


if __name__ == "__main__":
    unittest.main()
