"""An API server that is away, or that allows less: what Ebb asks for, and what it does without an answer."""
import os
import signal
import subprocess
import time
import unittest

from scene import OwnCluster, Scene
from support.processes import wait_until

EVERYTHING = {("list", "", "pods"), ("watch", "", "pods"), ("get", "", "pods"),
              ("get", "coordination.k8s.io", "leases"), ("list", "coordination.k8s.io", "leases"),
              ("create", "coordination.k8s.io", "leases"), ("update", "coordination.k8s.io", "leases"),
              ("create", "events.k8s.io", "events"),
              ("list", "", "nodes"), ("watch", "", "nodes")}


class Away(OwnCluster):
    def test_an_api_server_away_for_30s_mid_drain_changes_nothing(self):
        dremio, executors, uid = self.pair_at_work("25s", grace=120)
        executors.delete("executor-1")
        before = executors.wait_status("executor-1", lambda s: s["phase"] == "quiescing" and
                                       s["drain"]["deadline_source"] == "deletion", "a drain with the pod's deadline")
        server = int(self.cluster.facts["APISERVER_PID"])
        os.kill(server, signal.SIGSTOP)  # it accepts connections and says nothing
        time.sleep(15)
        port = self.cluster.facts["SERVER"].rsplit(":", 1)[1]
        refuse = ["INPUT", "-p", "tcp", "--dport", port, "-j", "REJECT", "--reject-with", "tcp-reset"]
        subprocess.run(["iptables", "-w", "-I", *refuse], check=True)
        os.kill(server, signal.SIGCONT)
        during = executors.status("executor-1")
        time.sleep(15)
        subprocess.run(["iptables", "-w", "-D", *refuse], check=True)
        self.assertEqual((before["drain"]["deadline"][:19], "deletion"),
                         (during["drain"]["deadline"][:19], during["drain"]["deadline_source"]))
        self.replaced_when_idle(dremio, executors, uid, 60)


class Rights(Scene):
    def test_what_is_asked_for_is_what_the_role_allows(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 4)
        dremio.run_queries()
        self.scale_down_safely(dremio, executors, 4, 1)

        def asked():
            return {(verb, group, resource) for verb, group, resource, _, _ in self.requests()}

        # A signal that no deletion explains: only then is the pod asked for.
        os.kill(executors.processes("executor-0")["init"], signal.SIGTERM)
        wait_until(lambda: ("get", "", "pods") in asked(), lambda: asked(), 20)
        self.assertEqual(EVERYTHING, asked())


class Namespace(Scene):
    rights = ("ServiceAccount", "Role", "RoleBinding")
    may_be_refused = frozenset({("list", "", "nodes", "", 403)})

    def test_without_the_right_to_nodes_all_else_works(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 3)
        dremio.run_queries()
        self.assertTrue(executors.status("executor-0")["pod"]["watched"])
        self.scale_down_safely(dremio, executors, 3, 1)


class Nothing(Scene):
    rights = ("ServiceAccount",)

    def tearDown(self):
        self.assertEqual({403}, {request[-1] for request in self.requests()})

    def test_rbac_denied_everything_else_works(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 3, env={"EBB_DRAIN_GRACE": "60s"})
        dremio.run_queries()
        status = executors.status("executor-0")
        self.assertFalse(status["pod"]["watched"])
        self.assertIn("pods", status["pod"]["error"])
        self.scale_down_safely(dremio, executors, 3, 1)
        self.assertIn("source=configured", self.log("executor-2", "drain.plan")[-1])


if __name__ == "__main__":
    unittest.main()
