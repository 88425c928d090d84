"""Screens on the wall, and the codes that pair them"""

import sqlalchemy as sa
from alembic import op

revision = "3a4b5d609198"
down_revision = "293a4c5f8087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "displays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("playlist", sa.JSON(), nullable=False),
        sa.Column("night_from", sa.String(length=5), nullable=False),
        sa.Column("night_to", sa.String(length=5), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_by", sa.String(length=80), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("showing", sa.String(length=60), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("heeded", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_displays"),
        sa.UniqueConstraint("digest", name="uq_displays_digest"),
    )
    op.create_table(
        "pairing_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairing_codes"),
        sa.UniqueConstraint("digest", name="uq_pairing_codes_digest"),
        sa.UniqueConstraint("proof", name="uq_pairing_codes_proof"),
    )
    op.create_index("ix_pairing_codes_made_at", "pairing_codes", ["made_at"])


def downgrade() -> None:
    op.drop_table("pairing_codes")
    op.drop_table("displays")
