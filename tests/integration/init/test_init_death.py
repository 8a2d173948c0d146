"""An init that is not PID 1 and dies, or is told to by the signal of a fault."""

import os
import signal
import unittest

from harness import LISTENER, InitTest
from support.processes import is_running, send, wait_until


class Death(InitTest):
    def test_the_agent_does_not_survive_init(self):
        init = self.run_init(self.executor(LISTENER))
        self.executor_ready()
        agent = self.agent_ready()
        init.kill()
        wait_until(lambda: not is_running(agent), "the agent's end")

    def test_the_executor_outlives_init(self):
        # It may be busy. Where init is PID 1, and under systemd, the rest is ended by others.
        init = self.run_init(self.executor(LISTENER))
        executor = self.executor_ready()
        agent = self.agent_ready()
        init.kill()
        wait_until(lambda: not is_running(agent), "the agent's end")
        self.assertTrue(is_running(executor))
        self.assertEqual([line for line in self.lines("executor") if line.startswith("got")], [])
        os.kill(executor, signal.SIGKILL)

    def test_a_fault_that_somebody_sends_does_not_end_init(self):
        init = self.run_init(self.executor(LISTENER))
        executor = self.executor_ready()
        self.agent_ready()
        for name in ("ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "SYS"):
            send(init, getattr(signal, "SIG" + name))
        send(init, signal.SIGWINCH)
        self.wait_for_line("executor", f"got {signal.SIGWINCH.value}")
        self.assertIsNone(init.poll())
        self.assertTrue(is_running(executor))
        self.assertEqual(len([line for line in self.lines("executor") if line.startswith("got")]), 1)
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
