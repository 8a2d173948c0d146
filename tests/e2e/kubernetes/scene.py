"""A scene: a namespace, a coordinator of the lab beside it, executors under load, and what must be true at the end."""
import collections
import datetime
import glob
import json
import os
import pathlib
import random
import re
import subprocess
import threading
import time

import fleet
from api import Api, ApiError, PodWatch
from cluster import Cluster, Unavailable
from support.lab import Coordinator
from support.processes import ProcessTest, wait_until

KILLED = 137  # what a container's exit code is after SIGKILL
Exit = collections.namedtuple("Exit", "pod container code at")  # at: seconds of the clock


class Dremio(Coordinator):
    """The lab's coordinator on the node's address, which every pod reaches."""

    def __init__(self, scene, *options):
        self.control_address = ""
        super().__init__(scene, *options, host=scene.cluster.nodes["node-1"].ip)
        self.control_address = f"{self.host}:{self.control}"


class PodLogs(threading.Thread):
    """The logs of a namespace's containers, of those too that are gone: a file once opened can be read to its end."""

    def __init__(self, cluster, namespace):
        super().__init__(daemon=True)
        self.pattern = os.path.join(cluster.folder, f"node-*/pods/{namespace}_*/*/*.log")
        self.open, self.ended = {}, False
        self.start()

    def run(self):
        while not self.ended:
            for path in glob.glob(self.pattern):
                if path not in self.open:
                    try:
                        self.open[path] = open(path, encoding="utf-8", errors="replace")
                    except OSError:
                        pass
            time.sleep(0.1)

    def of(self, pod=""):
        """Lines of all containers of all pods of this name, in the order of their time."""
        lines = []
        for path, file in list(self.open.items()):
            if not pod or os.path.basename(os.path.dirname(os.path.dirname(path))).split("_")[1] == pod:
                file.seek(0)
                lines += file.read().splitlines()
        return [re.sub(r"^\S+ \w+ F ", "", line) for line in sorted(lines)]

    def close(self):
        self.ended = True
        self.join()
        for file in self.open.values():
            file.close()


class Scene(ProcessTest):
    may_be_refused = frozenset()
    rights = ("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")  # of deploy/rbac.yaml

    def setUp(self):
        super().setUp()
        try:
            self.cluster = self.find_cluster()
        except Unavailable as reason:
            self.skip(reason)
        self.cluster.enter()
        self.api = Api(self.cluster.facts)
        words = re.sub(r"[^a-z0-9]+", "-", self._testMethodName.removeprefix("test_").lower())
        self.namespace = f"{words[:40].strip('-')}-{random.randrange(16**4):04x}"
        self.api.post("/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.addCleanup(self.leave)
        if self.rights:
            self.kubectl("apply", "-f", "-", input=fleet.rbac(self.namespace, self.rights))
        self.watch = PodWatch(self.api, self.namespace)
        self.logs = PodLogs(self.cluster, self.namespace)
        self.fleets = []

    def tearDown(self):
        """Whatever a scene is about, its pods have asked for nothing that deploy/rbac.yaml does not allow."""
        self.assertEqual([], sorted({r for r in self.requests() if r[-1] == 403} - self.may_be_refused))

    def find_cluster(self):
        return Cluster.running()

    def skip(self, reason):
        print(f"skipped: {reason}")
        self.skipTest(str(reason))

    def leave(self):
        """Tells what happened where the scene failed, and lets go of its pods without waiting for them."""
        self.watch.ended = True
        result = self._outcome.result
        if any(test is self for test, _ in result.failures + result.errors):
            self.tell()
        try:
            self.api.delete(f"/apis/apps/v1/namespaces/{self.namespace}/statefulsets", propagationPolicy="Orphan")
            self.api.delete(f"/api/v1/namespaces/{self.namespace}/pods", gracePeriodSeconds=0)
            self.api.delete(f"/api/v1/namespaces/{self.namespace}")
        except (ApiError, OSError):
            pass  # it goes with its cluster
        self.logs.close()

    def tell(self):
        for line in self.logs.of()[-120:]:
            print(line[:400])
        for when, kind, pod in self.watch.seen[-40:]:
            facts, status = pod["metadata"], pod["status"]
            print(f"{when:.3f} {kind} {facts['name']} {status.get('phase')} {facts.get('deletionTimestamp', '')} "
                  f"{json.dumps(status.get('containerStatuses', ''))[:600]}")

    def kubectl(self, *arguments, **more):
        command = [*self.cluster.kubectl, *arguments]
        ran = subprocess.run(command, text=True, capture_output=True, check=False, **more)
        self.assertEqual(ran.returncode, 0, f"{arguments}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    def helm(self, verb, release, chart, values, *words, files=()):
        """What helm says. `values` are stronger than those of the files."""
        facts = self.cluster.facts
        given = self.write(f"{release}-values.json", json.dumps(values))
        command = [os.path.join(facts["ASSETS"], "helm"), "--kubeconfig", facts["KUBECONFIG"], "--namespace",
                   self.namespace, verb, release, chart, *words]
        for file in (*files, given):
            command += ["-f", file]
        ran = subprocess.run(command, text=True, capture_output=True, check=False,
                             env={**os.environ, "HOME": self.folder})
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)
        return ran.stdout

    def dremio(self, *options):
        return Dremio(self, *options)

    def fleet(self, coordinator, replicas, **more):
        made = fleet.Fleet(self, coordinator, replicas, **more)
        self.fleets.append(made)
        return made

    def node(self, *options):
        """Another node, for as long as the scene lasts; its name."""
        name = f"node-{self.namespace[-4:]}"
        self.cluster.add_node(name, *options)
        self.addCleanup(self.api.delete, "/api/v1/nodes/" + name)
        self.addCleanup(self.cluster.remove_node, name)
        return name

    def busy(self, dremio, pods):
        """Waits until there is work on each of these pods."""
        def working():
            nodes = dremio.state()["nodes"]
            return all(nodes.get(pod, {}).get("pending", 0) > 0 for pod in pods)

        wait_until(working, lambda: f"work on {pods}: {dremio.state()}", 20, 0.02)

    def pair_at_work(self, lasts, **more):
        """Two executors under load, and a query of that length on the second: coordinator, fleet, the second's uid."""
        dremio = self.dremio()
        executors = self.fleet(dremio, 2, **more)
        dremio.run_queries()
        dremio.query_on("executor-1", lasts=lasts)
        return dremio, executors, executors.uid("executor-1")

    def replaced_when_idle(self, dremio, executors, uid, patience):
        """The second executor's pod goes when it is idle, its successor is ready, and nothing is lost or left."""
        executors.wait_gone([uid], patience)
        executors.wait_ready(2)
        self.end_load(dremio)
        self.assert_never_killed(1)
        self.assert_list(dremio)
        self.assertIn("outcome=idle", self.log("executor-1", "drain.end")[-1])

    def scale_down(self, dremio, executors, before, after):
        """Takes busy executors away and waits until they are gone; their names."""
        gone = [f"{executors.name}-{i}" for i in range(after, before)]
        self.busy(dremio, gone)
        uids = [executors.uid(pod) for pod in gone]
        executors.scale(after)
        executors.wait_gone(uids, 50)
        return gone

    def scale_down_safely(self, dremio, executors, before, after):
        gone = self.scale_down(dremio, executors, before, after)
        self.end_load(dremio)
        self.assert_never_killed(len(gone))
        self.assert_list(dremio)
        for pod in gone:
            self.assertIn("outcome=idle", self.log(pod, "drain.end")[-1])

    def exits(self):
        """[Exit] of every container that has ended, as containerd tells it."""
        ids = {}
        for _, _, pod in list(self.watch.seen):
            for status in pod["status"].get("containerStatuses", []) + pod["status"].get("initContainerStatuses", []):
                for state in (status, *status.get("state", {}).values(), *status.get("lastState", {}).values()):
                    if state.get("containerID"):
                        ids[state["containerID"].split("//")[1]] = (pod["metadata"]["name"], status["name"])
        found = []
        for path in glob.glob(os.path.join(self.cluster.folder, "node-*/events")):
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in file:
                    if " /tasks/exit " in line:
                        event = json.loads(line[line.index("{"):])
                        if event["id"] == event["container_id"] and event["id"] in ids:
                            found.append(Exit(*ids[event["id"]], event.get("exit_status", 0),
                                              datetime.datetime.fromisoformat(event["exited_at"]).timestamp()))
        return found

    def log(self, pod, event, text=""):
        """The agent's lines of that event."""
        wanted = re.compile(rf" event={re.escape(event)}( |$)")
        return [line for line in self.logs.of(pod) if wanted.search(line) and text in line]

    def end_load(self, dremio, finished=20):
        """No query was lost, of more than so many."""
        wait_until(lambda: dremio.queries()["finished"] > finished, f"{finished} queries", 20)
        queries = dremio.stop_queries()
        self.assertEqual((queries["lost"], queries["refused"]), (0, 0), queries)

    def assert_never_killed(self, ended, codes=(0,)):
        """As many containers as that have ended, each with one of these codes."""
        wait_until(lambda: len(self.exits()) >= ended, lambda: f"{ended} exits: {self.exits()}", 10, 0.05)
        self.assertEqual(ended, len([e for e in self.exits() if e.code in codes]), self.exits())
        self.assertEqual(ended, len(self.exits()), self.exits())

    def assert_list(self, dremio, entries=()):
        wait_until(lambda: sorted(dremio.denied()) == sorted(entries), lambda: f"{entries}: {dremio.denied()}", 15)

    def requests(self):
        """(verb, group, resource, subresource, code) of each request of this namespace's pods, from the audit log."""
        user, found = f"system:serviceaccount:{self.namespace}:", []
        with open(self.cluster.audit, encoding="utf-8") as file:
            for line in file:
                if user in line:
                    entry = json.loads(line)
                    what = entry.get("objectRef", {})
                    if entry["user"]["username"].startswith(user):
                        found.append((entry["verb"], what.get("apiGroup", ""), what.get("resource", ""),
                                      what.get("subresource", ""), entry.get("responseStatus", {}).get("code", 0)))
        return found


class OwnCluster(Scene):
    """In a cluster that is this scene's alone, for what would disturb others."""

    def find_cluster(self):
        cluster = Cluster.up(pathlib.Path(self.folder), owner=os.getpid())
        self.addCleanup(cluster.down)
        return cluster
