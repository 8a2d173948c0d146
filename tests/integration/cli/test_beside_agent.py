"""Commands beside a real agent: `ebb run` over an executor of the lab."""

import json
import signal
import subprocess

from cli.scene import EBB, LabTest
from support.net import free_port, http_json
from support.processes import children_of, read_text, send, wait_until


class BesideAgent(LabTest):
    def state(self):
        return json.loads(self.ebb("status", "--json")[1])

    def test_drain_undrain_and_stop(self):
        run = self.start_run()
        self.assertEqual(self.ebb("drain", "--wait", "--force", "--reason", "by hand")[0], 0)
        self.assertEqual(self.denied(), ["executor-0"])
        code, out, _ = self.ebb("status")
        self.assertEqual(code, 3)
        self.assertIn("because of  manual: by hand\n", out)
        self.assertEqual(self.ebb("undrain")[0], 0)
        wait_until(lambda: self.ebb("status")[0] == 0 and not self.denied(), "it serves again")
        self.assertEqual(self.ebb("stop")[0], 0)
        self.assertEqual(run.wait(20), 0)

    def test_withdrawn_while_it_is_waited_for_is_4(self):
        self.start_run()
        self.busy("60s")
        waiting = self.begin("drain", "--wait", "--force")
        wait_until(lambda: self.denied() == ["executor-0"], "denied")
        self.assertEqual(self.ebb("undrain")[0], 0)
        self.assertEqual(waiting.wait(10), 4, read_text(self.path("err")))

    def test_undrain_after_sigterm_is_5_and_says_why(self):
        run = self.start_run()
        self.busy("8s")
        send(run, signal.SIGTERM)
        wait_until(lambda: self.state()["state"] == "draining", "it drains")
        code, _, err = self.ebb("undrain")
        self.assertEqual(code, 5)
        self.assertIn("its causes are sigterm", err)
        self.assertEqual(run.wait(40), 0)

    def test_last_node_of_engine_409_unless_forced(self):
        self.start_run()
        code, _, err = self.ebb("drain")
        self.assertEqual(code, 1)
        self.assertIn("this is the last node of its engine", err)
        self.assertEqual(self.ebb("drain", "--force")[0], 0)

    def test_wait_survives_an_agent_that_is_killed(self):
        run = self.start_run()
        self.busy("4s")
        waiting = self.begin("drain", "--wait", "--force")
        wait_until(lambda: self.denied() == ["executor-0"], "denied")
        agent = next(p for p in children_of(run.pid) if p != self.state()["executor"]["pid"])
        send(agent, signal.SIGKILL)
        self.assertEqual(waiting.wait(30), 0, read_text(self.path("err")))
        self.assertEqual(self.lab("state", "GET")["queries"]["lost"], 0)

    def test_command_that_does_not_know_the_agent_s_address_fails_with_it_and_writes_nothing(self):
        known = self.env["EBB_LISTEN_CONTROL"]
        del self.env["EBB_LISTEN_CONTROL"]
        with open(self.path("run"), "w", encoding="utf-8") as log:
            self.spawn(EBB, "run", "--set", f"listen.control={known}", "--", *self.executor_command(), stdout=log,
                       stderr=subprocess.STDOUT)
        wait_until(lambda: "to=serving" in read_text(self.path("run")), "serving", interval=0.2)
        self.env["EBB_LISTEN_CONTROL"] = f"127.0.0.1:{free_port()}"
        for command in (["drain", "--force"], ["hook", "-a", "add"], ["undrain"]):
            code, _, err = self.ebb(*command)
            self.assertEqual((code, self.denied()), (1, []), err)
            self.assertIn(f"set EBB_LISTEN_CONTROL={known}", err)

    def test_bearer_s_scheme_may_be_written_in_any_case(self):
        with open(self.path("token"), "w", encoding="utf-8") as token:
            token.write("t0ken\n")
        self.env["EBB_LISTEN_TOKEN_FILE"] = self.path("token")
        self.start_run()
        url = f"http://{self.env['EBB_LISTEN_PROBES']}/undrain"
        for said, code in (("Bearer t0ken", 202), ("bearer t0ken", 202), ("BEARER t0ken", 202), ("bearer T0KEN", 403),
                           ("bearert0ken", 403), ("basic t0ken", 403)):
            self.assertEqual(http_json(url, "POST", None, {"Authorization": said})[0], code, said)

    def test_hook_is_answered_by_the_agent_and_told_in_its_log(self):
        self.start_run()
        self.assertEqual(self.ebb("hook", "-a", "remove")[0], 0)
        self.assertEqual(self.ebb("hook", "-a", "add")[0], 0)
        self.assertIn("joined=hook", read_text(self.path("run")))
        self.assertEqual(self.state()["causes"], ["hook"])
        self.assertEqual(self.ebb("hook", "-a", "remove")[0], 0)
        wait_until(lambda: self.ebb("status")[0] == 0, "it serves again")

    def test_hook_taken_back_leaves_a_person_s_drain(self):
        self.start_run()
        self.assertEqual(self.ebb("drain", "--force")[0], 0)
        self.assertEqual(self.ebb("hook", "-a", "add")[0], 0)
        self.assertEqual(self.ebb("hook", "-a", "remove")[0], 0)
        self.assertEqual(self.state()["causes"], ["manual"])


if __name__ == "__main__":
    import unittest
    unittest.main()
