"""History by months, on PostgreSQL"""

import sqlalchemy as sa  # noqa: F401
from alembic import op  # noqa: F401

revision = "07192a3d6e65"
down_revision = "f608192c5d54"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
