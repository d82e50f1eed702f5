"""How Alembic reaches the database: by the address it is told, else by the settings."""

from __future__ import annotations

from alembic import context

from backend.settings import Settings
from backend.store import live, places, tables, told
from backend.store.engine import make_engine

KNOWN = (tables.Organisation, live.Pulse, told.Notice, places.Place)
"""One table of each file, so that every file's tables are known."""
METADATA = KNOWN[0].metadata


def run() -> None:
    """Bring the database to the wanted revision, all of it in one transaction."""
    if context.is_offline_mode():
        raise SystemExit("migrations need the database itself; --sql is not supported")
    url = context.config.get_main_option("sqlalchemy.url") or Settings.from_env().database_url
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=METADATA,
                render_as_batch=connection.dialect.name == "sqlite",
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
