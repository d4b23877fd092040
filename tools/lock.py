"""Writes the lock files again after a dependency changed: exact versions and hashes, no hosts, no paths."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ALWAYS = (
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet",
)  # fmt: skip
# The test set is resolved within the running set, so that tests run on the very versions that officers use.
LOCKS = (
    ("requirements.txt", ("pyproject.toml",)),
    ("requirements-dev.txt", ("pyproject.toml", "--group", "dev", "--constraints", "requirements.txt")),
    ("requirements-node.txt", ("--group", "node")),
)


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "bin"))
    if uv is None:
        print("lock: needs uv (`python3 -m pip install uv`).", file=sys.stderr)
        return 1
    upgrade = ("--upgrade",) if "--upgrade" in sys.argv[1:] else ()
    for name, arguments in LOCKS:
        command = [uv, "pip", "compile", *arguments, *ALWAYS, *upgrade, "-o", name]
        subprocess.run(command, cwd=ROOT, check=True)
        print(f"{name} written")
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)
    print("package-lock.json written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
