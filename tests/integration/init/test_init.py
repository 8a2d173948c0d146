"""What init promises, on real processes: signals, the agent's replacement, the plan without one, the end."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from harness import DEAF, HARNESS, LISTENER, InitTest
from support.processes import (can_unshare, children_of, environment_of, is_running, read_text, send, signal_set,
                               status_field, wait_until)


class Signals(InitTest):
    def test_hup_does_not_reach_executor(self):
        init = self.run_init(self.executor(LISTENER), "--forward=SIGHUP")
        self.executor_ready()
        self.agent_ready()
        send(init, signal.SIGHUP)
        self.wait_for_line("agent", "signal 1 count=1")
        send(init, signal.SIGQUIT)  # passes after the first, so that the first would have been seen
        self.wait_for_line("executor", "got 3")
        self.assertNotIn("got 1", self.lines("executor"))

    def test_stop_signals_go_to_the_agent_alone(self):
        init = self.run_init(self.executor(LISTENER), agent="keeps")
        self.executor_ready()
        self.agent_ready()
        for count, signo in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGTERM), 1):
            send(init, signo)
            self.wait_for_line("agent", f"signal {int(signo)} count={count}")
        self.assertEqual(len(self.lines("executor")), 1)

    def test_only_named_signals_are_forwarded(self):
        init = self.run_init(self.executor(LISTENER), "--forward=SIGUSR1", "--forward=SIGRTMIN+3")
        self.executor_ready()
        for signo in (signal.SIGUSR2, signal.SIGRTMIN, signal.SIGPIPE, signal.SIGUSR1, signal.SIGRTMIN + 3):
            send(init, signo)
        self.wait_for_line("executor", f"got {signal.SIGRTMIN + 3}")
        got = {line for line in self.lines("executor") if line.startswith("got")}
        self.assertEqual(got, {"got 10", f"got {signal.SIGRTMIN + 3}"})

    def test_winch_cont_and_tstp_reach_the_whole_group(self):
        child = "pid = os.fork()\n" + "if pid == 0: sys.argv[1] += '.child'\n"
        init = self.run_init(self.executor(child + LISTENER))
        self.executor_ready()
        self.executor_ready("executor.child")
        for signo in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP):
            send(init, signo)
            for who in ("executor", "executor.child"):
                self.wait_for_line(who, f"got {int(signo)}")

    def test_a_stopped_executor_hears_its_stop_signal(self):
        init = self.run_init(self.executor(LISTENER))
        pid = self.executor_ready()
        self.agent_ready()
        send(pid, signal.SIGSTOP)
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(10), 0)

    def test_the_executor_starts_with_nothing_of_inits(self):
        body = """
say("stdin " + os.readlink("/proc/self/fd/0"))
say(f"group {os.getpgrp()}")
say(f"ready {os.getpid()}")
time.sleep(60)
"""
        env = {"EBB_DREMIO_PASSWORD": "s3cret", "EBB_X": "1", "DREMIO_PASSWORD": "s3cret", "DREMIO_USER": "u"}
        init = self.run_init(self.executor(body), env=env)
        pid = self.executor_ready()
        self.assertIn("stdin /dev/null", self.lines("executor"))
        self.assertIn(f"group {pid}", self.lines("executor"))
        self.assertEqual(signal_set(pid, "SigBlk"), set())
        seen = environment_of(pid)
        self.assertEqual([n for n in seen if n.startswith("EBB_") or n == "DREMIO_PASSWORD"], [])
        self.assertEqual((seen["DREMIO_IN_CONTAINER"], seen["DREMIO_USER"]), ("1", "u"))
        with open(f"/proc/{init.pid}/environ", "rb") as own:
            self.assertNotIn(b"s3cret", own.read())
        self.assertEqual(environment_of(self.agent_ready())["EBB_DREMIO_PASSWORD"], "s3cret")

    def test_dispositions_are_default_even_where_init_inherits_ignored_ones(self):
        command = ["sh", "-c", "trap '' TERM INT HUP QUIT CHLD; exec \"$@\"", "sh"]
        self.run_init(["sleep", "60"], before=command)
        agent = self.agent_ready()
        executor = int(self.lines("agent")[0].split()[2].split("=")[1])
        self.assertEqual(signal_set(executor, "SigIgn") - {32, 33}, set())  # glibc lets nobody change these two
        self.assertEqual(signal_set(agent, "SigIgn") - {32, 33}, {signal.SIGHUP, signal.SIGINT, signal.SIGTERM})

    def test_a_burst_of_stop_signals_is_survived(self):
        init = self.run_init(self.executor(LISTENER), agent="keeps")
        self.executor_ready()
        self.agent_ready()
        for _ in range(50):
            send(init, signal.SIGTERM)
        self.wait_for_line("agent", "signal 15 count=1")
        self.assertIsNone(init.poll())

    def test_a_stop_signal_in_the_first_instant_is_not_lost(self):
        for delay in (0, 0.001, 0.003, 0.01):
            with self.subTest(delay=delay):
                init = self.run_init(["sleep", "60"])
                wait_until(lambda: signal.SIGTERM in signal_set(init.pid, "SigBlk"), "init holds its signals")
                time.sleep(delay)
                send(init, signal.SIGTERM)
                self.assertEqual(init.wait(10), 0)

    def test_ctrl_c_on_tty(self):
        master, slave = os.openpty()
        self.addCleanup(os.close, master)
        # A session of its own whose terminal is the pty, as a shell's job in the foreground has it.
        before = ["setsid", "--ctty", "--wait"]
        self.run_init(self.executor(LISTENER), agent="keeps", before=before, stdin=slave)
        os.close(slave)
        self.executor_ready()
        agent = self.agent_ready()
        os.write(master, b"\x03")
        self.wait_for_line("agent", "signal 2 count=1")
        self.assertEqual(len(self.lines("executor")), 1)
        self.assertTrue(is_running(agent))


class Agent(InitTest):
    def test_agent_stopped_by_SIGSTOP_is_replaced(self):
        self.run_init(self.executor(LISTENER))
        executor = self.executor_ready()
        first = self.agent_ready()
        stopped = time.monotonic()
        send(first, signal.SIGSTOP)
        second = self.agent_ready(generation=1)
        self.assertTrue(10 < time.monotonic() - stopped < 18)
        self.assertNotEqual(first, second)
        self.assertFalse(is_running(first))
        self.assertTrue(is_running(executor))

    def test_a_killed_agent_comes_back_and_gets_what_was_saved(self):
        init = self.run_init(self.executor(LISTENER))
        self.executor_ready()
        for generation in range(4):
            agent = self.agent_ready(generation)
            self.assertIn(f"generation={generation} stops=0 saved={generation}", self.lines("agent")[-1])
            time.sleep(0.05)  # its save is on the way
            send(agent, signal.SIGKILL)
        self.assertIsNone(init.poll())

    def test_an_agent_that_sends_nonsense_is_replaced(self):
        init = self.run_init(self.executor(LISTENER), agent="lies")
        executor = self.executor_ready()
        self.agent_ready(generation=2)
        self.assertIsNone(init.poll())
        self.assertTrue(is_running(executor))

    def test_the_agent_ignores_signals_that_did_not_come_by_the_pair(self):
        init = self.run_init(self.executor(LISTENER))
        self.executor_ready()
        agent = self.agent_ready()
        for signo in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            send(agent, signo)
        send(init, signal.SIGHUP)
        self.wait_for_line("agent", "signal 1 count=1")
        self.assertTrue(is_running(agent))

    def test_the_agent_has_the_pair_and_the_outputs_and_nothing_else(self):
        extra = os.open("/dev/null", os.O_RDONLY)
        self.addCleanup(os.close, extra)
        self.run_init(self.executor(LISTENER), pass_fds=(extra,))
        agent = self.agent_ready()
        self.assertEqual(sorted(int(fd) for fd in os.listdir(f"/proc/{agent}/fd")), [0, 1, 2, 3, 4])
        self.assertIn("memfd:ebb.toml", os.readlink(f"/proc/{agent}/fd/4"))
        self.assertEqual(os.getpgid(agent), agent)
        space = next(line for line in read_text(f"/proc/{agent}/limits").splitlines() if "address space" in line)
        self.assertNotIn("unlimited", space)

    def test_agent_cannot_start_executor_still_stops_in_time(self):
        # The agent's binary is gone: deadline three quarters of 6 s, stop at 6 s less the reserve and 2 s.
        binary = shutil.copy(HARNESS, self.path("harness"))
        init = self.start([binary, "run", "--grace=6000", "--reserve=2000", "--", *self.executor(DEAF)],
                          env={"HARNESS_AGENT": "obeys", "HARNESS_LOG": self.path("agent")})
        executor = self.executor_ready()
        first = self.agent_ready()
        os.unlink(binary)
        send(first, signal.SIGKILL)
        wait_until(lambda: not is_running(first), "the agent's end")
        told = time.monotonic()
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(10), 137)
        ended = time.monotonic()
        self.assertFalse(is_running(executor))
        got = [line.split() for line in self.lines("executor") if line.startswith("got")]
        times = {words[1]: float(words[3]) - told for words in got}
        self.assertAlmostEqual(times["15"], 2.0, delta=0.25)
        self.assertAlmostEqual(times["3"], 3.25, delta=0.25)
        self.assertAlmostEqual(ended - told, 3.875, delta=0.3)
        self.assertEqual(len(self.lines("agent")), 1)

    def test_the_agents_plan_is_carried_out_when_the_agent_does_not(self):
        init = self.run_init(self.executor(DEAF), "--grace=600000", agent="waits")
        self.executor_ready()
        self.agent_ready()
        told = time.monotonic()
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(10), 137)
        self.assertLess(time.monotonic() - told, 4.2)

    def test_a_second_stop_signal_without_an_agent_hurries(self):
        init = self.run_init(self.executor(LISTENER), "--grace=600000", agent="leaves")
        self.executor_ready()
        send(init, signal.SIGTERM)
        time.sleep(1.1)
        self.assertIsNone(init.poll())
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(5), 0)


class Footprint(InitTest):
    def test_one_thread_no_socket_but_the_pair_no_heap_growth(self):
        init = self.run_init(self.executor(LISTENER), "--forward=SIGUSR1")
        self.executor_ready()
        for generation in range(6):
            agent = self.agent_ready(generation)
            if generation == 1:
                before = status_field(init.pid, "VmData")
            for count in range(200):
                send(init, signal.SIGUSR1)
            send(init, signal.SIGHUP)
            self.wait_for_line("agent", f"signal 1 count={generation + 1}")
            send(agent, signal.SIGKILL)
        self.assertEqual(status_field(init.pid, "VmData"), before)
        self.assertEqual(status_field(init.pid, "Threads"), "1")
        self.agent_ready(6)
        folder = f"/proc/{init.pid}/fd"
        opened = [os.readlink(f"{folder}/{fd}").split(":")[0] for fd in sorted(os.listdir(folder), key=int)[3:]]
        # The last good configuration, its signals and the pair.
        self.assertEqual(sorted(opened), ["/memfd", "anon_inode", "socket"])


class End(InitTest):
    def test_lesson_25_no_status_and_no_signal_is_lost_in_a_storm(self):
        # 300 orphans end while stop signals rain and the executor itself leaves with a code of its own.
        body = """
for _ in range(300):
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            while os.path.exists(sys.argv[1] + ".wait"): time.sleep(0.02)
        os._exit(0)
    os.waitpid(pid, 0)
say(f"ready {os.getpid()}")
while os.path.exists(sys.argv[1] + ".wait"): time.sleep(0.001)
os._exit(42)
"""
        wait = self.write("executor.wait", "")
        init = self.run_init(self.executor(body), agent="notes")
        self.wait_for_line("executor", "ready", timeout=60)
        self.agent_ready()
        for number in range(60):
            if number == 30:
                os.unlink(wait)
            if init.poll() is None:
                send(init, (signal.SIGTERM, signal.SIGINT)[number % 2])
            time.sleep(0.002)
        self.assertEqual(init.wait(30), 42)
        self.wait_for_line("agent", "exited 42")
        stops = [line for line in self.lines("agent") if line.startswith(("signal 15", "signal 2"))]
        self.assertGreaterEqual(len(stops), 30)

    def test_exec_not_found_127_not_executable_126(self):
        plain = self.write("plain", "no program")
        for command, code in (("/nonexistent", 127), ("no-such-command", 127), (plain, 126), (self.folder, 126)):
            with self.subTest(command=command):
                init = self.run_init([command], stderr=subprocess.PIPE)
                self.assertEqual(init.wait(5), code)
                self.assertIn(command.encode(), init.stderr.read())
        self.assertEqual(self.lines("agent"), [])

    def test_the_exit_code_is_the_executors(self):
        table = (("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137), ("kill -15 $$", 143), ("exit 143", 143))
        for script, code in table:
            with self.subTest(script=script):
                self.assertEqual(self.run_init(["sh", "-c", script]).wait(10), code)

    def test_a_stop_that_was_asked_for_is_a_success(self):
        init = self.run_init(["sleep", "60"])
        self.agent_ready()
        send(init, signal.SIGTERM)
        self.assertEqual(init.wait(10), 0)  # death by the signal counts as 143
        for ending, code in (("0", 0), ("143", 0), ("4", 0), ("1", 1)):
            with self.subTest(ending=ending):
                name = f"ends_{ending}"
                init = self.run_init(self.executor(
                    f"on(15, lambda: os._exit({ending}))\nsay(f'ready {{os.getpid()}}')\ntime.sleep(60)", name))
                self.executor_ready(name)
                send(init, signal.SIGTERM)
                self.assertEqual(init.wait(10), code)

    def test_the_agent_has_its_farewell_and_no_more(self):
        began = time.monotonic()
        self.assertEqual(self.run_init(["true"], agent="obeys").wait(20), 0)
        self.assertLess(time.monotonic() - began, 2)
        self.wait_for_line("agent", "exited 0")
        began = time.monotonic()
        self.assertEqual(self.run_init(["true"], agent="keeps").wait(20), 0)
        self.assertTrue(9.5 < time.monotonic() - began < 12)

    DESCENDANT = """
if os.fork() == 0:
    {prepare}
    on(15, lambda: (time.sleep(1), say("cleaned"), sys.exit(0)))
    say("child ready")
    while True: time.sleep(60)
while "child ready" not in open(sys.argv[1]).read() if os.path.exists(sys.argv[1]) else True: time.sleep(0.01)
on(15, lambda: sys.exit(0))
say(f"ready {{os.getpid()}}")
while True: time.sleep(60)
"""

    def clean_end_of(self, prepare, before=()):
        init = self.run_init(self.executor(self.DESCENDANT.format(prepare=prepare)), "--grace=60000", before=before)
        self.wait_for_line("executor", "ready")
        self.agent_ready()
        began = time.monotonic()
        target = init.pid
        if before:  # the init is the namespace's first process, a child of unshare
            target = wait_until(lambda: children_of(init.pid), "PID 1")[0]
        send(target, signal.SIGTERM)
        self.assertEqual(init.wait(10), 0)
        self.assertIn("cleaned", self.lines("executor"))
        self.assertTrue(0.9 < time.monotonic() - began < 3)

    def test_descendant_is_awaited_within_reserve(self):
        self.clean_end_of("pass")

    def test_setsid_descendant_is_awaited(self):
        self.clean_end_of("os.setsid()")

    @unittest.skipUnless(can_unshare(), "needs a PID namespace of its own")
    def test_setsid_descendant_is_awaited_by_pid_1(self):
        self.clean_end_of("os.setsid()", before=("unshare", "-pf", "--mount-proc", "--kill-child"))

    def test_a_deaf_descendant_is_killed_when_the_reserve_is_over(self):
        body = """
if os.fork() == 0:
    os.setsid()
    signal.signal(15, signal.SIG_IGN)
    say(f"ready {os.getpid()}")
    while True: time.sleep(60)
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
"""
        began = time.monotonic()
        init = self.run_init(self.executor(body), "--grace=60000", "--reserve=1000")
        child = self.executor_ready()
        self.assertEqual(init.wait(10), 0)
        self.assertTrue(0.9 < time.monotonic() - began < 3)
        self.assertFalse(is_running(child))

    @unittest.skipUnless(can_unshare(), "needs a PID namespace of its own")
    def test_orphans_1000_no_zombie(self):
        body = """
def zombies():
    count = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            count += ") Z " in open(f"/proc/{pid}/stat").read()
        except OSError:
            pass
    return count
for _ in range(1000):
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0: time.sleep(0.2)
        os._exit(0)
    os.waitpid(pid, 0)
deadline = time.monotonic() + 5
time.sleep(0.3)
while zombies() and time.monotonic() < deadline: time.sleep(0.05)
say(f"first {os.getppid()}")
say(f"zombies {zombies()}")
"""
        init = self.run_init(self.executor(body), before=("unshare", "-pf", "--mount-proc", "--kill-child"))
        self.assertEqual(init.wait(30), 0)
        self.assertEqual(self.lines("executor"), ["first 1", "zombies 0"])

    @unittest.skipUnless(can_unshare(), "needs a PID namespace of its own")
    def test_as_pid_1_it_stops_and_leaves(self):
        init = self.run_init(self.executor(LISTENER), before=("unshare", "-pf", "--mount-proc", "--kill-child"))
        self.wait_for_line("executor", "ready")
        first = children_of(init.pid)[0]
        self.assertEqual(status_field(first, "NSpid").split()[-1], "1")
        self.agent_ready()
        send(first, signal.SIGTERM)
        self.assertEqual(init.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
