"""Column blocks of sealed history, and what tells that they still hold"""

import sqlalchemy as sa
from alembic import op

revision = "a2c4e6081b10"
down_revision = "b19d517f61a1"
branch_labels = None
depends_on = None


BLOCKS = ("hour_block", "day_block", "day_base")


def upgrade() -> None:
    with op.batch_alter_table("progress") as progress:
        progress.add_column(sa.Column("kept_from_hour", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("cell_head") as heads:
        heads.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    _blocks()
    op.create_table(
        "corrected",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("first_hour", sa.Integer(), nullable=False),
        sa.Column("last_hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrected")),
    )
    op.create_index(op.f("ix_corrected_book_id"), "corrected", ["book_id"])


def _blocks() -> None:
    op.create_table(
        "hour_block",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("book_id", "hour", name=op.f("pk_hour_block")),
    )
    op.create_table(
        "day_block",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("over", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("book_id", "day", "state", name=op.f("pk_day_block")),
    )
    op.create_table(
        "day_base",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("book_id", "day", name=op.f("pk_day_base")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in BLOCKS:
            op.execute(f"ALTER TABLE {table} ALTER data SET STORAGE EXTERNAL")


def downgrade() -> None:
    for table in ("corrected", *BLOCKS):
        op.drop_table(table)
    with op.batch_alter_table("cell_head") as heads:
        heads.drop_column("revision")
    with op.batch_alter_table("progress") as progress:
        progress.drop_column("kept_from_hour")
