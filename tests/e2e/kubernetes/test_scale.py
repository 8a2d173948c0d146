"""Executors that Kubernetes takes away under load: scaled down, deleted, evicted."""
import unittest

from scene import Scene


class Scale(Scene):
    def test_scale_down_under_load_loses_no_query(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 6)
        dremio.run_queries()
        gone = [f"executor-{i}" for i in range(2, 6)]
        self.busy(dremio, gone)
        uids = [executors.uid(pod) for pod in gone]
        executors.scale(2)
        executors.wait_gone(uids, 50)
        self.end_load(dremio)
        self.assert_never_killed(4)
        self.assert_list(dremio)
        for pod in gone:
            self.assertIn("outcome=idle", self.log(pod, "drain.end")[-1])
        self.assertEqual(executors.ready(), ["executor-0", "executor-1"])

    def test_without_ebb_the_same_scale_down_loses_queries(self):
        # The control of the scenes: the load is one of which bare executors lose queries.
        dremio = self.dremio()
        executors = self.fleet(dremio, 6, ebb=False)
        dremio.run_queries()
        gone = [f"executor-{i}" for i in range(2, 6)]
        self.busy(dremio, gone)
        uids = [executors.uid(pod) for pod in gone]
        executors.scale(2)
        executors.wait_gone(uids, 50)
        self.assertGreater(dremio.stop_queries()["lost"], 0)


if __name__ == "__main__":
    unittest.main()
