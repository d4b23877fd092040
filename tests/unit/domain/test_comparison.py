"""What changed: complete, exact to the word, and nothing where nothing changed."""

from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.comparison import Change, word_differences

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_runs_hold_both_texts_exactly(before: str, after: str) -> None:
    runs = word_differences(before, after)
    assert "".join(text for op, text in runs if op != "removed") == after
    assert "".join(text for op, text in runs if op != "added") == before


@given(TEXTS)
def test_the_same_text_has_no_difference(text: str) -> None:
    assert {op for op, _ in word_differences(text, text)} <= {"same"}


def test_one_word_in_a_sentence_is_one_word() -> None:
    assert word_differences("240 homes in Holbeck", "180 homes in Holbeck") == [
        ("removed", "240 "),
        ("added", "180 "),
        ("same", "homes in Holbeck"),
    ]


def test_very_long_texts_that_share_nothing_are_told_as_one_and_the_other() -> None:
    before, after = "begin " + "old " * 3_000 + "end", "begin " + "new " * 3_000 + "end"
    assert [op for op, _ in word_differences(before, after)] == ["same", "removed", "added", "same"]


def test_a_word_added_to_a_very_long_text_is_one_word() -> None:
    long = "one two three " * 20_000
    assert word_differences(long, long + "four") == [("same", long), ("added", "four")]


def test_what_came_and_went_is_said_in_a_word() -> None:
    assert [Change("answer", "q", "Q", *texts).words for texts in (("", "a"), ("a", ""), ("a", "b"))] == [
        "Added",
        "Removed",
        "Changed",
    ]
