"""Words that somebody must give with what they do: checked once, here."""

from __future__ import annotations

from hia_app.domain.errors import InvalidInput
from hia_app.domain.typed import Unclear, clean_text

LONGEST_REASON = 4_000


def reason_given(text: str, ask: str, *, field: str = "reason") -> str:
    """The reason as it will be kept; raises InvalidInput with `ask` when there is none."""
    return text_given(text, field=field, characters=LONGEST_REASON, ask=ask, lines=True)


def text_given(text: str, *, field: str, characters: int, ask: str = "", lines: bool = False) -> str:
    """A text as it will be kept; with `ask` it may not be empty. Raises InvalidInput."""
    try:
        words = clean_text(text, lines=lines, characters=characters)
    except Unclear as unclear:
        raise InvalidInput({field: unclear.message}) from None
    if ask and not words:
        raise InvalidInput({field: ask})
    return words
