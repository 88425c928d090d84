"""What was acknowledged is on the disk."""

from pathlib import Path

from webapp import create_app
from webapp.config import Config
from webapp.extensions import db

FULL = 2


def test_sqlite_writes_ahead_and_flushes_each_commit(tmp_path: Path) -> None:
    config = Config(
        database_url=f"sqlite:///{tmp_path}/factory.db",
        data_dir=tmp_path,
        redis_url="unix:///nonexistent/valkey.sock",
        secret_key="a secret of the tests",
        testing=True,
    )

    with create_app(config).app_context():
        with db.engine.connect() as connection:
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            flushed = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        db.engine.dispose()

    assert (journal, flushed) == ("wal", FULL)
