"""Executors that Kubernetes takes away under load, several at once."""
import unittest

from scene import Scene


class Scale(Scene):
    def test_scale_down_under_load_loses_no_query(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 6)
        dremio.run_queries()
        self.scale_down_safely(dremio, executors, 6, 2)
        self.assertEqual(executors.ready(), ["executor-0", "executor-1"])

    def test_without_ebb_the_same_scale_down_loses_queries(self):
        # The control of the scenes: the load is one of which bare executors lose queries.
        dremio = self.dremio()
        executors = self.fleet(dremio, 6, ebb=False)
        dremio.run_queries()
        self.scale_down(dremio, executors, 6, 2)
        self.assertGreater(dremio.stop_queries()["lost"], 0)


if __name__ == "__main__":
    unittest.main()
