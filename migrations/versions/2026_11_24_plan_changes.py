"""Changes of the plan, to be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "b2c3d5e81910"
down_revision = "a1b2c4d7080f"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("taken_back_at", AT, nullable=True),
        sa.Column("taken_back_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_changes"),
    )
    op.create_index("ix_plan_changes_at", "plan_changes", ["at"])


def downgrade() -> None:
    op.drop_table("plan_changes")
