"""Mail on its way: sent once, kept while the server is down, given up with a reason, and never read on the way."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from hia_app import config
from hia_app.config import Settings, UnsafeSettings
from hia_app.db import Database
from hia_app.services import outbox
from hia_app.store import mailbox
from hia_app.store.tables import OutgoingMail
from tests.support.smtp import MailServer, mail_server

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Post:
    """One installation and its clock."""

    settings: Settings
    database: Database
    now: datetime = NOON
    written: int = field(default=0)

    def by(self, server: MailServer, **more: object) -> "Post":
        changed = {"mail": "smtp", "smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        self.settings = self.settings.model_copy(update=changed | more)
        return self

    def write(self, address: str, kind: str = "notice", body: str = "Something happened.") -> None:
        self.written += 1
        with self.database.writing() as session:
            outbox.write(
                session, self.settings, self.now, kind=kind, key=str(self.written), address=address,
                subject="Something\nhappened", body=body,
            )  # fmt: skip

    def deliver(self) -> int:
        return outbox.deliver(self.database.writing, self.settings, lambda: self.now)

    def rows(self) -> list[OutgoingMail]:
        with self.database.reading() as session:
            found = list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.address)))
            session.expunge_all()
            return found


@pytest.fixture
def post(settings: Settings, database: Database) -> Post:
    return Post(settings, database)


def test_each_message_leaves_once_and_is_emptied(post: Post) -> None:
    with mail_server() as server:
        post.by(server).write("anna@example.org")
        post.write("ben@example.org")
        assert (post.deliver(), post.deliver()) == (2, 0)
    (taken,) = server.to("anna@example.org")
    assert taken["Message-ID"] == "<notice.1@localhost>"
    assert taken["Subject"] == "Something happened"  # no line break gets into the head
    assert "Something happened." in taken.get_payload()
    assert {(row.body, row.sent_at) for row in post.rows()} == {("", NOON)}


def test_a_server_that_is_down_loses_nothing(post: Post) -> None:
    with mail_server() as server:
        post.by(server)
    post.write("anna@example.org")
    post.write("ben@example.org")
    assert post.deliver() == 0
    post.now += timedelta(seconds=30)
    assert post.deliver() == 0
    assert sorted(row.attempts for row in post.rows()) == [1, 1]  # each had its turn, and waits
    post.now += timedelta(minutes=10)
    with mail_server(server.port) as again:
        assert post.deliver() == 2
    assert len(again.taken) == 2


def test_an_address_that_is_refused_is_given_up_and_one_that_is_busy_is_tried_until_the_end(post: Post) -> None:
    with mail_server() as server:
        server.answers = {"gone@example.org": "550 no such user", "busy@example.org": "451 later"}
        post.by(server).write("gone@example.org")
        post.write("busy@example.org")
        post.write("fine@example.org")
        assert post.deliver() == 1
        busy, _, gone = post.rows()
        assert (gone.given_up_at, gone.problem) == (NOON, "550 no such user")
        assert (busy.given_up_at, busy.attempts) == (None, 1)
        for minutes in outbox.WAITS:
            post.now += timedelta(minutes=minutes)
            post.deliver()
        busy = post.rows()[0]
        assert busy.attempts == len(outbox.WAITS) + 1
        assert busy.given_up_at == post.now
        assert busy.body  # an administrator can have it sent all the same


def test_a_server_that_says_nothing_is_not_waited_for(post: Post) -> None:
    with mail_server() as server:
        server.answers = {"anna@example.org": ""}
        post.by(server, smtp_seconds=1).write("anna@example.org")
        assert post.deliver() == 0
    (row,) = post.rows()
    assert row.attempts == 1
    assert "timed out" in row.problem.lower() or "timeout" in row.problem.lower()


def test_what_somebody_is_sending_nobody_else_sends_unless_they_died(post: Post, monkeypatch) -> None:
    class Dies:
        def put(self, message: object) -> None:
            assert outbox.deliver(post.database.writing, post.settings, lambda: post.now) == 0  # while it is claimed
            raise KeyboardInterrupt

    with mail_server() as server:
        post.by(server).write("anna@example.org")
        with monkeypatch.context() as patched:
            patched.setattr(mailbox, "Server", lambda _connection: Dies())
            with pytest.raises(KeyboardInterrupt):
                post.deliver()
        assert post.deliver() == 0
        post.now += timedelta(minutes=11)
        assert post.deliver() == 1


def test_a_link_is_sealed_while_it_waits_and_opens_only_with_the_secret(post: Post) -> None:
    post.write("anna@example.org", kind="link", body="https://example.org/link/abc")
    assert "abc" not in post.rows()[0].body
    post.deliver()
    (file,) = post.settings.mail_folder.glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert "https://example.org/link/abc" in letter.get_content()
    post.write("anna@example.org", kind="link", body="https://example.org/link/abc")
    post.settings = post.settings.model_copy(update={"secret_key": "another" * 8})
    assert post.deliver() == 0
    assert any("secret_key" in row.problem and not row.body for row in post.rows())


def test_off_is_off_and_unsafe_settings_are_refused(post: Post) -> None:
    post.settings = post.settings.model_copy(update={"mail": "off"})
    post.write("anna@example.org")
    assert post.rows() == []
    with pytest.raises(UnsafeSettings, match="smtp_host"):
        config.load({}, mode="test", instance=post.settings.instance, mail="smtp")
