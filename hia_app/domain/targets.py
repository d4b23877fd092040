"""What a point, a comment or a mark is about, in the words of the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping

from hia_app.domain.questionnaire import Questionnaire


def target_label(questionnaire: Questionnaire, kind: str, target: str, names: Mapping[str, str]) -> str:
    """A question's text, "Section: …" or "Impact I3"; `names` are the impacts by id."""
    if kind == "question" and target in questionnaire.question_by_id:
        return questionnaire.question_by_id[target].text
    if kind == "section" and target in questionnaire.section_by_id:
        return f"Section: {questionnaire.section_by_id[target].title}"
    return f"Impact {names.get(target, target)}"
