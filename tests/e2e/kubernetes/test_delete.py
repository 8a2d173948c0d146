"""Single executors that are taken away: deleted in turns, evicted, forced out, asked to drain."""
import time
import unittest

from scene import Scene
from support.processes import wait_until


class Delete(Scene):
    def test_grace_shrinks_mid_drain(self):
        dremio, executors, uid = self.pair_at_work("6s")
        executors.delete("executor-1", gracePeriodSeconds=60)
        first = executors.wait_status("executor-1", lambda s: s["drain"] and
                                      s["drain"]["deadline_source"] == "deletion", "a deadline from the deletion")
        self.assertTrue(50_000 < first["pod"]["grace_ms"] <= 60_000, first["pod"])
        executors.delete("executor-1", gracePeriodSeconds=20)
        second = executors.wait_status("executor-1", lambda s: s["drain"]["deadline"] < first["drain"]["deadline"],
                                       "an earlier deadline")
        self.assertEqual(second["causes"], first["causes"])
        self.replaced_when_idle(dremio, executors, uid, 20)

    def test_a_grace_too_short_for_a_query_is_kept_all_the_same(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2)
        dremio.query_on("executor-1", lasts="120s")
        uid, began = executors.uid("executor-1"), time.monotonic()
        executors.delete("executor-1", gracePeriodSeconds=60)
        executors.wait_state("executor-1", "draining", "quiescing")
        executors.delete("executor-1", gracePeriodSeconds=12)
        executors.wait_gone([uid], 20)
        self.assertLess(time.monotonic() - began, 12)
        self.assert_never_killed(1)
        self.assertIn("outcome=deadline", self.log("executor-1", "drain.end")[-1])
        executors.wait_ready(2)
        self.assert_list(dremio)

    def test_eviction_under_load_loses_no_query(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 3)
        dremio.run_queries()
        self.busy(dremio, ["executor-2"])
        uid = executors.uid("executor-2")
        executors.evict("executor-2")
        executors.wait_gone([uid], 50)
        executors.wait_ready(3)
        self.end_load(dremio)
        self.assert_never_killed(1)
        self.assert_list(dremio)
        self.assertTrue(self.log("executor-2", "pod.disruption", "EvictionByEvictionAPI"), self.logs.of("executor-2"))

    def test_forced_out_and_its_successor_do_not_fight(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2)
        old = executors.uid("executor-1")
        executors.delete("executor-1", gracePeriodSeconds=0)
        wait_until(lambda: "executor-1" in executors.there() and executors.uid("executor-1") != old, "a successor", 20)
        executors.wait_ready(2)
        executors.wait_state("executor-1", "serving")
        self.assert_never_killed(1)
        self.assert_list(dremio)
        dremio.run_queries()
        self.busy(dremio, ["executor-1"])
        time.sleep(5)  # what the old one may still have under way has been applied by now
        self.assertEqual(dremio.denied(), [])
        self.assertEqual(executors.status("executor-1")["state"], "serving")
        self.end_load(dremio)

    def test_an_annotation_drains_and_its_removal_admits_again(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2)
        dremio.run_queries()
        self.busy(dremio, ["executor-1"])
        self.kubectl("annotate", "pod", "-n", self.namespace, "executor-1", "ebb.dev/drain=true")
        status = executors.wait_state("executor-1", "draining", "drained", 30)
        self.assertEqual((status["causes"], dremio.denied()), (["annotation"], ["executor-1"]))
        self.assertIn("executor-1", executors.ready())
        self.kubectl("annotate", "pod", "-n", self.namespace, "executor-1", "ebb.dev/drain-")
        executors.wait_state("executor-1", "serving")
        self.assert_list(dremio)
        self.busy(dremio, ["executor-1"])
        self.end_load(dremio)


if __name__ == "__main__":
    unittest.main()
