"""Passwords: which are accepted, how they are kept, and how they are checked without telling who exists."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from hia_app.config import Settings
from hia_app.domain.errors import InvalidInput

LONGEST = 256
FEWEST_OF_OWN = 5  # different characters that must remain when well-known words are taken away

# The words that lists of stolen passwords are made of. What counts is what is left without them, so that
# "Password2026!!" is refused and "purple password for the kettle" is not.
_COMMON = (
    "correcthorsebatterystaple", "passphrase", "password", "passwort", "passw0rd", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwerty", "asdfgh", "azerty", "1q2w3e4r5t6y", "1q2w3e4r", "q1w2e3r4", "1qaz2wsx3edc", "1qaz2wsx", "abcdefghijkl",
    "letmein", "welcome", "changeme", "administrator", "admin", "login", "secret", "default", "iloveyou", "trustno",
    "sunshine", "princess", "football", "baseball", "liverpool", "arsenal", "chelsea", "manchester", "monkey", "dragon",
    "superman", "batman", "master", "shadow", "michael", "charlie", "computer", "internet", "starwars", "pokemon",
    "whatever", "freedom", "hello", "summer", "winter", "spring", "autumn", "january", "february", "march", "april",
    "june", "july", "august", "september", "october", "november", "december", "monday", "friday", "council", "local",
    "government", "health", "equity", "assessment", "abc", "test", "user", "guest", "love", "pass", "word",
)  # fmt: skip
_LOOKALIKES = str.maketrans("0134578@$!+", "oieastbasit")
_RUNS = (
    "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "qwertyuiop", "asdfghjkl",
    "zxcvbnm",
)  # fmt: skip


def check(password: str, *, own_words: Iterable[str], settings: Settings) -> str:
    """The password as it will be hashed; raises InvalidInput saying what to change. `own_words` may not make it up."""
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Cn"} for letter in password):
        raise InvalidInput({"password": "Use only characters that can be typed: letters, digits, signs and spaces."})
    password = _normal(password)
    if len(password) < settings.password_length:
        raise InvalidInput(
            {"password": f"Use at least {settings.password_length} characters. Three or four words make a good one."}
        )
    if len(password) > LONGEST:
        raise InvalidInput({"password": f"Use at most {LONGEST} characters."})
    if _is_easily_guessed(password, own_words):
        raise InvalidInput(
            {
                "password": "This password is easily guessed: it is common, a pattern, or made of your name or the "
                "council's. Three or four words that do not belong together make a good one."
            }
        )
    return password


def hashed(password: str, settings: Settings) -> str:
    """What is kept of a password that `check` has accepted."""
    return _hasher(settings.argon2_memory_kib, settings.argon2_rounds).hash(password)


def is_right(password: str, kept: str | None, settings: Settings) -> bool:
    """Whether this is the password; without one to compare with, the same work is done and the answer is no."""
    hasher = _hasher(settings.argon2_memory_kib, settings.argon2_rounds)
    try:
        typed = _normal(password).encode("utf-8")
    except UnicodeEncodeError:
        typed = b""
    usable = kept is not None and 0 < len(password) <= LONGEST
    try:
        matches = hasher.verify(kept if usable and kept else _dummy(hasher), typed if usable else b"nobody")
    except (Argon2Error, InvalidHashError):
        return False
    return matches and usable


def is_outdated(kept: str, settings: Settings) -> bool:
    """Whether a kept hash was made at another cost than the settings ask for now."""
    return _hasher(settings.argon2_memory_kib, settings.argon2_rounds).check_needs_rehash(kept)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher(memory_kib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


@cache
def _dummy(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(32))


def _is_easily_guessed(password: str, own_words: Iterable[str]) -> bool:
    """Whether hardly anything is left without known words, also those written with signs (P@ssw0rd), and patterns."""
    plain = re.sub(r"[^\w@$!+]|_", "", password.casefold())
    own = {part for words in own_words for part in re.split(r"[\W_]+", words.casefold()) if len(part) > 2}
    known = {*_COMMON, *own}
    left = list(plain)
    for text in (plain, plain.translate(_LOOKALIKES)):
        for word in known:
            for found in re.finditer(re.escape(word), text):
                left[found.start() : found.end()] = " " * len(word)
    rest = "".join(left).replace(" ", "")
    return len(set(_without_runs(rest))) < FEWEST_OF_OWN


def _without_runs(text: str) -> str:
    """The text without stretches of four or more neighbours on the keyboard or in the alphabet."""
    kept, at = "", 0
    while at < len(text):
        length = 4
        while at + length <= len(text) and any(text[at : at + length] in run for run in _RUNS):
            length += 1
        step = length - 1 if length > 4 else 1
        kept += text[at : at + step] if step == 1 else ""
        at += step
    return kept
