"""Real processes for tests: start, watch through /proc, wait for a condition with a deadline, leave none behind."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest


def wait_until(condition, what, timeout=10.0, interval=0.01):
    """Returns the first true value of condition(); fails with `what` when the time is over.

    A server that does not listen yet, or drops the connection, is a condition that is not true yet."""
    end = time.monotonic() + timeout
    while True:
        try:
            value = condition()
        except (ConnectionError, TimeoutError):
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what() if callable(what) else what}")
        time.sleep(interval)


def read_text(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):  # the latter: a process that ended between open and read
        return ""


def status_field(pid, name):
    """A line of /proc/PID/status, or None when the process is gone."""
    for line in read_text(f"/proc/{pid}/status").splitlines():
        if line.startswith(name + ":"):
            return line.split(":", 1)[1].strip()
    return None


def is_running(pid):
    """Neither gone nor a zombie."""
    state = status_field(pid, "State")
    return state is not None and not state.startswith("Z")


def signal_set(pid, name):
    """SigBlk, SigIgn, SigCgt … as a set of numbers."""
    mask = int(status_field(pid, name), 16)
    return {n for n in range(1, 65) if mask >> (n - 1) & 1}


def environment_of(pid):
    with open(f"/proc/{pid}/environ", "rb") as file:
        entries = file.read().split(b"\0")
    return dict(e.decode(errors="replace").split("=", 1) for e in entries if b"=" in e)


def children_of(pid):
    return [int(p) for p in read_text(f"/proc/{pid}/task/{pid}/children").split()]


class ProcessTest(unittest.TestCase):
    """A folder of its own, and no process left behind: whoever loses its parent becomes a child of the test."""

    def setUp(self):
        PR_SET_CHILD_SUBREAPER = 36
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.folder = tempfile.mkdtemp(prefix="ebb-test-")
        self.started = []
        self.addCleanup(self._clean)

    def _clean(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        while orphans := children_of(os.getpid()):
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, command, env=None, inherit=True, **options):
        """inherit=False: `env` is the whole environment."""
        process = subprocess.Popen(command, env={**(os.environ if inherit else {}), **(env or {})}, **options)
        self.started.append(process)
        return process

    def lines(self, name):
        """The complete lines of a file in the test's folder."""
        return read_text(self.path(name)).split("\n")[:-1]

    def wait_for_line(self, name, start, timeout=10.0):
        """The first line of the file that begins so."""

        def found():
            return next((line for line in self.lines(name) if line.startswith(start)), None)

        return wait_until(found, lambda: f'"{start}" in {name}: {self.lines(name)}', timeout)


def can_unshare():
    """True where a PID namespace of one's own is to be had."""
    probe = ["unshare", "-pf", "--mount-proc", "true"]
    try:
        return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except (FileNotFoundError, ProcessLookupError):  # the latter: a process that ended between open and read
        return False


def send(process, signo):
    os.kill(process if isinstance(process, int) else process.pid, signo)


