"""The name that Ebb computes is the one that a real JVM finds for itself, whatever /etc/hosts says."""

import os
import re
import shutil
import subprocess
import unittest

from support.lab import EBB
from support.processes import ProcessTest, can_unshare

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "HostName.java")
LOCAL = "127.0.0.1 localhost\n"
HOSTS = {
    "a pod of a headless service": "10.1.2.3 exec-0.ns.svc.cluster.local exec-0\n",
    "the short name first": "10.1.2.3 exec-0 exec-0.ns\n",
    "a loopback address of Debian's": "127.0.1.1 exec-0.dom exec-0\n",
    "IPv6 before IPv4": "2001:db8::1 six.dom exec-0\n10.1.2.3 four.dom exec-0\n",
    "IPv6 alone": "2001:db8::1 six.dom exec-0\n",
    "another name of the same address": "10.1.2.3 other.dom\n10.1.2.3 exec-0\n",
    "capitals": "10.1.2.3 Exec-0.Ns.Svc exec-0\n",
    "the address of localhost": "127.0.0.1 exec-0\n",
}
INSIDE = """
ip link set lo up && ip address add 10.1.2.3/32 dev lo && \
  ip address add 2001:db8::1/128 dev lo && hostname exec-0 && mount --bind "$HOSTS" /etc/hosts || exit 9
echo "java: $(java "$PROGRAM")"
"$EBB" check
"""


class NodeName(ProcessTest):
    def test_the_computed_node_name_is_that_of_a_jvm(self):
        if not shutil.which("java") or not can_unshare():
            self.skipTest("needs a JDK and namespaces of its own")
        for what, text in HOSTS.items():
            with self.subTest(what):
                hosts = self.path("hosts")
                with open(hosts, "w", encoding="utf-8") as file:
                    file.write(LOCAL + text)
                env = {**os.environ, "HOSTS": hosts, "PROGRAM": PROGRAM, "EBB": EBB}
                said = subprocess.run(["unshare", "-mun", "sh", "-c", INSIDE], env=env, capture_output=True, text=True,
                                      timeout=60, check=False).stdout
                java = re.search(r"^java: (\S+)$", said, re.M)
                ebb = re.search(r"^ok +node\.name +(\S+) \(computed\)$", said, re.M)
                self.assertTrue(java and ebb, said)
                self.assertEqual(ebb[1], java[1])


if __name__ == "__main__":
    unittest.main()
