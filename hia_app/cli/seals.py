"""The seal on documents, from the terminal: its certificate, checking a file, drawing documents again."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from hia_app import config
from hia_app.cli.terminal import DONE, FAILED, Stop, say, working


def new(_: argparse.Namespace) -> int:
    from hia_app.pdf import certificate

    settings = config.load()
    if settings.seal_certificate:
        raise Stop(f"The settings name the council's own certificate ({settings.seal_certificate}); it is used.")
    path = certificate.make(settings, datetime.now(UTC))
    say(f"Documents are sealed with {path} from now on. Back it up, and let nobody read it.")
    if not settings.seal_passphrase:
        say("It has no passphrase: set HEA_SEAL_PASSPHRASE before you make it, so that a copy alone is of no use.")
    return DONE


def check(chosen: argparse.Namespace) -> int:
    """0: sealed by us and unchanged; 1: not."""
    from hia_app.pdf import certificate, seal

    settings = config.load()
    known = certificate.known(settings)
    if not known:
        raise Stop("There is no certificate here to check against.")
    found = seal.check(chosen.file.read_bytes(), *known, time_roots=certificate.time_roots(settings))
    say(found.reason)
    return DONE if found.holds else FAILED


def redraw(_: argparse.Namespace) -> int:
    """0: every document is as its record says; 1: at least one differs."""
    from hia_app.services import checking
    from hia_app.web.printing import drawing

    different = 0
    with working(config.load(), writes=False) as work:
        for one in checking.redraw(work, drawing):
            say(f"record {one.seq}  {one.part}  {one.outcome}")
            different += one.outcome == "different"
    return FAILED if different else DONE
