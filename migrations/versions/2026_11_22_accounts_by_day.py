"""Accounts, derived from history, calendars and claims"""

import sqlalchemy as sa
from alembic import op

revision = "d4e6081a3b32"
down_revision = "c3d5f7192a21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_book",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("known_to", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("book_id", name=op.f("pk_account_book")),
    )
    op.create_table(
        "account_block",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("book_id", "hours", "hour", name=op.f("pk_account_block")),
    )
    op.create_table(
        "account_stale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_stale")),
    )
    op.create_index("ix_account_stale_book_id", "account_stale", ["book_id"])
    op.create_index("ix_claims_opened", "claims", ["opened"])
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )


def downgrade() -> None:
    op.drop_index("ix_claims_opened", "claims")
    for table in ("directory_version", "account_stale", "account_block", "account_book"):
        op.drop_table(table)
