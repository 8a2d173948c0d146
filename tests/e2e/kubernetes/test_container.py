"""Inside a pod that stays: executors that crash, containers that are restarted, agents that die or hang."""
import http.server
import os
import signal
import threading
import unittest

from scene import KILLED, Scene
from support.processes import wait_until


class Verdict(http.server.ThreadingHTTPServer):
    """What a liveness probe is told: 200 while `good`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.server.good else 500)
            self.end_headers()

        def log_message(self, *_):
            pass

    def __init__(self, scene, address):
        super().__init__((address, 0), self.Handler)
        self.good = True
        threading.Thread(target=self.serve_forever, daemon=True).start()
        scene.addCleanup(self.server_close)
        scene.addCleanup(self.shutdown)


class Container(Scene):
    def restarts(self, executors, pod):
        return sum(status["restartCount"] for status in executors.there()[pod]["status"]["containerStatuses"])

    def test_a_crashed_executor_comes_back_allowed(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2)
        os.kill(executors.processes("executor-1")["executor"], signal.SIGKILL)
        wait_until(lambda: self.restarts(executors, "executor-1") == 1, "a restart", 20, 0.05)
        executors.wait_ready(2)
        executors.wait_state("executor-1", "serving")
        self.assertEqual([KILLED], [e.code for e in self.exits()])
        dremio.run_queries()
        self.busy(dremio, ["executor-1"])
        self.assert_list(dremio)
        self.end_load(dremio)

    def test_a_failed_liveness_probe_restarts_without_losing_a_query(self):
        dremio = self.dremio()
        verdict = Verdict(self, dremio.host)

        def ask_the_scene(pod):
            pod["containers"][0]["livenessProbe"] = {
                "httpGet": {"host": dremio.host, "port": verdict.server_address[1], "path": "/"}, "periodSeconds": 1,
                "failureThreshold": 2}

        others = self.fleet(dremio, 2)
        frail = self.fleet(dremio, 1, name="frail", change=ask_the_scene)
        dremio.run_queries()
        self.busy(dremio, ["frail-0"])
        verdict.good = False
        wait_until(lambda: self.log("frail-0", "drain.plan"), "a drain", 20)
        verdict.good = True
        wait_until(lambda: self.restarts(frail, "frail-0") == 1, "a restart", 40, 0.05)
        frail.wait_ready(1)
        frail.wait_state("frail-0", "serving")
        self.assertIn("source=short", self.log("frail-0", "drain.plan")[-1])
        self.assert_never_killed(1)
        self.assertEqual(["executor-0", "executor-1"], others.ready())
        self.assert_list(dremio)
        self.busy(dremio, ["frail-0"])
        self.end_load(dremio)

    def test_an_agent_killed_in_a_drain_is_replaced_and_goes_on(self):
        self.drain_with_trouble(lambda executors: os.kill(executors.processes("executor-1")["agent"], signal.SIGKILL))

    def test_an_agent_stopped_in_a_drain_is_replaced_and_goes_on(self):
        self.drain_with_trouble(lambda executors: os.kill(executors.processes("executor-1")["agent"], signal.SIGSTOP))

    def drain_with_trouble(self, trouble):
        dremio, executors, uid = self.pair_at_work("6s", grace=90)
        executors.delete("executor-1")
        before = executors.wait_state("executor-1", "draining", "quiescing")
        trouble(executors)
        after = executors.wait_status("executor-1", lambda s: s["agent"]["restarts"] == 1 and s["state"] == "draining"
                                      and s["drain"]["deadline_source"] == "deletion", "another agent", 60)
        self.assertLessEqual(after["drain"]["deadline"][:19], before["drain"]["deadline"][:19])
        self.replaced_when_idle(dremio, executors, uid, 60)


if __name__ == "__main__":
    unittest.main()
