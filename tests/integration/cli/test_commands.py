"""Commands against an agent that says what it is told to say: exit codes, what is asked, what people read."""

import os
import signal
import subprocess

from cli.scene import EBB, Agent, CommandTest, status
from support.processes import read_text, send, wait_until

DRAINING = status("draining", "quiescing", ["manual"], drain={"waiting_for": "settle: 4.2 s left"})
DRAINED = status("draining", "drained", ["manual"])


class Commands(CommandTest):
    def agent(self, **script):
        """agent(get_status=[…], post_drain=[…])"""
        names = {key: key.split("_")[0].upper() + " /" + key.split("_")[1] for key in script}
        agent = Agent(self.control, {names[key]: answers for key, answers in script.items()})
        self.addCleanup(agent.close)
        return agent

    def one_line(self, text):
        self.assertEqual(text.count("\n"), 1, text)
        return text

    def test_nobody_there_is_one_line_that_names_the_address_and_the_mend(self):
        for command in ("status", "stop"):
            code, out, err = self.ebb(command)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"ebb {command}: no agent listens at 127.0.0.1:{self.control}; ", self.one_line(err))
            self.assertIn("listen.control", err)

    def test_output_that_is_lost_is_an_error(self):
        for command in (["config"], ["version"], ["completion", "bash"], ["--help"], ["drain", "--help"]):
            for full in (True, False):
                with open("/dev/full" if full else os.devnull, "w", encoding="utf-8") as out:
                    close = None if full else lambda: os.close(1)
                    done = subprocess.run([EBB, *command], env=self.env, stdout=out, stderr=subprocess.PIPE, text=True,
                                          timeout=10, check=False, preexec_fn=close)
                self.assertEqual(done.returncode, 1, command)
                self.assertIn("ebb: standard output cannot be written to: ", done.stderr.splitlines()[-1])

    def test_errors_begin_with_the_program(self):
        code, _, err = self.ebb("install", "/dev/null/x")
        self.assertEqual((code, self.one_line(err)[:13]), (1, "ebb install: "))
        code, _, err = self.ebb("status", "--set", "foo=1", "--set", "drain.poll=1")
        self.assertEqual((code, len(err.splitlines())), (2, 2), err)
        self.assertTrue(all(line.startswith("ebb: --set: ") for line in err.splitlines()), err)

    def test_drain_that_cannot_be_taken_back_does_not_say_how(self):
        self.agent(post_drain=[(202, status("draining", "quiescing", ["manual", "sigterm"]))])
        code, out, _ = self.ebb("drain")
        self.assertEqual(code, 0)
        self.assertIn("it cannot be taken back", out)
        self.assertNotIn("undrain", out)

    def test_something_else_there_is_said(self):
        self.agent(get_status=[(200, "<html>hello</html>")])
        code, _, err = self.ebb("status")
        self.assertEqual(code, 1)
        self.assertIn("is it Ebb that listens there?", self.one_line(err))

    def test_silence_is_given_up(self):
        self.agent(get_status=["silence"])
        code, _, err = self.ebb("status", timeout=15)
        self.assertEqual(code, 1)
        self.assertIn("did not answer in time", self.one_line(err))

    def test_status_exit_codes(self):
        table = {"serving": 0, "paused": 0, "starting": 3, "draining": 3, "stopping": 3, "stopped": 1}
        agent = self.agent(get_status=[(200, status())])
        for state, code in table.items():
            agent.script["GET /status"] = [(200, status(state))]
            self.assertEqual(self.ebb("status")[0], code, state)

    def test_status_json_is_what_the_agent_says(self):
        self.agent(get_status=[(200, '{"state":"serving","more":[1,2]}\n')])
        self.assertEqual(self.ebb("status", "--json"), (0, '{"state":"serving","more":[1,2]}\n', ""))

    def test_watch_tells_each_change_once_and_ends_with_the_node(self):
        self.agent(get_status=[(200, DRAINING), (200, DRAINING), (200, status("stopping")), "cut"])
        code, out, _ = self.ebb("status", "--watch")
        self.assertEqual(code, 1)
        self.assertEqual(out, "draining (quiescing), fragments unknown, waiting for settle: 4.2 s left\n"
                              "stopping, fragments unknown\n" + out.splitlines(keepends=True)[-1])

    def test_watch_interrupted_exits_as_status_does(self):
        self.agent(get_status=[(200, DRAINING)])
        process = self.begin("status", "--watch")
        wait_until(lambda: read_text(self.path("out")), "the first line")
        send(process, signal.SIGINT)
        self.assertEqual(process.wait(5), 3)
        self.assertEqual(read_text(self.path("err")), "")

    def test_drain_begins_and_says_how_to_follow_and_undo(self):
        agent = self.agent(post_drain=[(202, DRAINING)])
        code, out, _ = self.ebb("drain", "--reason", "a & b", "--force")
        self.assertEqual(code, 0)
        self.assertEqual(agent.asked, ["POST /drain?cause=manual&reason=a%20%26%20b&force=true"])
        self.assertIn("ebb undrain", out)

    def test_drain_refused_says_why(self):
        self.agent(post_drain=[(409, status(error="this is the last node of its engine"))])
        for wait in ((), ("--wait",)):
            code, _, err = self.ebb("drain", *wait)
            self.assertEqual((code, err), (1, "ebb drain: this is the last node of its engine\n"))

    def test_drain_wait_exit_codes(self):
        working = {"executor": {"fragments": 2}}
        cut_short = status("stopping", **working)
        table = ((DRAINED, 0), (DRAINING, 3), (status(), 4), (status("stopping"), 0), (cut_short, 3))
        agent = self.agent(post_drain=[(200, DRAINED)])
        for answer, code in table:
            agent.script["POST /drain"] = [(200, answer)]
            self.assertEqual(self.ebb("drain", "--wait", "--deadline", "10m")[0], code, answer)
        self.assertIn("&wait=true&deadline=600", agent.asked[0])

    def test_drain_goes_on_waiting_when_the_agent_is_replaced(self):
        agent = self.agent(post_drain=["cut", (200, DRAINED)], get_status=["cut", (200, DRAINING)])
        self.assertEqual(self.ebb("drain", "--wait")[0], 0)
        self.assertEqual([line.split("?")[0] for line in agent.asked if "POST" in line], ["POST /drain"] * 2)

    def test_drain_cancelled_while_the_agent_is_replaced(self):
        agent = self.agent(post_drain=["silence"], get_status=[(200, DRAINING)])
        process = self.begin("drain", "--wait")
        wait_until(lambda: "waiting for settle" in read_text(self.path("err")), "progress is told")
        agent.script["GET /status"] = [(200, status())]
        agent.end.set()
        self.assertEqual(process.wait(10), 4)
        self.assertEqual(len([line for line in agent.asked if "POST" in line]), 1, "nobody asks for it again")

    def test_interrupted_wait_leaves_the_drain_and_says_how_to_undo_it(self):
        agent = self.agent(post_drain=["silence"], get_status=[(200, DRAINING)])
        process = self.begin("drain", "--wait")
        wait_until(lambda: any("POST" in line for line in agent.asked), "the drain is asked for")
        send(process, signal.SIGINT)
        self.assertEqual(process.wait(5), 130)
        self.assertIn("the drain goes on; `ebb undrain` takes it back", read_text(self.path("err")))
        self.assertFalse([line for line in agent.asked if "undrain" in line])

    def test_undrain_exit_codes(self):
        agent = self.agent(post_undrain=[(202, status())])
        self.assertEqual(self.ebb("undrain")[0], 0)
        agent.script["POST /undrain"] = [(409, status("draining", error="the drain cannot be withdrawn"))]
        self.assertEqual(self.ebb("undrain"), (5, "", "ebb undrain: the drain cannot be withdrawn\n"))
        agent.script["POST /undrain"] = [(403, "only from the loopback")]
        code, _, err = self.ebb("undrain")
        self.assertEqual(code, 1)
        self.assertIn("answered 403: only from the loopback; set listen.token_file", self.one_line(err))

    def test_stop_exit_codes(self):
        agent = self.agent(post_stop=[(202, status("stopping"))])
        self.assertEqual(self.ebb("stop")[0], 0)
        agent.script["POST /stop"] = [(500, "no")]
        self.assertEqual(self.ebb("stop")[0], 1)

    def test_hook_asks_the_agent_and_waits(self):
        drained = status("draining", "drained", ["hook"])
        agent = self.agent(post_drain=[(200, drained)], post_undrain=[(202, status())])
        self.assertEqual(self.ebb("hook", "-a", "add")[0], 0)
        self.assertEqual(self.ebb("hook", "-a", "remove")[0], 0)
        self.assertTrue(agent.asked[0].startswith("POST /drain?cause=hook&"))
        self.assertIn("&force=true&wait=true", agent.asked[0])
        self.assertEqual(agent.asked[-1], "POST /undrain?cause=hook")

    def test_hook_fails_when_work_is_left_or_the_drain_is_taken_back(self):
        agent = self.agent(post_drain=[(200, status("draining", "quiescing", ["hook"]))])
        self.assertEqual(self.ebb("hook", "-a", "add")[0], 1)
        agent.script["POST /drain"] = [(200, status())]
        self.assertEqual(self.ebb("hook", "-a", "add")[0], 1)

    def test_configuration_that_is_wrong_is_2_for_every_command(self):
        self.env["EBB_DRAIN_SETTLE"] = "soon"
        for command in (("status",), ("drain",), ("undrain",), ("stop",), ("check",), ("hook", "-a", "add")):
            code, out, err = self.ebb(*command)
            self.assertEqual((code, out), (2, ""), command)
            self.assertIn("EBB_DRAIN_SETTLE", self.one_line(err))


if __name__ == "__main__":
    import unittest
    unittest.main()
