"""The scripts around the code: the compilers that are refused, what setup installs, and what deploy/ hands out."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=100, **more)


class tree(unittest.TestCase):
    def compiler_check(self, name, version):
        return run("cmake", f"-DCMAKE_CXX_COMPILER_ID={name}", f"-DCMAKE_CXX_COMPILER_VERSION={version}", "-P",
                   ROOT / "tools/cmake/compiler.cmake").stderr

    def test_gcc_12_is_refused_with_the_reason(self):
        self.assertIn("miscompiles coroutines", self.compiler_check("GNU", "12.2.0"))
        self.assertIn("too old", self.compiler_check("Clang", "15.0.7"))
        for name, version in (("GNU", "13.2.0"), ("Clang", "16.0.0"), ("Clang", "19.1.7")):
            said = self.compiler_check(name, version)
            self.assertNotIn("miscompiles", said)
            self.assertNotIn("too old", said)

    def test_setup_knows_its_systems(self):
        for system, boost in (("debian-12", "1.81"), ("debian-13", "1.83"), ("ubuntu-24.04", "1.83")):
            packages = run(ROOT / "tools/setup", "--print", system).stdout.split()
            self.assertIn(f"libboost{boost}-dev", packages)
            self.assertEqual([], [p for p in packages if p.startswith("libboost") and boost not in p])
            for name in ("libssl-dev", "libc-ares-dev", "libspdlog-dev", "libtomlplusplus-dev", "libcli11-dev",
                         "catch2", "prometheus", "tini", "maven", "ninja-build"):
                self.assertIn(name, packages)

    def test_setup_has_nothing_to_do_twice(self):
        begin = time.monotonic()
        said = run(ROOT / "tools/setup")
        self.assertEqual((0, "setup: everything is there\n"), (said.returncode, said.stdout), said.stderr)
        self.assertLess(time.monotonic() - begin, 20)  # under two seconds on a machine that does nothing else

    def test_setup_refuses_what_it_does_not_know(self):
        said = run(ROOT / "tools/setup", "--everything")
        self.assertEqual(1, said.returncode)
        self.assertIn("unknown argument '--everything'", said.stderr)

    def test_autoscale_handler_calls_the_hook(self):
        script = ROOT / "deploy/autoscale-handler.sh"
        self.assertEqual(2, len(script.read_text().splitlines()))
        with tempfile.TemporaryDirectory() as folder:
            stub = pathlib.Path(folder) / "ebb"
            stub.write_text('#!/bin/sh\necho "$#:$*"\nexit 7\n')
            stub.chmod(0o755)
            said = run(script, "-a", "add", "two words", env={**os.environ, "PATH": f"{folder}:/usr/bin:/bin"})
            self.assertEqual((7, "4:hook -a add two words\n"), (said.returncode, said.stdout), said.stderr)

    def test_the_images_script_says_what_it_takes(self):
        script = ROOT / "deploy/image/build"
        for words in (["--help"], ["-h"], ["--platform", "linux/amd64", "-h"]):
            told = run(script, *words)
            self.assertEqual((0, ""), (told.returncode, told.stderr))
            for option in ("build [OPTION...] NAME", "--dremio IMAGE", "--platform LIST", "--binaries DIR"):
                self.assertIn(option, told.stdout)
            self.assertNotIn("#", told.stdout)
        for words, said in (([], "needs the NAME"), ([""], "needs the NAME"),
                            (["--dremio", "", "x"], "--dremio needs a"),
                            (["--platform", "", "x"], "--platform needs a"), (["--binaries"], "--binaries needs a"),
                            (["--binaries", "/nope", "x"], "/nope: no such directory: name the one that holds linux/"),
                            (["--binary", "x"], "unknown option --binary")):
            refused = run(script, *words)
            self.assertEqual((2, True), (refused.returncode, refused.stderr.startswith("build: ")), words)
            self.assertIn(said, refused.stderr)

    def test_systemd_unit_is_sound(self):
        unit = (ROOT / "deploy/ebb.service").read_text()
        for line in ("KillMode=mixed", "OOMPolicy=continue", "RestartPreventExitStatus=2"):
            self.assertIn(f"\n{line}\n", unit)
        grace = int(re.search(r"^Environment=EBB_DRAIN_GRACE=(\d+)s$", unit, re.M)[1])
        self.assertEqual(grace + 10, int(re.search(r"^TimeoutStopSec=(\d+)s$", unit, re.M)[1]))
        if shutil.which("systemd-analyze"):
            with tempfile.TemporaryDirectory() as folder:
                copy = pathlib.Path(folder) / "ebb.service"
                copy.write_text(unit.replace("/usr/local/bin/ebb", "/bin/true"))
                said = run("systemd-analyze", "verify", "--man=no", copy)
                self.assertEqual((0, ""), (said.returncode, said.stderr))


if __name__ == "__main__":
    unittest.main()
