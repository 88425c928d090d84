"""Accounts by day, derived from history, calendars and claims"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "d4e6081a3b32"
down_revision = "c3d5f7192a21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
