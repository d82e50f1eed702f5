"""Brings a test database to the newest schema, the way the product does it."""

from alembic import command
from alembic.config import Config

from dev_tools.console import ROOT


def configuration(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "backend" / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Run every migration."""
    command.upgrade(configuration(url), "head")
