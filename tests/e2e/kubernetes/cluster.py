#!/usr/bin/env python3
"""A control plane and a real node, made by the kit, in a network namespace of their own.

  cluster.py up        starts one for scenes that are run by hand; the file STATE names it
  cluster.py down      ends it
  cluster.py shell     a shell in its network, with KUBECONFIG and PATH set

STATE is $EBB_E2E_STATE, else build/e2e/cluster.json. Where a cluster cannot be had, STATE says why, and scenes skip.
"""
import ctypes
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
KIT = ROOT / "tests/e2e/kubernetes/kit"
STATE = pathlib.Path(os.environ.get("EBB_E2E_STATE") or ROOT / "build/e2e/cluster.json")
EBB = os.environ.get("EBB_BINARY") or str(ROOT / "build/release/ebb")
LAB = os.environ.get("EBB_LAB") or str(ROOT / "build/release/ebb-lab")
IMAGE = "localhost/ebb:e2e"
PROGRAMS = ("etcd,kube-apiserver,kube-controller-manager,kube-scheduler,kubectl,kubelet,pause,"
            "prometheus,prometheus-adapter,helm,kubeconform,crds,schemas")
TOOLS = ("containerd", "ctr", "runc", "ip", "iptables", "nsenter", "unshare", "openssl", "curl")
NEW_NETWORK = 0x40000000  # CLONE_NEWNET
START_SECONDS = "90"  # of a control plane or a node, on a machine that does other things too


class Unavailable(Exception):
    """Why there is no cluster here; one line."""


def variables(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def kit(script, *arguments, **more):
    """The standard output of one of the kit's scripts."""
    command = [str(KIT / script), *map(str, arguments)]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **more)
    if ran.returncode != 0:
        raise AssertionError(f"{script} {' '.join(command[1:])}: {ran.returncode}\n{ran.stdout}{ran.stderr[-6000:]}")
    return ran.stdout


def assets():
    """The folder of Kubernetes' programs, which are built where they are missing."""
    try:
        return kit("build", "--only", PROGRAMS).splitlines()[-1]
    except AssertionError as error:
        raise Unavailable("Kubernetes' programs are not to be had: " + str(error).strip().splitlines()[-1]) from None


def require_machine():
    if os.geteuid() != 0:
        raise Unavailable("real nodes need root")
    for tool in TOOLS:
        if not shutil.which(tool):
            raise Unavailable(f"{tool} is not installed: tools/setup --kubernetes")
    probe = "probe-" + str(os.getpid())
    mounts = [line.split() for line in pathlib.Path("/proc/mounts").read_text("utf-8").splitlines()]
    groups = [where for _, where, kind, *_ in mounts if kind.startswith("cgroup")]
    for group in groups or ["/sys/fs/cgroup"]:
        try:
            os.mkdir(os.path.join(group, probe))
            os.rmdir(os.path.join(group, probe))
        except OSError as error:
            raise Unavailable(f"control groups cannot be made: {error}") from None
    if subprocess.run(["unshare", "--net", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode != 0:
        raise Unavailable("namespaces cannot be made: unshare is not allowed")


def image(folder):
    """An archive of the released binary and the lab's, with nothing else in it."""
    tree = folder / "image"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for program in (EBB, LAB):
        shutil.copy(program, tree / os.path.basename(program))
    archive = folder / "ebb.tar"
    kit("image", "-o", archive, IMAGE, tree, "--", "/ebb", "run", "--")
    return archive


def stand_in(tree):
    """Makes the folder, the root file system of an image that stands in for Dremio's."""
    made = subprocess.run([ROOT / "tests/e2e/images/base", "dremio", LAB, tree], text=True, capture_output=True,
                          check=False)
    if made.returncode != 0:
        raise Unavailable("an image that stands in for Dremio's cannot be made: " + made.stderr.strip()[-300:])


class Node:
    def __init__(self, facts):
        self.name, self.folder, self.ip = facts["NODE"], facts["NODE_DIR"], facts["NODE_IP"]

    def pid(self, what):
        """Of KUBELET, CONTAINERD or NODE."""
        return int(variables(pathlib.Path(self.folder, "env").read_text("utf-8"))[what + "_PID"])

    def enter(self, *command):
        return kit("node", "enter", self.folder, *command)


class Cluster:
    def __init__(self, facts, archive):
        self.facts, self.archive = facts, str(archive)
        self.folder, self.nodes = facts["DIR"], {}
        self.audit = os.path.join(self.folder, "audit.log")
        self.kubectl = [os.path.join(facts["ASSETS"], "kubectl"), "--kubeconfig", facts["KUBECONFIG"]]

    @classmethod
    def up(cls, folder, owner=None, node=True, environment=None):
        """Raises Unavailable where that cannot be. With an owner it ends when that process has."""
        require_machine()
        programs = assets()
        more = ("--owner", owner) if owner else ()
        out = kit("node", "run", KIT / "control-plane", "start", "--assets", programs, "--controllers", "--scheduler",
                  "--crds", "--audit", "--timeout", START_SECONDS, *more, env={**os.environ, **(environment or {})})
        cluster = cls(variables(out), image(folder))
        if node:
            cluster.add_node("node-1")
        return cluster

    def add_node(self, name, *options):
        out = kit("node", "start", "--control-plane", self.folder, "--name", name, "--image", self.archive,
                  "--timeout", START_SECONDS, *options)
        self.nodes[name] = Node(variables(out))
        # Beside the node's own processes, and gone with them: each start and exit of a container.
        with open(os.path.join(self.nodes[name].folder, "events"), "wb") as events:
            self.nodes[name].told = subprocess.Popen(
                [KIT / "node", "enter", self.nodes[name].folder, "ctr", "-n", "k8s.io", "events"],
                stdin=subprocess.DEVNULL, stdout=events, stderr=events, start_new_session=True)
        return self.nodes[name]

    def remove_node(self, name):
        kit("node", "stop", self.nodes.pop(name).folder)

    def down(self):
        kit("control-plane", "stop", self.folder)

    def enter(self):
        """Moves this thread, and whatever it starts from now on, into the cluster's network."""
        # Not from the facts: the server may have been restarted.
        pid = pathlib.Path(self.folder, "kube-apiserver.pid").read_text("ascii").split()[0]
        with open(f"/proc/{pid}/ns/net", "rb") as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), NEW_NETWORK) != 0:
                raise OSError(ctypes.get_errno(), "setns")

    @classmethod
    def running(cls):
        """The one that STATE names; raises Unavailable."""
        if not STATE.is_file():
            raise Unavailable("no cluster was started: tests/e2e/kubernetes/cluster.py up")
        state = json.loads(STATE.read_text("utf-8"))
        if "unavailable" in state:
            raise Unavailable(state["unavailable"])
        cluster = cls(state["facts"], state["archive"])
        for env in glob.glob(os.path.join(cluster.folder, "node-*", "env")):
            node = Node(variables(pathlib.Path(env).read_text("utf-8")))
            cluster.nodes[node.name] = node
        return cluster


def up(owner=None):
    """Starts the cluster that STATE then names. Returns why not, or None."""
    STATE.parent.mkdir(parents=True, exist_ok=True)
    down()
    try:
        cluster = Cluster.up(STATE.parent, owner)
    except Unavailable as error:
        STATE.write_text(json.dumps({"unavailable": str(error)}), "utf-8")
        return str(error)
    STATE.write_text(json.dumps({"facts": cluster.facts, "archive": cluster.archive}), "utf-8")
    return None


def down():
    """Ends the one that STATE names, if it is there."""
    if STATE.is_file():
        state = json.loads(STATE.read_text("utf-8"))
        STATE.unlink()
        if os.path.isdir(state.get("facts", {}).get("DIR", "")):
            kit("control-plane", "stop", state["facts"]["DIR"])


def main(verb):
    if verb == "up":
        sys.exit(up())
    if verb == "down":
        down()
    elif verb == "shell":
        cluster = Cluster.running()
        cluster.enter()
        facts = cluster.facts
        os.environ.update(KUBECONFIG=facts["KUBECONFIG"], PATH=facts["ASSETS"] + ":" + os.environ["PATH"])
        os.execlp("bash", "bash")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
