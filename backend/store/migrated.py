"""Bringing the database to the newest shape, and knowing which shape that is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def configuration(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Run every migration that has not run yet."""
    command.upgrade(configuration(url), "head")


@cache
def newest() -> str | None:
    """The revision this program needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()
