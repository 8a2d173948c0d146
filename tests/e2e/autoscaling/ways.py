"""The two ways in which the loop runs, the executors under Ebb and as Dremio's chart has them, and a run of one."""
import unittest

from loop import Loop


class WithEbb(Loop):
    pass


class Bare(Loop):
    """The control: scraped themselves, since nothing else of them can be."""
    value_files = ()
    dremio_values = {"extraStartParams": "-Dservices.web-admin.port=9010 -Dservices.web-admin.host=0.0.0.0"}
    ebb_values = {"podMonitor": {"matchLabels": {"role": "dremio-cluster-pod"}, "ebb": {"enabled": False},
                                 "podMetricsEndpoints": [{"port": "server-fabric", "relabelings": [
                                     {"sourceLabels": ["__meta_kubernetes_pod_ip"], "targetLabel": "__address__",
                                      "replacement": "$1:9010"}]}]}}


def run(way, play, log):
    """Does play(loop) outside of ctest and tells in the file `log` how that went. Why it failed, or None."""
    class Played(way):
        def runTest(self):
            play(self)

    test = Played()
    with open(log, "w", encoding="utf-8") as out:
        try:
            result = unittest.TextTestRunner(stream=out).run(test)
        except KeyboardInterrupt:  # which unittest lets through without cleaning up
            test.doCleanups()
            raise
    if result.skipped:
        return result.skipped[0][1]
    return None if result.wasSuccessful() else f"the run failed; see {log}"
