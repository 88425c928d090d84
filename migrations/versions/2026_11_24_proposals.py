"""Plans proposed by the planner"""

import sqlalchemy as sa
from alembic import op

revision = "a1b2c4d7080f"
down_revision = "90a1b3c6f7fe"
branch_labels = None
depends_on = None

STATUS = ("waiting", "planning", "ready", "discarded", "failed")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUS, name="status", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("orders", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("begins", AT, nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("turn_until", AT, nullable=True),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("aim", sa.String(length=10), nullable=False),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("ends", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_status", "proposals", ["status"])


def downgrade() -> None:
    op.drop_table("proposals")
