"""A Dremio of the lab on loopback, and nodes in it: `ebb run -- ebb-lab executor …`, the real binaries."""

import os
import re
import signal

from support.net import free_port, http_json
from support.processes import ProcessTest, children_of, read_text, send, wait_until

EBB = os.environ.get("EBB_BINARY", "")
LAB = os.environ.get("EBB_LAB", "")

USER = "ebb"
PASSWORD = "correct-horse-battery"

# Rules as in production, times of a test: a plan starts within 300 ms, so that a settle of 1 s is long enough.
QUICK = {"EBB_DRAIN_SETTLE": "1s", "EBB_DRAIN_QUIET": "600ms", "EBB_DRAIN_POLL": "200ms", "EBB_DRAIN_GRACE": "60s"}
LOAD = {"per_second": 20, "fragments": 4, "lasts": "100ms-800ms", "plan_delay": "0ms-300ms"}

# What the machine's own environment must not decide.
FOREIGN = re.compile(r"(EBB|DREMIO|KUBERNETES|PROMETHEUS|POD|NODE)_|JAVA")


def bare_environment(extra=None):
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    return {**kept, **(extra or {})}


class Coordinator:
    """The lab's coordinator. Killed and started again it listens where it did, with an empty list."""

    def __init__(self, test, *options, password=PASSWORD, host="127.0.0.1"):
        self.test, self.options, self.host = test, options, host
        self.http, self.control = free_port(host), free_port(host)
        self.url = f"http://{host}:{self.http}"
        self.start(password)

    def start(self, password=PASSWORD):
        self.password = password
        command = [LAB, "coordinator", "--listen", f"{self.host}:{self.http}", "--control",
                   f"{self.host}:{self.control}", "--user", USER, "--password", password, *self.options]
        with open(self.test.path("coordinator.out"), "ab") as out:
            self.process = self.test.start(command, env=bare_environment(), inherit=False, stdout=out, stderr=out)
        wait_until(lambda: self.alive() and self.answers(), "the coordinator listens", 20)

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError("the coordinator has ended: " + read_text(self.test.path("coordinator.out")))
        return True

    def answers(self):
        try:
            return http_json(self.url + "/lab/state")[0] == 200
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def lab(self, verb, place, **parameters):
        query = "&".join(f"{key}={value}" for key, value in parameters.items())
        status, body = http_json(f"{self.url}/lab/{place}?{query}", verb)
        if status != 200:
            raise AssertionError(f"/lab/{place}?{query}: {status} {body}")
        return body

    def fault(self, what, path="/api", **parameters):
        self.lab("POST", "faults", what=what, path=path, **parameters)

    def heal(self):
        self.lab("DELETE", "faults")

    def state(self):
        return self.lab("GET", "state")

    def queries(self):
        return self.state()["queries"]

    def denied(self):
        return self.state()["denied"]

    def write_list(self, names):
        """What a person or another program does to the list."""
        login = http_json(self.url + "/apiv2/login", "POST", {"userName": USER, "password": self.password})[1]
        status, _ = http_json(self.url + "/api/v3/nodeCollections/blacklist", "POST", names,
                              {"Authorization": "Bearer " + login["token"]})
        if status != 200:
            raise AssertionError(f"writing the list: {status}")

    def run_queries(self, **load):
        self.lab("POST", "load", **{**LOAD, **load})

    def stop_queries(self):
        """No new ones; returns the counts when those that run have ended."""
        self.lab("DELETE", "load")
        wait_until(lambda: self.queries()["running"] == 0, "the queries have ended")
        return self.queries()

    def query_on(self, node, lasts="60s"):
        """One query of which a fragment runs on that node."""
        self.lab("POST", "query", fragments=len(self.state()["nodes"]), lasts=lasts)
        wait_until(lambda: self.state()["nodes"][node]["pending"] > 0, f"a fragment on {node}")


class Node:
    """One `ebb run` with an executor of the lab."""

    def __init__(self, test, coordinator, name, env=None, options=(), executor=(), before=(), command=None, **popen):
        self.test, self.name = test, name
        self.probes, self.control, self.admin = free_port(), free_port(), free_port()
        self.out = name + ".out"
        environment = {
            "EBB_DREMIO_URL": coordinator.url, "EBB_DREMIO_USER": USER, "EBB_DREMIO_PASSWORD": coordinator.password,
            "EBB_DREMIO_NODE_NAME": name, "EBB_EXECUTOR_ADMIN_URL": f"http://127.0.0.1:{self.admin}",
            "EBB_LISTEN_PROBES": f"127.0.0.1:{self.probes}", "EBB_LISTEN_CONTROL": f"127.0.0.1:{self.control}",
            "DREMIO_CONF_DIR": test.folder, **QUICK, **(env or {})}
        environment = bare_environment({k: v for k, v in environment.items() if v is not None})
        command = command or [
            LAB, "executor", "--name", name, "--coordinator", f"127.0.0.1:{coordinator.control}", "--admin",
            f"127.0.0.1:{self.admin}", "--startup", "100ms", "--grace", "1s", "--leaving", "100ms", *executor]
        whole = self.whole_command(before, options, command)
        if "stdout" in popen:
            self.process = test.start(whole, env=environment, inherit=False, **popen)
        else:
            with open(test.path(self.out), "ab") as out:
                self.process = test.start(whole, env=environment, inherit=False, stdout=out, stderr=out, **popen)

    def whole_command(self, before, options, command):
        return [*before, EBB, "run", *options, "--", *command]

    def get(self, path, port=None, **more):
        return http_json(f"http://127.0.0.1:{port or self.probes}{path}", **more)

    def post(self, path, **more):
        return http_json(f"http://127.0.0.1:{self.control}{path}", "POST", **more)

    def status(self):
        """The decoded /status; nothing while nobody answers."""
        try:
            code, body = self.get("/status")
        except OSError:
            return None
        return body if code == 200 else None

    def wait_for(self, condition, what, timeout=20.0):
        """The first /status of which condition(status) is true."""
        last = [None]

        def met():
            last[0] = self.status()
            return last[0] if last[0] and condition(last[0]) else None

        return wait_until(met, lambda: f"{what}; {self.name}: {last[0]}; {self.log()[-20:]}", timeout, 0.03)

    def wait_state(self, state, phase="", timeout=20.0):
        def there(s):
            return s["state"] == state and (not phase or s["phase"] == phase)

        return self.wait_for(there, f"{state} {phase}", timeout)

    def wait_exit(self, timeout=20.0):
        code = wait_until(lambda: self.process.poll() is not None and [self.process.returncode],
                          lambda: f"the end of {self.name}: {self.status()}; {self.log()[-20:]}", timeout, 0.03)
        return code[0]

    def log(self, event=None):
        """The agent's lines so far, or those of one event."""
        lines = [line for line in self.test.lines(self.out) if " event=" in line]
        return [line for line in lines if re.search(rf" event={re.escape(event)}( |$)", line)] if event else lines

    def wait_log(self, event, text="", timeout=20.0):
        def found():
            return next((line for line in self.log(event) if text in line), None)

        return wait_until(found, lambda: f"event={event} {text}; {self.name}: {self.log()[-20:]}", timeout, 0.03)

    def children(self):
        """{"executor": pid, "agent": pid} of those that are there."""
        kinds = {}
        for pid in children_of(self.process.pid):
            words = read_text(f"/proc/{pid}/cmdline").split("\0")
            if words[0]:
                kinds["agent" if words[:2] == ["ebb", "agent"] else "executor"] = pid
        return kinds

    def agent(self):
        return wait_until(lambda: self.children().get("agent"), "an agent")

    def executor(self):
        return wait_until(lambda: self.children().get("executor"), "an executor")

    def kill_agent(self):
        """SIGKILL to the agent; returns when another one answers."""
        restarts = (self.status() or {"agent": {"restarts": 0}})["agent"]["restarts"]
        send(self.agent(), signal.SIGKILL)
        return self.wait_for(lambda s: s["agent"]["restarts"] > restarts, "another agent")

    def terminate(self):
        send(self.process, signal.SIGTERM)


class LabTest(ProcessTest):
    def dremio(self, *options, **more):
        return Coordinator(self, *options, **more)

    def node(self, coordinator, name="executor-0", wait=True, **more):
        node = Node(self, coordinator, name, **more)
        if wait:
            node.wait_state("serving")
        return node

    def log_of_all(self):
        return "".join(read_text(self.path(name)) for name in os.listdir(self.folder) if name.endswith(".out"))


def paused_node(test, dremio, name="executor-0"):
    """A serving node that somebody else has put on the list after dremio.reclaim."""
    # The look after the second one comes 4 to 5 s later, and then reclaim is over.
    node = test.node(dremio, name, env={"EBB_DREMIO_RECLAIM": "4s", "EBB_LOG_LEVEL": "debug"})
    node.wait_log("deny_list.confirmed")
    dremio.write_list([name])
    node.wait_state("paused")
    return node
