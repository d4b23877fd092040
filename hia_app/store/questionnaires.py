"""The shelf: the questionnaires of this council, read from their folder once, with which are published or retired.

A council adds a scheme type by adding a file. A version listed in `published.toml` is frozen by its fingerprint; a
version that is not listed yet is in use too, and may still change. Of a questionnaire that takes new assessments, the
newest version that is not retired is the current one; retired versions stay for the assessments pinned to them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hia_app.domain.document_shapes import Problem
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.questionnaire_documents import load
from hia_app.domain.strict_yaml import LARGEST_FILE

FOLDER = Path(__file__).resolve().parents[2] / "questionnaires"
PUBLISHED = "published.toml"
SCREENING = "screening"
_STATES = ("published", "retired")


class ShelfRefused(ValueError):
    """The questionnaires on the shelf cannot be used; `problems` has every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Listing:
    """What published.toml says of one version."""

    fingerprint: str
    state: str  # published | retired


@dataclass(frozen=True)
class SchemeType:
    """What an assessment can be about: the current version of a questionnaire that takes new assessments."""

    id: str
    title: str
    summary: str
    version: int


class Shelf:
    """Every questionnaire version, by id and version."""

    def __init__(self, questionnaires: Iterable[Questionnaire], listed: Mapping[tuple[str, int], Listing]) -> None:
        self._versions = {(each.id, each.version): each for each in questionnaires}
        self._listed = dict(listed)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Shelf:
        """The shelf in this folder. Raises ShelfRefused: a shelf with a fault in it is not used at all."""
        files = sorted(folder.glob("*.yaml"))
        loaded = load({path.name: _content(path) for path in files})
        problems = list(loaded.problems)
        for file, questionnaire in loaded.by_file.items():
            if file != f"{questionnaire.id}-{questionnaire.version}.yaml":
                wanted = f"{questionnaire.id}-{questionnaire.version}.yaml"
                problems.append(Problem(file, None, None, f"the file must be called {wanted}"))
        problems += _shared_ids(loaded.questionnaires)
        listed, faults = _listings(folder / PUBLISHED)
        shelf = cls(loaded.questionnaires, listed)
        problems += faults or shelf.changed_since_publication()
        if problems:
            raise ShelfRefused(problems)
        return shelf

    def get(self, id: str, version: int) -> Questionnaire:
        """This version, also when retired. Raises KeyError."""
        return self._versions[id, version]

    def versions(self) -> tuple[tuple[Questionnaire, str], ...]:
        """Every version with its state (published, retired or unlisted), by title, the newest first."""
        ordered = sorted(self._versions.values(), key=lambda each: (each.kind, each.title, -each.version))
        return tuple((each, self.state(each.id, each.version)) for each in ordered)

    def state(self, id: str, version: int) -> str:
        listing = self._listed.get((id, version))
        return listing.state if listing else "unlisted"

    def current(self, id: str) -> Questionnaire:
        """The version for new assessments of this scheme type ("screening" for the screening). Raises KeyError."""
        newest = max(
            (version for name, version in self._versions if name == id and self.state(name, version) != "retired"),
            default=None,
        )
        if newest is None:
            raise KeyError(id)
        return self._versions[id, newest]

    def screening(self) -> Questionnaire:
        return self.current(SCREENING)

    def scheme_types(self) -> tuple[SchemeType, ...]:
        """What a new assessment can be about, schemes by title, then the base for any other kind of proposal."""
        ids = {
            id
            for (id, version), each in self._versions.items()
            if each.kind != "screening" and self.state(id, version) != "retired"
        }
        found = sorted((self.current(id) for id in ids), key=lambda each: (each.kind == "base", each.title))
        return tuple(SchemeType(each.id, each.title, each.summary, each.version) for each in found)

    def changed_since_publication(self) -> list[Problem]:
        """A problem for every listed version that is gone or no longer has its fingerprint."""
        problems = []
        for (id, version), listing in self._listed.items():
            file, questionnaire = f"{id}-{version}.yaml", self._versions.get((id, version))
            if questionnaire is None:
                problems.append(Problem(file, None, None, f"{PUBLISHED} lists this version, but it cannot be read"))
            elif questionnaire.fingerprint != listing.fingerprint:
                reason = (
                    f"this {listing.state} version has changed: its fingerprint is {questionnaire.fingerprint}, "
                    f"{PUBLISHED} says {listing.fingerprint}. Undo the change, or write it as version {version + 1}"
                )
                problems.append(Problem(file, None, None, reason))
        return problems


def check_paths(paths: Iterable[Path], folder: Path = FOLDER) -> list[Problem]:
    """Every problem in these files; a scheme may build on one of them, on a file beside it, or on one of `folder`."""
    texts: dict[str, str | bytes] = {}
    problems: list[Problem] = []
    places: set[Path] = {folder}
    for path in paths:
        try:
            texts[str(path)] = _content(path)
        except OSError as error:
            problems.append(Problem(str(path), None, None, f"cannot be read: {error.strerror or error}"))
        places.add(path.parent)
    return problems + list(load(texts, _bases(places, {Path(name).resolve() for name in texts})).problems)


def check_lines(paths: Iterable[Path], folder: Path = FOLDER) -> list[str]:
    """The same as lines to print: file, line, question and reason. No lines: all is well."""
    return [str(problem) for problem in check_paths(paths, folder)]


def publication_entry(questionnaire: Questionnaire) -> str:
    """The lines for published.toml that freeze this version."""
    name = f"{questionnaire.id}-{questionnaire.version}"
    return f'["{name}"]\nfingerprint = "{questionnaire.fingerprint}"\nstate = "published"\n'


def _content(path: Path) -> bytes:
    """The file, or just enough of one that is too large to be refused for it."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _bases(folders: Iterable[Path], checked: set[Path]) -> tuple[Questionnaire, ...]:
    """The usable bases in these folders, without the files being checked."""
    found: dict[tuple[str, int], Questionnaire] = {}
    for place in folders:
        beside = [path for path in sorted(place.glob("*.yaml")) if path.resolve() not in checked and path.is_file()]
        for each in load({str(path): _content(path) for path in beside}).questionnaires:
            if each.kind == "base":
                found.setdefault((each.id, each.version), each)
    return tuple(found.values())


def _listings(path: Path) -> tuple[dict[tuple[str, int], Listing], list[Problem]]:
    """What published.toml lists, and what is wrong with it. No file lists nothing."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError) as error:
        return {}, [Problem(path.name, None, None, f"cannot be read: {error}")]
    listed: dict[tuple[str, int], Listing] = {}
    problems: list[Problem] = []
    for name, entry in content.items():
        id, _, version = name.rpartition("-")
        if not id or not version.isascii() or not version.isdigit() or not _is_listing(entry):
            reason = f"“{name}” must be an id and version (core-1) with fingerprint and state ({' or '.join(_STATES)})"
            problems.append(Problem(path.name, None, None, reason))
        else:
            listed[id, int(version)] = Listing(entry["fingerprint"], entry["state"])
    return listed, problems


def _is_listing(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"fingerprint", "state"}
        and isinstance(entry["fingerprint"], str)
        and entry["state"] in _STATES
    )


def _shared_ids(questionnaires: Iterable[Questionnaire]) -> list[Problem]:
    """Answers are kept by question id, so a screening question must not share one with the assessment."""
    found = tuple(questionnaires)
    screening = {question.id for each in found if each.kind == "screening" for question in each.questions}
    return [
        Problem(f"{each.id}-{each.version}.yaml", None, question.id, "the screening has a question with this id")
        for each in found
        if each.kind != "screening"
        for question in each.questions
        if question.id in screening
    ]
