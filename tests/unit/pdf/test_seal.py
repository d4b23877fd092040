"""The seal: made in one go, keeps both accessibility claims, and notices whatever is done to the file afterwards."""

import io
from datetime import UTC, datetime
from pathlib import Path

import page
import pikepdf
import pytest
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from hia_app.pdf.render import render
from hia_app.pdf.seal import CERTIFICATE_FILE, ROOT_FILE, Sealer, SealProblem, check, make_certificate
from tests.support.documents import short

PASSPHRASE = "four words of ours"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_certificate(folder, "Example Council", PASSPHRASE, datetime.now(UTC))
    return folder


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    return render(short(), signature_field=True)


@pytest.fixture(scope="module")
def sealed(keys: Path, unsealed: bytes) -> bytes:
    return Sealer.load(keys / CERTIFICATE_FILE, PASSPHRASE).seal(unsealed)


def test_a_sealed_file_begins_with_the_file_that_was_sealed(unsealed: bytes, sealed: bytes) -> None:
    assert sealed.startswith(unsealed)
    assert len(sealed) - len(unsealed) < 20_000


def test_the_seal_holds(keys: Path, sealed: bytes) -> None:
    found = check(sealed, keys / ROOT_FILE)
    assert (found.sealed, found.holds) == (True, True), found.reason


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_a_sealed_file_keeps_its_claims(sealed: bytes, profile: str) -> None:
    report = page.validate_pdf_bytes(sealed, profile=profile)
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_one_changed_byte_is_noticed(keys: Path, sealed: bytes) -> None:
    at = sealed.index(b"/Title") + 8
    changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    assert not check(changed, keys / ROOT_FILE).holds


def test_saving_it_again_with_another_program_is_noticed(keys: Path, sealed: bytes) -> None:
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.save(again)
    assert not check(again.getvalue(), keys / ROOT_FILE).holds


def test_something_added_afterwards_is_noticed(keys: Path, sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root[pdf_name("/Lang")] = pdf_string("fr")
    writer.update_root()
    added = io.BytesIO()
    writer.write(added)
    assert added.getvalue().startswith(sealed)
    found = check(added.getvalue(), keys / ROOT_FILE)
    assert not found.holds
    assert "added" in found.reason


def test_another_councils_seal_does_not_hold_here(keys: Path, unsealed: bytes, tmp_path: Path) -> None:
    other = make_certificate(tmp_path / "other", "Another Council", "", datetime.now(UTC))
    found = check(Sealer.load(other, "").seal(unsealed), keys / ROOT_FILE)
    assert (found.sealed, found.holds) == (True, False)


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_sealed_pdf_is_said_to_be_none(keys: Path, unsealed: bytes, content: bytes) -> None:
    assert not check(content, keys / ROOT_FILE).sealed
    assert check(unsealed, keys / ROOT_FILE).holds is False


def test_keys_are_private_and_never_overwritten(keys: Path) -> None:
    assert (keys / CERTIFICATE_FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(SealProblem, match="already"):
        make_certificate(keys, "Example Council", PASSPHRASE, datetime.now(UTC))
    with pytest.raises(SealProblem, match="cannot be read"):
        Sealer.load(keys / CERTIFICATE_FILE, "wrong")


@pytest.mark.parametrize("more", [b"x", b"\n", b"% a comment\n", b"\0" * 100])
def test_bytes_behind_the_end_are_noticed(keys: Path, sealed: bytes, more: bytes) -> None:
    assert not check(sealed + more, keys / ROOT_FILE).holds
