"""Sets the product up on a fresh machine and runs, tests, checks or measures it; needs nothing but Python.

Every step of the set-up prints what it did, and is skipped while what it was made from has not changed.
"""

from __future__ import annotations  # so that a Python too old still gets as far as saying so

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMPS = VENV / "setup-stamps.json"
OLDEST_PYTHON = (3, 11)

RUNNING, TESTING = "requirements.txt", "requirements-dev.txt"

COMMANDS = """usage: python3 tools/bootstrap.py COMMAND

  run                set up, then serve the app with demonstration data on 127.0.0.1 (PORT, else 8000)
  test [PYTEST ...]  set up, then run the tests; anything after `test` goes to pytest
  check              set up, then run the linters, the type checker and the layer contracts
  format             set up, then put the code in one layout
  bench              set up, then measure the speed of the main pages
  setup              set up only
"""


# Starts under /bin/sh and hands itself to Python, as a path with blanks may not stand in the first line.
LAUNCHER = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from {module} import {function}

sys.exit({function}())
"""


class SetupProblem(Exception):
    """Something the person at the terminal has to put right, said in their words."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def call(command: Sequence[str | Path], *, quiet: bool = False) -> None:
    """Runs one command of the set-up; its output is shown when it fails, or when it is not `quiet`."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=tool_environment(),
        check=False,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if done.returncode != 0:
        shown = f"\n{done.stdout}" if quiet else ""
        raise SetupProblem(f"`{' '.join(words)}` ended with {done.returncode}.{shown}")


def tool_environment() -> dict[str, str]:
    """The caller's environment with .venv/bin first, so that a Node.js installed there is found."""
    return {**os.environ, "PATH": os.pathsep.join((str(BIN), os.environ.get("PATH", os.defpath)))}


def digest(paths: Iterable[Path], *words: str) -> str:
    """One fingerprint of files' names and contents and of some words."""
    found = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def stamps() -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept


def keep_stamp(name: str, fingerprint: str) -> None:
    STAMPS.write_text(json.dumps({**stamps(), name: fingerprint}, indent=2), encoding="utf-8")


def step(name: str, fingerprint: str, outputs: Iterable[Path], work: Callable[[], str]) -> None:
    """Does `work` unless it was done for the same fingerprint and its outputs are still there."""
    if stamps().get(name) == fingerprint and all(output.exists() for output in outputs):
        return
    started = time.monotonic()
    done = work()
    say(f"{done} ({time.monotonic() - started:.1f} s)")
    keep_stamp(name, fingerprint)


def environment_is_sound() -> bool:
    """Whether .venv was finished, here (a moved one breaks), with a Python that is new enough."""
    made_at = stamps().get("environment")
    if made_at is not None or not PYTHON.exists():
        return made_at == str(ROOT) and PYTHON.exists()
    probe = f"import pip, sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([PYTHON, "-c", probe], check=False, stderr=subprocess.DEVNULL).returncode == 0


def make_environment() -> None:
    """.venv, made with the Python that runs this script; a broken or moved one is made again."""
    if not environment_is_sound():
        started = time.monotonic()
        shutil.rmtree(VENV, ignore_errors=True)
        uv = shutil.which("uv")
        try:
            if uv:
                call((uv, "venv", "--seed", "--quiet", "--python", sys.executable, VENV), quiet=True)
            else:
                call((sys.executable, "-m", "venv", VENV), quiet=True)
        except SetupProblem as problem:
            hint = "On Debian and Ubuntu: apt-get install python3-venv"
            raise SetupProblem(f"No Python environment could be made in .venv. {hint}\n{problem}") from None
        say(f"Python environment in .venv ({time.monotonic() - started:.1f} s)")
    if "environment" not in stamps():
        keep_stamp("environment", str(ROOT))


def install(lock: str) -> str:
    """Installs exactly the packages a lock file names, each checked against its hash."""
    say(f"installing the packages of {lock} ...")
    uv = shutil.which("uv")
    installer: tuple[str | Path, ...] = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check")
    if uv:
        installer = (uv, "pip", "install", "--python", PYTHON)
    # A lock file is complete, so nothing has to be looked up besides.
    call((*installer, "--no-deps", "--require-hashes", "-r", lock), quiet=True)
    return f"packages of {lock}"


def install_packages(wanted: str) -> None:
    """The test set holds the whole running set at the same versions, so it also serves for running."""
    enough = (RUNNING, TESTING) if wanted == RUNNING else (TESTING,)
    if stamps().get("packages") not in {digest([ROOT / lock]) for lock in enough}:
        step("packages", digest([ROOT / wanted]), (), lambda: install(wanted))


def declared(section: str) -> dict[str, str]:
    """The plain texts of one section of pyproject.toml: key -> text."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition(f"[{section}]")[2]
    return dict(re.findall(r'^([\w-]+)\s*=\s*"([^"]*)"', text.partition("\n[")[0], re.MULTILINE))


def packages_folder() -> Path:
    return next((VENV / "lib").glob("python3.*")) / "site-packages"


def install_project() -> None:
    """Makes the working copy importable in .venv, under its name and version, without building a package."""
    project, commands = declared("project"), declared("project.scripts")
    folder = packages_folder()
    path_file = folder / f"{project['name']}.pth"
    known_as = project["name"].replace("-", "_")
    metadata = folder / f"{known_as}-{project['version']}.dist-info"

    def write() -> str:
        for former in folder.glob(f"{known_as}-*.dist-info"):
            shutil.rmtree(former)
        metadata.mkdir()
        described = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (metadata / "METADATA").write_text(described, encoding="utf-8")
        path_file.write_text(f"{ROOT}\n", encoding="utf-8")
        for command, target in commands.items():
            module, _, function = target.partition(":")
            script = BIN / command
            text = LAUNCHER.format(python=PYTHON, module=module, function=function)
            script.write_text(text, encoding="utf-8")
            script.chmod(0o755)
        return f"commands {', '.join(commands)} in .venv/bin"

    outputs = (path_file, metadata, *(BIN / command for command in commands))
    step("project", digest((), str(ROOT), json.dumps([project, commands])), outputs, write)


def install_node_packages() -> None:
    """Page styles and fonts from npm; where Node.js is missing, one is installed into .venv first."""
    locked = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]

    def fetch() -> str:
        if shutil.which("npm", path=tool_environment()["PATH"]) is None:
            say("no Node.js found: installing one into .venv")
            install("requirements-node.txt")
        npm = shutil.which("npm", path=tool_environment()["PATH"])
        if npm is None:
            raise SetupProblem("npm was not found even after installing Node.js into .venv; install Node.js 20.")
        call((npm, "ci", "--loglevel=error"), quiet=True)
        return "page styles and fonts in node_modules"

    step("node_modules", digest(locked), (ROOT / "node_modules" / ".package-lock.json",), fetch)


def build_assets() -> None:
    made_from = [ROOT / "tools" / "build_assets.py", ROOT / "package-lock.json"]
    for folder in ("css", "js", "images"):
        made_from += (path for path in (ROOT / "static" / folder).glob("*.*") if path.is_file())
    built = ROOT / "static" / "built"

    def build() -> str:
        call((PYTHON, "tools/build_assets.py"), quiet=True)
        return "page assets in static/built"

    step("assets", digest(made_from), (built / "manifest.json", built / "fonts"), build)


def set_up(packages: str) -> None:
    make_environment()
    install_packages(packages)
    install_project()
    install_node_packages()
    build_assets()


def in_environment(*command: str) -> int:
    """Runs one program of .venv and gives its exit code."""
    words = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(words, cwd=ROOT, env=tool_environment(), check=False).returncode


def become(*command: str) -> None:
    """Replaces this process, so that Ctrl-C and signals reach the program itself."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(BIN / command[0], list(command), tool_environment())


def run(arguments: Sequence[str]) -> int:
    set_up(RUNNING)
    become("python", "-m", "tools.serve_demonstration", *arguments)
    return 0


def test(arguments: Sequence[str]) -> int:
    set_up(TESTING)
    become("python", "-m", "pytest", "-n", "2", *arguments)
    return 0


CHECKS = (
    ("layout", ("ruff", "format", "--check", "--quiet", ".")),
    ("rules", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports", "--no-logo")),
    ("templates", ("djlint", "hia_app/web/templates", "--lint", "--quiet")),
)


def check(_arguments: Sequence[str]) -> int:
    """Runs every check, also after one failed, so that one run tells all."""
    set_up(TESTING)
    failed = []
    for name, command in CHECKS:
        print(f"== {name}: {' '.join(command)}", flush=True)
        if in_environment(*command) != 0:
            failed.append(name)
    print(f"checks failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def format_code(_arguments: Sequence[str]) -> int:
    set_up(TESTING)
    return in_environment("ruff", "check", "--fix", "--quiet", ".") or in_environment("ruff", "format", ".")


def bench(arguments: Sequence[str]) -> int:
    set_up(TESTING)
    become("python", "-m", "bench", *arguments)
    return 0


def setup(_arguments: Sequence[str]) -> int:
    set_up(TESTING if os.environ.get("CI") else RUNNING)
    say("everything is in place")
    return 0


ACTIONS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "format": format_code,
    "bench": bench,
    "setup": setup,
}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in ACTIONS:
        print(COMMANDS, end="")
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        advice = f"needs Python {wanted} or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 run"
        print(f"setup: {advice}", file=sys.stderr)
        return 1
    try:
        return ACTIONS[arguments[0]](arguments[1:])
    except SetupProblem as problem:
        print(f"setup: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
