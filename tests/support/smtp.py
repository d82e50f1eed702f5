"""A mail server on a real socket that keeps what it is handed, and can refuse."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Post:
    """What arrived. ``answers`` are taken up one per delivery before it is accepted."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for ``SMTP_URL``."""
        return f"smtp://localhost:{self.port}"


class _Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        """One conversation (RFC 5321), as far as our side speaks it."""
        self._say("220 here")
        told: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith(("EHLO", "HELO")):
                told = []
                self._say("250 here")
            elif word.startswith("RCPT"):
                refused = self.post.answers.pop(0) if self.post.answers else None
                told += [] if refused else [line.partition(":")[2].strip("<> ")]
                self._say(refused or "250 ok")
            elif word == "DATA":
                self._take(told)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, told: list[str]) -> None:
        self._say("354 go on")
        raw = bytearray()
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            raw += line[1:] if line.startswith(b"..") else line
        found = message_from_bytes(bytes(raw), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.post.mails.append(found)
        self.post.recipients.append(list(told))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def post_office() -> Iterator[Post]:
    """A server for one test."""
    post = Post()
    with _Server(("localhost", 0), type("Talk", (_Talk,), {"post": post})) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
