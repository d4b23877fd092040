"""The rules of an assessment stand on their own: they load without the web, the database or the documents."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = sorted(
    f"hia_app.domain.{path.stem}" for path in (ROOT / "hia_app" / "domain").glob("*.py") if path.stem != "__init__"
)
NEVER = ("flask", "sqlalchemy", "werkzeug", "jinja2", "wtforms", "reportlab", "psycopg", "sqlite3", "alembic")
PROBE = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps(list(sys.modules)))"


@pytest.mark.parametrize("module", DOMAIN)
def test_a_rule_loads_alone(module: str) -> None:
    loaded = subprocess.run([sys.executable, "-c", PROBE, module], cwd=ROOT, check=True, capture_output=True, text=True)
    assert set(NEVER) & set(json.loads(loaded.stdout)) == set()


def test_the_package_itself_loads_nothing() -> None:
    assert (ROOT / "hia_app" / "__init__.py").read_text() == ""
