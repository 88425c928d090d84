"""When a person last looked at a board"""

import sqlalchemy as sa
from alembic import op

revision = "18293b4e7f76"
down_revision = "07192a3d6e65"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_looks_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "what", name=op.f("pk_looks")),
    )


def downgrade() -> None:
    op.drop_table("looks")
