"""Indexes from which pages are drawn without reading whole rows: money owed and paid, histories."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

# Never ``active`` beside the module: with four equal columns an index would look as good as the
# one by record id to a planner that has no statistics.
HOME = ["org_id", "tenant_id", "module"]
BEFORE = {
    "ix_link_owed": ("link", ["org_id", "tenant_id", "owed"]),
    "ix_link_owed_by": ("link", ["org_id", "tenant_id", "owed_by"]),
}
AFTER = {
    "ix_link_owed": (
        "link",
        [*HOME, "owed", "owed_currency", "owed_by", "due_on", "active"],
    ),
    "ix_link_owed_by": ("link", [*HOME, "owed_by", "owed"]),
    "ix_link_paid": ("link", [*HOME, "paid_on", "owed_currency", "days_to_pay", "active"]),
    "ix_log_row_record": ("log_row", [*HOME, "zoho_id", "id"]),
}


def upgrade() -> None:
    """Replace two indexes by ones that hold all a sum needs, and add two."""
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    """Back to the narrow ones."""
    _replace(AFTER, BEFORE)


def _replace(old: dict[str, tuple[str, list[str]]], new: dict[str, tuple[str, list[str]]]) -> None:
    for name, (table, _columns) in old.items():
        op.drop_index(name, table_name=table)
    for name, (table, columns) in new.items():
        op.create_index(name, table, columns)
