"""A mail server on the loopback that takes mail, refuses it, or keeps people waiting."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class MailServer:
    """`answers`: what it says to a recipient's address ("550 no such user"; "" is silence); all others are taken."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)

    def to(self, address: str) -> list[Message]:
        return [one for one in self.taken if one["To"] == address]


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """It listens while the block lasts; `port` is that of one that was there before."""
    server = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line.upper()
                if verb.startswith("RCPT"):
                    address = line.partition("<")[2].rstrip(">")
                    answer = server.answers.get(address, "250 ok")
                    if not answer:
                        return silent.wait()
                    self.say(answer)
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    server.taken.append(message_from_bytes(b"".join(lines)))
                    self.say("250 taken")
                elif verb == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 ok")
            return None

    class Listener(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    silent = threading.Event()
    with Listener(("127.0.0.1", port), Talk) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            silent.set()
            listener.shutdown()
            thread.join()
