"""Long work counts the turns that were lost on it"""

import sqlalchemy as sa
from alembic import op

revision = "d4e5f7a03b32"
down_revision = "c3d4e6f92a21"
branch_labels = None
depends_on = None

WORKED_ON = ("state_imports", "order_imports", "proposals")


def upgrade() -> None:
    for table in WORKED_ON:
        op.add_column(table, sa.Column("lost_turns", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table in WORKED_ON:
        op.drop_column(table, "lost_turns")
