"""init with a scripted agent (init_harness.cpp), and executors made of a few lines of Python."""

import os
import sys

from support.processes import ProcessTest, wait_until

HARNESS = os.environ.get("EBB_INIT_HARNESS", "")

# Every executor appends what happens to it to the file of its first argument.
PRELUDE = """
import os, signal, subprocess, sys, time
def say(text):
    fd = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(fd, (text + "\\n").encode())
    os.close(fd)
def on(signo, action):
    signal.signal(signo, lambda *_: action())
"""

# Says each signal that reaches it; ends on SIGTERM.
LISTENER = """
for n in set(range(1, 65)) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, 32, 33}:
    on(n, lambda n=n: say(f"got {n}"))
on(signal.SIGTERM, lambda: (say("got 15"), sys.exit(0)))
say(f"ready {os.getpid()}")
while True: time.sleep(60)
"""

# Says SIGTERM and does nothing about it.
DEAF = """
on(signal.SIGTERM, lambda: say(f"got 15 at {time.monotonic()}"))
on(signal.SIGQUIT, lambda: say(f"got 3 at {time.monotonic()}"))
say(f"ready {os.getpid()}")
while True: time.sleep(60)
"""


class InitTest(ProcessTest):
    def executor(self, body, name="executor"):
        """The command of an executor that runs `body` and writes to the file `name`."""
        return [sys.executable, "-S", "-E", self.write(name + ".py", PRELUDE + body), self.path(name)]

    def run_init(self, command, *options, agent="obeys", env=None, before=(), **popen):
        environment = {"HARNESS_AGENT": agent, "HARNESS_LOG": self.path("agent"), **(env or {})}
        return self.start([*before, HARNESS, "run", *options, "--", *command], env=environment, **popen)

    def executor_ready(self, name="executor"):
        return int(self.wait_for_line(name, "ready").split()[1])

    def agent_ready(self, generation=0):
        """The agent's pid, once it has received its hello."""

        def found():
            for line in self.lines("agent"):
                if line.startswith("hello") and f"generation={generation} " in line:
                    return int(line.split()[1].split("=")[1])
            return None

        return wait_until(found, lambda: f"hello {generation}: {self.lines('agent')}", timeout=25)
