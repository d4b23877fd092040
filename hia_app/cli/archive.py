"""The archive, from the terminal: checking it, handing records out, keys, holds and disposal."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hia_app import config
from hia_app.cli.terminal import DONE, Stop, complain, say, working
from hia_app.config import Settings, UnsafeSettings

if TYPE_CHECKING:
    from hia_app.domain.anchors import Anchors
    from hia_app.domain.findings import Report

COULD_NOT_CHECK = 2


def verify(chosen: argparse.Namespace) -> int:
    """0: all that was checked is in order; 1: something was altered; 2: it could not be checked."""
    from hia_app.services import bundles

    trusted = frozenset(chosen.key)
    try:
        anchors = _anchors(chosen.anchors)
        if chosen.bundle:
            report = bundles.check(chosen.bundle, anchors=anchors, trusted=trusted)
        else:
            report = _verify_database(config.load(), anchors, trusted)
    except (UnsafeSettings, OSError, UnicodeDecodeError) as error:
        complain(str(error))
        return COULD_NOT_CHECK
    say(json.dumps(report.to_json(), indent=2, ensure_ascii=False) if chosen.json else report.to_text())
    return int(report.verdict)


def _verify_database(settings: Settings, anchors: Anchors | None, trusted: frozenset[str]) -> Report:
    from hia_app import db
    from hia_app.services import verification
    from hia_app.store.signing_keys import ever_made

    file = settings.address.partition("sqlite:///")[2].partition("?")[0]
    if file and not Path(file).is_file():
        raise FileNotFoundError(f"{file}: there is no database")
    database = db.Database(settings.address)
    try:
        known = trusted | ever_made(settings.keys_folder)
        return verification.verify(database.reading, datetime.now(UTC), anchors=anchors, trusted=known)
    finally:
        database.dispose()


def _anchors(file: Path | None) -> Anchors | None:
    from hia_app.domain.anchors import read_anchors

    return read_anchors(file.read_text("utf-8")) if file else None


def bundle(chosen: argparse.Namespace) -> int:
    from hia_app.services import bundles
    from hia_app.services.work import open_case

    with working(config.load(), writes=False) as work, chosen.output.open("xb") as file:
        bundles.write(work, open_case(work, chosen.reference, chosen.version), file)
    say(f"Written: {chosen.output}. `hia archive verify --bundle` checks it, and so does the script inside.")
    return DONE


def new_key(_: argparse.Namespace) -> int:
    from hia_app.services import signing

    settings = config.load()
    with working(settings) as work:
        key = signing.new_key(work)
    say(f"Records are signed with the key {key.id} from now on.")
    say(f"Its private half is in {settings.keys_folder}: back it up, apart from the database, and let nobody read it.")
    return DONE


def list_keys(_: argparse.Namespace) -> int:
    from hia_app.services import signing
    from hia_app.store.signing_keys import known

    settings = config.load()
    with working(settings, writes=False) as work:
        here = known(settings.keys_folder)
        for key in signing.all_keys(work):
            vouched = f"vouched for by {key.vouched_by}" if key.vouched_by else "vouched for by nobody"
            private = "private half here" if key.id in here else "private half not here"
            say(f"{key.number}  {key.id}  made {key.made_at:%Y-%m-%d}  {vouched}  {private}")
    return DONE


def receipts(_: argparse.Namespace) -> int:
    from hia_app.services import chain

    settings = config.load()
    with working(settings) as work:
        count = chain.write_missing_receipts(work)
    say(f"{count} written to {settings.outbox / 'receipts'}.")
    if not settings.records_mailbox or settings.mail == "off":
        say("None went by mail: set records_mailbox, and mail to smtp or folder.")
    return DONE


def show_due(_: argparse.Namespace) -> int:
    from hia_app.services import retention

    with working(config.load(), writes=False) as work:
        for one in retention.due(work):
            held = "  (a legal hold stands)" if one.held else ""
            say(f"{one.reference} version {one.version}  {one.kept_as}  kept until {one.until}{held}")
    return DONE


def hold(chosen: argparse.Namespace) -> int:
    from hia_app.services import retention
    from hia_app.services.work import open_case

    with working(config.load()) as work:
        case = open_case(work, chosen.reference, chosen.version)
        if chosen.lift:
            say(f"{retention.lift_holds(work, case, chosen.reason)} lifted.")
        else:
            retention.place_hold(work, case, chosen.reason)
            say(f"Nothing of {chosen.reference} will be disposed of until the hold is lifted.")
    return DONE


def dispose(chosen: argparse.Namespace) -> int:
    from hia_app import db
    from hia_app.services import retention
    from hia_app.services.work import open_case

    settings = config.load()
    with working(settings) as work:
        case = open_case(work, chosen.reference, chosen.version)
        retention.dispose(work, case, chosen.authority, chosen.reason)
    with db.as_owner(settings.owner_address) as connection:
        count = retention.remove_disposed(connection)
    say(f"Disposed of: {count} parts removed. The record's header and hashes stay, and the chain is whole.")
    return DONE


def re_anchor(chosen: argparse.Namespace) -> int:
    from hia_app.services import retention

    with working(config.load()) as work:
        added = retention.re_anchor(work, chosen.reason)
    say(f"Noted as record {added.seq}: {added.record_hash}")
    return DONE


def roles(chosen: argparse.Namespace) -> int:
    from sqlalchemy import make_url

    from hia_app.store.roles import BadRoleName, grants
    from hia_app.store.tables import WRITE_ONCE

    url = make_url(config.load().address)
    if url.get_backend_name() != "postgresql":
        raise Stop("Only PostgreSQL has roles. On SQLite the app's own connections are held back instead.")
    try:
        say(grants(url.database or "", chosen.app or url.username or "", [table for table, _ in WRITE_ONCE]))
    except BadRoleName as bad:
        raise Stop(str(bad)) from None
    return DONE


def remove_disposed(_: argparse.Namespace) -> int:
    from hia_app import db
    from hia_app.services import retention

    with db.as_owner(config.load().owner_address) as connection:
        count = retention.remove_disposed(connection)
    say(f"{count} parts removed.")
    return DONE
