"""A stand-in for the Kubernetes API: one pod, its watch, Leases and Events; what a real one does is in tests/e2e."""

import email.utils
import http.server
import json
import threading
import time

from support.net import free_port


def stamp(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))


class Api:
    def __init__(self, test, name="executor-0"):
        self.name, self.version, self.requests, self.events, self.leases = name, 10, [], [], {}
        self.changed = threading.Condition()
        self.history = []
        self.answer_with = None  # (status, text): every request is answered so
        self.pod = {"kind": "Pod", "apiVersion": "v1", "spec": {"terminationGracePeriodSeconds": 60, "containers": []},
                    "metadata": {"name": name, "namespace": "dremio", "uid": "uid-1", "resourceVersion": "10"},
                    "status": {"phase": "Running"}}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), self.handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.close)
        token = test.write("token", "a-token")
        self.env = {"EBB_KUBERNETES_URL": self.url, "EBB_KUBERNETES_TOKEN_FILE": token, "POD_NAME": name,
                    "POD_NAMESPACE": "dremio", "POD_UID": "uid-1", "KUBERNETES_SERVICE_HOST": "127.0.0.1"}

    def close(self):
        with self.changed:
            self.history = None
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()

    def change(self, kind="MODIFIED", **metadata):
        """Sets fields of the pod's metadata and tells the watches."""
        with self.changed:
            self.version += 1
            self.pod["metadata"].update(metadata, resourceVersion=str(self.version))
            self.history.append((self.version, {"type": kind, "object": json.loads(json.dumps(self.pod))}))
            self.changed.notify_all()

    def delete(self, grace):
        self.change(deletionTimestamp=stamp(grace), deletionGracePeriodSeconds=grace)

    def asked(self, text):
        return [line for line in self.requests if text in line]

    def handler(api):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def say(self, status, body):
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response_only(status)
                self.send_header("Date", email.utils.formatdate(usegmt=True))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def body(self):
                return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")

            def everything(self):
                api.requests.append(f"{self.command} {self.path}")
                body = self.body() if self.command in ("POST", "PUT") else None
                if api.answer_with:
                    return self.say(*api.answer_with)
                if self.headers["Authorization"] != "Bearer a-token":
                    return self.say(401, {"kind": "Status", "code": 401, "reason": "Unauthorized"})
                return self.answer(body)

            def answer(self, body):
                if "/events" in self.path:
                    api.events.append(body)
                    return self.say(201, body)
                if "/leases" in self.path:
                    return self.lease(body)
                if "watch=true" in self.path:
                    return self.watch()
                if "/pods?" in self.path:
                    return self.say(200, {"kind": "PodList", "metadata": {"resourceVersion": str(api.version)},
                                          "items": [api.pod]})
                if "/pods/" in self.path:
                    return self.say(200, api.pod)
                return self.say(403, {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "forbidden"})

            def lease(self, body):
                name = body["metadata"]["name"] if body else self.path.rsplit("/", 1)[1]
                if self.command == "GET" and "?" in self.path:
                    return self.say(200, {"kind": "LeaseList", "metadata": {}, "items": list(api.leases.values())})
                if self.command == "GET" and name not in api.leases:
                    return self.say(404, {"kind": "Status", "code": 404, "reason": "NotFound"})
                if body:
                    api.version += 1
                    body["metadata"].update(resourceVersion=str(api.version), uid=name)
                    api.leases[name] = {"kind": "Lease", **body}
                return self.say(201 if self.command == "POST" else 200, api.leases[name])

            def watch(self):
                self.send_response_only(200)
                self.send_header("Date", email.utils.formatdate(usegmt=True))
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                seen = int(self.path.split("resourceVersion=")[1].split("&")[0])
                while True:
                    with api.changed:
                        api.changed.wait_for(lambda: api.history is None or
                                             (api.history and api.history[-1][0] > seen))
                        if api.history is None:
                            return
                        news = [event for version, event in api.history if version > seen]
                        seen = api.history[-1][0]
                    for event in news:
                        data = json.dumps(event).encode() + b"\n"
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

            do_GET = do_POST = do_PUT = everything

        return Handler
