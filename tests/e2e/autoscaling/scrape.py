"""A real Prometheus in the cluster's network, told what the operator would tell it: the PodMonitors and PrometheusRules
that are in the namespace, as objects of the API. Debian's Prometheus has no discovery of Kubernetes built in, so a file
names the pods with the labels that discovery would give them. What is kept and how it is called is its relabelling."""
import json
import os
import re
import subprocess
import threading

from support.net import free_port, http_json
from support.processes import read_text, wait_until

INTERVAL = "1s"  # of scrapes and rules, in place of what is configured for production


def meta(name):
    return "__meta_kubernetes_" + re.sub(r"[^a-zA-Z0-9_]", "_", name)


def targets(pod):
    """Those that discovery makes of a pod: one for each port that a container declares."""
    facts, spec, status = pod["metadata"], pod["spec"], pod["status"]
    of_pod = {meta("namespace"): facts["namespace"], meta("pod_name"): facts["name"], meta("pod_ip"): status["podIP"],
              meta("pod_phase"): status["phase"],
              **{meta("pod_label_" + name): value for name, value in facts.get("labels", {}).items()}}
    return [{"targets": [f"{status['podIP']}:{port['containerPort']}"],
             "labels": {**of_pod, meta("pod_container_name"): container["name"],
                        meta("pod_container_port_name"): port.get("name", ""),
                        meta("pod_container_port_number"): str(port["containerPort"])}}
            for container in spec.get("initContainers", []) + spec["containers"] for port in container.get("ports", [])]


class Discovery(threading.Thread):
    def __init__(self, scene):
        super().__init__(daemon=True)
        self.watch, self.file, self.written = scene.watch, scene.write("targets.json", "[]"), None
        self.ended = threading.Event()
        scene.addCleanup(self.ended.set)
        self.start()

    def run(self):
        while not self.ended.wait(0.2):
            found = json.dumps([target for pod in self.watch.latest().values() if pod["status"].get("podIP")
                                for target in targets(pod)])
            if found != self.written:
                with open(self.file + ".new", "w", encoding="utf-8") as file:
                    file.write(found)
                os.replace(self.file + ".new", self.file)
                self.written = found


def labels(selector):
    """Relabelling that keeps the pods which a LabelSelector's matchLabels selects."""
    return [{"source_labels": [meta("pod_label_" + name)], "regex": value,
             "action": "keep"} for name, value in selector.get("matchLabels", {}).items()]


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def job(monitor, index, endpoint, file):
    """One scrape configuration, as the operator makes it of one endpoint of a PodMonitor."""
    name, namespace = monitor["metadata"]["name"], monitor["metadata"]["namespace"]
    port = ({"source_labels": [meta("pod_container_port_name")], "regex": endpoint["port"]} if "port" in endpoint else
            {"source_labels": [meta("pod_container_port_number")], "regex": str(endpoint["portNumber"])})
    own = [{snake(key): value for key, value in rule.items()} for rule in endpoint.get("relabelings", [])]
    return {
        "job_name": f"podMonitor/{namespace}/{name}/{index}",
        "metrics_path": endpoint.get("path", "/metrics"),
        "file_sd_configs": [{"files": [file]}],
        "relabel_configs": [
            {"source_labels": [meta("pod_phase")], "regex": "(Failed|Succeeded)", "action": "drop"},
            {"source_labels": [meta("namespace")], "regex": namespace, "action": "keep"},
            *labels(monitor["spec"]["selector"]), {**port, "action": "keep"},
            {"source_labels": [meta("namespace")], "target_label": "namespace"},
            {"source_labels": [meta("pod_container_name")], "target_label": "container"},
            {"source_labels": [meta("pod_name")], "target_label": "pod"},
            {"target_label": "job", "replacement": f"{namespace}/{name}"}, *own]}


class Prometheus:
    """Started when there is something to scrape, it runs for as long as its test; it can be stopped for a while."""

    def __init__(self, scene):
        self.scene, self.file = scene, Discovery(scene).file
        host = scene.cluster.nodes["node-1"].ip  # which every pod reaches
        self.address = f"{host}:{free_port(host)}"
        self.url = "http://" + self.address
        self.process = None

    def objects(self, kind):
        path = f"/apis/monitoring.coreos.com/v1/namespaces/{self.scene.namespace}/{kind}"
        return self.scene.api.get(path)["items"]

    def write(self):
        """JSON is YAML."""
        jobs = [job(monitor, index, endpoint, self.file) for monitor in self.objects("podmonitors")
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
                ["prometheus", "--config.file", self.scene.path("prometheus.yaml"), "--storage.tsdb.path",
                 self.scene.path("prometheus"), "--web.listen-address", self.address, "--log.level=warn"],
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
