"""The whole loop: a chart with the extension points of Dremio's, Ebb's chart beside it, both installed by helm; a real
Prometheus that scrapes the pods, prometheus-adapter, the HPA, the StatefulSet, a scheduler and a kubelet."""
import pathlib
import shutil
import time

from cluster import EBB, ROOT, Unavailable, kit, stand_in
from scene import KILLED, Scene
from scrape import Prometheus
from support.lab import USER
from support.net import http_json
from support.processes import wait_until

DREMIO_CHART, EBB_CHART = ROOT / "tests/e2e/charts/dremio", ROOT / "deploy/helm/ebb"
DREMIO, EBB_IMAGE = "localhost/dremio:e2e", "localhost/ebb:scratch"
STATEFUL_SET, SERVICE = "dremio-executor", "dremio-cluster-pod"
FEWEST, MOST = 2, 6
BEHAVIOR = {
    "scaleDown": {"stabilizationWindowSeconds": 5, "policies": [{"type": "Pods", "value": 1, "periodSeconds": 4}]},
    "scaleUp": {"stabilizationWindowSeconds": 0, "policies": [{"type": "Pods", "value": 4, "periodSeconds": 2}]}}
# A fragment runs for 2.5 s on average, and a query has 2.5 of them.
HEAVY = {"per_second": 12, "fragments": 4, "lasts": "1s-4s", "plan_delay": "0ms-2s"}
LIGHT = {**HEAVY, "per_second": 1.5}
TARGET = 8  # fragments an executor


def is_executor(pod):
    return pod["metadata"]["labels"].get("app") == STATEFUL_SET


class Installed(Scene):
    rights = ()  # the chart brings them
    may_be_refused = frozenset({("list", "", "nodes", "", 403)})  # given only when rbac.nodes asks for it

    def setUp(self):
        super().setUp()
        self.load_images()
        self.coordinator = self.dremio("--propagation", "1s")

    def load_images(self):
        """Dremio's stand-in, and Ebb's own image with the binary alone."""
        ebb = pathlib.Path(self.path("ebb-image"))
        ebb.mkdir()
        shutil.copy(EBB, ebb / "ebb")
        tree = self.path("dremio-image")
        try:
            stand_in(tree)
        except Unavailable as reason:
            self.skip(reason)
        archives = [self.path("dremio.tar"), self.path("ebb.tar")]
        kit("image", "-o", archives[0], DREMIO, tree, "--", "/opt/dremio/bin/dremio", "start-fg")
        kit("image", "-o", archives[1], EBB_IMAGE, ebb, "--", "/ebb")
        kit("node", "load", self.cluster.nodes["node-1"].folder, *archives)

    def credentials(self):
        return {"DREMIO_USER": USER, "DREMIO_PASSWORD": self.coordinator.password, "DREMIO_URL": self.coordinator.url}

    def wait_joined(self, executors):
        """Dremio's chart has no probes: a pod is ready before its executor has joined."""
        wait_until(lambda: len(self.coordinator.state()["nodes"]) == executors,
                   lambda: f"{executors} executors: {self.coordinator.state()}", 90, 0.2)


class Loop(Installed):
    value_files = (ROOT / "deploy/values/dremio-v2.yaml",)  # of Dremio's chart
    dremio_values, ebb_values = {}, {}  # more of each

    def setUp(self):
        super().setUp()
        self.lowered = []  # seconds from the end of heavy load until fewer executors were wished for
        self.prometheus = Prometheus(self)
        self.put_dremio()
        self.put_ebb()
        self.prometheus.start()
        self.serve_metric()
        self.wait_joined(FEWEST)

    # ---- what a person does ---------------------------------------------------------------------------------------

    def put_dremio(self, verb="install", count=FEWEST, annotations=None):
        repository, tag = DREMIO.rsplit(":", 1)
        values = {"image": repository, "imageTag": tag, "imagePullPolicy": "Never",
                  "executor": {"count": count, "podAnnotations": annotations or {}}, "ebbImage": EBB_IMAGE,
                  "lab": {"coordinator": self.coordinator.control_address}, **self.dremio_values}
        self.helm(verb, "dremio", DREMIO_CHART, values, files=self.value_files)

    def put_ebb(self, verb="install"):
        values = {
            "secrets": self.credentials(),
            "hpa": {"minReplicas": FEWEST, "maxReplicas": MOST, "behavior": BEHAVIOR, "metric": {
                "metricName": "fragments_active", "target": {"type": "AverageValue", "value": TARGET}}},
            "podMonitor": {"matchLabels": {"role": "dremio-cluster-pod"}, "podMetricsEndpoints": [
                {"path": "/metrics", "interval": "1s", "port": "prometheus"}]},
            "additionalConfigMap": {"PROMETHEUS_ENDPOINT": self.prometheus.url},
            "prometheusRule": {"enabled": True}, **self.ebb_values}
        self.helm(verb, "ebb", EBB_CHART, values)

    def serve_metric(self):
        """prometheus-adapter with the rule that the chart put into a ConfigMap."""
        path = f"/api/v1/namespaces/{self.namespace}/configmaps/ebb-adapter-rules"
        config = self.write("adapter.yaml", self.api.get(path)["data"]["config.yaml"])
        kit("control-plane", "adapter", self.cluster.folder, self.prometheus.url, config)

    # ---- what is seen ---------------------------------------------------------------------------------------------

    def scaled(self):
        """(replicas wished for, pods that are ready)"""
        path = f"/apis/apps/v1/namespaces/{self.namespace}/statefulsets/{STATEFUL_SET}"
        found = self.api.get(path)
        return found["spec"]["replicas"], found["status"].get("readyReplicas", 0)

    def pods(self):
        return [pod for pod in self.watch.latest().values() if is_executor(pod)]

    def wait_scaled(self, replicas, patience):
        """Until so many are wished for, ready, and no other pod is left."""
        def settled():
            return self.scaled() == (replicas, replicas) and len(self.pods()) == replicas

        wait_until(settled, lambda: f"{replicas} executors: {self.scaled()} {self.hpa()}", patience, 0.2)

    def hpa(self):
        path = f"/apis/autoscaling/v2/namespaces/{self.namespace}/horizontalpodautoscalers/ebb"
        status = self.api.get(path)["status"]
        return [(c["type"], c["status"], c["reason"], c["message"]) for c in status.get("conditions", [])]

    def scale_out(self):
        """Load that needs the most executors."""
        self.coordinator.run_queries(**HEAVY)
        self.wait_scaled(MOST, 90)
        time.sleep(3)  # work on each

    def lower_load(self):
        """To a little; returns when the HPA wishes for fewer executors."""
        self.coordinator.run_queries(**LIGHT)
        began = time.time()
        wait_until(lambda: self.scaled()[0] < MOST, lambda: f"fewer executors: {self.scaled()} {self.hpa()}", 90, 0.05)
        self.lowered.append(time.time() - began)

    def out_and_in(self):
        self.scale_out()
        self.lower_load()
        self.wait_scaled(FEWEST, 150)

    # ---- what is told afterwards ----------------------------------------------------------------------------------

    def stops(self):
        """[{pod, from, told, ended, gone}] of each pod that was taken away and whose executor ended, in seconds."""
        lives = {}
        for when, kind, pod in list(self.watch.seen):
            if not is_executor(pod):
                continue
            life = lives.setdefault(pod["metadata"]["uid"], {"pod": pod["metadata"]["name"], "from": when})
            if "deletionTimestamp" in pod["metadata"]:
                life.setdefault("told", when)
            if kind == "DELETED":
                life["gone"] = when
        gone, exits = [life for life in lives.values() if "gone" in life], self.exits()
        for life in gone:
            ends = [e.at for e in exits if (e.pod, e.container) == (life["pod"], "dremio-executor")
                    and life["from"] < e.at < life["gone"]]
            life["ended"] = max(ends, default=life["gone"])  # one that has never run
        return gone

    def story(self, key, title, began):
        """The run as the coordinator tells it, for `ebb-lab report`."""
        killed = {e.pod for e in self.exits() if e.code == KILLED}
        now = time.time()
        stops = [{"node": f"{life['pod']}.{SERVICE}.{self.namespace}.svc.cluster.local", "name": life["pod"],
                  "from": now - life["from"], "told": now - life["told"], "gone": now - life["gone"],
                  "killed": life["pod"] in killed, "failure": ""} for life in self.stops()]
        status, told = http_json(self.coordinator.url + "/lab/story", "POST", {
            "key": key, "title": title, "began": now - began, "stops": stops})
        self.assertEqual(200, status, told)
        return told
