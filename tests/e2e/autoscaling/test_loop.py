"""Executors that are scaled by what runs on them, out and in again, with and without Ebb."""
import os
import unittest

from loop import DREMIO, EBB_CHART, EBB_IMAGE, FEWEST, LIGHT, MOST, Installed
from ways import Bare, WithEbb, run


class Safe(WithEbb):
    def test_load_scales_out_and_in_and_no_query_is_lost(self):
        self.out_and_in()
        self.end_load(self.coordinator)
        self.assertEqual([], [e for e in self.exits() if e.container == "dremio-executor" and e.code != 0])
        self.assert_list(self.coordinator)
        self.assertEqual(MOST - FEWEST, len(self.stops()))
        for stop in self.stops():
            self.assertIn("outcome=idle", self.log(stop["pod"], "drain.end")[-1])
        self.assertEqual({}, self.prometheus.ask('last_over_time(ALERTS{alertstate="firing"}[1h])'))
        self.assertNotEqual({}, self.prometheus.ask("ebb:fragments_active:sum"))


class Own(Installed):
    """The executors' StatefulSet of Ebb's chart, in place of one of Dremio's."""

    def install(self, verb, replicas):
        image, tag = DREMIO.rsplit(":", 1)
        ebb, ebb_tag = EBB_IMAGE.rsplit(":", 1)
        self.helm(verb, "ebb", EBB_CHART, {
            "secrets": self.credentials(), "image": {"repository": ebb, "tag": ebb_tag, "pullPolicy": "Never"},
            "executor": {"create": True, "replicas": replicas, "image": image, "imageTag": tag,
                         "imagePullPolicy": "Never", "resources": {"requests": {"cpu": "10m"}}, "extraEnvs": [
                             {"name": "LAB_COORDINATOR", "value": self.coordinator.control_address}]}})

    def test_executors_of_ebbs_own_chart_are_drained_by_an_upgrade_to_fewer(self):
        self.install("install", 3)
        self.wait_joined(3)
        self.coordinator.run_queries(**LIGHT)
        nodes = self.coordinator.state()["nodes"]
        self.busy(self.coordinator, nodes)
        self.install("upgrade", 1)
        self.wait_joined(1)
        self.end_load(self.coordinator)
        self.assert_never_killed(2 + 3, (0,))  # two executors, and the init containers of three
        self.assert_list(self.coordinator)


class Without(Bare):
    def test_without_ebb_the_same_loop_loses_queries(self):
        self.out_and_in()
        self.assertGreater(self.coordinator.stop_queries()["lost"], 0)


class Interrupted(unittest.TestCase):
    def test_a_run_that_is_interrupted_ends_what_it_started(self):
        ended = []

        class Way(unittest.TestCase):
            def setUp(self):
                self.addCleanup(ended.append, "what was started")

        def interrupt(_):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            run(Way, interrupt, os.devnull)
        self.assertEqual(["what was started"], ended)


if __name__ == "__main__":
    unittest.main()
