"""What a client may do to a connection, at a real server: HTTP's own rules, connections that say nothing, answers that nobody reads, a stop."""

import argparse
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import time
import traceback

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
import servers  # noqa: E402
from run import check  # noqa: E402

DESCRIPTORS = 512  # what the server may open here: 64 connections for each listener
SHARE = 64
HOST = "Host: 127.0.0.1\r\n"


class Small(R.Platform):
    """A platform whose operator allows few files and connections."""

    def serve(self):
        log = open(os.path.join(self.folder, "sekisho.log"), "ab")
        process = subprocess.Popen([os.path.join(self.binaries, "sekisho"), "serve", self.deployment], stdout=log, stderr=log,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, DESCRIPTORS)))
        self.processes.append(process)
        check("the server starts", servers.until(lambda: self.is_healthy() or process.poll() is not None) and process.poll() is None, self.log)
        return process

    def is_healthy(self):
        try:
            return requests.get(self.base + "/health", timeout=30).status_code == 200
        except requests.RequestException:
            return False

    def log(self):
        return servers.tail(self.folder, "sekisho.log")

    def logged(self, text):
        """How often the server wrote this."""
        return servers.tail(self.folder, "sekisho.log", size=1 << 24).count(text)

    @property
    def pid_file(self):
        return os.path.join(self.deployment, "run", "sekisho.pid")


def said(port, text, then=b"", seconds=servers.PATIENCE):
    """What comes back, and whether the server ended the connection; `then` is sent when leave for it came, else not at all."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.settimeout(seconds)
        connection.sendall(text.encode())
        try:
            while piece := connection.recv(65_536):
                got += piece
                if then and b"100 Continue" in got:
                    connection.sendall(then)
                    then = b""
        except TimeoutError:
            return got.decode(errors="replace"), False
        except ConnectionResetError:
            pass
    return got.decode(errors="replace"), True


def rules(platform):
    port = platform.port
    for path in ("/no-such-page", "/openid/par", "/help"):
        text, _ = said(port, f"HEAD {path} HTTP/1.1\r\n{HOST}\r\nGET /health HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")
        first, _, rest = text.partition("\r\n\r\n")
        check(f"HEAD {path}: no body stands before the next answer", "content-length: " in first.lower() and rest.startswith("HTTP/1.1 200"), text[:600])
    for options in ("Close", "TE, close"):
        text, ended = said(port, f"GET /health HTTP/1.1\r\n{HOST}Connection: {options}\r\n\r\n")
        check(f"`Connection: {options}` ends the connection", ended and text.startswith("HTTP/1.1 200"), text)
    text, ended = said(port, f"GET /health HTTP/1.1\r\n{HOST}\r\n", seconds=10)
    check("without it the connection stays", not ended and text.startswith("HTTP/1.1 200"), text)
    for hosts in ("", HOST + HOST):
        text, ended = said(port, f"GET /health HTTP/1.1\r\n{hosts}\r\n")
        check(f"HTTP/1.1 with {hosts.count('Host')} hosts is refused", ended and text.startswith("HTTP/1.1 400"), text)
    text, ended = said(port, "GET /health HTTP/1.0\r\n\r\n")
    check("HTTP/1.0 needs none, and ends after its answer", ended and text.startswith("HTTP/1.1 200"), text)
    form = f"POST /openid/token HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
    text, _ = said(port, form + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 21\r\n\r\n", b"grant_type=made-of-it.")
    check("who waits for leave to send a body gets it, and its answer",
          text.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 4") and "application/json" in text.lower(), text)
    before = platform.logged("request failed")
    text, ended = said(port, form + "Transfer-Encoding: chunked\r\n\r\n4\r\ngran\r\nnonsense\r\n")
    check("a body that is no HTTP is told in JSON to a program", ended and text.startswith("HTTP/1.1 400") and "http.body" in text, text)
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall((form + "Content-Length: 100\r\n\r\ngrant_type").encode())
    time.sleep(1)
    check("and neither that nor one that breaks off is a failure of ours", platform.logged("request failed") == before, platform.log)


def handshake(platform):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", platform.tls_port), 30) as connection:
            connection.settimeout(30)
            with context.wrap_socket(connection, server_hostname="127.0.0.1"):
                return True
    except OSError:
        return False


def silence(platform):
    """More connections to one listener than the process may open altogether."""
    check("the card listener answers", handshake(platform))
    opened = []
    for _ in range(DESCRIPTORS + 100):
        opened.append(socket.create_connection(("127.0.0.1", platform.tls_port), 10))
    check("connections that say nothing leave the other listener alone", platform.is_healthy() and platform.server.poll() is None, platform.log)
    check("and its operator is told", servers.until(lambda: platform.logged(f"connections={SHARE} ")), platform.log)
    for connection in opened:
        connection.close()
    check("when they have ended, the listener answers again", servers.until(lambda: handshake(platform)), platform.log)


def unread(platform):
    """Answers that nobody reads shall not keep a server running that is told to stop."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        connection.connect(("127.0.0.1", platform.port))
        try:
            for _ in range(200):
                connection.sendall(f"GET /help/codes HTTP/1.1\r\n{HOST}\r\n".encode() * 20)
        except TimeoutError:
            pass
        platform.server.send_signal(signal.SIGTERM)
        try:
            status = platform.server.wait(45)
        except subprocess.TimeoutExpired:
            status = "still running"
            platform.server.kill()
            platform.server.wait()
    check("a stop ends all the same, and well", status == 0, (status, platform.log()))
    check("and takes its number away", not os.path.exists(platform.pid_file))


def taken(platform):
    """Many times: what ends while it begins finds its parts in other states each time."""
    told = f"cannot listen on 127.0.0.1:{platform.port}"
    failures, left = [], 0
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", platform.port))
        other.listen()
        for _ in range(25):
            try:
                done = platform.run("sekisho", "serve", platform.deployment, expect=None)
            except subprocess.TimeoutExpired:
                failures.append("still running")
                break
            if done.returncode == 0 or told not in done.stderr:
                failures.append((done.returncode, done.stderr[-600:]))
            left += os.path.exists(platform.pid_file)
    check("a server whose port is taken ends, and names the address", not failures, failures)
    check("and leaves no number behind", left == 0, left)


def everything(binaries):
    platform = Small(binaries)
    try:
        platform.prepare()
        for part in (rules, silence, unread, taken):
            try:
                part(platform)
            except Exception as error:
                traceback.print_exc()
                check(part.__name__ + " went through", False, f"{type(error).__name__}: {error}")
    finally:
        platform.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    everything(parser.parse_args().binaries)
    print(f"connections: {len(R.PASSED)} passed, {len(R.FAILED)} failed")
    sys.exit(1 if R.FAILED else 0)
