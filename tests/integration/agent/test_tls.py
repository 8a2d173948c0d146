"""A coordinator behind TLS: who is trusted, and that nobody else hears a word."""

import os
import shutil
import unittest

from support.lab import LabTest
from support.processes import wait_until
from support.tls import TlsDoor, make_authority, make_certificate


@unittest.skipUnless(shutil.which("openssl"), "needs openssl: tools/setup")
class Tls(LabTest):
    def setUp(self):
        super().setUp()
        self.lab = self.dremio()
        self.authority = make_authority(self.folder, "authority")
        self.other = make_authority(self.folder, "other")
        self.trusted = self.path("trusted.pem")
        shutil.copy(self.authority[0], self.trusted)

    def open_door(self, certificate):
        door = TlsDoor(certificate, self.lab.http)
        self.addCleanup(door.close)
        return door

    def start_node(self, door, host="localhost", **env):
        return self.node(self.lab, wait=False, env={"EBB_DREMIO_URL": f"https://{host}:{door.port}",
                                                    "EBB_DREMIO_CA_FILE": self.trusted, **env})

    def refused(self, node, door, why):
        node.wait_state("admitting")
        error = node.wait_for(lambda s: s["deny_list"]["error"], "an error")["deny_list"]["error"]
        self.assertRegex(error, why)
        self.assertEqual((door.accepted, door.plain), (0, b""))  # not a byte of the login

    def test_the_whole_job_over_tls(self):
        names = "DNS:localhost,IP:127.0.0.1"
        door = self.open_door(make_certificate(self.folder, self.authority, names))
        node = self.start_node(door)
        node.wait_state("serving")
        node.post("/drain?force=true&wait=true", timeout=20)
        self.assertEqual(self.lab.denied(), ["executor-0"])
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(self.lab.denied(), [])
        self.assertLess(door.accepted, 4)  # connections are kept

    def test_an_address_is_a_name_too(self):
        door = self.open_door(make_certificate(self.folder, self.authority, "IP:127.0.0.1"))
        self.start_node(door, host="127.0.0.1").wait_state("serving")

    def test_an_authority_that_is_not_trusted_is_refused(self):
        door = self.open_door(make_certificate(self.folder, self.other, "DNS:localhost"))
        self.refused(self.start_node(door), door, "certificate|verify")

    def test_another_name_is_refused(self):
        door = self.open_door(make_certificate(self.folder, self.authority, "DNS:localhost.example"))
        self.refused(self.start_node(door), door, "certificate|verify|host")

    def test_the_systems_authorities_do_not_vouch_for_it(self):
        door = self.open_door(make_certificate(self.folder, self.authority, "DNS:localhost"))
        self.refused(self.start_node(door, EBB_DREMIO_CA_FILE=None), door, "certificate|verify")

    def test_tls_verify_false_is_obeyed_and_said(self):
        door = self.open_door(make_certificate(self.folder, self.other, "DNS:elsewhere"))
        node = self.start_node(door, EBB_DREMIO_TLS_VERIFY="false")
        node.wait_state("serving")
        self.assertTrue(any("tls_verify" in line for line in node.log("config")), node.log())

    def test_a_rotated_authority_is_read_again(self):
        door = self.open_door(make_certificate(self.folder, self.other, "DNS:localhost"))
        node = self.start_node(door)
        self.refused(node, door, "certificate|verify")
        os.replace(shutil.copy(self.other[0], self.trusted + ".new"), self.trusted)
        node.wait_state("serving", timeout=20)

    def test_a_client_without_tls_is_told_so(self):
        node = self.node(self.lab, wait=False, env={"EBB_DREMIO_URL": f"https://127.0.0.1:{self.lab.http}",
                                                    "EBB_DREMIO_CA_FILE": self.trusted})
        node.wait_state("admitting")
        node.wait_for(lambda s: s["deny_list"]["error"], "an error")
        wait_until(lambda: node.get("/livez")[0] == 200, "it lives")


if __name__ == "__main__":
    unittest.main()
