"""People for tests: added with their roles, and signed in without waiting for a password check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hia_app.domain.policy import Actor, Role
from hia_app.services import accounts, passwords, sessions
from hia_app.services.work import Work, actor_of
from hia_app.store.tables import Person

PASSWORD = "purple kettle on the roof"
SETUP = Actor("", "Test set-up", frozenset({Role.ADMINISTRATOR}))
ROLES = {
    "officer": (Role.OFFICER,),
    "other_officer": (Role.OFFICER,),
    "contributor": (),
    "reviewer": (Role.REVIEWER,),
    "other_reviewer": (Role.REVIEWER,),
    "decision_maker": (Role.DECISION_MAKER,),
    "scrutiny": (Role.SCRUTINY,),
    "administrator": (Role.ADMINISTRATOR,),
    "nobody": (),
}


class Visitor(FlaskClient):
    """A browser without scripts that sends forms as our own pages would, token included."""

    def send(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form with the token of this visitor's session."""
        return self.post(path, data={"csrf_token": self.token(), **(form or {})}, **options)

    def token(self) -> str:
        with self.session_transaction() as cookie:
            secret = cookie.setdefault("csrf_token", "before anybody signed in")
        serializer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        token = serializer.dumps(secret)
        return token if isinstance(token, str) else token.decode()


class People:
    """Everybody a test needs, by the names in ROLES; each is made when first asked for."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.place = app.extensions["hea"]
        self._ids: dict[str, str] = {}
        app.test_client_class = Visitor

    def know(self, ids: Mapping[str, str]) -> None:
        """People who are in the database already, by the names that a test calls them."""
        self._ids |= ids

    def id(self, name: str) -> str:
        if name not in self._ids:
            self.add(name, *ROLES[name])
        return self._ids[name]

    def add(self, name: str, *roles: Role, email: str = "") -> str:
        """Somebody with a password (PASSWORD) and these roles; gives their id."""
        with self.place.database.writing() as session:
            work = self._work(session, SETUP)
            email = email or f"{name}@example.org"
            person, _ = accounts.add(work, email=email, name=name.replace("_", " ").title(), roles=roles)
            person.password_hash = passwords.hashed(PASSWORD, self.place.settings)
            session.flush()
            self._ids[name] = person.id
        return self._ids[name]

    def work(self, session: Session, name: str) -> Work:
        """What services need to act for this person, in a transaction of the test's own."""
        person_id = self.id(name)
        return self._work(session, actor_of(session.get_one(Person, person_id)))

    def client(self, name: str) -> Visitor:
        """A browser in which this person has just signed in."""
        person_id = self.id(name)
        with self.place.database.writing() as session:
            work = self.work(session, name)
            token, row = sessions.begin(work, session.get_one(Person, person_id), agent="A test")
            secret = row.csrf_secret
        client = self.app.test_client()
        assert isinstance(client, Visitor)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
            cookie["csrf_token"] = secret
        return client

    def _work(self, session: Session, actor: Actor) -> Work:
        clock = getattr(self.place, "clock", lambda: datetime.now(UTC))
        return Work(session, actor, clock(), self.place.settings, self.place.shelf)
