"""The main job on real processes: an executor that is told to end under load ends without losing a query."""

import time
import unittest

from support.lab import LabTest, paused_node
from support.processes import wait_until

FOREIGN = ["executor-10", "somebody-elses"]  # the own name is a part of one of them


class MainJob(LabTest):
    def test_sigterm_under_load_loses_no_query(self):
        dremio = self.dremio()
        dremio.write_list(FOREIGN)
        nodes = [self.node(dremio, f"executor-{i}") for i in range(2)]
        dremio.run_queries()
        wait_until(lambda: dremio.state()["nodes"]["executor-1"]["pending"] > 0, "work on the node")
        nodes[1].terminate()
        nodes[1].wait_state("draining", "quiescing")
        self.assertIn("executor-1", dremio.denied())
        self.assertEqual(nodes[1].wait_exit(), 0)
        self.assertEqual(dremio.denied(), FOREIGN)
        self.assertTrue(any("outcome=idle" in line for line in nodes[1].log("drain.end")))
        self.assertTrue(any("code=143" in line for line in nodes[1].log("executor.exit")))
        queries = dremio.stop_queries()
        self.assertEqual((queries["lost"], queries["refused"]), (0, 0))
        self.assertGreater(queries["finished"], 20)
        self.assertEqual(nodes[0].status()["state"], "serving")

    def test_eight_at_once_lose_no_query_and_no_entry(self):
        dremio = self.dremio("--latency", "0ms-20ms")
        dremio.write_list(FOREIGN)
        nodes = [self.node(dremio, f"executor-{i}", wait=False) for i in range(9)]
        for node in nodes:
            node.wait_state("serving", timeout=20)
        dremio.run_queries()
        wait_until(lambda: dremio.queries()["running"] > 5, "queries")
        for node in nodes[:8]:
            node.terminate()
        self.assertEqual([node.wait_exit(20) for node in nodes[:8]], [0] * 8)
        queries = dremio.stop_queries()
        self.assertEqual((queries["lost"], queries["refused"]), (0, 0), self.log_of_all())
        self.assertEqual(dremio.denied(), FOREIGN)

    def test_without_ebb_the_same_stop_loses_queries(self):
        # The control of the two tests above: the load is one that a bare executor loses queries of.
        dremio = self.dremio()
        self.node(dremio, "executor-0")
        bare = self.node(dremio, "executor-1", env={"EBB_DREMIO_URL": None, "EBB_DRAIN_SETTLE": "0s",
                                                    "EBB_DRAIN_QUIET": "0s", "EBB_DRAIN_SAMPLES": "1"})
        dremio.run_queries()
        wait_until(lambda: dremio.state()["nodes"]["executor-1"]["pending"] > 0, "work on the node")
        bare.post("/stop")
        self.assertEqual(bare.wait_exit(), 0)
        self.assertGreater(dremio.stop_queries()["lost"], 0)

    def test_a_running_fragment_is_waited_for(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.query_on("executor-0", lasts="4s")
        began = time.monotonic()
        node.terminate()
        node.wait_for(lambda s: s["executor"]["fragments"] == 1 and s["drain"]["waiting_for"].startswith("fragments"),
                      "the drain waits for the fragment")
        self.assertEqual(node.wait_exit(), 0)
        self.assertGreater(time.monotonic() - began, 4)
        self.assertEqual(dremio.queries()["lost"], 0)

    def test_a_deadline_ends_the_wait_and_the_reserve_is_kept(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_DRAIN_GRACE": "8s"}, executor=("--grace", "0s"))
        dremio.query_on("executor-0")
        began = time.monotonic()
        node.terminate()
        status = node.wait_state("draining")
        self.assertEqual(status["drain"]["deadline_source"], "configured")
        self.assertEqual(node.wait_exit(), 0)
        # Reserve: half of the grace; usable: 8 s - 4 s - 2 s.
        self.assertTrue(1.9 < time.monotonic() - began < 6, time.monotonic() - began)
        self.assertIn("outcome=deadline", node.log("drain.end")[-1])
        self.assertIn("abandoned=1", node.log("drain.end")[-1])

    def test_grace_10s_idle_ends_clean(self):
        dremio = self.dremio()
        node = self.node(dremio, env=dict.fromkeys(("EBB_DRAIN_SETTLE", "EBB_DRAIN_QUIET", "EBB_DRAIN_POLL"))
                         | {"EBB_DRAIN_GRACE": "10s"})
        began = time.monotonic()
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertLess(time.monotonic() - began, 8)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual(dremio.denied(), [])

    def test_second_sigterm_outside_kubernetes_hurries(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.query_on("executor-0")
        node.terminate()
        node.wait_state("draining", "quiescing")
        time.sleep(1.1)
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=hurried", node.log("drain.end")[-1])

    def test_second_sigterm_in_kubernetes_is_a_repetition(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "1",
                                      "EBB_KUBERNETES_MODE": "off"})
        dremio.query_on("executor-0", lasts="3s")
        node.terminate()
        node.wait_state("draining", "quiescing")
        time.sleep(1.1)
        node.terminate()
        node.wait_for(lambda s: s["agent"]["stop_signals"] == 2, "the second signal")
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual(dremio.queries()["lost"], 0)

    def test_an_executor_that_ends_by_itself_gives_its_code(self):
        dremio = self.dremio()
        node = self.node(dremio, executor=("--session", "1s"))
        dremio.kill()
        self.assertEqual(node.wait_exit(25), 7)
        self.assertIn("asked=false", node.log("executor.exit")[-1])


class Control(LabTest):
    def test_manual_drain_rests_and_undrain_readmits(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        code, body = node.post("/drain?reason=disk%20swap")
        self.assertEqual((code, body["causes"], body["reason"]), (202, ["manual"], "disk swap"))
        status = node.wait_state("draining", "drained")
        self.assertIsNone(status["drain"]["deadline"])
        self.assertEqual(dremio.denied(), ["executor-0"])
        dremio.run_queries(per_second=50)
        wait_until(lambda: dremio.queries()["finished"] > 20, "queries elsewhere")
        self.assertEqual(dremio.state()["nodes"]["executor-0"]["pending"], 0)
        self.assertEqual(node.status()["phase"], "drained")
        self.assertEqual(node.post("/undrain")[0], 202)
        node.wait_state("serving")
        self.assertEqual(dremio.denied(), [])
        wait_until(lambda: dremio.state()["nodes"]["executor-0"]["pending"] > 0, "work comes back")
        self.assertEqual(dremio.stop_queries()["lost"], 0)

    def test_sigterm_in_drained_stops_at_once(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": "3s"})
        self.assertEqual(node.post("/drain?wait=true&force=true", timeout=20)[1]["phase"], "drained")
        node.terminate()
        began = time.monotonic()
        node.wait_log("executor.signal")
        self.assertLess(time.monotonic() - began, 1)
        self.assertEqual(node.wait_exit(), 0)

    def test_undrain_after_sigterm_is_409_and_says_why(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.query_on("executor-0", lasts="2s")
        node.terminate()
        node.wait_state("draining")
        code, body = node.post("/undrain")
        self.assertEqual(code, 409)
        self.assertIn("sigterm", body["error"])
        self.assertEqual(node.wait_exit(), 0)

    def test_last_node_of_engine_409(self):
        dremio = self.dremio()
        node = self.node(dremio)
        code, body = node.post("/drain", timeout=20)
        self.assertEqual(code, 409)
        self.assertIn("last node", body["error"])
        self.assertEqual(dremio.denied(), [])
        self.assertEqual(node.post("/drain?force=true")[0], 202)
        node.wait_state("draining", "drained")

    def test_stop_hurries(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.query_on("executor-0")
        self.assertEqual(node.post("/stop")[0], 202)
        self.assertEqual(node.wait_exit(), 0)

    def test_entry_back_within_reclaim_is_taken_off(self):
        dremio = self.dremio()
        node = self.node(dremio)
        dremio.write_list(["executor-0", *FOREIGN])
        node.wait_log("deny_list.reclaimed")
        wait_until(lambda: dremio.denied() == FOREIGN, lambda: dremio.denied())
        self.assertEqual(node.status()["state"], "serving")

    def test_entry_back_later_is_respected(self):
        dremio = self.dremio()
        node = paused_node(self, dremio)
        self.assertEqual(node.get("/readyz")[0], 200)
        code, body = node.post("/undrain")
        self.assertEqual(code, 409)
        self.assertIn("nodeCollections/blacklist", body["error"])
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), ["executor-0"])


if __name__ == "__main__":
    unittest.main()
