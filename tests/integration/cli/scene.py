"""A lab of one coordinator and its executors, an Ebb beside them, and an agent that says what it is told to say."""

import http.server
import json
import os
import subprocess
import threading

from support.net import free_port, http_json
from support.processes import ProcessTest, read_text, wait_until

EBB = os.environ["EBB_BINARY"]
LAB = os.environ["EBB_LAB"]
LIST = "/api/v3/nodeCollections/blacklist"


class CommandTest(ProcessTest):
    """Runs commands in an environment of their own: nothing of the machine's, every port a free one."""

    def setUp(self):
        super().setUp()
        self.control = free_port()
        # Another test's agent may listen at the default address.
        self.env = {"PATH": os.environ["PATH"], "EBB_LISTEN_CONTROL": f"127.0.0.1:{self.control}",
                    "EBB_LISTEN_PROBES": f"127.0.0.1:{free_port()}",
                    "HOSTNAME": f"pod-{self.control}"}  # other tests' inits are seen, and are not of this pod

    def spawn(self, *command, **options):
        process = subprocess.Popen(command, env=self.env, **options)
        self.started.append(process)
        return process

    def ebb(self, *arguments, timeout=30):
        """Exit code, stdout, stderr."""
        command = [EBB, *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=timeout, check=False)
        return done.returncode, done.stdout, done.stderr

    def begin(self, *arguments):
        """A command in the background; its output is in the files out and err."""
        with open(self.path("out"), "w", encoding="utf-8") as out, open(self.path("err"), "w", encoding="utf-8") as err:
            return self.spawn(EBB, *arguments, stdout=out, stderr=err)


class LabTest(CommandTest):
    """With a coordinator, and settings under which a drain of an idle node takes a second."""

    options = ()

    def setUp(self):
        super().setUp()
        self.start_coordinator()
        self.admin = free_port()
        self.env |= {"EBB_DREMIO_URL": f"http://127.0.0.1:{self.http}", "EBB_DREMIO_USER": "admin",
                     "EBB_DREMIO_PASSWORD": "secret1!", "EBB_DREMIO_NODE_NAME": "executor-0",
                     "EBB_EXECUTOR_ADMIN_URL": f"http://127.0.0.1:{self.admin}", "EBB_DRAIN_GRACE": "720s",
                     "EBB_DRAIN_SETTLE": "1s", "EBB_DRAIN_QUIET": "1s", "EBB_DRAIN_POLL": "500ms"}

    def start_coordinator(self):
        with open(self.path("coordinator"), "w", encoding="utf-8") as out:
            command = [LAB, "coordinator", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
            self.start([*command, *self.options], stdout=out)
        line = self.wait_for_line("coordinator", "coordinator listening")
        self.http, self.lab_control = (word.split("=")[1] for word in line.split()[2:])

    def lab(self, target, method="POST"):
        status, answer = http_json(f"http://127.0.0.1:{self.http}/lab/{target}", method)
        self.assertEqual(status, 200, answer)
        return answer

    def executor_command(self, name="executor-0", admin=None):
        return [LAB, "executor", "--name", name, "--coordinator", f"127.0.0.1:{self.lab_control}", "--admin",
                f"127.0.0.1:{admin or self.admin}", "--startup", "100ms"]

    def start_executor(self, name="executor-0", admin=None):
        process = self.start(self.executor_command(name, admin))
        self.joined(name)
        return process

    def start_run(self):
        """An executor as the child of `ebb run`, serving."""
        with open(self.path("run"), "w", encoding="utf-8") as log:
            process = self.spawn(EBB, "run", "--", *self.executor_command(), stdout=log, stderr=subprocess.STDOUT)
        wait_until(lambda: self.ebb("status")[0] == 0, lambda: f"serving: {read_text(self.path('run'))}", interval=0.2)
        return process

    def joined(self, name):
        return wait_until(lambda: self.lab("state", "GET")["nodes"].get(name), f"{name} has joined")

    def denied(self):
        return self.lab("state", "GET")["denied"]

    def deny(self, *names):
        login = {"userName": "admin", "password": "secret1!"}
        _, answer = http_json(f"http://127.0.0.1:{self.http}/apiv2/login", "POST", login)
        token = {"Authorization": "Bearer " + answer["token"]}
        http_json(f"http://127.0.0.1:{self.http}{LIST}", "POST", list(names), token)

    def busy(self, lasts):
        self.lab(f"query?lasts={lasts}")
        page = f"http://127.0.0.1:{self.admin}/metrics"
        wait_until(lambda: "exec_fragments_active 1.0" in http_json(page)[1], "a fragment runs", interval=0.1)


def status(state="serving", phase="", causes=(), **more):
    return {"version": "0", "state": state, "phase": phase, "causes": list(causes), **more}


class Agent:
    """Stands in for an agent: what is asked is kept, and answered from a script. An answer is (code, JSON or text), or
    "cut": the connection ends without a word. The last answer of a path is repeated."""

    def __init__(self, port, script):
        self.script = {key: list(answers) for key, answers in script.items()}
        self.asked = []
        agent = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                agent.asked.append(f"{self.command} {self.path}")
                answers = agent.script.get(f"{self.command} {self.path.split('?')[0]}", [(404, "not found")])
                told = answers.pop(0) if len(answers) > 1 else answers[0]
                if told == "cut":
                    self.close_connection = True
                    return
                if told == "silence":
                    agent.end.wait()
                    self.close_connection = True
                    return
                code, body = told
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.end = threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.end.set()
        self.server.shutdown()
        self.server.server_close()
