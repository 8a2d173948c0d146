"""Where no agent answers: the deny list and the drain, done by the command itself against the lab."""

import socket
import time

from cli.scene import LabTest
from support.net import free_port
from support.processes import read_text, wait_until


class FromHere(LabTest):
    def test_entry_alone_is_made_and_taken_off_and_others_stay(self):
        self.deny("somebody-else", "executor-00")
        code, out, _ = self.ebb("drain")
        self.assertEqual(code, 0)
        self.assertIn("Nothing watches the entry from now on", out)
        self.assertEqual(self.denied(), ["somebody-else", "executor-00", "executor-0"])
        code, out, _ = self.ebb("undrain")
        self.assertEqual((code, self.denied()), (0, ["somebody-else", "executor-00"]), out)
        self.assertIn("was not on the deny list", self.ebb("undrain")[1])

    def test_waits_for_running_work_and_never_signals_the_executor(self):
        executor = self.start_executor()
        self.busy("2s")
        begun = time.monotonic()
        code, out, err = self.ebb("drain", "--wait", "--force")
        self.assertEqual(code, 0, err)
        self.assertGreater(time.monotonic() - begun, 2.0)
        self.assertIn("drained: no fragment is left", out)
        self.assertEqual(self.lab("state", "GET")["queries"]["lost"], 0)
        self.assertEqual(self.denied(), ["executor-0"])
        self.assertIsNone(executor.poll())

    def test_deadline_of_the_wait_is_3_with_work_left(self):
        self.start_executor()
        self.busy("60s")
        code, _, err = self.ebb("drain", "--wait", "--deadline", "2s", "--force")
        self.assertEqual(code, 3)
        self.assertIn("time is up with work left: fragments: 1 running", err)
        self.assertEqual(self.denied(), ["executor-0"])

    def test_unknown_load_is_no_zero(self):
        code, _, err = self.ebb("drain", "--wait", "--deadline", "4s", "--force")
        self.assertEqual(code, 3, "no executor is there to say that it is idle")
        self.assertIn("fragments: unknown", err)

    def test_last_node_of_its_engine_is_refused_unless_forced(self):
        self.start_executor()
        code, _, err = self.ebb("drain", "--wait")
        self.assertEqual((code, self.denied()), (1, []))
        self.assertIn("this is the last node of its engine", err)
        self.start_executor("executor-1", free_port())
        self.assertEqual(self.ebb("drain", "--wait")[0], 0)

    def test_hook_ends_where_the_reserve_of_the_grace_begins(self):
        self.env["EBB_DRAIN_GRACE"] = "10s"
        self.start_executor()
        self.busy("60s")
        begun = time.monotonic()
        code, _, err = self.ebb("hook", "-a", "add")
        self.assertEqual(code, 1)
        self.assertIn("time is up with work left", err)
        self.assertLess(time.monotonic() - begun, 6)

    def test_hook_with_a_short_grace_shortens_settle_and_quiet(self):
        self.env |= {"EBB_DRAIN_GRACE": "10s", "EBB_DRAIN_SETTLE": "10s", "EBB_DRAIN_QUIET": "3s"}
        self.start_executor()
        begun = time.monotonic()
        code, _, err = self.ebb("hook", "-a", "add")
        self.assertEqual(code, 0, err)
        self.assertLess(time.monotonic() - begun, 5)

    def test_old_variables_alone_drain_and_admit_a_node(self):
        name = next(line.split()[2] for line in self.ebb("check")[1].splitlines() if " node.name " in line)
        for variable in [v for v in self.env if v.startswith("EBB_") and not v.startswith("EBB_LISTEN")]:
            del self.env[variable]
        self.env |= {"DREMIO_URL": f"http://127.0.0.1:{self.http}", "DREMIO_USER": "admin",
                     "DREMIO_PASSWORD": "secret1!", "PROMETHEUS_PORT": str(self.admin), "PROMETHEUS_WAIT_TIME": "1",
                     "PROMETHEUS_QUERY_MAX_RETRIES": "30"}
        self.assertEqual(name, "executor-0")
        name = next(line.split()[2] for line in self.ebb("check")[1].splitlines() if " node.name " in line)
        self.start_executor(name)
        code, out, err = self.ebb("hook", "-a", "add")
        self.assertEqual((code, self.denied()), (0, [name]), err)
        code, out, _ = self.ebb("hook", "-a", "remove")
        self.assertEqual((code, self.denied()), (0, []), out)

    def test_remove_waits_for_a_coordinator_that_is_away(self):
        self.deny("executor-0")
        self.lab("faults?what=down&for=2s")
        code, _, err = self.ebb("hook", "-a", "remove")
        self.assertEqual((code, self.denied()), (0, []), err)

    def test_without_a_coordinator_the_entry_fails_and_the_reason_is_told(self):
        del self.env["EBB_DREMIO_URL"]
        for command in (("drain",), ("undrain",), ("hook", "-a", "remove")):
            code, _, err = self.ebb(*command)
            self.assertEqual(code, 1)
            self.assertIn("dremio.url", err)

    def test_interrupted_wait_leaves_the_entry_and_says_how_to_undo_it(self):
        self.start_executor()
        self.busy("60s")
        process = self.begin("drain", "--wait", "--force")
        wait_until(lambda: self.denied() == ["executor-0"], "the entry is made")
        process.send_signal(2)
        self.assertEqual(process.wait(5), 130)
        self.assertIn("`ebb undrain` takes it off", read_text(self.path("err")))
        self.assertEqual(self.denied(), ["executor-0"])


class WithoutList(LabTest):
    options = ("--no-list",)

    def test_edition_without_the_list_drains_by_the_metric_alone(self):
        self.start_executor()
        code, out, err = self.ebb("drain", "--wait", "--force")
        self.assertEqual(code, 0, err)
        self.assertIn("the deny list could not be had", out)
        self.assertEqual(self.ebb("hook", "-a", "remove")[0], 0, "nothing can be on a list that is not there")


if __name__ == "__main__":
    import unittest
    unittest.main()
