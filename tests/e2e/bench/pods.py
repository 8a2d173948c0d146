"""Processes that stand for pods: a control plane without kubelets, a StatefulSet's pods on a node that is only an
object, and for each the variables, and the token bound to it, that a container would have."""
import atexit
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
for folder in ("tests/integration", "tests/bench", "tests/e2e/kubernetes"):
    sys.path.insert(0, str(ROOT / folder))
import fleet  # noqa: E402
from api import Api, PodWatch  # noqa: E402
from cluster import Cluster, Unavailable  # noqa: E402
from scene import PodLogs  # noqa: E402
from stage import wait_until  # noqa: E402

NAMESPACE, NAME, GRACE = "dremio", "executor", 600
TOKEN_LIFE = 3600


def cluster(**more):
    """One that ends with this process, which has joined its network. Made before a Stage is, which ends all orphans."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ebb-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        made = Cluster.up(folder, owner=os.getpid(), **more)
    except Unavailable as reason:
        sys.exit(str(reason))
    made.enter()
    return made


class Place:
    """A namespace with the rights of deploy/rbac.yaml, for a fleet of real pods."""

    def __init__(self, made):
        self.cluster, self.api, self.namespace = made, Api(made.facts), NAMESPACE
        self.api.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
        self.apply(fleet.RBAC.read_text("utf-8"))
        self.watch, self.logs = PodWatch(self.api, NAMESPACE), PodLogs(made, NAMESPACE)

    def apply(self, text):
        command = [*self.cluster.kubectl, "apply", "-n", NAMESPACE, "-f", "-"]
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)


class Pods(Place):
    """Pods without processes: the caller starts those."""

    def __init__(self, stage, made, count, host="127.0.0.1"):
        super().__init__(made)
        self.stage = stage
        self.server = f"https://{host}:{made.facts['SERVER'].rsplit(':', 1)[1]}"
        self.api.post("/api/v1/nodes", {"metadata": {"name": "nowhere"}})
        pod = {"nodeName": "nowhere", "containers": [{"name": "executor", "image": "none", "imagePullPolicy": "Never"}]}
        self.apply(json.dumps(fleet.manifests(NAME, count, pod, GRACE)))
        wait_until(lambda: len(self.objects()) == count, lambda: f"{len(self.objects())} of {count} pods", 60, 0.2)

    def objects(self):
        return self.api.get(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]

    def environment(self):
        """{pod: variables}; the token's file among them."""
        return {pod["metadata"]["name"]: self.variables(pod) for pod in self.objects()}

    def variables(self, pod):
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        bound = {"apiVersion": "v1", "kind": "Pod", "name": name, "uid": uid}
        token = self.api.post(f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/ebb/token", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": {"expirationSeconds": TOKEN_LIFE, "boundObjectRef": bound}})["status"]["token"]
        file = self.stage.folder / f"token-{name}"
        file.write_text(token)
        return {"EBB_KUBERNETES_MODE": "required", "EBB_KUBERNETES_URL": self.server,
                "EBB_KUBERNETES_TOKEN_FILE": str(file), "EBB_KUBERNETES_CA_FILE": self.cluster.facts["CA"],
                "POD_NAME": name, "POD_NAMESPACE": NAMESPACE, "POD_UID": uid, "NODE_NAME": "nowhere"}

    def scale(self, count):
        self.api.patch(f"/apis/apps/v1/namespaces/{NAMESPACE}/statefulsets/{NAME}", {"spec": {"replicas": count}})

    def requests(self, since=0):
        """Those of the pods in the audit log, from that byte of it on."""
        user = f"system:serviceaccount:{NAMESPACE}:ebb"
        with open(self.cluster.audit, encoding="utf-8") as file:
            file.seek(since)
            entries = [json.loads(line) for line in file if user in line]
        return [e for e in entries if e["user"]["username"] == user]

    def audited(self):
        return os.stat(self.cluster.audit).st_size
