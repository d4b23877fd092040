"""What changed since the last version: told word by word, short enough to read, and silent about what is exempt."""

import pytest

from hia_app.domain.report_changes import LONGEST, told
from hia_app.domain.report_source import EXEMPT

LONG = " ".join(f"word{number}" for number in range(200))


def change(before: str, after: str) -> dict[str, str]:
    return {"before": before, "after": after}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("At least 240 homes", "At least 180 homes", "At least [removed: 240] [added: 180] homes"),
        ("Repair of roofs", "Repair of roofs and walls", "Repair of roofs [added: and walls]"),
        ("", "A new answer", "New: A new answer"),
        ("An old answer", "", "No longer there. It said: An old answer"),
        (EXEMPT, EXEMPT, f"Changed: {EXEMPT}"),
        (EXEMPT, "Now told", f"Changed: {EXEMPT}"),
    ],
)
def test_a_change_is_told_in_words(before: str, after: str, words: str) -> None:
    assert told(change(before, after)) == words


def test_of_a_long_text_only_the_surroundings_of_a_change_are_told() -> None:
    text = told(change(LONG, LONG.replace("word100 ", "other ")))
    assert "[removed: word100] [added: other]" in text
    assert text.startswith("… word90 ")
    assert text.endswith(" word110 …")


def test_a_long_new_text_is_cut_and_says_so() -> None:
    text = told(change("", LONG * 3))
    assert len(text) < LONGEST + 100
    assert text.endswith("(the whole text is in the answers of that version)")
