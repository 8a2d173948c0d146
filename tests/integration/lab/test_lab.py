"""The lab's own programs: what integration tests and people rely on when they play with it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time

from support.net import free_port, http_json
from support.processes import ProcessTest, send, signal_set, wait_until

LAB = os.environ["EBB_LAB"]
LIST = "/api/v3/nodeCollections/blacklist"


class Lab(ProcessTest):
    def setUp(self):
        super().setUp()
        with open(self.path("coordinator"), "w", encoding="utf-8") as out:
            self.start([LAB, "coordinator", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"], stdout=out)
        line = self.wait_for_line("coordinator", "coordinator listening")
        self.http, self.control = (word.split("=")[1] for word in line.split()[2:])

    def lab(self, target, method="GET"):
        status, answer = http_json(f"http://127.0.0.1:{self.http}/lab/{target}", method)
        self.assertEqual(status, 200, answer)
        return answer

    def executor(self, *options, name="executor-0", env=None):
        port = free_port()
        command = [LAB, "executor", "--name", name, "--coordinator", f"127.0.0.1:{self.control}", "--startup", "200ms"]
        if env is None:
            command += ["--admin", f"127.0.0.1:{port}"]
        process = self.start(command + list(options), env=env)
        process.admin = port
        return process

    def joined(self, name="executor-0"):
        return wait_until(lambda: self.lab("state")["nodes"].get(name), f"{name} has joined")

    def get(self, process, path):
        connection = http.client.HTTPConnection("127.0.0.1", process.admin, timeout=2)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def live(self, process):
        try:
            return self.get(process, "/live")[0]
        except ConnectionRefusedError:
            return None

    def fragments(self, process):
        page = self.get(process, "/metrics")[1]
        return next(float(line.split()[1]) for line in page.splitlines() if line.startswith("exec_fragments_active "))

    def headers(self):
        body = {"userName": "admin", "password": "secret1!"}
        _, answer = http_json(f"http://127.0.0.1:{self.http}/apiv2/login", "POST", body)
        return {"Authorization": "Bearer " + answer["token"]}

    def test_executor_listens_only_when_it_has_registered(self):
        process = self.executor("--startup", "600ms")
        time.sleep(0.3)
        self.assertIsNone(self.live(process))
        self.joined()
        wait_until(lambda: self.live(process) == 200, "/live answers")

    def test_sigterm_closes_the_port_first_waits_for_fragments_and_ends_with_143(self):
        process = self.executor("--grace", "5s", "--leaving", "0s")
        self.joined()
        self.lab("query?lasts=1500ms", "POST")
        wait_until(lambda: self.fragments(process) == 1, "a fragment runs")
        send(process, signal.SIGTERM)
        wait_until(lambda: self.live(process) is None, "the port is closed")
        self.assertIsNone(process.poll())
        self.assertTrue(self.lab("state")["nodes"]["executor-0"]["alive"])
        self.assertEqual(process.wait(10), 143)
        state = self.lab("state")
        self.assertEqual((state["queries"]["finished"], state["queries"]["lost"], state["nodes"]), (1, 0, {}))

    def test_sigterm_after_its_grace_loses_what_still_runs(self):
        process = self.executor("--grace", "300ms", "--leaving", "0s")
        self.joined()
        self.lab("query?lasts=60s", "POST")
        wait_until(lambda: self.fragments(process) == 1, "a fragment runs")
        send(process, signal.SIGTERM)
        self.assertEqual(process.wait(10), 143)
        self.assertEqual(self.lab("state")["queries"]["lost"], 1)

    def test_sigterm_while_starting_ends_at_once(self):
        process = self.executor("--startup", "60s")
        wait_until(lambda: signal.SIGTERM in signal_set(process.pid, "SigCgt"), "SIGTERM is handled")
        send(process, signal.SIGTERM)
        self.assertEqual(process.wait(2), 143)

    def test_killed_executor_loses_its_queries_and_is_still_believed_in(self):
        process = self.executor()
        self.joined()
        self.lab("query?lasts=60s", "POST")
        wait_until(lambda: self.fragments(process) == 1, "a fragment runs")
        process.kill()
        wait_until(lambda: self.lab("state")["queries"]["lost"] == 1, "the query is lost")
        self.assertFalse(self.lab("state")["nodes"]["executor-0"]["alive"])

    def test_denied_executor_gets_no_more_fragments(self):
        for name in ("a", "b"):
            self.executor(name=name)
            self.joined(name)
        http_json(f"http://127.0.0.1:{self.http}{LIST}", "POST", ["a"], self.headers())
        for _ in range(8):
            self.lab("query?fragments=2&lasts=30s", "POST")
        nodes = self.lab("state")["nodes"]
        self.assertEqual((nodes["a"]["pending"], nodes["b"]["pending"]), (0, 16))

    def test_java_options_in_the_environment_place_the_port_and_the_grace(self):
        port = free_port()
        options = f"-Dservices.web-admin.port={port} -Ddremio.termination_grace_period_seconds=1"
        process = self.executor(env={"DREMIO_JAVA_EXTRA_OPTS": options})
        process.admin = port
        self.joined()
        wait_until(lambda: self.live(process) == 200, "/live answers at the port of the options")

    def test_lost_answer_is_applied_and_never_sent(self):
        headers = self.headers()
        self.lab("faults?what=lost_answer&method=POST&count=1", "POST")
        with self.assertRaises((ConnectionError, http.client.HTTPException)):
            http_json(f"http://127.0.0.1:{self.http}{LIST}", "POST", ["x"], headers)
        self.assertEqual(self.lab("state")["denied"], ["x"])

    def test_restart_refuses_connections_and_keeps_the_list(self):
        http_json(f"http://127.0.0.1:{self.http}{LIST}", "POST", ["x"], self.headers())
        self.lab("faults?what=down&for=1s", "POST")

        def refused():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", int(self.http))) != 0

        wait_until(refused, "connections are refused", timeout=1)
        wait_until(lambda: not refused(), "it is back")
        self.assertEqual(self.lab("state")["denied"], ["x"])

    def test_executor_page_goes_wrong_on_request(self):
        process = self.executor()
        self.joined()
        wait_until(lambda: self.live(process) == 200, "/live answers")
        self.lab("executor?name=executor-0&page=nan&healthy=0", "POST")
        wait_until(lambda: "exec_fragments_active NaN" in self.get(process, "/metrics")[1], "the page says NaN")
        self.assertEqual(self.live(process), 500)
        self.lab("executor?name=executor-0&page=good&healthy=1&delay=300ms", "POST")
        begun = time.monotonic()
        wait_until(lambda: "exec_fragments_active 0.0" in self.get(process, "/metrics")[1], "the page is good again")
        self.assertGreater(time.monotonic() - begun, 0.3)

    def test_unknown_parameter_is_named(self):
        status, text = http_json(f"http://127.0.0.1:{self.http}/lab/query?lasts=3parsecs", "POST")
        self.assertEqual(status, 400)
        self.assertIn('"3parsecs" is not a duration', text)

    def report(self, story, *options):
        command = [LAB, "report", self.write("story.json", story), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=20)

    def test_a_run_that_others_saw_ends_with_the_table_and_the_page(self):
        process = self.executor()
        self.joined()
        self.lab("query?lasts=60s", "POST")
        wait_until(lambda: self.lab("state")["nodes"]["executor-0"]["pending"], "a fragment")
        begun = time.monotonic()
        process.kill()
        wait_until(lambda: self.lab("state")["queries"]["lost"], "a lost query")
        ago = time.monotonic() - begun
        run = {"key": "bare", "title": "Without protection", "began": ago + 2, "stops": [
            {"node": "executor-0", "name": "executor-0", "from": ago + 1, "told": ago, "gone": 0, "killed": True,
             "failure": ""}]}
        story_url = f"http://127.0.0.1:{self.http}/lab/story"
        status, story = http_json(story_url, "POST", run)
        self.assertEqual((200, 1, 1), (status, story["lost"], len(story["nodes"][0]["lost"])), story)
        page = self.path("report.html")
        said = self.report(json.dumps(story), "--fact", "One query.", "--out", page)
        self.assertRegex(said.stdout, r"queries lost +1\n", said.stderr)
        self.assertRegex(said.stdout, r"of them by SIGKILL, the grace being over +1\n")
        with open(page, encoding="utf-8") as file:
            self.assertIn("One query.", file.read())
        status, text = http_json(story_url, "POST", {"key": "bare"})
        self.assertEqual(status, 400)
        self.assertIn("a field is missing", text)

    def test_a_report_of_what_is_no_story_is_refused(self):
        said = self.report("{}")
        self.assertEqual(1, said.returncode)
        self.assertIn("story.json: story: a field is missing", said.stderr)


if __name__ == "__main__":
    import unittest
    unittest.main()
