"""Reasons, notes on intervals, restated figures"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "e5f7192b4c43"
down_revision = "d4e6081a3b32"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
