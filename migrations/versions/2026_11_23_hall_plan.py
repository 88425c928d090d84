"""Where each cell stands in the hall"""

revision = "293a4c5f8087"
down_revision = "18293b4e7f76"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
