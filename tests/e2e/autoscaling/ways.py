"""The two ways in which the loop runs: the executors under Ebb, and as Dremio's chart has them."""
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
