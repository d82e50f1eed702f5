"""The work on records: log, requests, runs, mappings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

TABLES = ("webhook_note", "log_row", "mapping", "module_state", "run", "click_request", "run_item")


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    create_webhook_note()
    create_log_row()
    create_mapping()
    create_module_state()
    create_run()
    create_click_request()
    create_run_item()


def downgrade() -> None:
    """Drop the tables again."""
    for name in reversed(TABLES):
        op.drop_table(name)


def create_webhook_note() -> None:
    """Create the table webhook_note."""
    op.create_table(
        "webhook_note",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("org_id", sa.String(32)),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_note")),
    )
    op.create_index(op.f("ix_webhook_note_org_id"), "webhook_note", ["org_id"])
    op.create_index(op.f("ix_webhook_note_received_at"), "webhook_note", ["received_at"])


def create_log_row() -> None:
    """Create the table log_row."""
    op.create_table(
        "log_row",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32)),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("zoho_id", sa.String(40)),
        sa.Column("xero_id", sa.String(64)),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("trigger", sa.String(16), nullable=False),
        sa.Column("operation", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("message_key", sa.String(80)),
        sa.Column("message_params", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("by", sa.String(255)),
        sa.Column("run_id", sa.String(32)),
        sa.Column("remote_request", sa.String(80)),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_log_row_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_row")),
    )
    op.create_index(op.f("ix_log_row_cause"), "log_row", ["org_id", "message_key", "id"])
    op.create_index(op.f("ix_log_row_link"), "log_row", ["link_id", "id"])
    op.create_index(op.f("ix_log_row_page"), "log_row", ["org_id", "id"])


def create_mapping() -> None:
    """Create the table mapping."""
    op.create_table(
        "mapping",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(255)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_mapping_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping")),
        sa.UniqueConstraint(
            "org_id", "module", "version", name=op.f("uq_mapping_org_id_module_version")
        ),
    )


def create_module_state() -> None:
    """Create the table module_state."""
    op.create_table(
        "module_state",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("zoho_cursor", sa.DateTime(timezone=True)),
        sa.Column("xero_cursor", sa.DateTime(timezone=True)),
        sa.Column("deleted_cursor", sa.DateTime(timezone=True)),
        sa.Column("last_good_sync_at", sa.DateTime(timezone=True)),
        sa.Column("whole_read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_module_state_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("org_id", "tenant_id", "module", name=op.f("pk_module_state")),
    )


def create_run() -> None:
    """Create the table run."""
    op.create_table(
        "run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("preview_id", sa.String(32)),
        sa.Column("ids", sa.JSON()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(255)),
        sa.Column("message_key", sa.String(80)),
        sa.Column("message_params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_run_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_org"), "run", ["org_id", "created_at"])


def create_click_request() -> None:
    """Create the table click_request."""
    op.create_table(
        "click_request",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("outcome", sa.JSON()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_click_request_link_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organisation.id"],
            name=op.f("fk_click_request_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click_request")),
    )
    op.create_index(op.f("ix_click_request_open"), "click_request", ["org_id", "link_id", "state"])


def create_run_item() -> None:
    """Create the table run_item."""
    op.create_table(
        "run_item",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32)),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("zoho_id", sa.String(40)),
        sa.Column("xero_id", sa.String(64)),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("operation", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON()),
        sa.Column("totals", sa.JSON()),
        sa.Column("message_key", sa.String(80)),
        sa.Column("message_params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_item_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_item")),
    )
    op.create_index(op.f("ix_run_item_page"), "run_item", ["run_id", "id"])
