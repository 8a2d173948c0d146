"""A configuration that changes under a running agent: SIGHUP, broken files, rotated secrets."""

import os
import signal
import time
import unittest

from support.lab import PASSWORD, LabTest
from support.processes import send, wait_until


class Reload(LabTest):
    def test_hup_reads_the_configuration_again(self):
        dremio = self.dremio()
        file = self.write("ebb.toml", '[drain]\nsettle = "7s"\n')
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": None}, options=("--config", file))
        executor = node.executor()
        self.write("ebb.toml", '[drain]\nsettle = "9s"\n\n[listen]\nprobes = "127.0.0.1:1"\n')
        send(node.process, signal.SIGHUP)
        self.assertIn("drain.settle changed", node.wait_log("config.reload"))
        node.post("/drain?force=true")
        self.assertEqual(node.wait_state("draining")["drain"]["settle_ms"], 9000)
        self.assertEqual(node.executor(), executor)

    def test_a_broken_file_keeps_the_last_good_and_says_so(self):
        dremio = self.dremio()
        file = self.write("ebb.toml", '[drain]\nsettle = "7s"\n')
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": None}, options=("--config", file))
        for broken, named in (('[drain]\nsettle = "9 parsecs"\n', "drain.settle"), ("[drain\n", "ebb.toml:1"),
                              ('[drain]\nsetle = "9s"\n', "drain.setle")):
            self.write("ebb.toml", broken)
            send(node.process, signal.SIGHUP)
            error = node.wait_for(lambda s: named in s["agent"]["reload_error"], named)["agent"]["reload_error"]
            self.assertIn("the last good one stays", error)
        os.unlink(file)
        send(node.process, signal.SIGHUP)
        node.wait_for(lambda s: "ebb.toml" in s["agent"]["reload_error"] and "setle" not in s["agent"]["reload_error"],
                      "a file that is gone")
        node.post("/drain?force=true")
        self.assertEqual(node.wait_state("draining")["drain"]["settle_ms"], 7000)
        self.write("ebb.toml", '[drain]\nsettle = "8s"\n')
        send(node.process, signal.SIGHUP)
        node.wait_for(lambda s: s["agent"]["reload_error"] == "" and s["drain"]["settle_ms"] == 8000, "well again")

    def test_an_agent_that_is_replaced_while_the_file_is_broken_goes_on_with_the_last_good(self):
        # Exit 2 is for init's own start. Afterwards the executor must not lose its agent because of a typo.
        dremio = self.dremio()
        file = self.write("ebb.toml", '[drain]\nsettle = "1s"\n')
        node = self.node(dremio, env={"EBB_DRAIN_SETTLE": None}, options=("--config", file))
        for i, (spoil, named) in enumerate(((lambda: self.write("ebb.toml", "[drain\n"), "ebb.toml:1"),
                                            (lambda: self.write("ebb.toml", '[drain]\nsetle = "1s"\n'), "drain.setle"),
                                            (lambda: os.unlink(file), "cannot be read"))):
            # What a good reload has brought is the last good one.
            settle = 2000 + i
            self.write("ebb.toml", f'[drain]\nsettle = "{settle}ms"\n')
            told = len(node.log("config.reload"))
            send(node.process, signal.SIGHUP)
            wait_until(lambda told=told: len(node.log("config.reload")) > told, "the file is read again")
            spoil()
            if i == 0:
                send(node.process, signal.SIGHUP)
                node.wait_for(lambda s: named in s["agent"]["reload_error"], named)
            node.kill_agent()
            error = node.wait_for(lambda s, i=i: s["agent"]["restarts"] == i + 1, "an agent")["agent"]["reload_error"]
            self.assertIn(named, error)
            self.assertIn("the last good one stays", error)
            self.assertIn(named, node.log("config.reload")[-1])
            self.assertEqual(node.get("/livez")[0], 200)
            node.post("/drain?force=true")
            self.assertEqual(node.wait_state("draining")["drain"]["settle_ms"], settle)
            node.post("/undrain")
            node.wait_state("serving")
            self.write("ebb.toml", '[drain]\nsettle = "1s"\n')
            send(node.process, signal.SIGHUP)
            node.wait_for(lambda s: s["agent"]["reload_error"] == "", "well again")
        os.unlink(file)
        node.kill_agent()
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertIn("outcome=idle", node.log("drain.end")[-1])

    def test_a_rotated_password_is_read_again(self):
        dremio = self.dremio()
        file = self.write("password", PASSWORD + "\n")
        node = self.node(dremio, env={"EBB_DREMIO_PASSWORD": None, "EBB_DREMIO_PASSWORD_FILE": file})
        dremio.kill()
        dremio.start("another-password")
        node.post("/drain?force=true", timeout=20)
        node.wait_for(lambda s: "Login failed" in s["deny_list"]["error"], "the old password is refused")
        # As a Secret's volume does it: a new file in the place of the old.
        os.replace(self.write("password.new", "another-password"), file)
        wait_until(lambda: dremio.denied() == ["executor-0"], lambda: f"{node.status()} {node.log()[-10:]}", 20)
        node.wait_state("draining", "drained")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), [])

    def test_a_secret_that_is_missing_or_empty_is_said_and_tried_again(self):
        dremio = self.dremio()
        file = self.path("password")
        node = self.node(dremio, wait=False, env={"EBB_DREMIO_PASSWORD": None, "EBB_DREMIO_PASSWORD_FILE": file})
        node.wait_state("admitting")
        node.wait_for(lambda s: file in s["deny_list"]["error"], "the missing file is named")
        self.write("password", "\n")
        node.wait_for(lambda s: "empty" in s["deny_list"]["error"], "the empty file is named")
        self.write("password", PASSWORD)
        node.wait_state("serving", timeout=20)

    def test_a_token_file_is_read_for_every_call(self):
        dremio = self.dremio("--pat", "first-token")
        file = self.write("token", "first-token")
        node = self.node(dremio, env={"EBB_DREMIO_USER": None, "EBB_DREMIO_PASSWORD": None,
                                      "EBB_DREMIO_TOKEN_FILE": file})
        dremio.kill()
        dremio.options = ("--pat", "second-token")
        dremio.start()
        self.write("token", "second-token")
        node.post("/drain?force=true&wait=true", timeout=20)
        self.assertEqual(dremio.denied(), ["executor-0"])

    def test_a_service_user_logs_in(self):
        dremio = self.dremio("--client-id", "svc", "--client-secret", "a+b/c=")
        node = self.node(dremio, env={"EBB_DREMIO_USER": None, "EBB_DREMIO_PASSWORD": None,
                                      "EBB_DREMIO_CLIENT_ID": "svc", "EBB_DREMIO_CLIENT_SECRET": "a+b/c="})
        node.post("/drain?force=true&wait=true", timeout=20)
        self.assertEqual(dremio.denied(), ["executor-0"])

    def test_an_expired_login_is_made_anew_in_the_middle_of_a_drain(self):
        dremio = self.dremio("--token-life", "1s")
        node = self.node(dremio)
        node.post("/drain?force=true&wait=true", timeout=20)
        node.post("/undrain")
        node.wait_state("serving")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(dremio.denied(), [])
        self.assertGreater(dremio.state()["calls"]["POST /apiv2/login 200"], 2)
        self.assertEqual(node.log("deny_list.failing"), [])


if __name__ == "__main__":
    unittest.main()
