"""A real JVM under the real binary: a server of the libraries that Dremio uses, its signals, exit codes and text."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest
import urllib.request

from support.lab import EBB, LabTest, Node
from support.processes import can_unshare, children_of, environment_of, read_text, send, wait_until

PROJECT = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.environ.get("EBB_JVM_OUTPUT", "")
JAR = os.path.join(OUTPUT, "daemon-1.jar")
UNREACHABLE = re.compile(r"Could not transfer|Unknown host|UnknownHostException|Network is unreachable|in offline mode|"
                         r"Connection (refused|timed out)")

# What bin/dremio does with $JAVA: asks it, then becomes it.
BIN_DREMIO = """
[ $$ -eq 1 ] && export DREMIO_IN_CONTAINER=1
"$JAVA" -version 2>version || exit 9
exec "$JAVA" $DREMIO_JAVA_OPTS $DREMIO_JAVA_SERVER_EXTRA_OPTS $DREMIO_JAVA_EXTRA_OPTS -cp "$JAR" \
  com.dremio.dac.daemon.DremioDaemon "$@"
"""


class Build(unittest.TestCase):
    def test_the_daemon_is_built_from_the_libraries_of_dremio(self):
        if not shutil.which("mvn"):
            self.skipTest("needs maven and a JDK: tools/setup")
        command = ["mvn", "-B", "-q", "-ntp", "-f", PROJECT + "/pom.xml", "-Doutput=" + OUTPUT, "package"]
        # Without the network first: quick where all has been fetched before.
        for more in (["-o"], []):
            done = subprocess.run([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode == 0:
                break
        if done.returncode != 0 and UNREACHABLE.search(done.stdout):
            self.skipTest("no Maven repository can be reached, and not all is in the local one")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(os.path.isfile(JAR))


class JvmNode(Node):
    """`ebb run -- java …`, or the binary as $JAVA of a script; the executor's fragments are in a file."""

    def __init__(self, test, dremio, command, env=None, **more):
        self.fragments_file = test.path("fragments")
        self.set_fragments(0)
        super().__init__(test, dremio, "executor-0", command=command, env=env, **more)

    def set_fragments(self, count):
        with open(self.fragments_file + ".new", "w", encoding="utf-8") as file:
            file.write(str(count))
        os.replace(self.fragments_file + ".new", self.fragments_file)

    def text(self):
        return read_text(self.test.path(self.out))


class Jvm(LabTest):
    def setUp(self):
        super().setUp()
        if not os.path.isfile(JAR):
            self.skipTest("the daemon's jar has not been built")
        self.dremio_lab = self.dremio()

    def options(self, *more):
        return ["-Xshare:auto", "-Xmx64m", "-Debb.fragments=" + self.path("fragments"), *more]

    def start_jvm(self, env=None, **more):
        # As bin/dremio does, which hands on what Ebb adds: the port, the host and the JVM's own grace.
        script = 'exec java $DREMIO_JAVA_EXTRA_OPTS "$@" com.dremio.dac.daemon.DremioDaemon'
        node = JvmNode(self, self.dremio_lab, ["sh", "-c", script, "sh", *self.options(), "-cp", JAR], env=env, **more)
        node.wait_state("serving", timeout=40)
        self.assertIn(f"services.web-admin.port={node.admin}\n", node.text())
        return node

    def test_a_jvm_is_drained_released_and_stopped(self):
        node = self.start_jvm()
        status = node.wait_for(lambda s: s["executor"]["fragments"] == 0, "a scrape")
        self.assertEqual((status["executor"]["metric"], status["executor"]["fragments_source"]),
                         ("exec_fragments_active", "scrape"))
        self.assertIn("dremio.termination_grace_period_seconds=5\n", node.text())  # half of the reserve
        node.set_fragments(2)
        node.terminate()
        node.wait_for(lambda s: s["drain"] and s["drain"]["waiting_for"] == "fragments: 2 running", "it is waited for")
        self.assertEqual(self.dremio_lab.denied(), ["executor-0"])

        send(node.process, signal.SIGHUP)  # would end a JVM with 129
        node.wait_log("config.reload")
        send(node.process, signal.SIGQUIT)
        wait_until(lambda: "Full thread dump" in node.text() and "shutdown-thread" not in node.text(), "a thread dump")
        node.set_fragments("NaN")
        node.wait_for(lambda s: s["drain"]["waiting_for"].startswith("fragments: unknown"), "NaN is unknown")
        self.assertIsNone(node.status()["executor"]["fragments"])
        time.sleep(2)
        self.assertEqual(node.status()["state"], "draining")

        node.set_fragments(0)
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("Unregistering node with 0 fragments\nclosed\n", node.text())
        self.assertIn("code=143", node.log("executor.exit")[-1])
        self.assertEqual(self.dremio_lab.denied(), [])

    def test_lesson_04_the_entry_stands_before_the_jvm_waits_and_leaves(self):
        node = self.start_jvm(env={"EBB_DRAIN_GRACE": None})
        self.assertIn("dremio.termination_grace_period_seconds=1\n", node.text())
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        steps = ("wish=denied", "event=executor.signal", "Waiting for work to complete", "Unregistering node")
        places = [node.text().find(step) for step in steps]
        self.assertTrue(0 < places[0] and places == sorted(places), places)

    def test_a_crowd_at_the_executors_port_delays_and_releases_nothing(self):
        # Backlog 1, four threads: scrapes by others make ours time out. Unknown is not idle.
        node = self.start_jvm()
        stop = threading.Event()

        def scrape():
            while not stop.is_set():
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{node.admin}/metrics", timeout=2).read()
                except OSError:
                    pass

        crowd = [threading.Thread(target=scrape, daemon=True) for _ in range(20)]
        node.set_fragments(1)
        for one in crowd:
            one.start()
        node.terminate()
        time.sleep(4)
        self.assertEqual(node.status()["state"], "draining")
        self.assertEqual(node.get("/livez")[0], 200)
        stop.set()
        node.set_fragments(0)
        self.assertEqual(node.wait_exit(40), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertIn("Unregistering node with 0 fragments", node.text())

    def test_a_jvm_that_hangs_is_dumped_then_killed(self):
        # The chart's choice of the JVM's own grace is left alone, and is too long here.
        node = self.start_jvm(env={"EBB_DRAIN_GRACE": "10s", "EBB_DRAIN_RESERVE": "3s",
                                   "DREMIO_JAVA_EXTRA_OPTS": "-Ddremio.termination_grace_period_seconds=60"})
        node.set_fragments(1)
        began = time.monotonic()
        node.terminate()
        self.assertEqual(node.wait_exit(), 137)
        self.assertLess(time.monotonic() - began, 8.5)  # the deadline: 10 s less the kubelet's 2 s
        self.assertIn("outcome=deadline", node.log("drain.end")[-1])
        stop, dump = node.text().find("Waiting for work to complete"), node.text().find("Full thread dump")
        self.assertTrue(0 < stop < dump, node.text())
        self.assertNotIn("Unregistering", node.text())
        # Dremio believes in the node until its ZooKeeper session ends, so the entry stays.
        self.assertEqual(self.dremio_lab.denied(), ["executor-0"])

    def test_a_jvm_that_dies_gives_its_code(self):
        node = self.start_jvm()
        send(node.executor(), signal.SIGKILL)
        self.assertEqual(node.wait_exit(), 137)

    def test_java_mode_as_bin_dremio_starts_it(self):
        done = subprocess.run([EBB, "install", self.path("shared")], check=False)
        self.assertEqual(done.returncode, 0)
        java = self.path("shared") + "/java"
        before = ("unshare", "-pf", "--mount-proc", "--kill-child") if can_unshare() else ()
        more = {"JAVA": java, "EBB_JAVA": os.path.realpath(shutil.which("java")), "JAR": JAR,
                "DREMIO_JAVA_OPTS": " ".join(self.options()),
                "DREMIO_JAVA_SERVER_EXTRA_OPTS": "-Dservices.coordinator.enabled=false "
                                                 "-Dservices.executor.enabled=true -Dzookeeper=zk-hs:2181"}
        script = self.write("dremio", BIN_DREMIO)
        node = JavaModeNode(self, self.dremio_lab, ["sh", script, "start-fg"], env=more, before=before, cwd=self.folder)
        node.wait_state("serving", timeout=40)
        self.assertIn("version", read_text(self.path("version")))
        self.assertIn(f"services.web-admin.port={node.admin}\n", node.text())
        self.assertIn("services.web-admin.host=0.0.0.0\n", node.text())
        init = wait_until(lambda: children_of(node.process.pid), "PID 1")[0] if before else node.process.pid
        executor = next(pid for pid in children_of(init) if "DremioDaemon" in read_text(f"/proc/{pid}/cmdline"))
        self.assertEqual([n for n in environment_of(executor) if n.startswith("EBB_") or n == "DREMIO_PASSWORD"], [])
        node.set_fragments(3)
        send(init, signal.SIGTERM)
        node.wait_for(lambda s: s["drain"] and s["drain"]["waiting_for"] == "fragments: 3 running", "it is waited for")
        node.set_fragments(0)
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("Unregistering node with 0 fragments\nclosed\n", node.text())
        self.assertEqual(self.dremio_lab.denied(), [])

    def test_java_mode_leaves_a_coordinator_alone(self):
        subprocess.run([EBB, "install", self.path("shared")], check=True)
        more = {"JAVA": self.path("shared") + "/java", "EBB_JAVA": os.path.realpath(shutil.which("java")), "JAR": JAR,
                "DREMIO_JAVA_OPTS": " ".join(self.options()),
                "DREMIO_JAVA_SERVER_EXTRA_OPTS": "-Dservices.coordinator.enabled=true "
                                                 "-Dservices.executor.enabled=false"}
        node = JavaModeNode(self, self.dremio_lab, ["sh", self.write("dremio", BIN_DREMIO)], env=more, cwd=self.folder)
        wait_until(lambda: "Daemon Started" in node.text(), lambda: node.text(), 40)
        self.assertEqual(children_of(node.process.pid), [])
        self.assertEqual(os.readlink(f"/proc/{node.process.pid}/exe"), more["EBB_JAVA"])
        node.terminate()
        self.assertEqual(node.wait_exit(), 143)


class JavaModeNode(JvmNode):
    def whole_command(self, before, options, command):
        return [*before, *command]


if __name__ == "__main__":
    unittest.main()
