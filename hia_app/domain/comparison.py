"""What changed between two frozen states of an assessment: answer by answer, impact by impact, and in the rating."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from hia_app.domain.answers import as_text
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.report_impacts import facts_of
from hia_app.domain.report_source import Payload, Source, who_decides

Kind = Literal["proposal", "rating", "answer", "impact"]
Op = Literal["same", "removed", "added"]
FEWEST_WORDS = 3  # that stayed, between two changes, to be told as having stayed
MOST_PAIRS = 4_000_000  # of words that would have to be compared with one another


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different; an empty `before` is new, an empty `after` is gone."""

    kind: Kind
    place: str  # question id or the impact's name
    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        if not self.before:
            return "Added"
        return "Changed" if self.after else "Removed"

    @property
    def runs(self) -> list[tuple[Op, str]]:
        """Word by word, in reading order."""
        return word_differences(self.before, self.after)


def compare(before: Source, after: Source) -> tuple[Change, ...]:
    """Everything that differs, in the order of the report."""
    return (
        *_proposal(before.assessment, after.assessment),
        *_rating(before, after),
        *_impacts(before, after),
        *_answers(before, after, "screening"),
        *_answers(before, after, "assessment"),
    )


def word_differences(before: str, after: str) -> list[tuple[Op, str]]:
    """Runs of words that stayed, went or came; joining "same" and "added" gives `after` exactly.

    Between the words that both begin and end with, texts too long to match are told as one that went and one that came.
    """
    old, new = _words(before), _words(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    runs: list[tuple[Op, str]] = [("same", "".join(new[:start]))]
    if len(middle_old) * len(middle_new) > MOST_PAIRS:
        runs += [("removed", "".join(middle_old)), ("added", "".join(middle_new))]
    else:
        for op, i, j, k, m in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes():
            if op == "equal":
                runs.append(("same", "".join(middle_new[k:m])))
            else:
                runs += [("removed", "".join(middle_old[i:j])), ("added", "".join(middle_new[k:m]))]
    runs.append(("same", "".join(new[len(new) - end :])))
    return _readable([(op, text) for op, text in runs if text])


def _readable(runs: Sequence[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Changes with only a word or two between them are told as one, so that they can be read."""
    told: list[tuple[Op, str]] = []
    removed = added = ""
    for place, (op, text) in enumerate(runs):
        between = op == "same" and 0 < place < len(runs) - 1 and len(text.split()) < FEWEST_WORDS
        removed += text if op == "removed" or between else ""
        added += text if op == "added" or between else ""
        if op == "same" and not between:
            told += [("removed", removed), ("added", added), ("same", text)]
            removed = added = ""
    told += [("removed", removed), ("added", added)]
    return [(op, text) for op, text in told if text]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _different(kind: Kind, place: str, label: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(kind, place, label, before, after)


def _proposal(before: Payload, after: Payload) -> Iterator[Change]:
    for name, label in (("title", "Title"), ("summary", "Summary"), ("scheme_title", "Type of scheme")):
        yield from _different("proposal", name, label, before[name], after[name])
    yield from _different("proposal", "decided_by", "Who decides", who_decides(before), who_decides(after))


def _rating(before: Source, after: Source) -> Iterator[Change]:
    def words(source: Source) -> str:
        rating = source.rating
        return f"{rating.label} (rule {rating.rule}). {rating.robustness.sentence}" if rating else ""

    yield from _different("rating", "rating", "Rating", words(before), words(after))


def _impacts(before: Source, after: Source) -> Iterator[Change]:
    """Impacts are the same when one was carried over from the other, whatever they are called now."""
    old = {impact["id"]: impact for impact in before.payload["impacts"]}
    for impact in after.payload["impacts"]:
        was = old.pop(impact["id"], None) or old.pop(impact.get("origin") or "", None)
        if was is None:
            yield Change("impact", impact["name"], f"Impact {impact['name']}", "", _impact(after, impact))
            continue
        then, now = _facts(before, was), _facts(after, impact)
        for label in dict.fromkeys((*now, *then)):
            yield from _different(
                "impact", impact["name"], f"Impact {impact['name']}: {label}", then.get(label, ""), now.get(label, "")
            )
    for impact in old.values():
        yield Change("impact", impact["name"], f"Impact {impact['name']}", _impact(before, impact), "")


def _facts(source: Source, impact: Payload) -> dict[str, str]:
    return {"in one sentence": impact["sentence"], **dict(facts_of(source, impact))}


def _impact(source: Source, impact: Payload) -> str:
    return "\n".join(f"{label}: {text}" for label, text in _facts(source, impact).items() if text)


def _answers(before: Source, after: Source, which: str) -> Iterator[Change]:
    old, new = _texts(before, which), _texts(after, which)
    for question_id, (label, text) in new.items():
        yield from _different("answer", question_id, label, old.pop(question_id, ("", ""))[1], text)
    for question_id, (label, text) in old.items():
        yield from _different("answer", question_id, label, text, "")


def _texts(source: Source, which: str) -> dict[str, tuple[str, str]]:
    questionnaire = source.screening if which == "screening" else source.questionnaire
    rows: Sequence[Mapping[str, Any]] = source.payload["answers"][which]
    return {
        row["question"]: (
            questionnaire.question_by_id[row["question"]].text,
            _text(questionnaire, row["question"], row["value"]),
        )
        for row in rows
    }


def _text(questionnaire: Questionnaire, question_id: str, value: Any) -> str:
    shown = as_text(questionnaire.question_by_id[question_id], value, questionnaire)
    if isinstance(shown, str):
        return shown
    lines = []
    for entry in shown:
        if isinstance(entry, dict):
            lines.append("; ".join(f"{label}: {text}" for label, text in entry.items() if text))
        else:
            lines.append(entry)
    return "\n".join(lines)
