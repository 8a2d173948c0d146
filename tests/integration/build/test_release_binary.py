"""The binary that is released: small, whole, and at home in an image that has nothing else in it."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BINARY = pathlib.Path(os.environ["EBB_BINARY"])
LARGEST = 12 * 1000 * 1000


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60, **more)


def headers():
    return run("readelf", "--wide", "--program-headers", "--section-headers", BINARY).stdout


class release_binary(unittest.TestCase):
    def setUp(self):
        if "/release/" not in str(BINARY):
            self.skipTest("only the preset `release` links statically")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def image(self, *files):
        """A root file system with the binary, /etc/resolv.conf, and copies of the files given as (source, place)."""
        for source, place in ((BINARY, "ebb"), ("/etc/resolv.conf", "etc/resolv.conf"), *files):
            target = self.root / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

    def inside(self, *command, **environment):
        become = () if os.geteuid() == 0 else ("unshare", "--user", "--map-root-user")
        chroot = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin")
        return run(*become, chroot, self.root, *command, env=environment)

    def test_it_is_static_and_stripped(self):
        said = headers()
        self.assertNotIn("INTERP", said)
        self.assertNotIn("DYNAMIC", said)
        self.assertNotIn(".symtab", said)
        self.assertNotIn(".debug_", said)

    def test_it_has_at_most_12_MB(self):
        self.assertLessEqual(BINARY.stat().st_size, LARGEST)

    def test_lesson_18_it_runs_in_an_empty_image(self):
        self.image()
        said = self.inside("/ebb", "version")
        self.assertEqual((0, ""), (said.returncode, said.stderr))
        self.assertTrue(said.stdout.startswith("ebb "), said.stdout)

    def test_it_installs_itself_from_an_empty_image(self):
        self.image()
        said = self.inside("/ebb", "install", "/shared")
        self.assertEqual((0, ""), (said.returncode, said.stderr))
        for name in ("ebb", "java"):
            self.assertEqual(BINARY.stat().st_size, (self.root / "shared" / name).stat().st_size)
            self.assertTrue(os.access(self.root / "shared" / name, os.X_OK))


if __name__ == "__main__":
    unittest.main()
