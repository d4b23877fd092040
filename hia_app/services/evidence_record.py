"""The evidence of a frozen record: its bytes go into it at sign-off, and readers open what was not withheld."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.errors import NotNow, NotVisible
from hia_app.domain.workflow import Action
from hia_app.services import archive
from hia_app.services.archive import Attachment
from hia_app.services.work import NOTHING, Case, Work, allow
from hia_app.store.blobs import NotStored, StoreUnavailable, blobs_of, whole
from hia_app.store.tables import ArchivePayload, Submission

_LOG = logging.getLogger(__name__)
LOST = (
    "The file store did not give back {name} as it was kept. Nothing has been signed. "
    "Tell the people who look after this service."
)
NOT_THERE = "The file store cannot give this file back just now. Tell the people who look after this service."


def attachments(work: Work, submission: Submission) -> list[Attachment]:
    """Every file that a submission names, each once, checked against its hash; raises NotNow when one is not there."""
    blobs = blobs_of(work.settings)
    named = {one["sha256"]: one["name"] for one in reversed(json.loads(submission.payload).get("evidence", ()))}
    found = []
    for sha256, name in named.items():
        try:
            found.append(Attachment(name, whole(blobs, sha256)))
        except (NotStored, StoreUnavailable) as error:
            _LOG.exception("An evidence file could not be read", extra={"sha256": sha256})
            raise NotNow(LOST.format(name=name)) from error
    return found


def pieces(settings: Settings, sha256: str) -> Iterator[bytes]:
    """The kept bytes of a file that somebody may open; raises NotNow when the store does not have them."""
    try:
        return blobs_of(settings).pieces(sha256)
    except (NotStored, StoreUnavailable) as error:
        _LOG.exception("An evidence file could not be read", extra={"sha256": sha256})
        raise NotNow(NOT_THERE) from error


def record_file(work: Work, case: Case, evidence_id: str) -> tuple[Mapping[str, Any], bytes]:
    """One file of a frozen record: what the record says of it, and its bytes from the record itself.

    Raises NotVisible for a withheld one, unless this person may see the evidence of the assessment anyway.
    """
    allow(work, Action.READ_RECORD, case)
    entry = next((one for one in listed(archive.read(work, case)) if one["id"] == evidence_id), None)
    if entry is None or not entry["sha256"]:  # not there, or exempt from the edition this person is entitled to
        raise NotVisible(NOTHING)
    if entry["withheld"] and not policy.may(Action.SEE_EVIDENCE, work.actor, case.standing):
        raise NotVisible(NOTHING)
    content = work.session.scalar(
        select(ArchivePayload.content).where(
            ArchivePayload.record_id == archive.record_of(work, case).id,
            ArchivePayload.part == f"evidence/{entry['sha256']}",
        )
    )
    if content is None:
        raise NotNow(archive.DISPOSED)
    return entry, content


def listed(frozen: archive.Frozen) -> list[Mapping[str, Any]]:
    """What a record says about its files; records from before files were taken say nothing."""
    return list(frozen.source.payload.get("evidence", ()))
