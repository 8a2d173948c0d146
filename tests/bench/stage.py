"""Real processes for benches: coordinators of the lab, executors under `ebb run`, and their logs read as evidence.

Everything lies in one temporary folder and ends with the `with` block; whoever loses its parent is ended too.
"""
import ctypes
import datetime
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "integration"))
from support.net import http_json  # noqa: E402
from support.processes import children_of, is_running, wait_until  # noqa: E402

EBB = os.environ.get("EBB_BINARY", str(ROOT / "build/release/ebb"))
LAB = os.environ.get("EBB_LAB", str(ROOT / "build/release/ebb-lab"))
USER, PASSWORD, TOKEN = "admin", "secret1!", "a-personal-access-token"
FIRST_PORT, LAST_PORT = 20_000, 32_000  # below what the kernel gives to outgoing connections
FOREIGN = ("EBB_", "DREMIO_", "KUBERNETES_", "PROMETHEUS_", "POD_")


class Stage:
    """`host`: the loopback address that all listen on, as it stands in a URL."""

    def __init__(self, host="127.0.0.1"):
        self.host = host
        for program in (EBB, LAB):
            if not os.access(program, os.X_OK):
                sys.exit(f"{program} is not there: make release && cmake --build build/release --target ebb-lab")
        PR_SET_CHILD_SUBREAPER = 36
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ebb-bench-"))
        self.no_file = self.folder / "ebb.toml"
        self.no_file.touch()  # what the machine keeps in /etc is not meant for a bench
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        self.next_port = FIRST_PORT + os.getpid() * 97 % (LAST_PORT - FIRST_PORT)  # two benches may run at once
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
        for process in self.processes:
            process.wait()
        while orphans := children_of(os.getpid()):
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)

    def port(self):
        while True:
            self.next_port = self.next_port + 1 if self.next_port < LAST_PORT else FIRST_PORT
            with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as s:
                try:
                    s.bind((self.host.strip("[]"), self.next_port))
                    return self.next_port
                except OSError:
                    continue

    def start(self, command, log, environment=None):
        with open(log, "ab") as out:
            process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, env={**self.environment, **(environment or {})})
        self.processes.append(process)
        return process

    def coordinator(self, *flags):
        return Coordinator(self, flags)

    def node(self, coordinator, name, pod=None, **settings):
        """`pod`: more variables, for a process that stands for a pod."""
        return Node(self, coordinator, name, settings, pod or {})


class Coordinator:
    def __init__(self, stage, flags):
        http, control = stage.port(), stage.port()
        log = stage.folder / f"coordinator-{http}.log"
        self.process = stage.start([LAB, "coordinator", "--listen", f"{stage.host}:{http}", "--control",
                                    f"{stage.host}:{control}", "--pat", TOKEN, *flags], log)
        self.url, self.control = f"http://{stage.host}:{http}", f"{stage.host}:{control}"
        wait_until(lambda: log.read_text().startswith("coordinator listening"), lambda: log.read_text(), 20)

    def ask(self, method, path):
        status, body = http_json(self.url + path, method, timeout=30)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {body}")
        return body

    def state(self):
        return self.ask("GET", "/lab/state")

    def calls(self):
        """Calls to Dremio's own paths so far; looking at the lab is not counted by it."""
        return sum(self.state()["calls"].values())


class Node:
    """An executor of the lab under `ebb run`. Times of its events are Unix time, as time.time() gives it."""

    def __init__(self, stage, coordinator, name, settings, pod):
        self.stage, self.coordinator, self.name = stage, coordinator, name
        self.admin, self.probes, self.control = stage.port(), stage.port(), stage.port()
        self.log = stage.folder / f"{name}.log"
        self.offset = self.log.stat().st_size if self.log.exists() else 0
        wanted = {"dremio.url": coordinator.url, "dremio.user": USER, "dremio.password": PASSWORD,
                  "dremio.node_name": name, "executor.admin_url": f"http://{stage.host}:{self.admin}",
                  "listen.probes": f"{stage.host}:{self.probes}", "listen.control": f"{stage.host}:{self.control}",
                  "kubernetes.mode": "off", "drain.grace": "600s", "log.format": "json", **settings}
        environment = {"EBB_" + key.replace(".", "_").upper(): value for key, value in wanted.items() if value != ""}
        executor = [LAB, "executor", "--name", name, "--coordinator", coordinator.control, "--admin",
                    f"{stage.host}:{self.admin}", "--dremio", "25.2", "--startup", "200ms"]
        self.process = stage.start([EBB, "run", "--", *executor], self.log,
                                   {"EBB_CONFIG": str(stage.no_file), **environment, **pod})
        self.told = None

    def events(self, name=None, **fields):
        """The complete lines of this life's log that are events of this name with these fields."""
        with open(self.log, "rb") as file:
            file.seek(self.offset)
            lines = file.read().split(b"\n")[:-1]
        for line in lines:
            if not line.startswith(b"{"):
                continue
            event = json.loads(line)
            if name in (None, event.get("event")) and all(event.get(k) == v for k, v in fields.items()):
                yield event

    def event(self, name, **fields):
        return next(self.events(name, **fields), None)

    def when(self, name, **fields):
        """The time of the first such event, or None."""
        found = self.event(name, **fields)
        return found and unix_time(found)

    def wait_event(self, name, timeout, **fields):
        return wait_until(lambda: self.when(name, **fields), lambda: f"{name} {fields} in the log of {self.name}: "
                          + self.log.read_text()[-500:], timeout, 0.005)

    def wait_serving(self, timeout=60):
        return self.wait_event("state", timeout, to="serving")

    def stop(self):
        self.told = time.time()
        self.process.send_signal(signal.SIGTERM)
        return self.told

    def executor_pid(self):
        return int(self.event("executor.live")["pid"])

    def agent_pid(self):
        executor = self.executor_pid()
        return next(p for p in children_of(self.process.pid) if p != executor and is_running(p))


def unix_time(event):
    """The log cuts to whole milliseconds: the latest moment that it can mean."""
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp() + 0.001


def wait_serving(nodes, timeout=90):
    end = time.monotonic() + timeout
    for node in nodes:
        node.wait_serving(max(1.0, end - time.monotonic()))


def all_denied(nodes, coordinator):
    """Waits until each of them has verified its entry: how many the list has, and the time of the last."""
    def verified():
        return [t for t in (n.when("deny_list.verified", wish="denied") for n in nodes) if t]

    count = len(nodes)
    wait_until(lambda: len(verified()) == count, lambda: f"{len(verified())} of {count} verified", 60, 0.1)
    denied = coordinator.state()["denied"]
    return sum(node.name in denied for node in nodes), max(verified())


def wait_gone(nodes, timeout):
    """Exit codes of the inits."""
    end = time.monotonic() + timeout
    return [node.process.wait(max(1.0, end - time.monotonic())) for node in nodes]


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def report(what, figure, goal, met):
    """One line of the table; `met` is None where there is no goal."""
    verdict = {True: "ok", False: "MISSED", None: "-"}[met]
    print(f"{verdict:6} | {what} | {figure} | {goal}", flush=True)
