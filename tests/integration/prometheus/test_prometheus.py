"""A real Prometheus that scrapes executors of the lab, and the agent, each second."""

import http.server
import shutil
import signal
import threading
import time
import unittest
import urllib.parse
import urllib.request

from support.lab import LabTest
from support.net import free_port, http_json
from support.processes import read_text, send, wait_until

CONFIGURATION = """
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: dremio
    static_configs: [{targets: ["127.0.0.1:%(admin)d"], labels: {namespace: dremio, pod: executor-0}}]
  - job_name: ebb
    static_configs: [{targets: ["127.0.0.1:%(probes)d"]}]
"""


class Middleman(http.server.ThreadingHTTPServer):
    """Between the agent and the executor's own port: passes everything on, or does with /metrics what `metrics` says
    ("pass", "fail", or a whole page), so that the agent and Prometheus see different things."""

    def __init__(self, executor):
        self.executor, self.metrics = executor, "pass"
        super().__init__(("127.0.0.1", 0), Passing)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        try:
            self.pass_on()
        except OSError:
            self.close_connection = True  # whoever asked has gone, or the executor has

    def pass_on(self):
        status, body = 200, self.server.metrics
        if self.path == "/metrics" and body == "fail":
            status, body = 500, ""
        elif self.path != "/metrics" or body == "pass":
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server.executor}{self.path}", timeout=2) as answer:
                body = answer.read().decode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("prometheus"), "needs prometheus: tools/setup")
class Prometheus(LabTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.admin = free_port()
        self.lab = self.dremio()
        self.between = Middleman(self.admin)
        self.addCleanup(self.between.server_close)
        self.addCleanup(self.between.shutdown)

    def start_node(self, **env):
        """The executor and the agent, which reaches its executor through the middleman."""
        settings = {"EBB_EXECUTOR_ADMIN_URL": f"http://127.0.0.1:{self.between.port}", "EBB_PROMETHEUS_URL": self.url,
                    "POD_NAME": "executor-0", "POD_NAMESPACE": "dremio", **env}
        return self.node(self.lab, env=settings, executor=("--admin", f"127.0.0.1:{self.admin}"))

    def start_prometheus(self, node):
        file = self.write("prometheus.yml", CONFIGURATION % {"admin": self.admin, "probes": node.probes})
        with open(self.path("prometheus.out"), "ab") as out:
            self.server = self.start(
                ["prometheus", "--config.file=" + file, "--web.listen-address=127.0.0.1:%d" % self.port,
                 "--storage.tsdb.path=" + self.path("data"), "--log.level=warn"], stdout=out, stderr=out)
        # Three samples make a stand-in.
        wait_until(lambda: (self.ask('count_over_time(exec_fragments_active{pod="executor-0"}[1m])') or 0) >= 4,
                   lambda: "samples in Prometheus: " + read_text(self.path("prometheus.out")), 30, 0.2)

    def ask(self, query):
        """The first value of an instant query, or nothing."""
        try:
            _, body = http_json(f"{self.url}/api/v1/query?query={urllib.parse.quote(query)}")
        except OSError:
            return None
        if not isinstance(body, dict) or not body["data"]["result"]:
            return None
        return float(body["data"]["result"][0]["value"][1])

    def test_it_stands_in_for_a_scrape_that_fails(self):
        node = self.start_node()
        self.start_prometheus(node)
        self.lab.query_on("executor-0", lasts="6s")
        wait_until(lambda: self.ask("exec_fragments_active") == 1, "Prometheus sees the fragment")
        self.between.metrics = "fail"
        node.terminate()
        node.wait_for(lambda s: s["executor"]["fragments"] == 1 and s["executor"]["fragments_source"] == "prometheus",
                      "Prometheus speaks for the executor")
        self.assertEqual(node.status()["state"], "draining")
        self.assertEqual(node.wait_exit(30), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual(self.lab.queries()["lost"], 0)

    def test_what_it_saw_long_ago_releases_nothing(self):
        # Prometheus' last sample is a zero, too old to count; an instant query would answer it for five minutes.
        node = self.start_node(EBB_DRAIN_GRACE="14s")
        self.start_prometheus(node)
        self.between.metrics = "fail"
        self.lab.lab("POST", "executor", name="executor-0", page="absent")
        wait_until(lambda: self.ask('exec_fragments_active') is None, "the series has ended", 10)
        self.assertEqual(self.ask('last_over_time(exec_fragments_active[1m])'), 0)
        node.terminate()
        node.wait_for(lambda s: s["drain"] and s["drain"]["waiting_for"].startswith("fragments: unknown"), "unknown")
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=deadline", node.log("drain.end")[-1])

    def test_it_vetoes_a_zero_that_it_knows_better(self):
        node = self.start_node()
        self.start_prometheus(node)
        self.lab.query_on("executor-0", lasts="6s")
        wait_until(lambda: self.ask("exec_fragments_active") == 1, "Prometheus sees the fragment")
        self.between.metrics = "# TYPE exec_fragments_active gauge\nexec_fragments_active 0.0\n"
        node.terminate()
        node.wait_log("drain.veto", "prometheus_fragments=1")
        self.assertEqual(node.status()["state"], "draining")
        self.assertEqual(node.wait_exit(30), 0)
        self.assertEqual(self.lab.queries()["lost"], 0)

    def test_it_may_die_in_the_middle(self):
        node = self.start_node()
        self.start_prometheus(node)
        self.lab.query_on("executor-0", lasts="2s")
        node.terminate()
        node.wait_state("draining")
        send(self.server, signal.SIGKILL)
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual(self.lab.queries()["lost"], 0)

    def test_the_old_variables_find_it(self):
        # By instance="<pod ip>:<port>", as the old hook asked.
        node = self.start_node(EBB_PROMETHEUS_URL=None, POD_NAME=None, POD_NAMESPACE=None, POD_IP="127.0.0.1",
                               PROMETHEUS_ENDPOINT=f"{self.url}/api/v1/query", PROMETHEUS_PORT=str(self.admin))
        self.start_prometheus(node)
        self.lab.query_on("executor-0", lasts="5s")
        self.between.metrics = "fail"
        node.terminate()
        node.wait_for(lambda s: s["executor"]["fragments"] == 1 and s["executor"]["fragments_source"] == "prometheus",
                      "Prometheus speaks for the executor")
        self.assertEqual(node.wait_exit(30), 0)
        self.assertEqual(self.lab.queries()["lost"], 0)

    def test_it_scrapes_the_agent_without_error(self):
        node = self.start_node()
        self.start_prometheus(node)

        def seen(query, value):
            wait_until(lambda: self.ask(query) == value, lambda: f"{query}: {self.ask(query)}; {errors()}")

        def errors():
            targets = http_json(self.url + "/api/v1/targets")[1]["data"]["activeTargets"]
            return {t["labels"]["job"]: t["lastError"] for t in targets}

        seen('ebb_state{state="serving"}', 1)
        seen('up{job="ebb"}', 1)
        seen("ebb_fragments_active", 0)
        node.post("/drain?force=true")
        seen('ebb_state{state="draining"}', 1)
        seen('ebb_deny_list_entry{wish="denied",actual="present"}', 1)
        seen("ebb_fragments_active", 0)
        # A page that cannot be parsed would be an error each time; one that came late on a busy machine is not.
        wait_until(lambda: errors() == {"dremio": "", "ebb": ""}, errors)

    def test_missing_data_is_absent_and_not_zero(self):
        node = self.start_node()
        self.lab.lab("POST", "executor", name="executor-0", page="nan")
        node.post("/drain?force=true")
        node.wait_for(lambda s: s["executor"]["fragments"] is None, "unknown")
        page = node.get("/metrics")[1]
        self.assertNotIn("\nebb_fragments_active ", page)
        self.assertIn("\nebb_fragments_unknown 1\n", page)
        time.sleep(2)
        self.assertEqual(node.status()["phase"], "quiescing")


if __name__ == "__main__":
    unittest.main()
