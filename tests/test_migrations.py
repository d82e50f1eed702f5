"""The migrations make exactly the tables of the store, and can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from backend.store import live, places, tables, told
from backend.store.engine import make_engine
from backend.store.migrated import configuration, migrate, newest

METADATA = tables.Organisation.metadata
assert live.Pulse.metadata is told.Notice.metadata is places.Place.metadata is METADATA


def test_migrated_tables_are_the_declared_ones(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_migrations_go_up_and_down_and_up_again(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    migrate(empty_database_url)
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())
    command.downgrade(configuration(empty_database_url), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(empty_database_url)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest()
    engine.dispose()


def test_migrating_twice_changes_nothing(empty_database_url: str) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url)
    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
