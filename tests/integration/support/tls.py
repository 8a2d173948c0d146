"""Certificates made on the spot, and TLS in front of a plain port."""

import socket
import ssl
import subprocess
import threading


def make_authority(folder, name):
    """(certificate, key) of an authority of that name, as paths."""
    certificate, key = f"{folder}/{name}.pem", f"{folder}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=20)
    return certificate, key


def make_certificate(folder, authority, names, stem="server"):
    """One file with certificate and key of a server of those names ("DNS:localhost,IP:127.0.0.1")."""
    key, request, signed = (f"{folder}/{stem}.{kind}" for kind in ("key", "csr", "crt"))
    with open(f"{folder}/{stem}.ext", "w", encoding="utf-8") as file:
        file.write(f"subjectAltName={names}\n")
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=coordinator", "-keyout", key, "-out", request], check=True, capture_output=True, timeout=20)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", authority[0], "-CAkey", authority[1],
                    "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/{stem}.ext", "-out", signed],
                   check=True, capture_output=True, timeout=20)
    with open(f"{folder}/{stem}.pem", "wb") as whole:
        for part in (signed, key):
            with open(part, "rb") as file:
                whole.write(file.read())
    return f"{folder}/{stem}.pem"


class TlsDoor:
    """Ends TLS and passes the bytes on to a plain port. `accepted` counts the handshakes that succeeded, `plain` is
    what came through."""

    def __init__(self, certificate, to):
        self.to, self.accepted, self.plain = to, 0, b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.use(certificate)
        threading.Thread(target=self._accept, daemon=True).start()

    def use(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.context = context

    def close(self):
        self.socket.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, self.context.wrap_socket(connection, server_side=True) as inside:
                self.accepted += 1
                with socket.create_connection(("127.0.0.1", self.to), timeout=10) as outside:
                    back = threading.Thread(target=self._copy, args=(outside, inside), daemon=True)
                    back.start()
                    self._copy(inside, outside, keep=True)
                    back.join(10)
        except OSError:
            pass

    def _copy(self, source, target, keep=False):
        try:
            while piece := source.recv(65536):
                if keep:
                    self.plain += piece
                target.sendall(piece)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
