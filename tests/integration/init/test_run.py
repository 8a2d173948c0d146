"""`ebb run` itself, with the real agent: what init does before and around it."""

import contextlib
import os
import signal
import time
import unittest

from support.net import free_port, http_json
from support.processes import (ProcessTest, can_unshare, children_of, environment_of, is_running, read_text, send,
                               wait_until)

EBB = os.environ.get("EBB_BINARY", "")


class Run(ProcessTest):
    def start_run(self, *command, options=(), env=None, before=(), out=None):
        self.probes = f"127.0.0.1:{free_port()}"
        ports = ("--set", f"listen.probes={self.probes}", "--set", f"listen.control=127.0.0.1:{free_port()}")
        environment = {"DREMIO_CONF_DIR": self.folder, **(env or {})}
        with open(out or self.path("out"), "ab") as stream:
            return self.start([*before, EBB, "run", *ports, *options, "--", *command], env=environment,
                              stdout=stream, stderr=stream)

    def answers(self, path):
        """The status of a GET at the agent's probes, or nothing."""
        try:
            return http_json(f"http://{self.probes}{path}")[0]
        except OSError:
            return None

    def children(self, init):
        """(executor, agent) by their command lines."""

        def found():
            kinds = {}
            for pid in children_of(init):
                words = read_text(f"/proc/{pid}/cmdline").split("\0")
                kinds["agent" if words[:2] == ["ebb", "agent"] else "executor"] = pid
            return (kinds["executor"], kinds["agent"]) if len(kinds) == 2 else None

        return wait_until(found, "executor and agent")

    def test_config_error_starts_no_executor(self):
        broken = self.write("broken.toml", "[drain]\ngrace = 5\n")
        for options, env, place in (
                (("--set", "drain.grace=abc"), {}, "drain.grace"),
                (("--set", "nope.x=1"), {}, "nope.x"),
                (("--config", "/nonexistent.toml"), {}, "/nonexistent.toml"),
                (("--config", broken), {}, "broken.toml:2"),
                ((), {"EBB_CONFIG": broken}, "broken.toml:2"),
                ((), {"EBB_EXECUTOR_FORWARD": "SIGKILL"}, "EBB_EXECUTOR_FORWARD")):
            with self.subTest(options=options, env=env):
                self.write("out", "")
                process = self.start_run("touch", self.path("started"), options=options, env=env)
                self.assertEqual(process.wait(20), 2)
                self.assertFalse(os.path.exists(self.path("started")))
                self.assertEqual(len(self.lines("out")), 1)
                self.assertIn(place, self.lines("out")[0])

    def test_exec_not_found_127_not_executable_126(self):
        for command, code in (("/nonexistent", 127), (self.folder, 126)):
            self.assertEqual(self.start_run(command).wait(20), code)

    def test_the_exit_code_is_the_executors(self):
        self.assertEqual(self.start_run("sh", "-c", "exit 42").wait(30), 42)

    def test_secrets_are_in_no_environment_and_on_no_command_line(self):
        secret = "correct-horse-battery"
        env = {"EBB_DREMIO_PASSWORD": secret, "DREMIO_PASSWORD": secret, "EBB_DREMIO_TOKEN": secret}
        init = self.start_run("sleep", "60", env=env)
        for pid in (init.pid, *self.children(init.pid)):
            for what in ("environ", "cmdline"):
                wait_until(lambda: secret not in read_text(f"/proc/{pid}/{what}"), f"no secret in {what} of {pid}")
        executor, _ = self.children(init.pid)
        self.assertEqual([n for n in environment_of(executor) if n.startswith("EBB_")], [])

    def test_the_agent_comes_up_and_stays(self):
        init = self.start_run("sleep", "60")
        wait_until(lambda: self.answers("/livez") == 200, lambda: read_text(self.path("out")))
        agent = self.children(init.pid)[1]
        self.assertEqual(self.answers("/livez"), 200)
        self.assertEqual(self.children(init.pid)[1], agent)

    def test_in_java_mode_the_agent_is_no_java(self):
        java = self.path("java")
        os.link(EBB, java) if os.stat(EBB).st_dev == os.stat(self.folder).st_dev else os.symlink(EBB, java)
        real = self.write("real-java", "#!/bin/sh\nexec sleep 60\n")
        os.chmod(real, 0o755)
        self.probes = f"127.0.0.1:{free_port()}"
        env = {"EBB_JAVA": real, "EBB_LISTEN_PROBES": self.probes, "EBB_LISTEN_CONTROL": f"127.0.0.1:{free_port()}"}
        with open(self.path("out"), "ab") as out:
            self.start([java, "-cp", "x", "com.dremio.dac.daemon.DremioDaemon"], env=env, stdout=out, stderr=out)
        wait_until(lambda: self.answers("/livez") == 200, lambda: read_text(self.path("out")))

    def test_log_reader_stopped_does_not_stop_the_deadline(self):
        # A pipe that is full, and whose reader does not read: the container's log driver hangs.
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(writer, b"x" * 4096):
                pass
        deaf = self.write("deaf", "trap '' TERM QUIT\nwhile :; do sleep 0.1 > /dev/null 2>&1; done\n")
        init = self.start_run("sh", deaf, options=("--set", "drain.grace=10s"), out=f"/proc/self/fd/{writer}")
        agent = self.children(init.pid)[1]
        wait_until(lambda: self.answers("/livez") == 200, "the agent's answer")
        told = time.monotonic()
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(20), 137)
        self.assertLess(time.monotonic() - told, 8.5)
        self.assertFalse(is_running(agent))

    def test_a_killed_agent_is_replaced_and_the_executor_lives(self):
        init = self.start_run("sleep", "60", options=("--set", "drain.grace=5s"))
        executor, agent = self.children(init.pid)
        send(agent, signal.SIGKILL)
        wait_until(lambda: not is_running(agent), "the agent's end")
        same, other = self.children(init.pid)
        self.assertEqual(same, executor)
        self.assertNotEqual(other, agent)
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(20), 0)

    @unittest.skipUnless(can_unshare(), "needs a PID namespace of its own")
    def test_as_pid_1_an_executor_that_is_not_up_yet_is_stopped_at_once(self):
        init = self.start_run("sleep", "60", before=("unshare", "-pf", "--mount-proc", "--kill-child"))
        first = wait_until(lambda: children_of(init.pid), "PID 1")[0]
        self.children(first)
        send(first, signal.SIGTERM)
        self.assertEqual(init.wait(20), 0)


if __name__ == "__main__":
    unittest.main()
