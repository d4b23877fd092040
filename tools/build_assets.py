"""Makes static/built/: the styles, scripts and PDF fonts of pages and documents, named after their content.

GOV.UK Frontend is taken without what only GOV.UK itself may show: its typeface, its crest and its icons.
A style sheet or script may name another asset as `./NAME`; the built copy names the built file instead.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "static"
BUILT = STATIC / "built"

GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
EXPO = PACKAGES / "@expo-google-fonts"
OWN_FOLDERS = ("css", "js", "images")
TEXT_SUFFIXES = {".css", ".js", ".svg"}

PDF_FONTS = {
    "SourceSans3-Regular.ttf": EXPO / "source-sans-3/400Regular/SourceSans3_400Regular.ttf",
    "SourceSans3-Bold.ttf": EXPO / "source-sans-3/700Bold/SourceSans3_700Bold.ttf",
    "SourceSans3-Italic.ttf": EXPO / "source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf",
    "SourceSans3-BoldItalic.ttf": EXPO / "source-sans-3/700Bold_Italic/SourceSans3_700Bold_Italic.ttf",
    "NotoNaskhArabic-Regular.ttf": EXPO / "noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
    "NotoSansHebrew-Regular.ttf": EXPO / "noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf",
}

# What only GOV.UK may show; each is dropped or replaced, and none may be left (`refuse_branding`).
UNBRANDING = (
    (re.compile(r"@font-face\s*\{[^}]*\}"), ""),
    (re.compile(r"GDS Transport,\s*"), ""),
    (re.compile(r"@supports[^{]*\{\.govuk-footer__copyright-logo:before\{[^}]*\}\}"), ""),
    (re.compile(r"\.govuk-footer__copyright-logo:before\{[^}]*\}"), ""),
)
BRANDING_LEFT = re.compile(r"GDS Transport|@font-face|url\(\s*['\"]?/assets/|govuk-crest")
# The map files are not served, and asking for them would be a failed request in the browser.
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
NEIGHBOUR = re.compile(r"(?<=[\"'(])\./([\w.-]+)(?=[\"')])")


class AssetProblem(Exception):
    """Something that keeps the assets from being built, said in words for the person at the terminal."""


def unbranded(css: str) -> str:
    """GOV.UK Frontend's style sheet without typeface and crest; refuses when some of them is left."""
    for pattern, replacement in UNBRANDING:
        css = pattern.sub(replacement, css)
    left = BRANDING_LEFT.search(css)
    if left:
        raise AssetProblem(f"GOV.UK branding is left in the style sheet: {left.group()}")
    return css


def sources() -> dict[str, bytes]:
    """Every asset by its logical name, before neighbours are named."""
    for needed in (GOVUK, *PDF_FONTS.values()):
        if not needed.exists():
            raise AssetProblem(f"{needed.relative_to(ROOT)} is missing; run `npm ci` first.")
    css = (GOVUK / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (GOVUK / "govuk-frontend.min.js").read_text(encoding="utf-8")
    found = {
        "govuk-frontend.min.css": SOURCE_MAP.sub("", unbranded(css)).encode(),
        "govuk-frontend.min.js": SOURCE_MAP.sub("", script).encode(),
    }
    for folder in OWN_FOLDERS:
        for path in sorted((STATIC / folder).glob("*.*")):
            if path.name in found:
                raise AssetProblem(f"Two assets are called {path.name}; every name may be used once.")
            found[path.name] = path.read_bytes()
    return found


def hashed_name(name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"


def with_neighbours_named(found: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Logical name -> (hashed name, content), each `./NAME` pointing at the hashed name of its neighbour."""
    finished: dict[str, tuple[str, bytes]] = {}

    def finish(name: str, asked_by: tuple[str, ...]) -> str:
        if name in asked_by:
            raise AssetProblem("These assets name each other in a circle: " + ", ".join(asked_by))
        if name not in finished:
            content = found[name]
            if Path(name).suffix in TEXT_SUFFIXES:

                def named(match: re.Match[str]) -> str:
                    neighbour = match.group(1)
                    if neighbour not in found:
                        raise AssetProblem(f"{name} names ./{neighbour}, which is not among the assets.")
                    return "./" + finish(neighbour, (*asked_by, name))

                content = NEIGHBOUR.sub(named, content.decode("utf-8")).encode()
            finished[name] = (hashed_name(name, content), content)
        return finished[name][0]

    for name in found:
        finish(name, ())
    return finished


def write(finished: dict[str, tuple[str, bytes]]) -> None:
    """Writes new files first and the manifest last, so that a running server never names a missing file."""
    fonts = BUILT / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for name, source in PDF_FONTS.items():
        shutil.copyfile(source, fonts / name)
    for hashed, content in finished.values():
        (BUILT / hashed).write_bytes(content)
    manifest = {name: hashed for name, (hashed, _) in sorted(finished.items())}
    draft = BUILT / "manifest.json.new"
    draft.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    draft.replace(BUILT / "manifest.json")
    kept = {*manifest.values(), "manifest.json"}
    for path in BUILT.iterdir():
        if path.is_file() and path.name not in kept:
            path.unlink()


def main() -> int:
    try:
        finished = with_neighbours_named(sources())
        write(finished)
    except AssetProblem as problem:
        print(f"build_assets: {problem}", file=sys.stderr)
        return 1
    print(f"{len(finished)} assets and {len(PDF_FONTS)} fonts in {BUILT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
