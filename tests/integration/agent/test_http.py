"""The agent's two ports, from outside: probes, bounds, who may control, and many or slow clients."""

import http.client
import re
import resource
import socket
import subprocess
import time
import unittest

from support.lab import LabTest
from support.net import http_json, private_network, read_to_end, talk
from support.processes import wait_until

ELSEWHERE = "192.0.2.77"  # an address for documentation, which nobody has
READABLE = ("/", "/livez", "/livez?verbose", "/livez/loop", "/readyz", "/readyz?verbose&exclude=drain", "/startupz",
            "/metrics", "/status", "/drain/wait")
CONTROL = ("/drain", "/undrain", "/stop")


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


class Probes(LabTest):
    def test_P7_no_get_starts_or_stops_a_drain(self):
        dremio = self.dremio()
        node = self.node(dremio)
        for port in (node.probes, node.control):
            for path in READABLE:
                self.assertEqual(node.get(path, port)[0], 200, path)
            for path in CONTROL:
                for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
                    self.assertEqual(node.get(path + "?force=true", port, method=method)[0], 405, f"{method} {path}")
        self.assertEqual((node.status()["state"], node.status()["causes"]), ("serving", []))
        node.post("/drain?force=true")
        node.wait_state("draining", "drained")
        for port in (node.probes, node.control):
            for path in (*READABLE, *CONTROL):
                node.get(path, port)
        self.assertEqual((node.status()["phase"], node.status()["causes"]), ("drained", ["manual"]))

    def test_wrong_methods_paths_and_sizes_have_their_status(self):
        dremio = self.dremio()
        node = self.node(dremio)
        head = b"Host: x\r\nConnection: close\r\n"
        table = (
            (b"GET /nope HTTP/1.1\r\n" + head + b"\r\n", 404),
            (b"GET /livez/nope HTTP/1.1\r\n" + head + b"\r\n", 404),
            (b"GET /livezz HTTP/1.1\r\n" + head + b"\r\n", 404),
            (b"POST /livez HTTP/1.1\r\n" + head + b"Content-Length: 0\r\n\r\n", 405),
            (b"DELETE /status HTTP/1.1\r\n" + head + b"\r\n", 405),
            (b"POST /drain HTTP/1.1\r\n" + head + b"Content-Length: 70000\r\n\r\n" + b"x" * 70000, 413),
            (b"POST /drain HTTP/1.1\r\n" + head + b"Content-Length: 99999999999\r\n\r\n", 413),
            (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + head + b"\r\n", 414),
            (b"GET /livez HTTP/1.1\r\n" + head + b"X-Long: " + b"a" * 17000 + b"\r\n\r\n", 431),
            (b"GET /livez HTTP/1.1\r\n" + head + b"".join(b"X-%d: y\r\n" % i for i in range(4000)) + b"\r\n", 431),
            (b"nonsense\r\n\r\n", 400),
            (b"GET /livez HTTP/1.1\r\n" + head + b"Content-Length: -1\r\n\r\n", 400),
            (b"POST /drain HTTP/1.1\r\n" + head + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             400),
        )
        for port in (node.probes, node.control):
            for data, status in table:
                with self.subTest(request=data[:40]):
                    self.assertEqual(status_of(talk(port, data)), status)
        self.assertEqual(node.status()["causes"], [])
        self.assertEqual(node.get("/livez")[0], 200)

    def test_bad_parameters_of_a_drain_are_named(self):
        dremio = self.dremio()
        node = self.node(dremio)
        for query, name in (("deadline=5", "deadline"), ("cause=sigterm", "cause"), ("nope=1", "nope")):
            code, body = node.post("/drain?force=true&" + query)
            self.assertEqual(code, 400)
            self.assertIn(name, body["error"])
        self.assertEqual(node.status()["causes"], [])

    def test_probes_in_each_state(self):
        dremio = self.dremio()
        dremio.fault("status")
        node = self.node(dremio, wait=False, executor=("--startup", "1s"))
        node.wait_state("starting")

        def codes():
            return tuple(node.get(path)[0] for path in ("/livez", "/readyz", "/startupz"))

        self.assertEqual(codes(), (200, 500, 500))
        node.wait_state("admitting")
        self.assertEqual(codes(), (200, 500, 200))
        self.assertIn("[-]admitted failed", node.get("/readyz?verbose")[1])
        dremio.heal()
        node.wait_state("serving")
        self.assertEqual(codes(), (200, 200, 200))
        self.assertEqual(node.get("/livez?verbose")[1], "[+]loop ok\nlivez check passed\n")
        node.post("/drain?force=true&wait=true", timeout=20)
        self.assertEqual(codes(), (200, 200, 200))  # withdrawable: the queries that run need the DNS name
        node.post("/undrain")
        node.wait_state("serving")
        dremio.query_on("executor-0", lasts="2s")
        node.terminate()
        node.wait_state("draining")
        self.assertEqual(codes(), (200, 500, 200))
        self.assertEqual(node.get("/readyz?exclude=drain")[0], 200)
        self.assertEqual(node.get("/readyz/drain")[0], 500)
        self.assertEqual(node.wait_exit(), 0)

    def test_lesson_01_liveness_holds_while_everything_outside_is_away(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_PROMETHEUS_URL": "http://127.0.0.1:1", "EBB_DRAIN_DENY_PATIENCE": "60s"})
        dremio.kill()
        node.terminate()
        end = time.monotonic() + 4
        while time.monotonic() < end:
            began = time.monotonic()
            self.assertEqual(node.get("/livez")[0], 200)
            self.assertLess(time.monotonic() - began, 1)
            time.sleep(0.05)
        self.assertEqual(node.status()["state"], "draining")

    def test_drain_wait_is_held_and_released(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        self.assertEqual(node.get("/drain/wait")[0], 200)
        node.post("/drain", timeout=20)  # can be withdrawn, so nothing is held
        began = time.monotonic()
        self.assertEqual(node.get("/drain/wait")[0], 200)
        self.assertLess(time.monotonic() - began, 1)
        node.post("/undrain")
        node.wait_state("serving")
        dremio.query_on("executor-0", lasts="3s")
        node.terminate()
        node.wait_state("draining")
        held = [http.client.HTTPConnection("127.0.0.1", node.probes, timeout=20) for _ in range(8)]
        answers = []
        for connection in held:
            connection.request("GET", "/drain/wait")
            answers.append(connection.getresponse())  # the headers come at once
            self.assertEqual(answers[-1].status, 200)
        self.assertEqual(node.get("/drain/wait")[0], 503)  # at most eight
        node.wait_state("stopping")
        for answer in answers:
            self.assertEqual(answer.read().strip(), b"")
        for connection in held:
            connection.close()
        self.assertEqual(node.wait_exit(), 0)

    def test_every_promised_metric_is_there_and_promtool_is_content(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.query_on("executor-0", lasts="3s")
        node.terminate()
        node.wait_state("draining", "quiescing")
        node.wait_for(lambda s: s["executor"]["fragments"] == 1, "the fragment is seen")
        page = node.get("/metrics")[1]
        promised = """ebb_state ebb_build_info ebb_fragments_active ebb_fragments_unknown ebb_drains_total
            ebb_drain_seconds ebb_drain_fragments_abandoned_total ebb_drain_deadline_timestamp_seconds
            ebb_drain_stop_timestamp_seconds ebb_deny_list_entry ebb_deny_list_available
            ebb_deny_list_writes_total ebb_deny_list_lost_updates_total ebb_requests_total
            ebb_request_seconds ebb_retry_budget_tokens ebb_retry_budget_exhausted_total
            ebb_agent_restarts_total ebb_log_lines_dropped_total ebb_executor_exits_total
            process_cpu_seconds_total process_open_fds process_max_fds process_resident_memory_bytes
            process_virtual_memory_bytes process_start_time_seconds""".split()
        self.assertEqual([name for name in promised if f"# TYPE {name} " not in page], [])
        self.assertRegex(page, r'(?m)^ebb_state\{state="draining"\} 1$')
        self.assertRegex(page, r"(?m)^ebb_fragments_active 1$")
        said = subprocess.run(["promtool", "check", "metrics"], input=page, text=True, capture_output=True, timeout=20)
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))


class WhoMayControl(LabTest):
    def test_P8_control_from_elsewhere_needs_the_token(self):
        if not private_network(ELSEWHERE):
            self.skipTest("needs a network namespace of its own")
        dremio = self.dremio()
        token = self.write("token", "s3same\n")
        everywhere = {"EBB_LISTEN_TOKEN_FILE": token}
        node = self.node(dremio, wait=False, env=everywhere, options=("--set", "listen.control=0.0.0.0:9012",
                                                                      "--set", "listen.probes=[::]:9011"))
        node.probes, node.control = 9011, 9012
        node.wait_state("serving")
        good, bad = {"Authorization": "Bearer s3same"}, {"Authorization": "Bearer s3sam"}

        def post(address, port, path, headers=None):
            return http_json(f"http://{address}:{port}{path}", "POST", headers=headers)[0]

        for port in (9011, 9012):
            for headers in (None, bad, {"Authorization": "Bearer "}, {"Authorization": "Basic s3same"},
                            {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
                for path in CONTROL:
                    self.assertEqual(post(ELSEWHERE, port, path, headers), 403, (port, path, headers))
            self.assertEqual(http_json(f"http://{ELSEWHERE}:{port}/livez")[0], 200)
        self.assertEqual(post("127.0.0.1", 9011, "/drain?force=true"), 403)  # the probes' port is no control port
        self.assertEqual(post("127.0.0.1", 9012, "/drain?force=true", {"Origin": "http://evil.example"}), 403)
        self.assertEqual(node.status()["causes"], [])
        for address, port, headers in ((ELSEWHERE, 9011, good), (ELSEWHERE, 9012, good), ("127.0.0.1", 9012, None)):
            self.assertEqual(post(address, port, "/drain?force=true", headers), 202, (address, port))
            node.wait_state("draining")
            self.assertEqual(post(address, port, "/undrain", headers), 202)
            node.wait_state("serving")
        self.write("token", "changed")
        self.assertEqual(post(ELSEWHERE, 9012, "/drain?force=true", good), 403)
        self.write("token", "")
        self.assertEqual(post(ELSEWHERE, 9012, "/drain?force=true", {"Authorization": "Bearer "}), 403)


class Clients(LabTest):
    def connect(self, port, count):
        sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
        self.addCleanup(lambda: [s.close() for s in sockets])
        return sockets

    def test_P9_512_connections_are_served_and_more_are_closed(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 2000:
            self.skipTest("needs 2,000 descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
        dremio = self.dremio()
        node = self.node(dremio)
        request = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        first = self.connect(node.probes, 512)
        for s in first:
            s.sendall(request)
        self.assertEqual({s.recv(4096)[:15] for s in first}, {b"HTTP/1.1 200 OK"})
        for s in self.connect(node.probes, 100):
            self.assertEqual(read_to_end(s), b"")
        self.assertEqual(node.post("/drain?force=true")[0], 202)  # the other port is not affected
        for s in first:
            s.close()
        wait_until(lambda: node.status(), "there is room again")
        node.wait_state("draining", "drained")
        fds = int(re.search(r"(?m)^process_open_fds (\d+)", node.get("/metrics")[1])[1])
        self.assertLess(fds, 40)

    def test_P9_a_slow_client_is_cut(self):
        dremio = self.dremio()
        node = self.node(dremio)
        began = time.monotonic()
        dripping, silent, deaf = self.connect(node.probes, 3)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        cut = None
        for byte in b"GET /livez HTTP/1.1\r\nHost: " + b"x" * 1000:
            try:
                dripping.sendall(bytes([byte]))
            except ConnectionError:
                cut = time.monotonic() - began
                break
            time.sleep(0.1)
            if time.monotonic() - began > 15:
                break
        self.assertTrue(cut and 9 < cut < 13, cut)
        silent.settimeout(5)
        self.assertEqual(read_to_end(silent), b"")
        self.assertEqual(node.get("/livez")[0], 200)

    def test_pipelined_requests_are_answered_in_order(self):
        dremio = self.dremio()
        node = self.node(dremio)
        paths = [b"/livez", b"/nope", b"/status", b"/startupz", b"/drain"] * 20
        data = b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % p for p in paths[:-1])
        data += b"GET /drain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = talk(node.probes, data)
        found = [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]
        self.assertEqual(found, [200, 404, 200, 200, 405] * 20)


if __name__ == "__main__":
    unittest.main()
