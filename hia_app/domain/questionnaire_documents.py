"""From the texts of questionnaire files to questionnaires, or every problem with file, line and question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from hia_app.domain.document_shapes import Problem, Reading, read_record
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.questionnaire_building import Document, check_keys, resolve
from hia_app.domain.questionnaire_rules import findings
from hia_app.domain.strict_yaml import Page, YamlRefused, read

MOST_QUESTIONS = 500
_MOST_PROBLEMS = 100  # of one file; more than anybody reads


@dataclass(frozen=True)
class Loaded:
    """The questionnaires without a problem, by file; and the problems of the others."""

    by_file: Mapping[str, Questionnaire]
    problems: tuple[Problem, ...]

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        return tuple(self.by_file.values())


def load(texts: Mapping[str, str | bytes], bases: Iterable[Questionnaire] = ()) -> Loaded:
    """Read files (name → content). A scheme finds its base among them, or in `bases`."""
    opened = [_open(file, text) for file, text in texts.items()]
    opened.sort(key=lambda pair: pair[1] is not None and pair[1].kind == "scheme")  # a scheme after its base
    found: dict[tuple[str, int], Questionnaire] = {(base.id, base.version): base for base in bases}
    by_file: dict[str, Questionnaire] = {}
    files: dict[tuple[str, int], str] = {}
    for reading, document in opened:
        if document is None:
            continue
        name = (document.id, document.version)
        questionnaire = resolve(document, found, reading.refuse)
        if questionnaire is not None:
            _refuse_findings(questionnaire, reading)
        if name in files:
            reading.refuse(("id",), f"“{document.id}” version {document.version} is also in {files[name]}")
        if questionnaire is not None and not reading.problems:
            by_file[reading.file], files[name] = questionnaire, reading.file
            found[name] = questionnaire
    order = [file for file in texts if file in by_file]
    problems = [problem for reading, _ in opened for problem in _in_order(reading.problems)]
    return Loaded({file: by_file[file] for file in order}, tuple(problems))


def check(texts: Mapping[str, str | bytes], bases: Iterable[Questionnaire] = ()) -> list[Problem]:
    """Every problem in these files; none means that they can be used."""
    return list(load(texts, bases).problems)


def _open(file: str, text: str | bytes) -> tuple[Reading, Document | None]:
    try:
        page = read(text)
    except YamlRefused as refused:
        reading = Reading(file, Page({}))
        reading.problems.append(Problem(file, refused.line, None, refused.reason))
        return reading, None
    reading = Reading(file, page)
    if not isinstance(page.value, dict):
        reading.refuse((), "a questionnaire is a mapping that begins with “format: 1”")
        return reading, None
    document = read_record(Document, "questionnaire", page.value, (), reading)
    if not isinstance(document, Document) or document.kind is None or document.version is None:
        return reading, None
    check_keys(document, reading)
    return reading, document


def _refuse_findings(questionnaire: Questionnaire, reading: Reading) -> None:
    """Note what does not hold, at the line and question it belongs to."""
    if len(questionnaire.questions) > MOST_QUESTIONS:
        reading.refuse(("sections",), f"a questionnaire has at most {MOST_QUESTIONS} questions")
        return
    suggesting = {
        suggestion.id: question.id for question in questionnaire.questions for suggestion in question.suggests
    }
    for finding in islice(findings(questionnaire, frozenset(reading.broken)), 2 * _MOST_PROBLEMS):
        label, id = finding.place
        path = reading.places.get(finding.place, ())
        question = suggesting.get(id) if label == "suggestion" else id if label in ("question", "trigger") else None
        reading.refuse((*path, finding.key) if path and finding.key else path, finding.reason, question)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """By line, each once, and no more than anybody reads."""
    unique = sorted(set(problems), key=lambda problem: (problem.line or 0, problem.question or "", problem.reason))
    if len(unique) <= _MOST_PROBLEMS:
        return unique
    more = f"and {len(unique) - _MOST_PROBLEMS:,} more problems"
    return [*unique[:_MOST_PROBLEMS], Problem(unique[0].file, None, None, more)]
