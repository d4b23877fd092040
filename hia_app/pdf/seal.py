"""The seal on a finished PDF: an invisible, certifying signature that shows any later change to the file.

PAdES B-B with EC P-256, or B-LTA with a time-stamp service, as pyHanko makes it. A seal whose root the council made
itself proves that the file has not been changed since this installation sealed it; who the council is, only a
certificate from a known authority can say.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    TimestampDSSContentSettings,
)
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hia_app.pdf.timestamps import NoTimeStamp, TimeStamps, certificates

T = TypeVar("T")
FIELD = "Seal"  # the empty field that pdf/render.py leaves, tagged
CERTIFICATE_FILE = "seal.p12"
ROOT_FILE = "seal-root.pem"
ROOT_YEARS, SIGNER_YEARS = 20, 5


NOTHING_BEHIND_THE_STAMP = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
"""The time stamp comes last, so that it covers every byte of the file."""


class SealProblem(Exception):
    """The seal cannot be made with the certificate at hand; the message says why."""


class _Writer(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Keep the description of the file byte for byte: it carries the PDF/A and PDF/UA claims."""


@dataclass(frozen=True)
class Sealer:
    """A certificate with its key, ready to seal."""

    certificate: asn1_x509.Certificate
    key: asn1_keys.PrivateKeyInfo
    chain: tuple[asn1_x509.Certificate, ...]

    @classmethod
    def load(cls, file: Path, passphrase: str) -> Sealer:
        """The certificate in a PKCS#12 file; raises SealProblem."""
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(
                file.read_bytes(), passphrase.encode() if passphrase else None
            )
        except (OSError, ValueError) as error:
            raise SealProblem(f"The certificate for the seal cannot be read from {file.name}: {error}") from None
        if key is None or certificate is None:
            raise SealProblem(f"{file.name} holds no certificate with its key.")
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return cls(_asn1(certificate), asn1_keys.PrivateKeyInfo.load(der), tuple(_asn1(issuing) for issuing in chain))

    def seal(self, pdf: bytes, stamps: TimeStamps | None = None) -> bytes:
        """The sealed file; it begins with exactly the bytes of the file that was sealed.

        With `stamps` it says when, and holds what is needed to check that for years (B-LTA); raises NoTimeStamp.
        """
        signer = signers.SimpleSigner(
            signing_cert=self.certificate,
            signing_key=self.key,
            cert_registry=SimpleCertificateStore.from_certs([self.certificate, *self.chain]),
        )
        lasting: dict[str, Any] = {}
        if stamps is not None:
            trusted = [*(self.chain or (self.certificate,)), *stamps.roots]
            context = ValidationContext(trust_roots=trusted, allow_fetching=True, revocation_mode="soft-fail")
            lasting = {"embed_validation_info": True, "use_pades_lta": True, "validation_context": context}
            lasting["dss_settings"] = NOTHING_BEHIND_THE_STAMP
        metadata = PdfSignatureMetadata(
            **lasting,
            field_name=FIELD,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        sealed = io.BytesIO()
        sealing = PdfSigner(metadata, signer=signer, timestamper=stamps.stamper if stamps else None)
        if stamps is None:
            _apart(lambda: sealing.sign_pdf(_Writer(io.BytesIO(pdf)), output=sealed))
            return sealed.getvalue()
        try:
            _apart(lambda: sealing.sign_pdf(_Writer(io.BytesIO(pdf)), output=sealed))
        except (OSError, ValueError, TypeError, PdfError, SigningError, PathError, ValidationError) as error:
            raise NoTimeStamp(str(error) or type(error).__name__) from None
        return sealed.getvalue()


def _apart(work: Callable[[], T]) -> T:
    """Does the work in a thread of its own: pyHanko runs an event loop, which a caller inside one could not."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


@dataclass(frozen=True)
class SealCheck:
    """What a look at a file's seal found; `holds` is the only word to rely on."""

    sealed: bool
    holds: bool
    reason: str


def check(pdf: bytes, *roots: Path, time_roots: Sequence[Path] = ()) -> SealCheck:
    """Whether the file is sealed under one of these and unchanged since; never raises for what is in the file.

    `roots` are PEM files: roots of our own making, or sealing certificates themselves; `time_roots` those of
    time-stamp services, which seal nothing for us.
    """
    trusted = [_asn1(x509.load_pem_x509_certificate(root.read_bytes())) for root in roots]
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not signatures:
            return SealCheck(False, False, "The file has no seal.")
        context = ValidationContext(trust_roots=trusted, allow_fetching=False)
        time = ValidationContext(trust_roots=list(certificates(time_roots)), allow_fetching=False)
        status = _apart(lambda: validate_pdf_signature(signatures[0], context, ts_validation_context=time))
        # Behind the seal may stand time stamps and what is needed to check them; the last one covers everything.
        stamped = all(one.sig_object_type == "/DocTimeStamp" for one in signatures[1:])
    except (PdfError, ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        return SealCheck(False, False, f"The file cannot be read as a sealed PDF: {error}")
    if status.bottom_line and not (stamped and _covers(signatures[-1].byte_range, len(pdf))):
        return SealCheck(True, False, "Something was added to the file after it was sealed.")
    if status.bottom_line:
        return SealCheck(True, True, "The seal holds: the file has not been changed since it was sealed.")
    if not (status.intact and status.valid):
        return SealCheck(True, False, "The sealed bytes have been changed.")
    if not status.docmdp_ok:
        return SealCheck(True, False, "Something was added to the file after it was sealed.")
    return SealCheck(True, False, "The seal was not made with this council's certificate.")


def _covers(byte_range: Sequence[int], size: int) -> bool:
    """Whether the seal reaches from the first byte to the last; the library lets bytes pass that no reader looks at."""
    return byte_range[0] == 0 and byte_range[2] + byte_range[3] == size


def make_certificate(folder: Path, council: str, passphrase: str, now: datetime) -> Path:
    """A root and a sealing certificate of the installation's own, for councils without one; returns the PKCS#12 file.

    The root's key signs this one certificate and is then forgotten. Raises SealProblem when there is one already.
    """
    target = folder / CERTIFICATE_FILE
    if target.exists():
        raise SealProblem(f"There is a certificate already: {target}. Move it away first.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(council, "seal root"), _name(council, "seal")
    root = _certificate(root_name, root_name, root_key, root_key, now, ROOT_YEARS, authority=True)
    signer = _certificate(name, root_name, key, root_key, now, SIGNER_YEARS, authority=False)
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    _write(target, pkcs12.serialize_key_and_certificates(b"seal", key, signer, [root], encryption))
    (folder / ROOT_FILE).write_bytes(root.public_bytes(Encoding.PEM))
    return target


def _name(council: str, what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, council[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Health equity assessments {what}"),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuing_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    years: int,
    *,
    authority: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing_key.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuing_key, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _write(path: Path, content: bytes) -> None:
    """A file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
