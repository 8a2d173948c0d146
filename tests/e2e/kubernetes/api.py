"""The API server as an administrator sees it: JSON over HTTPS, and a watch that keeps all it has seen."""
import http.client
import json
import ssl
import threading
import time
import urllib.parse


class ApiError(AssertionError):
    def __init__(self, method, path, code, body):
        super().__init__(f"{method} {path}: {code} {body}")
        self.code = code


class Api:
    def __init__(self, facts):
        server = urllib.parse.urlsplit(facts["SERVER"])
        self.host, self.port, self.token = server.hostname, server.port, facts["ADMIN_TOKEN"]
        self.trust = ssl.create_default_context(cafile=facts["CA"])

    def connect(self, timeout=20):
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.trust)

    def request(self, method, path, body=None, kind="application/json", timeout=20):
        """The decoded answer; raises ApiError with any code of 400 and above."""
        connection = self.connect(timeout)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"Authorization": "Bearer " + self.token, "Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 400:
            raise ApiError(method, path, answer.status, text)
        return json.loads(text)

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)

    def delete(self, path, **options):
        return self.request("DELETE", path, {"apiVersion": "v1", "kind": "DeleteOptions", **options})

    def patch(self, path, body):
        return self.request("PATCH", path, body, "application/merge-patch+json")


class PodWatch(threading.Thread):
    """Every state of every pod of a namespace, in order, from the beginning on: [(time, event type, object)]."""

    def __init__(self, api, namespace):
        super().__init__(daemon=True)
        self.api, self.path = api, f"/api/v1/namespaces/{namespace}/pods"
        self.seen, self.ended = [], False
        self.list()
        self.start()

    def run(self):
        while not self.ended:
            try:
                self.follow()
            except (OSError, ValueError, ApiError, http.client.HTTPException):
                time.sleep(0.2)  # an API server that is away

    def list(self):
        """What is there now, as events: a server that was restarted no longer tells what came between."""
        found = self.api.get(self.path)
        there = {pod["metadata"]["uid"] for pod in found["items"]}
        for pod in self.latest().values():
            if pod["metadata"]["uid"] not in there:
                self.seen.append((time.time(), "DELETED", pod))
        for pod in found["items"]:
            self.seen.append((time.time(), "MODIFIED", pod))
        self.version = found["metadata"]["resourceVersion"]

    def follow(self):
        connection = self.api.connect(timeout=3600)
        try:
            connection.request("GET", f"{self.path}?watch=true&resourceVersion={self.version}",
                               headers={"Authorization": "Bearer " + self.api.token})
            answer = connection.getresponse()
            if answer.status != 200:
                raise ApiError("WATCH", self.path, answer.status, answer.read(500))
            while not self.ended and (line := answer.readline()):
                event = json.loads(line)
                if event["type"] == "ERROR":
                    self.list()
                    return
                self.version = event["object"]["metadata"]["resourceVersion"]
                self.seen.append((time.time(), event["type"], event["object"]))
        finally:
            connection.close()

    def of(self, name):
        return [(when, kind, pod) for when, kind, pod in list(self.seen) if pod["metadata"]["name"] == name]

    def latest(self):
        """{name: object} of the pods that are there."""
        there = {}
        for _, kind, pod in list(self.seen):
            if kind == "DELETED":
                there.pop(pod["metadata"]["name"], None)
            else:
                there[pod["metadata"]["name"]] = pod
        return there
