"""Who signs: keys are made once, followed by newer ones that they vouch for, and never leave their folder."""

import stat
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from hia_app import config
from hia_app.domain.errors import NotNow, NotPermitted
from hia_app.domain.findings import Verdict
from hia_app.domain.policy import Actor, Role
from hia_app.services import signing, verification
from hia_app.services.work import Work
from hia_app.store import signing_keys
from hia_app.store.signing_keys import KeyNotUsable
from hia_app.store.tables import ArchiveKey, ArchiveRecord
from tests.support.archives import NOON, sealed
from tests.support.office import Office, shelf
from tests.support.reviewing import Cast, cast

ADMINISTRATOR = Actor("", "The command line", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def folder(settings):
    return settings.keys_folder


def administering(session, settings) -> Work:
    return Work(session, ADMINISTRATOR, NOON, settings, shelf())


def test_the_first_sign_off_makes_a_key_that_only_its_owner_can_read(office, folder):
    sealed(cast(office))
    (name,) = signing_keys.known(folder)
    assert stat.S_IMODE((folder / f"{name}.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (row,) = office.session.scalars(select(ArchiveKey))
    assert (row.id, row.vouched_by) == (name, None)
    assert row.public_key == (folder / f"{name}.pub").read_text().strip()
    everything = repr(office.session.execute(text("SELECT * FROM archive_key")).all())
    assert "PRIVATE" not in everything


def test_a_key_of_a_sign_off_that_was_undone_is_taken_up_again(database, settings, folder):
    undone = database.open(writes=True)
    sealed(cast(Office(undone, settings)))
    database.finish(undone, keep=False)
    (waiting,) = signing_keys.known(folder)
    with database.writing() as session:
        sealed(cast(Office(session, settings)))
    assert signing_keys.known(folder) == [waiting]
    assert verification.verify(database.reading, NOON, trusted=frozenset({waiting})).verdict is Verdict.GOOD


def test_a_newer_key_is_vouched_for_by_the_one_before_and_old_records_stay_good(database, settings, folder):
    for turn in range(3):
        with database.writing() as session:
            if turn:
                signing.new_key(administering(session, settings))
            sealed(again(session, settings, turn))
    with database.reading() as session:
        keys = signing.all_keys(administering(session, settings))
        asked = "SELECT key_id FROM archive_signature s JOIN archive_record r ON r.id = s.record_id ORDER BY r.seq"
        used = session.scalars(text(asked)).all()
    assert [key.vouched_by for key in keys] == [None, keys[0].id, keys[1].id]
    assert used == [key.id for key in keys]
    assert verification.verify(database.reading, NOON, trusted=frozenset({keys[0].id})).verdict is Verdict.GOOD
    # whoever knows only the newest key believes what it has signed, and all that came before
    assert verification.verify(database.reading, NOON, trusted=frozenset({keys[2].id})).verdict is Verdict.GOOD
    # whoever knows another key altogether believes nothing
    report = verification.verify(database.reading, NOON, trusted=frozenset({"0" * 32}))
    assert [finding.code for finding in report.findings if finding.level == "tampered"] == ["key-not-known"]


def again(session, settings, turn: int) -> Cast:
    """Other people of the same council in each turn, since addresses are used once."""
    office = Office(session, settings)
    everybody = [
        office.person(f"{part} {turn}", role)
        for part, role in (
            ("Officer", Role.OFFICER),
            ("Reviewer", Role.REVIEWER),
            ("Second", Role.REVIEWER),
            ("Director", Role.DECISION_MAKER),
        )
    ]
    return Cast(*everybody, office)


def test_a_key_that_was_lost_is_followed_by_one_that_nobody_vouches_for_and_the_check_says_so(
    database, settings, folder
):
    with database.writing() as session:
        sealed(cast(Office(session, settings)))
    (lost,) = signing_keys.known(folder)
    for file in folder.iterdir():
        file.unlink()
    with database.writing() as session:
        sealed(again(session, settings, 2))
    (made,) = signing_keys.known(folder)
    assert made != lost
    codes = {finding.code for finding in verification.verify(database.reading, NOON).findings} - {"owner"}
    assert codes == {"key-unknown", "signature-key", "key-not-known"}
    # until somebody who knows says that both are ours
    both = frozenset({lost, made})
    assert verification.verify(database.reading, NOON, trusted=both).verdict is Verdict.GOOD


def test_in_production_nothing_is_signed_without_a_key(office):
    production = replace(office, settings=office.settings.model_copy(update={"mode": "production"}))
    with pytest.raises(NotNow, match="hia archive keys new"):
        sealed(cast(production))
    assert office.session.scalars(select(ArchiveRecord)).all() == []
    assert signing_keys.known(office.settings.keys_folder) == []
    assert not signing.is_ready(office.session, production.settings)
    signing.new_key(administering(office.session, production.settings))
    assert signing.is_ready(office.session, production.settings)


def test_only_an_administrator_makes_a_key(office):
    officer = office.person("Olu", Role.OFFICER, Role.REVIEWER, Role.DECISION_MAKER, Role.SCRUTINY)
    with pytest.raises(NotPermitted):
        signing.new_key(office.work(officer))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_may_read_is_not_used(tmp_path, mode):
    made = signing_keys.make(tmp_path)
    assert signing_keys.read(tmp_path, made.id).public == made.public
    (tmp_path / f"{made.id}.pem").chmod(mode)
    with pytest.raises(KeyNotUsable, match="chmod 600"):
        signing_keys.read(tmp_path, made.id)


def test_what_is_no_key_of_ours_is_not_used(tmp_path):
    made, other = signing_keys.make(tmp_path), signing_keys.make(tmp_path)
    (tmp_path / f"{made.id}.pem").replace(tmp_path / f"{other.id}.pem")
    with pytest.raises(KeyNotUsable, match="named after another key"):
        signing_keys.read(tmp_path, other.id)
    for name, content in (("noise", b"noise"), ("empty", b"")):
        (tmp_path / f"{name}.pem").write_bytes(content)
        (tmp_path / f"{name}.pem").chmod(0o600)
        with pytest.raises(KeyNotUsable, match="not a private key"):
            signing_keys.read(tmp_path, name)
    with pytest.raises(KeyNotUsable):
        signing_keys.read(tmp_path, "missing")
    assert "PRIVATE" not in repr(other)


def test_the_keys_folder_is_a_setting(tmp_path):
    settings = config.load({}, mode="test", instance=tmp_path, secret_key="only-for-tests-0123456789-abcdefghijklm")
    assert settings.keys_folder == tmp_path / "keys"
    assert settings.model_copy(update={"signing_keys": tmp_path / "x"}).keys_folder == tmp_path / "x"


def test_signatures_of_odd_bytes_are_refused_and_not_an_error():
    good = signing_keys.signature_is_right
    for public, signature in ((b"", b""), (b"\0" * 32, b"\0" * 64), (b"x" * 31, b"y" * 64), (b"\xff" * 32, b"")):
        assert good(public, signature, b"message") is False
