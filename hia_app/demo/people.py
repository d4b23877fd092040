"""The demonstration people: one for each role, with passwords made for this installation alone."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from hia_app.domain.policy import Role

FILE = "demo-people.toml"
# Easy to type and to read out: six of about eighty words are some 38 bits, enough for a throttled demonstration.
WORDS = Path(__file__).parent / "content" / "words.txt"
HOW_MANY = 6


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody in the demonstration; `key` is how the loader calls them."""

    key: str
    name: str
    job_title: str
    roles: tuple[Role, ...]

    @property
    def email(self) -> str:
        return f"{self.key.replace('_', '.')}@example.org"


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("officer", "Olu Officer", "Regeneration officer", (Role.OFFICER,)),
    DemoPerson("second_officer", "Sam Second-Officer", "Housing officer", (Role.OFFICER,)),
    DemoPerson("reviewer", "Ruth Reviewer", "Public health consultant", (Role.REVIEWER,)),
    DemoPerson("second_reviewer", "Rafi Second-Reviewer", "Public health specialist", (Role.REVIEWER,)),
    DemoPerson("director", "Dana Director", "Director (demonstration)", (Role.DECISION_MAKER,)),
    DemoPerson("scrutiny", "Cleo Clerk", "Scrutiny clerk", (Role.SCRUTINY,)),
    DemoPerson("administrator", "Ade Administrator", "Service administrator", (Role.ADMINISTRATOR,)),
)


def new_password() -> str:
    words = WORDS.read_text("ascii").split()
    return "-".join(secrets.choice(words) for _ in range(HOW_MANY))


def keep(instance: Path, passwords: dict[str, str]) -> None:
    """Write who signs in how into a file that only its owner can read."""
    lines = ["# Demonstration people of this installation and their passwords.\n"]
    for person in PEOPLE:
        roles = ", ".join(role.replace("_", "-") for role in person.roles)
        lines.append(
            f'\n[{person.key}]\nname = "{person.name}"\nrole = "{roles}"\n'
            f'email = "{person.email}"\npassword = "{passwords[person.key]}"\n'
        )
    path = instance / FILE
    instance.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.writelines(lines)


def kept(instance: Path) -> list[dict[str, str]]:
    """Name, role, email and password of each demonstration person; empty without a demonstration."""
    path = instance / FILE
    return list(tomllib.loads(path.read_text("utf-8")).values()) if path.is_file() else []
