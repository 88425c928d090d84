"""One plan is proposed at a time: by the database"""

import sqlalchemy as sa
from alembic import op

revision = "c3d4e6f92a21"
down_revision = "b2c3d5e81910"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("status IN ('waiting', 'planning')")


def upgrade() -> None:
    # Were two asked for at one moment, the first one is made: the index could not be built over both.
    op.execute(
        "UPDATE proposals SET status = 'discarded', turn_until = NULL, ended_at = created_at "
        "WHERE status IN ('waiting', 'planning') "
        "AND id > (SELECT min(id) FROM proposals WHERE status IN ('waiting', 'planning'))"
    )
    op.create_index(
        "one_plan_at_a_time",
        "proposals",
        [sa.text("(1)")],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_index("one_plan_at_a_time", "proposals")
