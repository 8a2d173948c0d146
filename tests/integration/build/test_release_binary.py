"""The binary that is released: small, whole, and at home in an image that has nothing else in it."""
import http.server
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest

BINARY = pathlib.Path(os.environ["EBB_BINARY"])
LARGEST = 12 * 1000 * 1000


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60, **more)


def headers():
    return run("readelf", "--wide", "--program-headers", "--section-headers", BINARY).stdout


class quiet(http.server.BaseHTTPRequestHandler):
    """Answers nothing but 404: what is asked here is whether the certificate is trusted."""

    def do_GET(self):
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def tls_server(case, folder):
    """(port, certificate) of a server on loopback whose certificate is its own authority."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    said = run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", "/CN=coordinator", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
               "-out", certificate)
    case.assertEqual(0, said.returncode, said.stderr)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    return server.server_port, certificate


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

    def trust(self, port, **environment):
        """What `ebb check` says of the coordinator's certificate."""
        said = self.inside("/ebb", "check", "--json", EBB_DREMIO_URL=f"https://127.0.0.1:{port}", EBB_DREMIO_TOKEN="t",
                           **environment)
        found = {each["check"]: each for each in json.loads(said.stdout)["checks"]}
        return found["dremio.tls"]["result"], found["dremio.tls"]["why"]

    def test_the_CA_bundle_is_found_where_distributions_keep_it(self):
        port, certificate = tls_server(self, self.root)
        self.image()
        self.assertEqual("failure", self.trust(port)[0], "nothing to trust, and trusted all the same")
        for place in ("etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/certs/ca-bundle.crt", "etc/ssl/cert.pem"):
            with self.subTest(place=place):
                self.image((certificate, place))
                self.assertEqual("ok", self.trust(port)[0], self.trust(port)[1])
                (self.root / place).unlink()
        self.image((certificate, "elsewhere/ca.pem"))
        self.assertEqual("ok", self.trust(port, SSL_CERT_FILE="/elsewhere/ca.pem")[0])


if __name__ == "__main__":
    unittest.main()
