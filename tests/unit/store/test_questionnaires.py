"""The shelf: a council adds a scheme by adding a file, and a published version never changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hia_app.store.questionnaires import (
    FOLDER,
    Shelf,
    ShelfRefused,
    check_lines,
    check_paths,
    publication_entry,
)
from tests.support.questionnaires import base_text, loaded, scheme_text

SMALL = base_text("- {id: q, type: date, text: Which day?, may_leave_out: true}")
SCREENING = (
    SMALL.replace("id: small", "id: screening", 1)
    .replace("kind: base", "kind: screening")
    .replace("{id: q,", "{id: s,")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small-1.yaml").write_text(SMALL)
    (tmp_path / "screening-1.yaml").write_text(SCREENING)
    return tmp_path


def publish(folder: Path, *entries: str) -> None:
    (folder / "published.toml").write_text("\n".join(entries))


def reasons(folder: Path) -> list[str]:
    with pytest.raises(ShelfRefused) as refused:
        Shelf.load(folder)
    assert str(refused.value).splitlines() == [str(problem) for problem in refused.value.problems]
    return [str(problem) for problem in refused.value.problems]


def test_a_scheme_type_is_added_by_adding_a_file(folder: Path) -> None:
    assert [scheme.id for scheme in Shelf.load(folder).scheme_types()] == ["small"]
    (folder / "transport-1.yaml").write_text(
        scheme_text("summary: Roads and buses.").replace("id: scheme", "id: transport").replace("A scheme", "Transport")
    )
    shelf = Shelf.load(folder)
    assert [(scheme.id, scheme.title, scheme.version) for scheme in shelf.scheme_types()] == [
        ("transport", "Transport", 1),
        ("small", "A small questionnaire", 1),
    ]
    assert shelf.current("transport").question_by_id["q"].text == "Which day?"


def test_the_screening_is_found_and_is_no_scheme_type(folder: Path) -> None:
    shelf = Shelf.load(folder)
    assert shelf.screening().id == "screening"
    assert "screening" not in [scheme.id for scheme in shelf.scheme_types()]


def test_the_newest_version_is_current_and_the_old_one_stays(folder: Path) -> None:
    (folder / "small-10.yaml").write_text(SMALL.replace("version: 1", "version: 10").replace("Which day", "What day"))
    shelf = Shelf.load(folder)
    assert shelf.current("small").version == 10
    assert shelf.get("small", 1).question_by_id["q"].text == "Which day?"
    assert [(each.id, each.version, state) for each, state in shelf.versions()] == [
        ("small", 10, "unlisted"),
        ("small", 1, "unlisted"),
        ("screening", 1, "unlisted"),
    ]


def test_a_retired_version_takes_no_new_assessments_but_can_be_read(folder: Path) -> None:
    publish(folder, publication_entry(loaded(SMALL)).replace("published", "retired"))
    shelf = Shelf.load(folder)
    assert shelf.get("small", 1).title == "A small questionnaire"
    assert shelf.state("small", 1) == "retired"
    assert shelf.scheme_types() == ()
    with pytest.raises(KeyError):
        shelf.current("small")


def test_a_published_version_is_known_as_such(folder: Path) -> None:
    publish(folder, publication_entry(loaded(SMALL)), publication_entry(loaded(SCREENING)))
    shelf = Shelf.load(folder)
    assert {state for _, state in shelf.versions()} == {"published"}
    assert shelf.changed_since_publication() == []


def test_a_published_version_that_changed_is_refused(folder: Path) -> None:
    publish(folder, publication_entry(loaded(SMALL)))
    (folder / "small-1.yaml").write_text(SMALL.replace("Which day?", "Which date?"))
    (reason,) = reasons(folder)
    assert reason.startswith("small-1.yaml: this published version has changed")
    assert "version 2" in reason


def test_a_comment_in_a_published_version_is_no_change(folder: Path) -> None:
    publish(folder, publication_entry(loaded(SMALL)))
    (folder / "small-1.yaml").write_text("# A note to authors\n" + SMALL)
    assert Shelf.load(folder).current("small").version == 1


def test_a_changed_base_breaks_the_published_scheme_on_it(folder: Path) -> None:
    (folder / "scheme-1.yaml").write_text(scheme_text(""))
    publish(folder, publication_entry(loaded(SMALL, scheme_text(""))))
    Shelf.load(folder)
    (folder / "small-1.yaml").write_text(SMALL.replace("Which day?", "Which date?"))
    assert reasons(folder)[0].startswith("scheme-1.yaml: this published version has changed")


def test_a_published_version_that_is_gone_is_missed(folder: Path) -> None:
    publish(folder, publication_entry(loaded(SMALL)))
    (folder / "small-1.yaml").unlink()
    (reason,) = reasons(folder)
    assert "published.toml lists this version, but it cannot be read" in reason


@pytest.mark.parametrize(
    "content",
    [
        "not toml",
        '["small"]\nfingerprint = "x"\nstate = "published"',
        '["small-one"]\nfingerprint = "x"\nstate = "published"',
        '["small-1"]\nfingerprint = "x"',
        '["small-1"]\nfingerprint = "x"\nstate = "draft"',
        '["small-1"]\nfingerprint = 5\nstate = "published"',
        '["small-1"]\nfingerprint = "x"\nstate = "published"\nextra = 1',
        'small-1 = "x"',
    ],
)
def test_a_faulty_list_of_published_versions_is_refused(folder: Path, content: str) -> None:
    (folder / "published.toml").write_text(content)
    assert reasons(folder)[0].startswith("published.toml: ")


def test_a_faulty_questionnaire_stops_the_shelf_with_every_problem(folder: Path) -> None:
    (folder / "bad-1.yaml").write_text("a: &b 1")
    (folder / "worse-1.yaml").write_text(
        SMALL.replace("type: date", "type: essay").replace("id: small", "id: worse", 1)
    )
    assert [reason.split(":")[0] for reason in reasons(folder)] == ["bad-1.yaml", "worse-1.yaml"]


def test_a_file_is_called_after_its_questionnaire(folder: Path) -> None:
    (folder / "small-1.yaml").rename(folder / "large-1.yaml")
    assert reasons(folder) == ["large-1.yaml: the file must be called small-1.yaml"]


def test_checking_files_names_every_problem(folder: Path) -> None:
    wrong = folder / "wrong.yaml"
    wrong.write_text(SMALL.replace("id: small", "id: wrong", 1).replace("text: Which day?", "colour: red"))
    lines = check_lines([folder / "small-1.yaml", wrong, folder / "gone.yaml"], folder)
    assert [line.removeprefix(str(folder)) for line in lines] == [
        "/gone.yaml: cannot be read: No such file or directory",
        "/wrong.yaml:18: question q: a question needs “text”",
        "/wrong.yaml:18: question q: unknown key 'colour' in a question",
    ]


def test_a_scheme_is_checked_with_a_base_beside_it_or_on_the_shelf(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    beside = folder / "new.yaml"
    beside.write_text(scheme_text("leave_out: [{question: q, reason: r}]"))
    assert check_paths([beside], tmp_path_factory.mktemp("empty")) == []
    apart = tmp_path_factory.mktemp("apart") / "new.yaml"
    shutil.copy(beside, apart)
    assert check_paths([apart], folder) == []
    (problem,) = check_paths([apart], tmp_path_factory.mktemp("empty"))
    assert "no usable questionnaire “small”" in problem.reason


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(3_000_000_000)  # sparse
    (problem,) = check_paths([huge], tmp_path)
    assert "larger than 1,000,000 bytes" in problem.reason


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (problem,) = check_paths([tmp_path], tmp_path)
    assert "cannot be read" in problem.reason


def test_the_shipped_shelf_is_sound_and_its_published_versions_are_unchanged() -> None:
    shelf = Shelf.load(FOLDER)
    assert shelf.changed_since_publication() == []
    assert {state for _, state in shelf.versions()} == {"published"}
    assert shelf.screening().triggers
    assert {"core", "regeneration"} <= {scheme.id for scheme in shelf.scheme_types()}
    for questionnaire, _ in shelf.versions():
        for section in questionnaire.sections:
            assert section.questions, f"{questionnaire.id}: nothing is asked in {section.id}"


def test_a_screening_question_shares_no_id_with_the_assessment(folder: Path) -> None:
    (folder / "screening-1.yaml").write_text(SCREENING.replace("{id: s,", "{id: q,"))
    assert reasons(folder) == ["small-1.yaml: question q: the screening has a question with this id"]
