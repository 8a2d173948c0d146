"""The signals of a container on a real JVM."""

import os
import signal
import unittest

from harness import InitTest
from support.processes import send, wait_until

CLASSES = os.environ.get("EBB_TEST_CLASSES", "")


@unittest.skipUnless(os.path.isdir(CLASSES), "needs a JDK")
class Jvm(InitTest):
    def start_jvm(self, **options):
        with open(self.path("executor"), "wb") as out:
            init = self.run_init(["java", "-Xshare:auto", "-cp", CLASSES, "Stop"], stdout=out, **options)
        pid = int(self.wait_for_line("executor", "ready", timeout=30).split()[1])
        self.agent_ready()
        return init, pid

    def test_real_jvm_stop(self):
        init, _ = self.start_jvm()
        send(init, signal.SIGQUIT)
        self.wait_for_line("executor", "Full thread dump")
        self.wait_for_line("executor", "  class space")  # the last line of the dump: the JVM lives on
        send(init, signal.SIGHUP)
        self.wait_for_line("agent", "signal 1 count=1")
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(20), 0)
        self.assertIn("hook ran", self.lines("executor"))
        self.wait_for_line("agent", "exited 143")

    def test_a_jvm_that_was_stopped_by_somebody_else_gives_143(self):
        init, pid = self.start_jvm()
        send(pid, signal.SIGTERM)
        self.assertEqual(init.wait(20), 143)
        self.assertIn("hook ran", self.lines("executor"))

    def test_a_jvm_whose_signals_init_inherited_as_ignored_is_stopped(self):
        init, _ = self.start_jvm(before=["sh", "-c", "trap '' TERM INT; exec \"$@\"", "sh"])
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(20), 0)
        self.assertIn("hook ran", self.lines("executor"))

    def test_a_jvm_killed_for_memory_or_by_hand_gives_137(self):
        init, pid = self.start_jvm()
        send(pid, signal.SIGKILL)
        self.assertEqual(init.wait(20), 137)

    def test_usr1_and_usr2_do_not_end_a_jvm(self):
        init, _ = self.start_jvm()
        send(init, signal.SIGUSR1)
        send(init, signal.SIGUSR2)
        send(init, signal.SIGQUIT)
        wait_until(lambda: any("Full thread dump" in line for line in self.lines("executor")), "a thread dump", 20)
        self.assertIsNone(init.poll())


if __name__ == "__main__":
    unittest.main()
