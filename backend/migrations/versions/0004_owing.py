"""What documents are owed, and the log by day: what the dashboard and an account's page add up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.store.owing import owing_of

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "owed": sa.BigInteger(),
    "owed_currency": sa.String(3),
    "owed_by": sa.String(64),
    "due_on": sa.String(10),
    "paid_on": sa.String(10),
    "days_to_pay": sa.Integer(),
}
INDEXES = (
    ("ix_link_owed", "link", ["org_id", "tenant_id", "owed"]),
    ("ix_link_owed_by", "link", ["org_id", "tenant_id", "owed_by"]),
    ("ix_log_row_day", "log_row", ["org_id", "tenant_id", "at", "module", "status"]),
)


def upgrade() -> None:
    """Add the figures, reckon them for the documents known already, and make them quick to add."""
    for name, kind in COLUMNS.items():
        op.add_column("link", sa.Column(name, kind))
    _reckon()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Forget the figures; they follow from what is kept."""
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for name in reversed(COLUMNS):
        op.drop_column("link", name)


def _reckon() -> None:
    link = sa.table("link", sa.column("id"), sa.column("face"), *map(sa.column, COLUMNS))
    connection = op.get_bind()
    for row in connection.execute(sa.select(link.c.id, link.c.face)).all():
        face = _read(row.face)
        if face.get("money"):
            found = owing_of(face)
            connection.execute(link.update().where(link.c.id == row.id).values(**found))


def _read(held: object) -> Mapping[str, Any]:
    face = json.loads(held) if isinstance(held, str) else held
    return face if isinstance(face, Mapping) else {}
