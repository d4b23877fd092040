"""Questionnaires, ratings and frozen records, from the terminal."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hia_app import config
from hia_app.cli.terminal import DONE, NOT_UNDERSTOOD, Stop, complain, say, working
from hia_app.config import Settings

if TYPE_CHECKING:
    from hia_app.services.work import Work


def check_questionnaires(chosen: argparse.Namespace) -> int:
    from hia_app.store.questionnaires import check_lines

    paths = [file for path in chosen.path for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    if not paths:
        raise Stop("There is no .yaml file there.")
    problems = check_lines(paths)
    if problems:
        return complain("\n".join(problems))
    say(f"{len(paths)} {'file is' if len(paths) == 1 else 'files are'} in order.")
    return DONE


def rate(chosen: argparse.Namespace) -> int:
    from hia_app.domain import rating_file

    try:
        rated = rating_file.rate_file(rating_file.read(_content(chosen.file)))
    except ValueError as invalid:  # an InvalidRatingFile, or a file that cannot be read
        return complain(str(invalid), NOT_UNDERSTOOD)
    say(json.dumps(rated, indent=2, ensure_ascii=False))
    return DONE


def gradient(chosen: argparse.Namespace) -> int:
    from hia_app.domain import gradient_file
    from hia_app.domain.gradient import Options

    try:
        options = Options(
            chosen.kind, chosen.transform, chosen.multiplier, chosen.confidence, chosen.repetitions, chosen.seed
        )
        found = gradient_file.gradient_file(_content(chosen.file), options)
    except gradient_file.InvalidGradientFile as invalid:
        return complain(str(invalid), NOT_UNDERSTOOD)
    except ValueError as error:
        return complain(str(error), NOT_UNDERSTOOD)
    say(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
    return DONE


def _content(file: Path) -> bytes:
    """The bytes of a file, or of standard input for "-"; raises ValueError with words for the terminal."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None


def show_register(chosen: argparse.Namespace) -> int:
    from hia_app.services import register

    with working(config.load(), writes=False) as work:
        rows = [
            {
                "reference": row.entry.reference,
                "version": row.entry.number,
                "state": row.state,
                "title": row.entry.title,
                "scheme_type": row.entry.scheme_type,
                "rule": row.entry.rule,
                "rating": row.entry.label,
                "decision_date": row.entry.decision_date.isoformat(),
                "signed_off": row.entry.signed_off_at.date().isoformat(),
            }
            for row in register.everything(work)
        ]
    if chosen.json:
        say(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for row in rows:
            say("{reference} v{version}  {signed_off}  {rating}  {title}".format(**row))
    return DONE


def import_record(chosen: argparse.Namespace) -> int:
    import uuid
    from dataclasses import replace
    from datetime import date

    from hia_app.domain.record_import import UnreadableRecord
    from hia_app.services import accounts, importing
    from hia_app.services.work import actor_of

    try:
        content = _content(chosen.file)
        day = date.fromisoformat(chosen.decision_date) if chosen.decision_date else None
    except ValueError as error:
        return complain(str(error), NOT_UNDERSTOOD)
    with working(config.load()) as work:
        owner = replace(work, actor=actor_of(accounts.by_email(work, chosen.owner)))
        try:
            taken = importing.import_record(owner, str(uuid.uuid4()), content, day)
        except UnreadableRecord as unreadable:
            raise Stop(f"{chosen.file}: {unreadable}") from None
        reference = taken.case.reference
    say(f"{reference} is a new draft of {chosen.owner}; everything in it waits to be confirmed.")
    for line in taken.left_out:
        say(f"Not taken: {line}")
    return DONE


def export(chosen: argparse.Namespace) -> int:
    settings = config.load()
    with working(settings, writes=False) as work:
        content = _exported(settings, work, chosen)
    if str(chosen.output) == "-":
        sys.stdout.buffer.write(content)
    else:
        chosen.output.write_bytes(content)
    return DONE


def _exported(settings: Settings, work: Work, chosen: argparse.Namespace) -> bytes:
    from hia_app.domain.report import report
    from hia_app.services import archive, register
    from hia_app.services.work import open_case

    versions = [row.entry.number for row in register.everything(work) if row.entry.reference == chosen.reference]
    if not versions or (chosen.version and chosen.version not in versions):
        raise Stop(f"The register has no {chosen.reference}" + (f" version {chosen.version}." if versions else "."))
    case = open_case(work, chosen.reference, chosen.version or max(versions))
    if chosen.format == "pdf":
        return archive.pdf(work, case, chosen.edition)
    frozen = archive.read(work, case, chosen.edition)
    if chosen.format == "json":
        return json.dumps(archive.as_json(frozen), indent=2, ensure_ascii=False).encode()
    from hia_app.app import create_app
    from hia_app.web.documents import standalone

    return standalone(create_app(settings), report(frozen.source, frozen.edition)).encode()
