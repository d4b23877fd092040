"""The way a message leaves: to a mail server, or as a file into a folder."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from hia_app.config import Settings


class NotTaken(Exception):
    """The message did not leave; trying again later may help unless `lasting`. `gone`: nor would any other now."""

    def __init__(self, problem: str, *, lasting: bool = False, gone: bool = False) -> None:
        super().__init__(problem)
        self.problem = " ".join(problem.split())[:300]
        self.lasting, self.gone = lasting, gone


class Mailbox(Protocol):
    """Takes messages one after the other."""

    def put(self, message: EmailMessage) -> None:
        """Hand one message over; raises NotTaken."""


class Folder:
    """Messages as .eml files, each under its own name, so that a repeated one replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, message: EmailMessage) -> None:
        name = re.sub(r"[^A-Za-z0-9.-]", "_", str(message["Message-ID"]).strip("<>").partition("@")[0])
        path = self._folder / f"{name}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.touch(0o600)  # it may hold a link with which somebody sets a password
            temporary.write_bytes(message.as_bytes())
            temporary.replace(path)
        except OSError as error:
            raise NotTaken(f"{path}: {error.strerror}") from None


class Server:
    """One connection to a mail server."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection

    def put(self, message: EmailMessage) -> None:
        try:
            self._connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise NotTaken(f"{code} {_text(words)}", lasting=code >= 500) from None
        except smtplib.SMTPResponseException as refused:
            raise NotTaken(f"{refused.smtp_code} {_text(refused.smtp_error)}", lasting=False) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(f"{type(error).__name__}: {error}", gone=True) from None


@contextmanager
def opened(settings: Settings) -> Iterator[Mailbox]:
    """The mailbox that the settings name, for some messages; raises NotTaken when the server cannot be reached."""
    if settings.mail == "folder":
        yield Folder(settings.mail_folder)
        return
    try:
        connection = _connected(settings)
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(f"{settings.smtp_host}: {type(error).__name__}: {error}") from None
    try:
        yield Server(connection)
    finally:
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port, wait = settings.smtp_host, settings.smtp_port, settings.smtp_seconds
    encryption = ssl.create_default_context()
    connection: smtplib.SMTP
    if settings.smtp_security == "tls":
        connection = smtplib.SMTP_SSL(host, port, timeout=wait, context=encryption)
    else:
        connection = smtplib.SMTP(host, port, timeout=wait)
    try:
        if settings.smtp_security == "starttls":
            connection.starttls(context=encryption)
        if settings.smtp_user:
            connection.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        connection.close()
        raise
    return connection


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
