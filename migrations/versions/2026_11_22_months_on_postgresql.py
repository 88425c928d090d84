"""History by months, on PostgreSQL; and which cells flap"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "07192a3d6e65"
down_revision = "f608192c5d54"
branch_labels = None
depends_on = None

MONTHLY = ("state_change", "cell_hour")


def upgrade() -> None:
    with op.batch_alter_table("sightings") as sightings:
        sightings.add_column(sa.Column("flapping_since", sa.DateTime(timezone=True), nullable=True))
        sightings.add_column(sa.Column("flaps", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for table in MONTHLY:
            _divide(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in MONTHLY:
            _replace(table, "")
    with op.batch_alter_table("sightings") as sightings:
        sightings.drop_column("flaps")
        sightings.drop_column("flapping_since")


def _divide(table: str) -> None:
    """What there is gets its months at once; the months ahead are made by the program that keeps them."""
    first, last = op.get_bind().execute(sa.text(f"SELECT min(hour), max(hour) FROM {table}")).one()
    _replace(table, "PARTITION BY RANGE (hour)", [] if first is None else list(_months(first, last)))


def _months(first: int, last: int) -> list[tuple[str, int, int]]:
    """(its name, its first hour, the one behind it)"""
    found, at = [], datetime.fromtimestamp(first * 3600, UTC)
    year, month = at.year, at.month
    while (begin := _hour(year, month)) <= last:
        year, month, name = year + month // 12, month % 12 + 1, f"{year:04}_{month:02}"
        found.append((name, begin, _hour(year, month)))
    return found


def _hour(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) // 3600


def _replace(table: str, by: str, months: list[tuple[str, int, int]] | None = None) -> None:
    """The same table, in parts or in one; its key keeps its name."""
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{table}_before")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_before) {by}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({_key(table)})")
    if months is not None:
        op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
    for name, begin, end in months or ():
        op.execute(f"CREATE TABLE {table}_{name} PARTITION OF {table} FOR VALUES FROM ({begin}) TO ({end})")
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")
    op.execute(f"DROP TABLE {table}_before")


def _key(table: str) -> str:
    return "hour, book_id, cell_id, off" if table == "state_change" else "hour, book_id, cell_id"
