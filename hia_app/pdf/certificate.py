"""The certificate with which this installation seals its documents, and those whose seals it knows as its own."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pem

from hia_app.config import Settings
from hia_app.pdf.seal import CERTIFICATE_FILE, ROOT_FILE, Sealer, SealProblem, make_certificate
from hia_app.pdf.timestamps import Service, TimeStamps, certificates

NONE_YET = (
    "This service has no certificate to seal documents with, so nothing was signed off. "
    "Whoever runs it makes one with `hia seal new`, or names the council\u2019s own in the settings."
)


def sealer_of(settings: Settings) -> Sealer:
    """The certificate that seals now. Without one: in production SealProblem, elsewhere one is made."""
    own = settings.seal_folder / CERTIFICATE_FILE
    file = settings.seal_certificate or own
    if file == own and not own.is_file():
        if settings.mode == "production":
            raise SealProblem(NONE_YET)
        # Another process may make it in the same moment.
        with suppress(SealProblem, FileExistsError):
            make_certificate(settings.seal_folder, settings.council_name, settings.seal_passphrase, datetime.now(UTC))
    sealer = Sealer.load(file, settings.seal_passphrase)
    if file != own:
        _remember(settings.seal_folder, sealer)
    return sealer


def time_stamps(settings: Settings) -> TimeStamps | None:
    """The time-stamp service of the settings, with its roots remembered; None without one, or raises SealProblem."""
    if not settings.timestamp_url or settings.timestamp_root is None:
        return None
    try:
        roots = certificates([settings.timestamp_root])
    except (OSError, ValueError) as error:
        raise SealProblem(f"The root of the time-stamp service cannot be read: {error}") from None
    folder = settings.seal_folder / "time"
    for root in roots:
        path = folder / f"{root.sha256.hex()[:16]}.pem"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(pem.armor("CERTIFICATE", root.dump()))
    return TimeStamps(Service(settings.timestamp_url, settings.timestamp_seconds), roots)


def time_roots(settings: Settings) -> list[Path]:
    """The roots (PEM files) of every time-stamp service there has been."""
    return sorted((settings.seal_folder / "time").glob("*.pem"))


def known(settings: Settings) -> list[Path]:
    """The certificates (PEM files) under which a seal is ours, also after a newer one has taken over."""
    return sorted(settings.seal_folder.glob("*.pem"))


def make(settings: Settings, now: datetime) -> Path:
    """A new certificate of the installation's own; the one before is kept under another name and stays known."""
    folder, stamp = settings.seal_folder, now.strftime("%Y%m%d-%H%M%S")
    for name in (CERTIFICATE_FILE, ROOT_FILE):
        old = folder / name
        if old.is_file():
            old.rename(folder / f"{old.stem}-until-{stamp}{old.suffix}")
    return make_certificate(folder, settings.council_name, settings.seal_passphrase, now)


def _remember(folder: Path, sealer: Sealer) -> None:
    """Trust this very certificate, never its issuer: who issued it issues others too."""
    path = folder / f"sealed-with-{sealer.certificate.sha256.hex()[:16]}.pem"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(pem.armor("CERTIFICATE", sealer.certificate.dump()))
