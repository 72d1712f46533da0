"""Cases U3 and S3: bodies that are too large, too many, too slow or cut off, against a real server.

(100 megabytes need not be sent to be refused: the server answers when it has seen enough.)
"""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = 100


@pytest.fixture
def server(app, database_url, tmp_path):
    """The served application; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temp = tmp_path / "temp"
    temp.mkdir()
    env = os.environ | {
        "SAMLING_DATABASE_URL": database_url, "SAMLING_BASE_URL": f"http://127.0.0.1:{port}",
        "SAMLING_ENV": "test", "SAMLING_WORKER": "none", "TMPDIR": str(temp),
    }  # fmt: skip
    process = subprocess.Popen(
        [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--factory", "--host",
         "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws",
         "--log-level", "critical", "wsgi:create_app"],
        cwd=ROOT, env=env,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                get(port, "/healthz")
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        get(port, "/")
        yield port
        assert list(temp.iterdir()) == [], "nothing is left in temp"
    finally:
        process.terminate()
        process.wait(20)


def get(port, path):
    """How long an ordinary request takes, in seconds."""
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        answer.read()
    return time.monotonic() - began


def visitor(port):
    """A cookie and a token, as whoever has opened a form has."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/logga-in", timeout=10) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    return cookie, token[1]


def head(cookie, *lines):
    return "\r\n".join(
        ["POST /logga-in HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}", *lines, "", ""]
    ).encode()


def answer_to(port, first, chunks=()):
    """The status of the answer, and how long it took to come."""
    with closing(socket.create_connection(("127.0.0.1", port))) as there:
        there.settimeout(10)
        began = time.monotonic()
        there.sendall(first)
        try:
            for chunk in chunks:
                there.sendall(chunk)
        except OSError:
            pass  # the server has seen enough
        try:
            said = there.recv(200)
        except ConnectionResetError:
            said = b"HTTP/1.1 413 "  # it hung up on what was still being sent
    return int(said.split()[1]), time.monotonic() - began


@contextmanager
def meanwhile(port):
    """Ordinary requests all the while; 95 of 100 must take less than a second."""
    took, over = [], threading.Event()

    def ask():
        while not over.is_set():
            took.append(get(port, "/"))
            time.sleep(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    yield
    over.set()
    asking.join()
    assert len(took) > 3
    assert sorted(took)[int(len(took) * 0.95)] < 1, sorted(took)[-5:]


FORM = "Content-Type: application/x-www-form-urlencoded"


def _refuses_large_bodies(server):
    cookie, token = visitor(server)
    piece = b"a" * 65_536
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n' * 10_000
        + b"--x--\r\n"
    )
    with meanwhile(server):
        until = time.monotonic() + 2
        while time.monotonic() < until:
            code, took = answer_to(
                server, head(cookie, FORM, "Content-Length: 104857600"), [piece] * 1600
            )
            assert (code, took < 3) == (413, True), took
        chunked = b"%x\r\n%s\r\n" % (len(piece), piece)
        code, took = answer_to(
            server,
            head(cookie, FORM, "Transfer-Encoding: chunked"),
            [chunked] * 200 + [b"0\r\n\r\n"],
        )
        assert (code in {403, 413}, took < 3) == (True, True), (code, took)
        code, took = answer_to(
            server,
            head(cookie, "Content-Type: multipart/form-data; boundary=x",
                 f"Content-Length: {len(parts)}"),
            [parts],
        )  # fmt: skip
        assert (code, took < 3) == (413, True), (code, took)
        for _abort in range(20):
            with closing(socket.create_connection(("127.0.0.1", server))) as there:
                there.sendall(
                    head(cookie, FORM, "Content-Length: 5000") + b"csrf_token=" + piece[:99]
                )
        fields = f"csrf_token={token}&email=a@example.se&password=fel".encode()
        length = f"Content-Length: {len(fields)}"
        assert answer_to(server, head(cookie, FORM, length), [fields])[0] == 422


def _is_not_held_up_by_slow_senders(server):
    """Without a cookie of ours they are refused before the body is read. (Whoever has one is to be
    met by the proxy in front, which takes in a body before it passes it on.)"""
    answers = []

    def send():
        with closing(socket.create_connection(("127.0.0.1", server))) as there:
            there.settimeout(10)
            there.sendall(head("a=b", FORM, "Content-Length: 1000"))
            began = time.monotonic()
            try:
                for _second in range(3):
                    there.sendall(b"a")
                    time.sleep(1)
            except OSError:
                pass
            try:
                answers.append(there.recv(50)[9:12])
            except OSError:
                answers.append(b"403")
            assert time.monotonic() - began < 9

    senders = [threading.Thread(target=send) for _ in range(SLOW)]
    with meanwhile(server):
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert set(answers) <= {b"403", b""}
    assert len(answers) == SLOW


def _gives_no_page_of_another_host(server):
    """Case S3, as a proxy would be asked: the host of the request line is looked at."""
    for line, host in (("http://evil.example/", "evil.example"), ("/", "evil.example"),
                       ("http://evil.example/", "127.0.0.1")):  # fmt: skip
        with closing(socket.create_connection(("127.0.0.1", server))) as there:
            there.settimeout(10)
            there.sendall(
                f"GET {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            )
            said = b"".join(iter(lambda: there.recv(65_536), b""))
        assert b"evil" not in said
        assert int(said.split()[1]) in {200, 400}
        if host == "evil.example":
            assert int(said.split()[1]) == 400


def test_a_server_bears_large_bodies_slow_senders_and_addresses_of_others(server):
    """One server for all three: to start it takes longer than they do."""
    _refuses_large_bodies(server)
    _is_not_held_up_by_slow_senders(server)
    _gives_no_page_of_another_host(server)
