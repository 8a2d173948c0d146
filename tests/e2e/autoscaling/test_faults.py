"""The loop while what it consists of fails or is changed in the middle of it."""
import time
import unittest

from cluster import kit
from loop import FEWEST, LIGHT, MOST
from scene import OwnCluster
from support.processes import wait_until
from ways import WithEbb

AWAY = 60  # seconds without Prometheus
API_AWAY = 10


class Faults(OwnCluster, WithEbb):
    def tearDown(self):
        """A server that has just begun refuses for a moment what it will allow, so nothing is asked of its answers."""

    def draining(self):
        return {pod["metadata"]["uid"] for pod in self.pods() if "deletionTimestamp" in pod["metadata"]}

    def wait_another_drain(self, known):
        """Until a pod is being deleted that was not; the uids of all that have been."""
        wait_until(lambda: self.draining() - known, lambda: f"another drain: {self.scaled()} {self.hpa()}", 60, 0.05)
        return known | self.draining()

    def restart_coordinator(self):
        """It forgets the deny list and its counts, and the queries that run end with it."""
        queries = self.coordinator.queries()
        self.assertEqual((0, 0), (queries["lost"], queries["refused"]), queries)
        joined = len(self.coordinator.state()["nodes"])
        self.coordinator.kill()
        time.sleep(2)
        self.coordinator.start()
        self.wait_joined(joined)
        self.coordinator.run_queries(**LIGHT)

    def wait_first_sum(self):
        """What is first known again is the load of all executors: a part of it would take some away."""
        def measured():
            self.assertEqual(MOST, self.scaled()[0], "nobody knows how much runs, so nothing is changed")
            return self.prometheus.ask("ebb:fragments_active:sum") and self.prometheus.ask("ebb:executors:count")

        counted = wait_until(measured, "a sum is recorded", 90, 0.1)
        self.assertGreaterEqual(list(counted.values()), [MOST - 1])  # one of them may be new just now

    def test_nothing_that_fails_in_the_middle_of_it_loses_a_query(self):
        self.scale_out()
        self.lower_load()
        seen = self.wait_another_drain(set())
        self.restart_coordinator()
        seen = self.wait_another_drain(seen)
        kit("node", "restart", self.cluster.nodes["node-1"].folder)
        self.wait_another_drain(seen)
        kit("control-plane", "restart", self.cluster.folder, "kube-apiserver", API_AWAY)
        self.wait_scaled(FEWEST, 150)

        self.scale_out()
        self.prometheus.stop()
        stopped = time.monotonic()
        self.coordinator.run_queries(**LIGHT)
        self.put_ebb("upgrade")
        self.put_dremio("upgrade", count=MOST, annotations={"release": "two"})  # one executor after the other is new
        self.wait_another_drain(set())
        time.sleep(max(0, stopped + AWAY - time.monotonic()))
        self.assertEqual(MOST, self.scaled()[0], "nobody knows how much runs, so nothing is changed")
        self.prometheus.start()
        self.wait_first_sum()
        self.wait_scaled(FEWEST, 200)

        self.end_load(self.coordinator)
        self.assertEqual([], [e for e in self.exits() if e.container == "dremio-executor" and e.code != 0])
        self.assert_list(self.coordinator)
        ends = [line for stop in self.stops() for line in self.log(stop["pod"], "drain.end")]
        self.assertGreaterEqual(len(self.stops()), 2 * (MOST - FEWEST) + 1)
        self.assertEqual([], [line for line in ends if "outcome=idle" not in line])


if __name__ == "__main__":
    unittest.main()
