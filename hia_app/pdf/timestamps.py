"""Proof of when a file was sealed: a time stamp from a service by RFC 3161, and what is needed to check it for years.

PAdES B-LTA as pyHanko makes it. What the service says is checked against its root before it goes into a file.
"""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from asn1crypto import pem, tsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import TimeStamper

LARGEST_ANSWER = 200_000  # bytes; a time stamp with its certificates has about six thousand


def _keep_description(_: Any) -> None:
    """Leave the description of a file as it is: it carries the PDF/A and PDF/UA claims."""


# For what is added after the signature the library makes writers of its own, which would write the description anew.
IncrementalPdfFileWriter._update_meta = _keep_description  # type: ignore[method-assign]


class NoTimeStamp(Exception):
    """There is no time stamp to be had now; the message says why."""


class Service(TimeStamper):
    """A time-stamp service at an address."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__()
        self.url, self.seconds = url, seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310 (the settings take http and https alone)
            self.url, data=question, headers={"Content-Type": "application/timestamp-query"}, method="POST"
        )
        try:
            with _OPENER.open(request, timeout=self.seconds) as answer:
                content = answer.read(LARGEST_ANSWER + 1)
        except (URLError, OSError, ValueError) as error:
            raise OSError(f"the time-stamp service did not answer: {error}") from None
        if len(content) > LARGEST_ANSWER:
            raise OSError("the time-stamp service sent more than a time stamp")
        return tsp.TimeStampResp.load(content)


class _NoDetours(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Whoever is asked answers; an answer from elsewhere is none."""


_OPENER = urllib.request.build_opener(_NoDetours)


@dataclass(frozen=True)
class TimeStamps:
    """Who stamps, and the roots under which what they say is believed."""

    stamper: TimeStamper
    roots: tuple[asn1_x509.Certificate, ...]


def certificates(files: Sequence[Path]) -> tuple[asn1_x509.Certificate, ...]:
    """Every certificate in PEM files; raises OSError or ValueError."""
    return tuple(
        asn1_x509.Certificate.load(der)
        for file in files
        for kind, _, der in pem.unarmor(file.read_bytes(), multiple=True)
        if kind == "CERTIFICATE"
    )
