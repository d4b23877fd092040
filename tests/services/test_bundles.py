"""A record handed out as one file: the service and the stand-alone script must say the same about every copy of it."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hia_app.archive_checker import check as script
from hia_app.domain.anchors import read_anchors
from hia_app.domain.chain import key_id, signed_message
from hia_app.domain.findings import Verdict
from hia_app.domain.record import canonical, file_hash, record_hash
from hia_app.services import archive, bundles
from hia_app.services.work import open_case
from hia_app.store import signing_keys
from tests.support.archives import PAPER, Signer, sealed
from tests.support.reviewing import PDF, cast

GOOD, TAMPERED, UNCHECKED = Verdict.GOOD, Verdict.TAMPERED, Verdict.UNCHECKED
SCRIPT = Path(script.__file__)
Files = dict[str, bytes]


@pytest.fixture
def people(office):
    return cast(office)


@pytest.fixture
def bundle(people, tmp_path) -> Path:
    """The bundle of a record with an evidence file, which another record has replaced since."""
    case, _ = sealed(people, PAPER)
    _, newer = sealed(people)
    archive.supersede(people.works(people.decider), case, newer)
    path = tmp_path / "bundle.zip"
    with path.open("wb") as file:
        bundles.write(people.works(people.decider), case, file)
    return path


def files_of(path: Path) -> Files:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def both(path: Path, *options: str, **given: object) -> Verdict:
    """The verdict on which the service and the script agree."""
    ours = bundles.check(path, **given).verdict
    theirs = script.main([str(path), *options])
    assert int(ours) == theirs
    return ours


# ---- as it was handed out ----


def test_a_bundle_holds_the_very_bytes_and_how_to_check_them(people, bundle):
    files = files_of(bundle)
    assert files["record/pdf_full.pdf"] == PDF
    assert files[f"evidence/{file_hash(PAPER.content)}"] == PAPER.content
    assert files["check.py"] == SCRIPT.read_bytes()
    assert [name for name in files if name.startswith("linked/")] == [
        "linked/00000003-supersede/header.json",
        "linked/00000003-supersede/signature.json",
    ]
    header = json.loads(files["record/header.json"])
    assert header["evidence"] == [{"name": PAPER.name, "sha256": file_hash(PAPER.content), "size": len(PAPER.content)}]
    assert record_hash(files["record/header.json"]) in files["README.txt"].decode()


def test_the_same_record_gives_the_same_bundle(people, bundle):
    again = io.BytesIO()
    people.office.later(days=400)
    work = people.works(people.decider)
    reference = json.loads(files_of(bundle)["record/header.json"])["target"]["assessment"]
    bundles.write(work, open_case(work, reference, 1), again)
    assert again.getvalue() == bundle.read_bytes()


def test_an_honest_bundle_is_in_order_for_both(bundle):
    assert both(bundle) is GOOD
    report = bundles.check(bundle)
    assert [finding.words for finding in report.findings] == ["a later record says about this one: supersede"]
    assert any("is the council's" in words for words in report.not_checked)


def test_the_script_needs_only_python_and_a_library_for_signatures(bundle, tmp_path):
    """In a process of its own, without the service, anything installed beside, or a place to import it from."""
    with zipfile.ZipFile(bundle) as opened:
        opened.extractall(tmp_path / "unpacked")
    listed = (
        "import runpy, sys\nsys.argv = sys.argv[1:]\n"
        "try:\n    runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "finally:\n    print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    for target in (bundle, tmp_path / "unpacked"):
        command = [sys.executable, "-I", "-c", listed, str(tmp_path / "unpacked" / "check.py"), str(target)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "IN ORDER" in done.stdout
        loaded = set(done.stdout.rpartition("LOADED ")[2].split()) - set(sys.stdlib_module_names)
        assert {name for name in loaded if not name.startswith("_")} <= {"cryptography", "cffi", "sitecustomize"}


def test_without_the_library_the_script_says_that_it_could_not_check(bundle):
    blocked = "import sys; sys.modules['cryptography'] = None; import runpy; sys.argv = sys.argv[1:]\n"
    blocked += "runpy.run_path(sys.argv[0], run_name='__main__')"
    command = [sys.executable, "-c", blocked, str(SCRIPT), str(bundle)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install cryptography" in done.stdout


# ---- attacks: each on a copy, each seen by both ----


def sealed_anew(files: Files, signer: Signer | None = None, **changes: object) -> None:
    """Write the header again with these changes, its hash beside it, and a signature where there is a key."""
    header = canonical(json.loads(files["record/header.json"]) | changes)
    beside = json.loads(files["record/signature.json"])
    beside["record_hash"] = record_hash(header)
    if signer is not None:
        beside |= {"signature": signer.sign(signed_message(record_hash(header))).hex(), "key": signer.id}
    files["record/header.json"] = header
    files["record/signature.json"] = json.dumps(beside, indent=1).encode()


def edit_an_answer(files: Files) -> None:
    files["record/submission.json"] = files["record/submission.json"].replace(b"Repair", b"Damage")


def edit_the_decision(files: Files) -> None:
    files["record/decision.json"] = files["record/decision.json"].replace(b"Considered.", b"Wonderful.")


def swap_the_pdf(files: Files) -> None:
    files["record/pdf_full.pdf"] += b" "


def swap_evidence(files: Files) -> None:
    files[f"evidence/{file_hash(PAPER.content)}"] = b"%PDF-1.4 tenants are content"


def take_evidence_out(files: Files) -> None:
    del files[f"evidence/{file_hash(PAPER.content)}"]


def plant_a_file(files: Files) -> None:
    files["evidence/more.pdf"] = b"%PDF-1.4 never seen"


def recompute_without_the_key(files: Files) -> None:
    files["record/pdf_full.pdf"] = b"%PDF another"
    sealed_anew(files, documents={"pdf_full": file_hash(b"%PDF another")})


def forge_with_a_key_of_ones_own(files: Files) -> None:
    own = Signer(66)
    keys = json.loads(files["keys.json"])
    keys.append({"id": own.id, "public_key": own.public.hex(), "vouched_by": None, "vouch": None})
    files["keys.json"] = json.dumps(keys).encode()
    sealed_anew(files, own, key=own.id)


def call_a_key_by_another_name(files: Files) -> None:
    keys = json.loads(files["keys.json"])
    keys[0]["public_key"] = Signer(66).public.hex()
    files["keys.json"] = json.dumps(keys).encode()


def link_another_records_statement(files: Files) -> None:
    folder = "linked/00000003-supersede"
    header = json.loads(files[f"{folder}/header.json"]) | {"about": "another"}
    files[f"{folder}/header.json"] = canonical(header)


def take_a_proof_out(files: Files) -> None:
    del files["record/signature.json"]


def write_the_header_in_another_way(files: Files) -> None:
    files["record/header.json"] = json.dumps(json.loads(files["record/header.json"]), indent=1).encode()


ATTACKS = (
    *(edit_an_answer, edit_the_decision, swap_the_pdf, swap_evidence, take_evidence_out, plant_a_file),
    *(recompute_without_the_key, forge_with_a_key_of_ones_own, call_a_key_by_another_name),
    *(link_another_records_statement, take_a_proof_out, write_the_header_in_another_way),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_attack_on_a_bundle_is_seen_by_both(bundle, tmp_path, attack: Callable[[Files], None]):
    files = files_of(bundle)
    assert both(zipped(tmp_path / "copy.zip", files)) is GOOD  # the control: unpacking and packing changes nothing
    attack(files)
    assert files != files_of(bundle)
    assert both(zipped(tmp_path / "attacked.zip", files)) is TAMPERED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bundle_made_by_somebody_else_altogether_needs_a_key_or_an_anchor(people, bundle, tmp_path, settings):
    """All of it signed with another key: from inside it is perfect, and the report says what to compare."""
    files, own = files_of(bundle), Signer(66)
    files["keys.json"] = json.dumps(
        [{"id": own.id, "public_key": own.public.hex(), "vouched_by": None, "vouch": None}]
    ).encode()
    files = {name: content for name, content in files.items() if not name.startswith("linked/")}
    sealed_anew(files, own, key=own.id)
    path = zipped(tmp_path / "theirs.zip", files)
    (ours,) = signing_keys.known(settings.keys_folder)
    assert both(path) is GOOD
    assert both(path, "--key", ours, trusted=frozenset({ours})) is TAMPERED
    assert both(bundle, "--key", ours, trusted=frozenset({ours})) is GOOD
    honest = record_hash(files_of(bundle)["record/header.json"])
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(f"Kept in the records mailbox\nRecord hash: {honest}\n")
    anchors = read_anchors(receipt.read_text())
    assert both(path, "--anchors", str(receipt), anchors=anchors) is UNCHECKED
    assert both(bundle, "--anchors", str(receipt), anchors=anchors) is GOOD


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["", "Record hash: lost", "Kept by nobody", "Signing key: " + "0" * 32])
def test_anchors_that_say_nothing_are_not_taken_for_agreement(bundle, tmp_path, words):
    (tmp_path / "anchors.txt").write_text(words)
    assert both(bundle, "--anchors", str(tmp_path / "anchors.txt"), anchors=read_anchors(words)) is UNCHECKED


# ---- what cannot be read is an answer ----


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_damage_anywhere_in_the_file_is_never_taken_for_order(bundle, tmp_path):
    """Bytes all over the zip in turn. What only describes the zip may not matter; what was signed always does."""
    content, honest = bundle.read_bytes(), files_of(bundle)
    noticed = 0
    for place in range(0, len(content), 197):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        (tmp_path / "damaged.zip").write_bytes(damaged)
        if both(tmp_path / "damaged.zip") is not GOOD:
            noticed += 1
        else:
            with zipfile.ZipFile(tmp_path / "damaged.zip") as again:
                signed = honest.keys() - {"README.txt", "check.py"}
                assert {name: again.read(name) for name in signed} == {name: honest[name] for name in signed}
    assert noticed > 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half of a zip", b"not a zip at all"])
def test_what_is_no_bundle_could_not_be_checked(tmp_path, content, database_url):
    (tmp_path / "odd.zip").write_bytes(content)
    assert both(tmp_path / "odd.zip") is UNCHECKED
    assert both(tmp_path / "not there.zip") is UNCHECKED


@pytest.mark.parametrize("header", [b"[]", b"{}", b'{"kind":1}', b"[" * 50_000, b"\xff", b'{"a":1e999}', b'{"a":NaN}'])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_header_that_is_none_of_ours_is_tampering(bundle, tmp_path, header):
    files = files_of(bundle) | {"record/header.json": header}
    assert both(zipped(tmp_path / "odd.zip", files)) is TAMPERED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_name_twice_could_not_be_checked(bundle, tmp_path):
    """Two programs may read two different files under one name."""
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(bundle, "a") as opened:
        opened.writestr("record/decision.json", b"{}")
    assert both(bundle) is UNCHECKED


def test_a_file_larger_than_it_says_is_not_read_without_end(bundle, monkeypatch):
    monkeypatch.setattr(bundles, "LARGEST", 100)
    monkeypatch.setattr(script, "LARGEST", 100)
    assert both(bundle) is UNCHECKED


def test_the_script_knows_the_same_canonical_form():
    for value in ({"b": "é\u2028\x7f\t", "a": [1, True, None, -5, 2**53 - 1]}, {"": {"x": '\u0001\\"/'}}):
        assert script.canonical(value) == canonical(value)
    for odd in (1.5, 2**53, {"é": 1}, "\0"):
        with pytest.raises(ValueError, match="not a value that a record may hold"):
            script.canonical(odd)
    assert script.sha256(b"hea:key:v1\0", b"k" * 32)[:32] == key_id(b"k" * 32)
