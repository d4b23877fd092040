"""Only what an author can see is read; everything surprising in YAML is refused at once, with its line."""

from __future__ import annotations

import time

import pytest

from hia_app.domain.strict_yaml import DEEPEST, LARGEST_FILE, MOST_VALUES, YamlRefused, read

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("off", "off"),
        ("yes", "yes"),
        ("null", "null"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("'true'", "true"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ('"12"', "12"),
        ("012", "012"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("1.5", "1.5"),
        ("1e9", "1e9"),
        (".nan", ".nan"),
        ("12:30:00", "12:30:00"),
        ("2026-11-23", "2026-11-23"),
        ("9999999999999999", "9999999999999999"),
        ('""', ""),
        ("[a, 1, true]", ["a", 1, True]),
        ("{b: {c: d}}", {"b": {"c": "d"}}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_a_value_is_what_was_written(written: str, value: object) -> None:
    assert read(f"a: {written}").value == {"a": value}


def test_lines_are_known_for_every_part() -> None:
    page = read("a: 1\nb:\n  - x\n  - c: y\n    d: z\n")
    assert page.line(("b",)) == 2
    assert page.line(("b", 1)) == 4
    assert page.line(("b", 1, "d")) == 5
    assert page.line(("b", 1, "d", "deeper", 7)) == 5


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert read(b"\xef\xbb\xbfa: 1").value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: &x 2", 2, "anchors (&x)"),
        ("a: *x", 1, "aliases (*x)"),
        ("a: !!str 1", 1, "tags"),
        ("a: ! 1", 1, "tags"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tags"),
        ("a: 1\n<<: {b: 1}", 2, "merge keys"),
        ("a: 1\nb: 2\na: 3", 3, "“a” is written twice"),
        ('a: 1\n"a": 3', 2, "“a” is written twice"),
        ("a: {b: 1, b: 2}", 1, "“b” is written twice"),
        ("? [a]\n: 1", 1, "a key must be a single word"),
        ("? {a: b}\n: 1", 1, "a key must be a single word"),
        (f"{'k' * 61}: 1", 1, "1 to 60 characters"),
        ("a:", 1, "no value here"),
        ("a: ~", 1, "no value here"),
        ("- \n- b", 1, "no value here"),
        ("a: 1\n---\nb: 2", 2, "more than one document"),
        ("%YAML 1.1\n---\na: 1", 1, "%YAML"),
        ("%TAG ! tag:x,2000:\n---\na: 1", 1, "%YAML or %TAG"),
        ("", None, "empty"),
        ("# only a comment\n", None, "empty"),
        ("a: [1", 2, "not YAML"),
        ("a: b: c", 1, "not YAML"),
        ("a: 'open", 1, "not YAML"),
        ("a:\n\t- b", 2, "not YAML"),
        ("a: 1\nb: \x00", 2, "U+0000"),
        ("a: \ud800", 1, "U+D800"),
        ("a: \x1b[31m", 1, "U+001B"),
        ('a: "\\0"', 1, "character that text cannot have"),
        ('a: "\\x07"', 1, "character that text cannot have"),
        (b"a: 1\nb: \xff\xfe", 2, "not UTF-8"),
        (f"a: {'x' * 20_001}", 1, "longer than 20,000"),
    ],
)
def test_what_is_refused(text: str | bytes, line: int | None, reason: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        read(text)
    assert reason in refused.value.reason
    assert refused.value.line == line


def test_depth_has_a_limit_that_is_exact() -> None:
    deepest = "[" * DEEPEST + "1" + "]" * DEEPEST
    assert read(deepest).value
    with pytest.raises(YamlRefused, match="nested more than 12 deep"):
        read(f"[{deepest}]")


def test_size_has_a_limit_that_is_exact() -> None:
    assert read(b"a: 1\n#" + b"x" * (LARGEST_FILE - 6)).value == {"a": 1}
    for text in (b"a: 1\n#" + b"x" * (LARGEST_FILE - 5), "a: 1\n#" + "é" * (LARGEST_FILE // 2)):
        with pytest.raises(YamlRefused, match="larger than 1,000,000 bytes"):
            read(text)


def test_the_number_of_values_has_a_limit_that_is_exact() -> None:
    assert len(read("\n".join(f"- {n}" for n in range(MOST_VALUES - 1))).value) == MOST_VALUES - 1  # type: ignore[arg-type]
    with pytest.raises(YamlRefused, match="more than 20,000 values"):
        read("\n".join(f"- {n}" for n in range(MOST_VALUES)))


HOSTILE: dict[str, str | bytes] = {
    "5 MB of questions": b"- {id: q, type: note, text: t}\n" * 170_000,
    "10 MB scalar": b"a: " + b"x" * 10 * MEGABYTE,
    "1 MB scalar": "a: '" + "x" * (MEGABYTE - 10) + "'",
    "depth 100 in flow": "[" * 100 + "]" * 100,
    "depth 100 in block": "".join("  " * depth + f"k{depth}:\n" for depth in range(100)),
    "a megabyte of brackets": "[" * MEGABYTE,
    "a megabyte of braces": "{a: " * (MEGABYTE // 4),
    "a megabyte of question marks": "? " * (MEGABYTE // 2),
    "a megabyte of dashes": "- " * (MEGABYTE // 2),
    "500,000 values": "[" + "a," * (MEGABYTE // 2 - 1) + "]",
    "alias bomb": "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n",
    "merge bomb": "a: {<<: [{<<: [{b: c}]}]}",
    "anchors without end": "[" + "&a x," * (MEGABYTE // 6) + "]",
    "documents without end": "---\n" * (MEGABYTE // 4),
    "an open quote": 'a: "' + "\n" * (MEGABYTE - 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly(name: str) -> None:
    began = time.process_time()
    with pytest.raises(YamlRefused):
        read(HOSTILE[name])
    assert time.process_time() - began < 0.5
