"""Executors that are scaled by what runs on them, out and in again, with and without Ebb."""
import unittest

from loop import FEWEST, MOST, Loop


class Safe(Loop):
    def test_load_scales_out_and_in_and_no_query_is_lost(self):
        self.out_and_in()
        self.end_load(self.coordinator)
        self.assertEqual([], [e for e in self.exits() if e[1] == "dremio-executor" and e[2] != 0])
        self.assert_list(self.coordinator)
        self.assertEqual(MOST - FEWEST, len(self.stops()))
        for stop in self.stops():
            self.assertIn("outcome=idle", self.log(stop["pod"], "drain.end")[-1])


class Bare(Loop):
    """The control: the same loop, the executors as Dremio's chart has them, and scraped themselves."""
    value_files = ()
    dremio_values = {"extraStartParams": "-Dservices.web-admin.port=9010 -Dservices.web-admin.host=0.0.0.0"}
    ebb_values = {"podMonitor": {"matchLabels": {"role": "dremio-cluster-pod"}, "ebb": {"enabled": False},
                                 "podMetricsEndpoints": [{"port": "server-fabric", "relabelings": [
                                     {"sourceLabels": ["__meta_kubernetes_pod_ip"], "targetLabel": "__address__",
                                      "replacement": "$1:9010"}]}]}}

    def test_without_ebb_the_same_loop_loses_queries(self):
        self.out_and_in()
        self.assertGreater(self.coordinator.stop_queries()["lost"], 0)


if __name__ == "__main__":
    unittest.main()
