"""Whoever dies in the middle: the agent in every state, the coordinator, and what goes on afterwards."""

import signal
import time
import unittest

from support.lab import LabTest, paused_node
from support.processes import send, wait_until


class AgentKilled(LabTest):
    def test_agent_killed_in_every_state_resumes(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        executor = node.executor()

        self.assertEqual(node.kill_agent()["state"], "serving")

        dremio.query_on("executor-0", lasts="6s")
        node.post("/drain?reason=swap", timeout=20)
        node.wait_state("draining", "quiescing")
        status = node.kill_agent()
        self.assertEqual((status["state"], status["causes"], status["reason"]), ("draining", ["manual"], "swap"))
        self.assertEqual(status["agent"]["restarts"], 2)

        node.wait_state("draining", "drained", timeout=15)
        self.assertEqual(node.kill_agent()["state"], "draining")
        node.wait_state("draining", "drained")
        self.assertEqual(dremio.denied(), ["executor-0"])

        node.terminate()
        node.wait_state("stopping")
        self.assertEqual(node.executor(), executor)
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), [])
        self.assertEqual(dremio.stop_queries()["lost"], 0)

    def test_agent_killed_in_a_drain_that_ends_the_container(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio, env={"EBB_DRAIN_GRACE": "30s"})
        dremio.query_on("executor-0", lasts="4s")
        node.terminate()
        before = node.wait_state("draining", "quiescing")
        after = node.kill_agent()
        self.assertEqual(after["causes"], ["sigterm"])
        for moment in ("began", "deadline", "stop_at"):  # to the second: the clocks go on
            self.assertEqual(after["drain"][moment][:19], before["drain"][moment][:19], moment)
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual(dremio.stop_queries()["lost"], 0)
        self.assertEqual(dremio.denied(), [])

    def test_agent_killed_while_stopping(self):
        dremio = self.dremio()
        node = self.node(dremio, executor=("--leaving", "2s"))
        node.terminate()
        node.wait_state("stopping")
        send(node.agent(), signal.SIGKILL)
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), [])

    def test_agent_killed_while_admitting(self):
        dremio = self.dremio()
        dremio.write_list(["executor-0"])
        dremio.fault("status", method="POST", path="/api/v3/nodeCollections")
        node = self.node(dremio, wait=False)
        node.wait_state("admitting")
        node.kill_agent()
        node.wait_state("admitting")
        dremio.heal()
        node.wait_state("serving", timeout=20)
        self.assertEqual(dremio.denied(), [])

    def test_agent_killed_while_paused_keeps_entry(self):
        dremio = self.dremio()
        node = paused_node(self, dremio)
        self.assertEqual(node.kill_agent()["state"], "paused")
        time.sleep(1)
        self.assertEqual((node.status()["state"], dremio.denied()), ("paused", ["executor-0"]))

    def test_agent_killed_in_manual_drain_stays_drained(self):
        dremio = self.dremio()
        node = self.node(dremio)
        node.post("/drain?force=true&wait=true", timeout=20)
        for restarts in (1, 2):
            self.assertEqual(node.kill_agent()["agent"]["restarts"], restarts)
        node.wait_state("draining", "drained")
        self.assertEqual(dremio.denied(), ["executor-0"])
        node.post("/undrain")
        node.wait_state("serving")
        self.assertEqual(dremio.denied(), [])

    def test_agent_stopped_for_a_moment_does_not_release_on_old_zeros(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": "3s"})
        node.terminate()
        node.wait_state("draining", "quiescing")
        agent = node.agent()
        send(agent, signal.SIGSTOP)
        time.sleep(4)
        send(agent, signal.SIGCONT)
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])


class CoordinatorAway(LabTest):
    def test_coordinator_killed_and_restarted_in_a_drain(self):
        dremio = self.dremio()
        node = self.node(dremio)
        node.post("/drain?force=true&wait=true", timeout=20)
        dremio.kill()
        node.wait_for(lambda s: s["upstreams"]["dremio"]["ok"] is False, "it is seen")
        self.assertEqual(node.status()["phase"], "drained")
        dremio.start()
        # The list is empty, and so is its table of tokens: log in again, put the entry back.
        wait_until(lambda: dremio.denied() == ["executor-0"], lambda: f"the entry; {node.log()[-10:]}", 20)
        node.wait_for(lambda s: s["deny_list"]["lost"] == 1 and s["upstreams"]["dremio"]["ok"], "it is well again")
        wait_until(lambda: "executor-0" in dremio.state()["nodes"], "the executor has joined again")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), [])

    def test_coordinator_gone_with_executors_ends_early(self):
        # Nothing to write to: after deny_patience the metric alone decides, over a third of the usable time.
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_DRAIN_GRACE": "20s", "EBB_DRAIN_DENY_PATIENCE": "1s"})
        dremio.kill()
        began = time.monotonic()
        node.terminate()
        self.assertEqual(node.wait_exit(20), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertTrue(4 < time.monotonic() - began < 18, time.monotonic() - began)

    def test_coordinator_that_comes_late_is_no_reason_to_crash(self):
        dremio = self.dremio()
        dremio.fault("reset")
        node = self.node(dremio, wait=False)
        node.wait_state("admitting")
        node.wait_for(lambda s: s["deny_list"]["error"], "the error is told")
        self.assertEqual(node.get("/livez")[0], 200)
        self.assertEqual(node.get("/readyz")[0], 500)
        dremio.heal()
        node.wait_state("serving", timeout=20)
        self.assertEqual(node.get("/readyz")[0], 200)

    def test_faults_of_every_kind_in_a_drain_lose_no_query(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        for number, what in enumerate(("reset", "lost_answer", "status", "not_json")):
            dremio.fault(what, chance=0.2, first=1 + number)
        dremio.run_queries()
        time.sleep(0.5)
        node.terminate()
        self.assertEqual(node.wait_exit(24), 0)
        self.assertEqual(dremio.stop_queries()["lost"], 0, node.log())


if __name__ == "__main__":
    unittest.main()
