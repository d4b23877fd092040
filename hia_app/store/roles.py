"""On PostgreSQL two roles share the work: one owns the tables and migrates, the app's may only read and add there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hia_app.store.jobs import SCHEMA as JOBS

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class BadRoleName(ValueError):
    """A role name that would need quoting; choose lower-case letters, digits and underscores."""


def grants(database: str, app: str, frozen: Iterable[str]) -> str:
    """SQL for whoever owns the tables, to be run after each `hia db upgrade`; running it again changes nothing."""
    for name in (app, database):
        if not _NAME.fullmatch(name):
            raise BadRoleName(f"{name!r}: only lower-case letters, digits and underscores")
    tables = ", ".join(sorted(frozen))
    return f"""-- {app}: the role in HEA_DATABASE_URL. The one in HEA_DATABASE_OWNER_URL owns the tables and runs this.
-- Once before, as a superuser: CREATE ROLE {app} LOGIN PASSWORD '...' NOSUPERUSER NOCREATEDB NOCREATEROLE;
BEGIN;
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {app};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM {app};
GRANT USAGE ON SCHEMA public TO {app};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
-- The tables of the background work, which `hia db upgrade` makes.
GRANT USAGE ON SCHEMA {JOBS} TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {JOBS} TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {JOBS} TO {app};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {JOBS} TO {app};
-- What is frozen can be read and added to, and nothing else.
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {tables} FROM {app};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {app};
COMMIT;
"""  # noqa: S608  (both names were checked above)
