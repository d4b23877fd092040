"""How migrations reach the database: the address comes from `hia_app.db.upgrade`."""

from alembic import context
from sqlalchemy import create_engine, event, pool

from hia_app.store import jobs
from hia_app.store.tables import Base


def _ours(name, kind, _parents):
    """On SQLite the tables of the background work stand beside ours; its own package migrates them."""
    return kind != "table" or name not in jobs.TABLES


config = context.config
address = config.attributes.get("address") or config.get_main_option("sqlalchemy.url")

engine = create_engine(address, poolclass=pool.NullPool)
if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def _transactional_ddl(connection, _):  # pysqlite would otherwise commit before DDL
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        compare_type=True,
        include_name=_ours,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
