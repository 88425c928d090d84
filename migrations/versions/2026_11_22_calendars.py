"""Calendars: shifts, breaks, holidays"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "c3d5f7192a21"
down_revision = "a2c4e6081b10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
