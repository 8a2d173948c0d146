#!/usr/bin/env python3
"""What Ebb's two processes cost beside a serving executor: memory with TLS and a token, and wake-ups.

  footprint.py memory
  footprint.py wakeups [SECONDS]      over 60 s, once the first minute after the admission is over
  footprint.py size                   of the released binary
"""
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

from stage import EBB, TOKEN, Stage, report

MB = 1000 * 1000
GOAL_DIRTY, GOAL_PSS, GOAL_WAKEUPS, GOAL_SIZE = 0.5, 12, 1.5, 12


def pipe(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class TlsFront:
    """TLS in front of a coordinator: one thread each way for each connection."""

    def __init__(self, stage, port):
        self.certificate = stage.folder / "certificate.pem"
        key = stage.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out",
                        self.certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.behind = port
        self.door = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.url = f"https://localhost:{self.door.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.door.accept()
                server = socket.create_connection(("127.0.0.1", self.behind))
            except OSError:
                continue
            for ends in ((client, server), (server, client)):
                threading.Thread(target=pipe, args=ends, daemon=True).start()


def kilobytes(pid, field):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def memory(stage):
    coordinator = stage.coordinator()
    front = TlsFront(stage, int(coordinator.url.rsplit(":", 1)[1]))
    node = stage.node(coordinator, "executor-0.cluster", **{
        "dremio.url": front.url, "dremio.ca_file": str(front.certificate), "dremio.token": TOKEN, "dremio.user": "",
        "dremio.password": "", "dremio.reclaim": "60s"})
    node.wait_serving()
    time.sleep(20)  # some looks at the list and at the executor
    init, agent = node.process.pid, node.agent_pid()
    dirty = kilobytes(init, "Private_Dirty") * 1024 / MB
    pss = [kilobytes(pid, "Pss") * 1024 / MB for pid in (init, agent)]
    report("release, serving with TLS and a token: private dirty of init; PSS of both",
           f"{dirty:.2f} MB; {sum(pss):.2f} MB (init {pss[0]:.2f}, agent {pss[1]:.2f})",
           f"<= {GOAL_DIRTY} MB; <= {GOAL_PSS} MB", dirty <= GOAL_DIRTY and sum(pss) <= GOAL_PSS)


def switches(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)


def wakeups(stage, seconds=60):
    coordinator = stage.coordinator()
    node = stage.node(coordinator, "executor-0.cluster")
    node.wait_serving()
    time.sleep(66)  # within dremio.reclaim the list is looked at every 5 s
    pids = (node.process.pid, node.agent_pid())
    before = [switches(pid) for pid in pids]
    time.sleep(seconds)
    each = [(switches(pid) - b) / seconds for pid, b in zip(pids, before)]
    report(f"wake-ups per second, serving, both processes, over {seconds} s",
           f"{sum(each):.2f} (init {each[0]:.2f}, agent {each[1]:.2f})", f"<= {GOAL_WAKEUPS}",
           sum(each) <= GOAL_WAKEUPS)


def size(_):
    megabytes = os.stat(EBB).st_size / MB
    report("release binary", f"{megabytes:.2f} MB", f"<= {GOAL_SIZE} MB", megabytes <= GOAL_SIZE)


if __name__ == "__main__":
    figures = {"memory": memory, "wakeups": wakeups, "size": size}
    if sys.argv[1:2] == [] or sys.argv[1] not in figures:
        sys.exit(__doc__)
    with Stage() as the_stage:
        figures[sys.argv[1]](the_stage, *map(int, sys.argv[2:]))
