"""Imports of state history"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "f608192c5d54"
down_revision = "e5f7192b4c43"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
