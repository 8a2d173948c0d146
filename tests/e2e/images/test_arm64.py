"""Ebb for arm64, as far as an emulator of its processor can run it: no pods, no other kernel."""
import os
import shutil
import struct
import subprocess
import unittest

from cluster import EBB, ROOT
from images import ARM64
from support.processes import ProcessTest

CODECS = ROOT / "build/arm64/tests/unit/proto/unit_proto"
SYSTEM = ROOT / "build/arm64-root"
AARCH64 = 183  # e_machine
INTERPRETER = 3  # p_type of what asks for a dynamic linker


class Arm64(ProcessTest):
    def setUp(self):
        super().setUp()
        self.qemu = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
        for what, reason in ((self.qemu, "no emulator for arm64: tools/setup --arm64"),
                             (ARM64.exists() and CODECS.exists(), "nothing was built for arm64: tests/e2e/prepare")):
            if not what:
                print(f"skipped: {reason}")
                self.skipTest(reason)

    def run_there(self, *command):
        return subprocess.run([self.qemu, *map(str, command)], text=True, capture_output=True, check=False, timeout=100,
                              env={**os.environ, "QEMU_LD_PREFIX": str(SYSTEM)})

    def test_the_binary_for_arm64_is_static_and_runs(self):
        header = ARM64.read_bytes()[:4096]
        self.assertEqual(AARCH64, struct.unpack_from("<H", header, 18)[0])
        offset, size, count = *struct.unpack_from("<Q", header, 32), *struct.unpack_from("<HH", header, 54)
        kinds = [struct.unpack_from("<I", header, offset + i * size)[0] for i in range(count)]
        self.assertNotIn(INTERPRETER, kinds)
        here = subprocess.run([EBB, "version"], text=True, capture_output=True, check=True).stdout
        there = self.run_there(ARM64, "version")
        self.assertEqual(0, there.returncode, there.stderr)
        self.assertEqual(here.split()[:2], there.stdout.split()[:2])

    def test_the_codecs_pass_their_tests_on_arm64(self):
        ran = self.run_there(CODECS)
        self.assertEqual(0, ran.returncode, ran.stdout[-3000:] + ran.stderr[-1000:])
        self.assertIn("All tests passed", ran.stdout)


if __name__ == "__main__":
    unittest.main()
