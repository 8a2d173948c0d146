"""JAVA mode with a real JDK, started as bin/dremio does it: it asks $JAVA some questions and then executes it."""

import os
import shutil
import signal
import subprocess
import unittest

from harness import HARNESS, InitTest
from support.processes import can_unshare, children_of, send, wait_until

CLASSES = os.environ.get("EBB_TEST_CLASSES", "")
REAL = os.path.realpath(shutil.which("java") or "")

# What bin/dremio does with $JAVA: a question first, then it becomes the daemon.
BIN_DREMIO = """
[ $$ -eq 1 ] && export DREMIO_IN_CONTAINER=1
"$JAVA" -version || exit 9
DREMIO_JAVA_OPTS="-Xshare:auto $DREMIO_JAVA_SERVER_EXTRA_OPTS $DREMIO_JAVA_EXTRA_OPTS"
exec "$JAVA" $DREMIO_JAVA_OPTS -cp "$CLASSES" com.dremio.dac.daemon.DremioDaemon "$@"
"""
EXECUTOR = "-Dservices.executor.enabled=true -Dservices.coordinator.enabled=false"
COORDINATOR = "-Dservices.executor.enabled=false -Dservices.coordinator.enabled=true"


@unittest.skipUnless(os.path.isdir(CLASSES), "needs a JDK")
class JavaMode(InitTest):
    def setUp(self):
        super().setUp()
        self.java = shutil.copy(HARNESS, self.path("java"))

    def start_dremio(self, options, env=None, before=()):
        environment = {
            "JAVA": self.java, "EBB_JAVA": REAL, "CLASSES": CLASSES, "DREMIO_JAVA_SERVER_EXTRA_OPTS": options,
            "EBB_DREMIO_PASSWORD": "s3cret", "HARNESS_LOG": self.path("agent"), "DREMIO_CONF_DIR": self.folder,
            **(env or {})}
        with open(self.path("out"), "wb") as out:
            return self.start([*before, "sh", self.write("dremio", BIN_DREMIO), "start-fg"], env=environment,
                              stdout=out, stderr=out)

    def seen(self):
        """What the daemon saw, by name."""
        self.wait_for_line("out", "ready", timeout=40)
        return dict(line.split("=", 1) for line in self.lines("out") if "=" in line)

    def test_an_executors_daemon_is_run_under_init(self):
        before = ("unshare", "-pf", "--mount-proc", "--kill-child") if can_unshare() else ()
        process = self.start_dremio(EXECUTOR, before=before)
        seen = self.seen()
        self.assertEqual(seen["services.web-admin.port"], "9010")
        self.assertEqual(seen["services.web-admin.host"], "0.0.0.0")
        self.assertEqual(seen["dremio.termination_grace_period_seconds"], "1")
        self.assertEqual((seen["container"], seen["secret"], seen["arguments"]), ("1", "null", "start-fg"))
        self.agent_ready()
        init = wait_until(lambda: children_of(process.pid), "PID 1")[0] if before else process.pid
        send(init, signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertIn("hook ran", self.lines("out"))
        self.assertEqual(self.lines("agent")[-1], "exited 143")

    def test_what_the_chart_has_chosen_is_left_alone(self):
        self.write("dremio.conf", "services: { web-admin: { host: \"10.1.2.3\" } }\n")
        self.start_dremio(EXECUTOR + " -Dservices.web-admin.port=9123 -Ddremio.termination_grace_period_seconds=60")
        seen = self.seen()
        self.assertEqual(seen["services.web-admin.port"], "9123")
        self.assertEqual(seen["services.web-admin.host"], "null")
        self.assertEqual(seen["dremio.termination_grace_period_seconds"], "60")

    def test_a_coordinator_becomes_the_real_java(self):
        process = self.start_dremio(COORDINATOR)
        seen = self.seen()
        self.assertEqual(seen["services.web-admin.port"], "null")
        self.assertEqual(os.readlink(f"/proc/{process.pid}/exe"), REAL)
        self.assertEqual(self.lines("agent"), [])
        send(process, signal.SIGTERM)
        self.assertEqual(process.wait(20), 143)

    def test_the_real_java_is_found_by_java_home_and_by_path(self):
        home = os.path.dirname(os.path.dirname(REAL))
        for env in ({"JAVA_HOME": home, "PATH": self.folder}, {"PATH": f"{self.folder}:{home}/bin"}):
            with self.subTest(env=env):
                done = subprocess.run([self.java, "-version"], env=env, capture_output=True, check=False)
                self.assertEqual(done.returncode, 0)
                self.assertIn(b"version", done.stderr)

    def test_without_a_real_java_it_says_so(self):
        done = subprocess.run([self.java, "-version"], env={"PATH": self.folder}, capture_output=True, check=False)
        self.assertEqual(done.returncode, 127)
        self.assertIn(b"EBB_JAVA", done.stderr)

    def test_a_chosen_java_that_is_none_is_told_and_no_other_is_run(self):
        for chosen in ("/nonexistent", self.java):
            env = {"JAVA_HOME": os.path.dirname(os.path.dirname(REAL)), "EBB_JAVA": chosen}
            done = subprocess.run([self.java, "-version"], env=env, capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(f'ebb: EBB_JAVA = "{chosen}" ', done.stderr)
            self.assertIn("; write the path of the real java", done.stderr)

    def test_an_own_java_below_run_is_taken_away(self):
        # JAVA mode and `ebb run` at once: only one of them is init.
        binary = self.path("init_harness")
        os.link(self.java, binary)
        command = ["sh", "-c", 'echo "JAVA=$JAVA" > "$0"', self.path("out")]
        process = self.start([binary, "run", "--", *command], env={"JAVA": self.java, "HARNESS_AGENT": "obeys"})
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(self.lines("out"), ["JAVA="])


if __name__ == "__main__":
    unittest.main()
