"""Secrets show up nowhere, whatever happens to them."""

import os
import signal
import unittest

from support.lab import PASSWORD, LabTest
from support.processes import read_text, send, wait_until

TOKEN = "token-for-control-4711"
SECRETS = {"EBB_DREMIO_PASSWORD": PASSWORD, "DREMIO_PASSWORD": "hunter2-old-name", "EBB_DREMIO_TOKEN": "",
           "EBB_DREMIO_CLIENT_SECRET": "client+secret/42="}


class Secrets(LabTest):
    def secrets(self):
        return [*filter(None, SECRETS.values()), TOKEN]

    def test_P8_secrets_show_up_nowhere(self):
        dremio = self.dremio()
        token = self.write("control.token", TOKEN)
        env = {**SECRETS, "EBB_LOG_LEVEL": "debug", "EBB_LISTEN_TOKEN_FILE": token}
        node = self.node(dremio, env=env)
        dremio.fault("status", count=3)
        node.post("/drain?force=true&wait=true", headers={"Authorization": "Bearer " + TOKEN}, timeout=20)
        send(node.process, signal.SIGHUP)
        node.wait_log("config.reload")
        node.kill_agent()
        pages = {path: str(node.get(path)) for path in ("/status", "/metrics", "/", "/readyz?verbose")}
        pids = {"init": node.process.pid, **node.children()}
        self.assertEqual(set(pids), {"init", "agent", "executor"})
        for who, pid in pids.items():
            for file in ("cmdline", "environ"):
                wait_until(lambda: not self.found_in(read_text(f"/proc/{pid}/{file}")), f"{file} of {who} is clean")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        pages["log"] = self.log_of_all()
        self.assertEqual({place: self.found_in(text) for place, text in pages.items()}, dict.fromkeys(pages, []))

    def found_in(self, text):
        return [secret for secret in self.secrets() if secret in text]

    def test_P8_the_login_token_of_dremio_is_not_told_either(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_LOG_LEVEL": "debug"})
        for fault in ("not_json", "reset", "status"):
            dremio.fault(fault, path="/apiv2/login", count=2)
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertNotRegex(self.log_of_all() + str(node.status()), r"\b[0-9a-v]{26}\b")

    def test_P8_a_core_of_the_environment_stays_with_the_agent(self):
        # The executor's own child, as a shell in the container has it.
        dremio = self.dremio()
        seen = self.path("environment")
        node = self.node(dremio, wait=False, env={**SECRETS, "EBB_X": "1"},
                         command=["sh", "-c", f"env > {seen}.new && mv {seen}.new {seen}; exec sleep 60"])
        wait_until(lambda: os.path.exists(seen), "the environment")
        self.assertEqual(self.found_in(read_text(seen)), [])
        self.assertNotIn("EBB_", read_text(seen))
        self.assertIn("DREMIO_IN_CONTAINER=1", read_text(seen))
        self.assertIsNone(node.process.poll())


if __name__ == "__main__":
    unittest.main()
