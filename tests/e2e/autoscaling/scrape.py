"""A real Prometheus in the cluster's network, told what the operator would tell it: the PodMonitors and PrometheusRules
that are in the namespace, as objects of the API. It finds the pods by its own discovery of Kubernetes."""
import json
import os
import re
import subprocess

from support.net import free_port, http_json
from support.processes import read_text, wait_until

INTERVAL = "1s"  # of scrapes and rules, in place of what is configured for production


def meta(name):
    return "__meta_kubernetes_" + re.sub(r"[^a-zA-Z0-9_]", "_", name)


def labels(selector):
    """Relabelling that keeps the pods which a LabelSelector's matchLabels selects."""
    return [{"source_labels": [meta("pod_label_" + name), meta("pod_labelpresent_" + name)], "regex": f"({value});true",
             "action": "keep"} for name, value in sorted(selector.get("matchLabels", {}).items())]


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def job(monitor, index, endpoint, kubeconfig):
    """One scrape configuration, as the operator makes it of one endpoint of a PodMonitor."""
    name, namespace = monitor["metadata"]["name"], monitor["metadata"]["namespace"]
    own = [{snake(key): value for key, value in rule.items()} for rule in endpoint.get("relabelings", [])]
    return {
        "job_name": f"podMonitor/{namespace}/{name}/{index}",
        "metrics_path": endpoint.get("path", "/metrics"),
        "kubernetes_sd_configs": [{"role": "pod", "namespaces": {"names": [namespace]}, "kubeconfig_file": kubeconfig}],
        "relabel_configs": [
            {"source_labels": [meta("pod_phase")], "regex": "(Failed|Succeeded)", "action": "drop"},
            *labels(monitor["spec"]["selector"]),
            {"source_labels": [meta("pod_container_port_name")], "regex": endpoint["port"], "action": "keep"},
            {"source_labels": [meta("namespace")], "target_label": "namespace"},
            {"source_labels": [meta("pod_container_name")], "target_label": "container"},
            {"source_labels": [meta("pod_name")], "target_label": "pod"},
            {"target_label": "job", "replacement": f"{namespace}/{name}"},
            {"target_label": "endpoint", "replacement": endpoint["port"]}, *own]}


class Prometheus:
    """Started when there is something to scrape, it runs for as long as its test; it can be stopped for a while."""

    def __init__(self, scene):
        self.scene, self.facts = scene, scene.cluster.facts
        host = scene.cluster.nodes["node-1"].ip  # which every pod reaches
        self.address = f"{host}:{free_port(host)}"
        self.url = "http://" + self.address
        self.process = None

    def objects(self, kind):
        path = f"/apis/monitoring.coreos.com/v1/namespaces/{self.scene.namespace}/{kind}"
        return self.scene.api.get(path)["items"]

    def write(self):
        """JSON is YAML."""
        jobs = [job(monitor, index, endpoint, self.facts["KUBECONFIG"]) for monitor in self.objects("podmonitors")
                for index, endpoint in enumerate(monitor["spec"]["podMetricsEndpoints"])]
        groups = [{**group, "interval": INTERVAL} for rule in self.objects("prometheusrules")
                  for group in rule["spec"]["groups"]]
        rules = self.scene.write("rules.yaml", json.dumps({"groups": groups}))
        self.scene.write("prometheus.yaml", json.dumps({
            "global": {"scrape_interval": INTERVAL, "scrape_timeout": INTERVAL, "evaluation_interval": INTERVAL},
            "rule_files": [rules], "scrape_configs": jobs}))

    def start(self):
        self.write()
        with open(self.scene.path("prometheus.out"), "ab") as out:
            self.process = self.scene.start(
                [os.path.join(self.facts["ASSETS"], "prometheus"), "--config.file", self.scene.path("prometheus.yaml"),
                 "--storage.tsdb.path", self.scene.path("prometheus"), "--web.listen-address", self.address,
                 "--log.level=warn"],
                stdout=out, stderr=out, inherit=False)
        wait_until(self.ready, lambda: "Prometheus is ready: " + read_text(self.scene.path("prometheus.out")), 30)

    def ready(self):
        try:
            return http_json(self.url + "/-/ready")[0] == 200
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def ask(self, query):
        """{labels as text: value} of an instant query."""
        result = subprocess.run(["promtool", "query", "instant", "-o", "json", self.url, query], capture_output=True,
                                text=True, check=True).stdout
        return {json.dumps(each["metric"], sort_keys=True): float(each["value"][1]) for each in json.loads(result)}
