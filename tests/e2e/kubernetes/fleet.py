"""Executors as a StatefulSet: what is applied, and what can be done to it."""
import json
import os
import re
import subprocess

from cluster import IMAGE, ROOT
from support.lab import PASSWORD, QUICK, USER
from support.net import http_json
from support.processes import wait_until

RBAC = ROOT / "deploy/rbac.yaml"
PROBES, ADMIN = 9011, 9010
FIELDS = {"POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace", "POD_UID": "metadata.uid",
          "POD_IP": "status.podIP", "NODE_NAME": "spec.nodeName"}


def rbac(namespace, kinds):
    """The documents of deploy/rbac.yaml of these kinds, for this namespace."""
    documents = RBAC.read_text("utf-8").replace("namespace: dremio", f"namespace: {namespace}").split("\n---\n")
    wanted = [d for d in documents if re.search(r"^kind: (\w+)$", d, re.M)[1] in kinds]
    return "\n---\n".join(wanted).replace("name: ebb-nodes", f"name: ebb-nodes-{namespace}")


def probe(path, **more):
    return {"httpGet": {"path": path, "port": PROBES}, "periodSeconds": 1, "timeoutSeconds": 2, **more}


def settings(coordinator, env):
    """Of the agent, or of its hook."""
    all_of_them = {"EBB_DREMIO_URL": coordinator.url, "EBB_DREMIO_USER": USER, "EBB_DREMIO_PASSWORD": PASSWORD,
                   "EBB_DREMIO_NODE_NAME": "$(POD_NAME)", **QUICK, "EBB_DRAIN_GRACE": None, **env}
    return [{"name": name, "value": value} for name, value in all_of_them.items() if value is not None]


def container(coordinator, env, executor, ebb):
    """The executor's container: unprivileged, on a root file system that cannot be written."""
    start = ["/ebb-lab", "executor", "--name", "$(POD_NAME)", "--coordinator", coordinator.control_address, "--admin",
             f"127.0.0.1:{ADMIN}", "--startup", "200ms", "--grace", "1s", "--leaving", "100ms", *executor]
    fields = [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in FIELDS.items()]
    made = {
        "name": "executor", "image": IMAGE, "imagePullPolicy": "Never", "command": start, "env": fields,
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                            "capabilities": {"drop": ["ALL"]}}}
    if ebb:
        made |= {"command": ["/ebb", "run", "--", *start], "env": fields + settings(coordinator, env),
                 "ports": [{"name": "ebb", "containerPort": PROBES}], "livenessProbe": probe("/livez"),
                 "readinessProbe": probe("/readyz"), "startupProbe": probe("/startupz", failureThreshold=60)}
    return made


def manifests(name, replicas, pod, grace):
    """A StatefulSet and the headless Service that keeps the names of nodes that are not ready."""
    labels = {"app": name}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
               "spec": {"clusterIP": "None", "selector": labels, "publishNotReadyAddresses": True,
                        "ports": [{"name": "ebb", "port": PROBES}]}}
    pod = {"serviceAccountName": "ebb", "terminationGracePeriodSeconds": grace,
           "securityContext": {"runAsNonRoot": True, "runAsUser": 999, "runAsGroup": 999,
                               "seccompProfile": {"type": "RuntimeDefault"}}, **pod}
    stateful_set = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name},
                    "spec": {"replicas": replicas, "serviceName": name, "podManagementPolicy": "Parallel",
                             "selector": {"matchLabels": labels},
                             "template": {"metadata": {"labels": labels}, "spec": pod}}}
    return {"apiVersion": "v1", "kind": "List", "items": [service, stateful_set]}


class Fleet:
    """The executors of one StatefulSet of a scene."""

    def __init__(self, scene, coordinator, replicas, name="executor", grace=60, env=None, executor=(), ebb=True,
                 node="node-1", change=None):
        self.scene, self.name, self.api, self.watch = scene, name, scene.api, scene.watch
        self.stateful_set = f"/apis/apps/v1/namespaces/{scene.namespace}/statefulsets/{name}"
        self.pods = f"/api/v1/namespaces/{scene.namespace}/pods/"
        pod = {"containers": [container(coordinator, env or {}, executor, ebb)]}
        if node:
            pod["nodeSelector"] = {"kubernetes.io/hostname": node}
        if change:
            change(pod)
        self.apply(json.dumps(manifests(name, replicas, pod, grace)))
        self.wait_ready(replicas)

    def apply(self, text):
        command = [*self.scene.cluster.kubectl, "apply", "-n", self.scene.namespace, "-f", "-"]
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)

    def there(self):
        """{name: object} of this fleet's pods."""
        return {name: pod for name, pod in self.watch.latest().items() if pod["metadata"]["labels"]["app"] == self.name}

    def ready(self):
        def is_ready(pod):
            return "deletionTimestamp" not in pod["metadata"] and any(
                c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", ()))

        return sorted(name for name, pod in self.there().items() if is_ready(pod))

    def wait_ready(self, count, timeout=60):
        wait_until(lambda: len(self.ready()) >= count, lambda: f"{count} ready: {self.ready()} of {list(self.there())}",
                   timeout, 0.05)

    def wait_gone(self, uids, timeout):
        def gone():
            return not set(uids) & {pod["metadata"]["uid"] for pod in self.there().values()}

        wait_until(gone, lambda: f"the end of pods, there are {list(self.there())}", timeout, 0.05)

    def uid(self, pod):
        return self.there()[pod]["metadata"]["uid"]

    def scale(self, replicas):
        self.api.patch(self.stateful_set, {"spec": {"replicas": replicas}})

    def delete(self, pod, **options):
        return self.api.delete(self.pods + pod, **options)

    def evict(self, pod):
        self.api.post(self.pods + pod + "/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {
            "name": pod, "namespace": self.scene.namespace}})

    def status(self, pod):
        """The agent's own, or None while nobody answers."""
        address = self.there().get(pod, {}).get("status", {}).get("podIP")
        try:
            code, body = http_json(f"http://{address}:{PROBES}/status", timeout=2) if address else (0, None)
        except OSError:
            return None
        return body if code == 200 else None

    def wait_status(self, pod, condition, what, timeout=20):
        last = [None]

        def met():
            last[0] = self.status(pod)
            return last[0] if last[0] and condition(last[0]) else None

        return wait_until(met, lambda: f"{what}; {pod}: {last[0]}", timeout, 0.03)

    def wait_state(self, pod, state, phase="", timeout=20):
        return self.wait_status(pod, lambda s: s["state"] == state and (not phase or s["phase"] == phase),
                                f"{state} {phase}", timeout)

    def processes(self, pod):
        """{"init": pid, "agent": pid, "executor": pid, "sidecar": pid} of a pod, those that are there."""
        found, uid = {}, self.uid(pod).replace("-", "")
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cgroup", encoding="ascii") as file:
                    inside = uid in file.read().replace("-", "").replace("_", "")
                with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                    words = file.read().split("\0")
            except OSError:
                continue
            if inside and words[0].endswith(("ebb", "ebb-lab")):
                found[{"run": "init"}.get(words[1], words[1])] = int(pid)
        assert found, f"no processes of {pod}"
        return found
