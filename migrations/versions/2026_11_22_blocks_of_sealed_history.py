"""Column blocks of sealed history, and what tells that they still hold"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "a2c4e6081b10"
down_revision = "b19d517f61a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
