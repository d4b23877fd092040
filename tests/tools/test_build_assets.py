"""The page assets carry their content in their names, and nothing that only GOV.UK may show."""

import re
from pathlib import Path

import pytest

from hia_app.web import assets
from tools import build_assets

BRANDED = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    ".govuk-body{font-family:GDS Transport,arial,sans-serif}"
    ".govuk-footer__copyright-logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
    "@supports (mask-position:initial){.govuk-footer__copyright-logo:before{mask-image:"
    "url(/assets/images/govuk-crest.svg)}}"
)


def test_typeface_and_crest_are_taken_out() -> None:
    assert build_assets.unbranded(BRANDED) == ".govuk-body{font-family:arial,sans-serif}"


def test_branding_in_a_place_we_do_not_know_stops_the_build() -> None:
    with pytest.raises(build_assets.AssetProblem, match="GDS Transport"):
        build_assets.unbranded('.govuk-new{font:1rem "GDS Transport"}')


def test_a_name_changes_with_the_content_of_the_file_and_of_those_it_names() -> None:
    before = build_assets.with_neighbours_named({"a.js": b'import "./b.js"', "b.js": b"1"})
    after = build_assets.with_neighbours_named({"a.js": b'import "./b.js"', "b.js": b"2"})
    assert before["a.js"][1] == f'import "./{before["b.js"][0]}"'.encode()
    assert before["b.js"][0] != after["b.js"][0]
    assert before["a.js"][0] != after["a.js"][0]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"a.js": b'import "./missing.js"'}, "not among the assets"),
        ({"a.js": b'import "./b.js"', "b.js": b'import "./a.js"'}, "circle"),
    ],
)
def test_a_neighbour_that_cannot_be_named_stops_the_build(found: dict[str, bytes], reason: str) -> None:
    with pytest.raises(build_assets.AssetProblem, match=reason):
        build_assets.with_neighbours_named(found)


def test_what_is_built_here_is_whole_and_unbranded() -> None:
    names = assets.manifest()
    assert {"govuk-frontend.min.css", "govuk-frontend.min.js"} <= names.keys()
    for logical, hashed in names.items():
        assert re.fullmatch(r".+-[0-9a-f]{12}\.\w+", hashed)
        built = assets.STATIC_FOLDER / hashed
        assert build_assets.hashed_name(logical, built.read_bytes()) == hashed
        if built.suffix == ".css":
            assert not build_assets.BRANDING_LEFT.search(built.read_text())
        if built.suffix in {".css", ".js"}:
            assert "sourceMappingURL" not in built.read_text()
    served = {path.name for path in assets.STATIC_FOLDER.iterdir() if path.is_file()}
    assert served == {*names.values(), "manifest.json"}


@pytest.mark.parametrize("font", build_assets.PDF_FONTS)
def test_every_font_for_documents_is_a_static_outline_font(font: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    path: Path = assets.STATIC_FOLDER / "fonts" / font
    with path.open("rb") as file:
        assert file.read(4) == b"\x00\x01\x00\x00"
    face = TTFont(font, str(path)).face
    needed = {"Naskh": "العربية", "Hebrew": "עברית", "SourceSans": "ŵŷ≤≥→✓ñłığΩЯṣ"}
    text = next(letters for name, letters in needed.items() if name in font)
    assert [letter for letter in text if ord(letter) not in face.charToGlyph] == []
