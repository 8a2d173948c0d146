"""A bad world around a real agent: outputs that block, vanish or are full, no descriptors, taken ports, and whatever
Kubernetes and the old hooks left in the environment."""

import fcntl
import os
import signal
import socket
import subprocess
import time
import unittest

from support.lab import EBB, PASSWORD, USER, LabTest, bare_environment
from support.net import free_port, http_json
from support.processes import read_text, send, status_field, wait_until


def cpu_ticks(pid):
    """User and system time of a process in hundredths of a second."""
    fields = read_text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class Output(LabTest):
    def drain_with(self, stdout, **more):
        """A whole life with an output that takes no line, or soon none any more."""
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio, env={"EBB_LOG_LEVEL": "debug"}, stdout=stdout, **more)
        dremio.query_on("executor-0", lasts="2s")
        before = cpu_ticks(node.agent())
        began = time.monotonic()
        node.terminate()
        node.wait_state("draining", "quiescing")
        self.assertEqual(node.get("/livez")[0], 200)
        self.assertNotIn("\nebb_log_lines_dropped_total 0\n", node.get("/metrics")[1])
        busy = cpu_ticks(node.agent()) - before
        self.assertEqual(node.wait_exit(), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.assertLess(busy, 100, "a busy loop")
        self.assertEqual(dremio.stop_queries()["lost"], 0)
        self.assertEqual(dremio.denied(), [])

    def test_log_reader_stopped_does_not_stop_the_deadline(self):
        # Whoever reads has stopped, and the pipe is full.
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
        try:
            while os.write(writer, b"x" * 4096):
                pass
        except BlockingIOError:
            pass
        fcntl.fcntl(writer, fcntl.F_SETFL, 0)
        self.addCleanup(os.close, writer)
        self.drain_with(writer, stderr=writer)

    def test_log_reader_gone_does_not_stop_the_drain(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        self.drain_with(writer, stderr=writer)

    def test_a_full_disk_under_stdout_stops_nothing(self):
        full = os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, full)
        self.drain_with(full, stderr=full)

    def test_a_disk_that_fills_up_under_stdout_stops_nothing(self):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "ebb-test", self.folder + "-small"],
                                 check=False, stderr=subprocess.DEVNULL) if self.make_small() else None
        if mounted is None or mounted.returncode != 0:
            self.skipTest("needs the right to mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder + "-small"], check=False)
        log = os.open(self.folder + "-small/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.addCleanup(os.close, log)
        os.write(log, b"x" * 15000)
        self.drain_with(log, stderr=log)
        self.assertGreater(os.fstat(log).st_size, 15000)

    def make_small(self):
        os.mkdir(self.folder + "-small")
        self.addCleanup(os.rmdir, self.folder + "-small")
        return os.geteuid() == 0

    def test_closed_outputs_stop_nothing(self):
        self.drain_with(subprocess.DEVNULL, before=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"))

    def test_a_socket_as_stdout_that_nobody_reads(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        theirs.setblocking(False)
        try:
            while theirs.send(b"x" * 4096):
                pass
        except BlockingIOError:
            pass
        theirs.setblocking(True)
        self.drain_with(theirs.fileno(), stderr=theirs.fileno())


class Resources(LabTest):
    def test_no_descriptors_left_is_a_degraded_mode(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        agent = node.agent()
        used = len(os.listdir(f"/proc/{agent}/fd"))
        limit = max(int(fd) for fd in os.listdir(f"/proc/{agent}/fd")) + 1
        subprocess.run(["prlimit", f"--pid={agent}", f"--nofile={limit}:"], check=True)
        held = [socket.create_connection(("127.0.0.1", node.probes), timeout=5) for _ in range(limit - used + 5)]
        self.addCleanup(lambda: [s.close() for s in held])
        dremio.query_on("executor-0", lasts="3s")
        node.terminate()
        before = cpu_ticks(agent)
        time.sleep(3)
        self.assertLess(cpu_ticks(agent) - before, 100, "a busy loop")
        self.assertIn("Too many open files", node.wait_log("accept", "port=probes"))
        self.assertEqual(node.agent(), agent)
        self.assertIsNone(node.process.poll())
        subprocess.run(["prlimit", f"--pid={agent}", "--nofile=1024:"], check=True)
        for s in held:
            s.close()
        self.assertEqual(node.wait_exit(20), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        told = [line for line in node.log("accept") if "port=probes" in line]
        self.assertEqual(len(told), 1, "once a minute")
        self.assertEqual(dremio.stop_queries()["lost"], 0)

    def test_a_port_in_use_is_bound_again(self):
        dremio = self.dremio()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            node = self.node(dremio, wait=False, options=("--set", f"listen.probes=127.0.0.1:{port}"))
            node.wait_log("state", "to=serving")
            self.assertIn("Address already in use", node.wait_log("listen"))
            self.assertEqual(node.get("/livez", node.control)[0], 200)
        node.probes = port
        node.wait_for(lambda s: s["state"] == "serving", "the port is bound")
        self.assertEqual(len(node.log("listen")), 2)

    def test_a_machine_that_was_suspended_does_not_release_on_the_zero_before(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": "3s"})
        node.post("/drain", timeout=20)
        node.wait_state("draining", "quiescing")
        for pid in (node.process.pid, node.agent()):
            send(pid, signal.SIGSTOP)
        time.sleep(3.5)
        for pid in (node.process.pid, node.agent()):
            send(pid, signal.SIGCONT)
        node.wait_state("draining", "drained")
        self.assertEqual(status_field(node.executor(), "State")[0] in "SR", True)


class Environment(LabTest):
    def test_config_error_starts_no_executor(self):
        dremio = self.dremio()
        node = self.node(dremio, wait=False, env={"EBB_DRAIN_SETTLE": "soon"})
        self.assertEqual(node.wait_exit(), 2)
        self.assertNotIn("executor-0", dremio.state()["nodes"])
        self.assertEqual(len(self.lines(node.out)), 1)
        for part in ("EBB_DRAIN_SETTLE", "soon"):
            self.assertIn(part, self.lines(node.out)[0])

    def test_service_links_do_no_harm(self):
        # What a service "ebb", "prometheus" or "ebb-drain" in the namespace puts into every pod.
        links = {}
        for service, port in (("EBB", 9011), ("PROMETHEUS", 9090), ("EBB_DRAIN", 80), ("DREMIO", 9047),
                              ("EBB_DREMIO", 9047)):
            address = f"tcp://10.96.1.2:{port}"
            links |= {f"{service}_SERVICE_HOST": "10.96.1.2", f"{service}_SERVICE_PORT": str(port),
                      f"{service}_SERVICE_PORT_HTTP": str(port), f"{service}_PORT": address,
                      f"{service}_PORT_{port}_TCP": address, f"{service}_PORT_{port}_TCP_PROTO": "tcp",
                      f"{service}_PORT_{port}_TCP_PORT": str(port), f"{service}_PORT_{port}_TCP_ADDR": "10.96.1.2"}
        dremio = self.dremio()
        node = self.node(dremio, env={**links, "EBB_DRAIN_POLL": "1s"})
        self.assertEqual(node.log("config"), [])  # not a word about them
        self.assertFalse(node.status()["upstreams"]["prometheus"])
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)

    def test_unknown_variables_warn(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_DRAIN_SETLE": "3s"})
        self.assertIn("EBB_DRAIN_SETTLE", node.wait_log("config", "EBB_DRAIN_SETLE"))

    def old_variables(self, dremio, admin):
        """The variables of the old guide, and nothing else that configures."""
        return {"DREMIO_URL": dremio.url, "DREMIO_USER": USER, "DREMIO_PASSWORD": PASSWORD,
                "PROMETHEUS_ENDPOINT": "http://127.0.0.1:1", "PROMETHEUS_PORT": str(admin),
                "PROMETHEUS_WAIT_TIME": "1", "PROMETHEUS_QUERY_MAX_RETRIES": "60"}

    def test_old_variables_alone(self):
        # The name is what Dremio gives itself, which the lab's executor is told to take, too.
        name = self.computed_name()
        dremio = self.dremio()
        admin = free_port()
        node = self.node(dremio, name, wait=False, env={
            **{variable: None for variable in (
                "EBB_DREMIO_URL", "EBB_DREMIO_USER", "EBB_DREMIO_PASSWORD", "EBB_DREMIO_NODE_NAME",
                "EBB_EXECUTOR_ADMIN_URL", "EBB_DRAIN_SETTLE", "EBB_DRAIN_QUIET", "EBB_DRAIN_POLL", "EBB_DRAIN_GRACE")},
            **self.old_variables(dremio, admin)}, executor=("--admin", f"127.0.0.1:{admin}"))
        node.wait_state("serving")
        dremio.query_on(name, lasts="3s")
        node.terminate()
        status = node.wait_state("draining", "quiescing")
        self.assertEqual(dremio.denied(), [name])
        self.assertEqual(status["drain"]["deadline_source"], "configured")
        self.assertEqual(node.wait_exit(24), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])
        self.assertEqual((dremio.stop_queries()["lost"], dremio.denied()), (0, []))
        self.assertIn('grace="60 s"', node.log("drain.plan")[-1])

    def computed_name(self):
        """What Ebb takes for the node's name here; that it is the JDK's is another test's business."""
        port = free_port()
        env = bare_environment({"EBB_LISTEN_PROBES": f"127.0.0.1:{port}", "EBB_LISTEN_CONTROL": "127.0.0.1:0",
                                "DREMIO_CONF_DIR": self.folder})
        with open(self.path("name.out"), "wb") as out:
            self.start([EBB, "run", "--", "sleep", "60"], env=env, inherit=False, stdout=out, stderr=out)

        def name():
            try:
                return http_json(f"http://127.0.0.1:{port}/status")[1]["node"]["name"]
            except OSError:
                return None

        return wait_until(name, "a name")


if __name__ == "__main__":
    unittest.main()
