"""People, from the terminal: how the first administrator comes to be, and the last resort when nobody can sign in."""

from __future__ import annotations

import argparse

from hia_app import config
from hia_app.cli.terminal import DONE, say, working


def add_person(chosen: argparse.Namespace) -> int:
    from hia_app.services import accounts

    with working(config.load()) as work:
        person, link = accounts.add(
            work, email=chosen.email, name=chosen.name, job_title=chosen.job_title, roles=chosen.role
        )
    roles = ", ".join(sorted(person.role_set)) or "no role"
    say(f"Added {person.name} <{person.email}> with {roles}.\nHand over this one-time link (it is shown only now):")
    say(f"{link.url}\nIt works until {link.expires_at:%Y-%m-%d %H:%M} UTC.")
    return DONE


def set_roles(chosen: argparse.Namespace) -> int:
    from hia_app.services import accounts

    with working(config.load()) as work:
        person = accounts.set_roles(work, accounts.by_email(work, chosen.email).id, chosen.role)
    say(f"{person.name} now has: {', '.join(sorted(person.role_set)) or 'no role'}.")
    return DONE


def disable(chosen: argparse.Namespace) -> int:
    from hia_app.services import accounts

    with working(config.load()) as work:
        person = accounts.by_email(work, chosen.email)
        accounts.disable(work, person.id)
    say(f"{person.name} is disabled and signed out everywhere.")
    return DONE


def reset_link(chosen: argparse.Namespace) -> int:
    from hia_app.services import accounts

    with working(config.load()) as work:
        link = accounts.make_link(work, accounts.by_email(work, chosen.email).id)
    say(f"{link.url}\nIt works once, until {link.expires_at:%Y-%m-%d %H:%M} UTC. Older links no longer work.")
    return DONE
