"""An SMTP server that fails where it is told to."""

import contextlib
import re
import socketserver
import threading
import time

STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot")
DROP, HANG = "drop", "hang"


class Relay(socketserver.ThreadingTCPServer):
    """`faults` maps a stage to a reply ("450 later"), DROP or HANG; `taken` is what came in."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.faults = {}
        self.taken = []
        self.on_taken = lambda _number: None
        self.lock = threading.Lock()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_details):
        """A client that goes away is part of the play."""


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        if not self.step("connect", "220 relay"):
            return
        while line := self.rfile.readline():
            verb = line.decode("latin-1").upper().split()[0] if line.strip() else ""
            if not self.answer(verb, line):
                return

    def answer(self, verb, line):
        if verb in {"EHLO", "HELO"}:
            return self.step("ehlo", "250-relay\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN")
        if verb == "STARTTLS":
            return self.step("starttls", "454 no")
        if verb == "AUTH":
            return self.step("auth", "235 in")
        if verb == "MAIL":
            return self.step("mail", "250 ok")
        if verb == "RCPT":
            self.to = re.search(rb"<(.*)>", line)[1].decode()
            return self.step("rcpt", "250 ok")
        if verb == "DATA":
            if "data" in self.server.faults:
                return self.step("data", "")
            self.say("354 go on")
            return self.body()
        self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def body(self):
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        fault = self.server.faults.get("dot", "")
        if not fault or fault in {DROP, HANG}:
            with self.server.lock:
                self.server.taken.append((self.to, b"".join(lines)))
                self.server.on_taken(len(self.server.taken))
        return self.step("dot", "250 taken")

    def step(self, stage, good):
        fault = self.server.faults.get(stage)
        if fault == DROP:
            return False
        if fault == HANG:
            time.sleep(3)
            return False
        self.say(fault or good)
        return not (fault or "").startswith("421")

    def say(self, text):
        with contextlib.suppress(OSError):
            self.wfile.write(text.encode() + b"\r\n")


@contextlib.contextmanager
def relay():
    """A running server."""
    with Relay() as server:
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
