"""Organisations, connections and who is signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

TABLES = (
    "leader",
    "login",
    "organisation",
    "user_session",
    "xero_token",
    "zoho_connection",
    "xero_connection",
)


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    create_leader()
    create_login()
    create_organisation()
    create_user_session()
    create_xero_token()
    create_zoho_connection()
    create_xero_connection()


def downgrade() -> None:
    """Drop the tables again."""
    for name in reversed(TABLES):
        op.drop_table(name)


def create_leader() -> None:
    """Create the table leader."""
    op.create_table(
        "leader",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leader")),
    )


def create_login() -> None:
    """Create the table login."""
    op.create_table(
        "login",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("org_id", sa.String(32)),
        sa.Column("user", sa.JSON(), nullable=False),
        sa.Column("handoff_hash", sa.String(64)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("redeemed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("handoff_hash", name=op.f("uq_login_handoff_hash")),
    )


def create_organisation() -> None:
    """Create the table organisation."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("zoho_org_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(64)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("paused_until", sa.DateTime(timezone=True)),
        sa.Column("pause_key", sa.String(80)),
        sa.Column("pause_params", sa.JSON(), nullable=False),
        sa.Column("next_sweep_at", sa.DateTime(timezone=True)),
        sa.Column("last_good_sync_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("zoho_org_id", name=op.f("uq_organisation_zoho_org_id")),
    )


def create_user_session() -> None:
    """Create the table user_session."""
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("user", sa.JSON(), nullable=False),
        sa.Column("refresh_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_user_session_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_user_session_refresh_hash")),
    )
    op.create_index(op.f("ix_user_session_org_id"), "user_session", ["org_id"])
    op.create_index(op.f("ix_user_session_previous_hash"), "user_session", ["previous_hash"])


def create_xero_token() -> None:
    """Create the table xero_token."""
    op.create_table(
        "xero_token",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("xero_user_id", sa.String(64), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=False),
        sa.Column("access_token", sa.LargeBinary(), nullable=False),
        sa.Column("previous_refresh_token", sa.LargeBinary()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_xero_token_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xero_token")),
        sa.UniqueConstraint(
            "org_id", "xero_user_id", name=op.f("uq_xero_token_org_id_xero_user_id")
        ),
    )


def create_zoho_connection() -> None:
    """Create the table zoho_connection."""
    op.create_table(
        "zoho_connection",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("accounts_server", sa.String(255), nullable=False),
        sa.Column("api_domain", sa.String(255), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary()),
        sa.Column("access_token", sa.LargeBinary()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason_key", sa.String(80)),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("user_name", sa.String(255), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organisation.id"],
            name=op.f("fk_zoho_connection_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_zoho_connection")),
    )


def create_xero_connection() -> None:
    """Create the table xero_connection."""
    op.create_table(
        "xero_connection",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("connection_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason_key", sa.String(80)),
        sa.Column("token_id", sa.String(32)),
        sa.Column("connected_by", sa.String(255), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True)),
        sa.Column("lost_at", sa.DateTime(timezone=True)),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organisation.id"],
            name=op.f("fk_xero_connection_org_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["xero_token.id"],
            name=op.f("fk_xero_connection_token_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xero_connection")),
        sa.UniqueConstraint(
            "org_id", "tenant_id", name=op.f("uq_xero_connection_org_id_tenant_id")
        ),
    )
    op.create_index(op.f("ix_xero_connection_org_id"), "xero_connection", ["org_id"])
    op.create_index(op.f("ix_xero_connection_tenant_id"), "xero_connection", ["tenant_id"])
