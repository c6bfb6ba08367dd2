"""Ports and certificates on loopback."""

import os
import socket
import ssl
import subprocess
import threading
import time


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_authority(folder, *key):
    """A certificate for localhost that nobody trusts yet, by openssl: its file and a TLS context.

    key: openssl's words for the kind of key.
    """
    certificate, secret = os.path.join(folder, "own.pem"), os.path.join(folder, "own.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", secret, "-out", certificate],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.chmod(certificate, 0o644)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return certificate, context


class Between:
    """Stands before a server on loopback: lets through, answers late, is deaf, or refuses.

    how: "through"; "late": each answer comes `seconds` later; "deaf": takes all, answers nothing;
    "refusing": answers 503.
    """

    def __init__(self, port, how="through", seconds=5.0):
        self.behind, self.how, self.seconds = port, how, seconds
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        """From now on nobody listens there."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # else the waiting accept takes one more
        except OSError:
            pass
        self.listener.close()
        for link in self.open:
            link.close()

    def _serve(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(link)
            threading.Thread(target=self._link, args=(link,), daemon=True).start()

    def _link(self, link):
        if self.how == "deaf":
            self._carry(link, None, 0)
            return
        if self.how == "refusing":
            with link:
                link.recv(65536)
                link.sendall(b"HTTP/1.1 503 Not now\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.behind)) as server:
            back = threading.Thread(target=self._carry, daemon=True, args=(
                server, link, self.seconds if self.how == "late" else 0))  # fmt: skip
            back.start()
            self._carry(link, server, 0)
            back.join()

    @staticmethod
    def _carry(source, target, late):
        try:
            for block in iter(lambda: source.recv(65536), b""):
                time.sleep(late)
                if target:
                    target.sendall(block)
            if target:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
