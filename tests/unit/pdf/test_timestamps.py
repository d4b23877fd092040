"""Seals with a time stamp: checked for years, noticed when touched, and never a reason to lose a sign-off."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import page
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper

from hia_app import config
from hia_app.pdf import certificate
from hia_app.pdf.render import render
from hia_app.pdf.seal import check
from hia_app.pdf.timestamps import NoTimeStamp
from hia_app.web.printing import printer
from tests.support.documents import short

EXPECTED = {"PDFA2A-SIGNATURE-BYTERANGE-001", "PDFUA1-WIDGET-FORM-TAG-001"}
"""What the validator for every day says of any file with a time stamp behind its seal; veraPDF passes both."""
ENDS_IN_A_RETURN = "PDFA2A-STREAM-LENGTH-001"
"""What it says, too, where a certificate's last byte happens to be a carriage return: it takes that for the end of a
line. The length is right, as veraPDF sees."""


class Answering(BaseHTTPRequestHandler):
    stamper: DummyTimeStamper
    mood = "well"

    def do_POST(self) -> None:
        question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        content = {"nonsense": b"\x30\x03\x02\x01\x07", "long": b"x" * 300_000}.get(self.mood)
        self.send_response(302 if self.mood == "elsewhere" else 500 if self.mood == "ill" else 200)
        if self.mood == "elsewhere":
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(content or self.stamper.request_tsa_response(question).dump())

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A time-stamp service on this machine, and the file with its root."""
    key, name = rsa.generate_private_key(65537, 2048), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clock")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(usage, critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    root = tmp_path_factory.mktemp("clock") / "root.pem"
    root.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    Answering.stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)), asn1_keys.PrivateKeyInfo.load(der)
    )
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", root
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(service: tuple[str, Path], tmp_path: Path) -> config.Settings:
    Answering.mood = "well"
    return config.load(
        {}, mode="test", instance=tmp_path, timestamp_url=service[0], timestamp_root=service[1], timestamp_seconds=2
    )


def checked(settings: config.Settings, content: bytes) -> tuple[bool, str]:
    found = check(content, *certificate.known(settings), time_roots=certificate.time_roots(settings))
    return found.holds, found.reason


def test_a_seal_with_a_time_stamp_holds_and_keeps_its_claims(settings: config.Settings) -> None:
    printed = printer(settings)(short())
    assert (printed.seal, printed.no_time) == ("PAdES B-LTA", "")
    assert printed.content.startswith(render(short(), signature_field=True))
    assert checked(settings, printed.content)[0]
    read = PdfFileReader(io.BytesIO(printed.content))
    assert len(read.embedded_regular_signatures) == len(read.embedded_timestamp_signatures) == 1
    certificates = [one.get_object().data for one in read.root["/DSS"]["/Certs"]]
    expected = EXPECTED | ({ENDS_IN_A_RETURN} if any(one.endswith(b"\r") for one in certificates) else set())
    for profile in ("ua1", "2a"):
        failed = {one.rule_id for one in page.validate_pdf_bytes(printed.content, profile=profile).failures}
        assert failed <= expected


def test_whatever_is_done_to_it_afterwards_is_noticed(settings: config.Settings) -> None:
    sealed = printer(settings)(short()).content
    at = sealed.index(b"/Title") + 8
    assert not checked(settings, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])[0]
    assert not checked(settings, sealed + b"\n")[0]
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root[pdf_name("/Lang")] = pdf_string("fr")
    writer.update_root()
    added = io.BytesIO()
    writer.write(added)
    assert not checked(settings, added.getvalue())[0]


def test_a_clock_nobody_knows_is_not_believed(settings: config.Settings) -> None:
    sealed = printer(settings)(short()).content
    assert not check(sealed, *certificate.known(settings)).holds


@pytest.mark.parametrize("mood", ["ill", "nonsense", "long", "elsewhere"])
def test_without_an_answer_it_is_sealed_without_a_time_and_says_so(settings: config.Settings, mood: str) -> None:
    Answering.mood = mood
    printed = printer(settings)(short())
    assert printed.seal == "PAdES B-B"
    assert printed.no_time
    assert checked(settings, printed.content)[0]
    stamps = certificate.time_stamps(settings)
    with pytest.raises(NoTimeStamp):
        certificate.sealer_of(settings).seal(render(short(), signature_field=True), stamps)


def test_a_service_that_is_not_there_is_no_reason_to_lose_a_sign_off(settings: config.Settings) -> None:
    away = settings.model_copy(update={"timestamp_url": "http://127.0.0.1:1/"})
    printed = printer(away)(short())
    assert "did not answer" in printed.no_time
    assert checked(away, printed.content)[0]


def test_a_root_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(config.UnsafeSettings, match="timestamp_root"):
        config.load({}, mode="test", instance=tmp_path, timestamp_url="http://127.0.0.1:1/")
