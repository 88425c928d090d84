"""A SQLite file that must not be written to: found before anything is started, told with the way back, not touched."""

import shlex
import sqlite3
from pathlib import Path

from stack.problems import Problem
from webapp.backups import sqlite
from webapp.backups.files import Backup, folder_of, newest_good
from webapp.config import Config

#: A look at the whole file ends after so many seconds; a run that was stopped in order has left little to look for.
SECONDS, SECONDS_AFTER_A_STOP = 20.0, 1.0
STOPPED = "stopped-in-order"


def was_stopped_in_order(run: Path) -> bool:
    """Whether the last run was; from here on this one was not, until it says so."""
    note = run / STOPPED
    said = note.exists()
    note.unlink(missing_ok=True)
    return said


def note_a_stop(run: Path) -> None:
    (run / STOPPED).touch()


def refuse_damage(config: Config, stopped_in_order: bool) -> None:
    """Raises Problem where the database is damaged, is another's, or is missing though it has backups."""
    if not config.on_sqlite:
        return
    path = sqlite.path_of(config.database_url)
    if _is_new(path, config.data_dir):
        return
    try:
        _look(path, SECONDS_AFTER_A_STOP if stopped_in_order else SECONDS)
    except (sqlite.Damaged, OSError) as damage:
        raise Problem(_told(path, str(damage), config)) from None


def _is_new(path: Path, data_dir: Path) -> bool:
    """Nothing there, or nothing in it, and nothing that says it was ever more."""
    empty = not path.exists() or not path.stat().st_size
    return empty and not sqlite.waiting(path) and not any(folder_of(data_dir).glob("factory-*.db"))


def _look(path: Path, seconds: float) -> None:
    if not path.exists():
        raise sqlite.Damaged("it is not there, though its backups are")
    sqlite.check(path, seconds)
    try:
        tables = sqlite.tables(path)
    except sqlite3.Error as error:
        raise sqlite.Damaged(str(error)) from None
    if tables and "alembic_version" not in tables:
        raise Problem(f"{path} is the database of another program: set DATABASE_URL or DATA_DIR")


def _told(path: Path, damage: str, config: Config) -> str:
    folder = folder_of(config.data_dir)
    said = f"The database {path} is damaged: {damage}. It was left as it is."
    good = newest_good(folder, lambda backup: sqlite.is_sound(backup, SECONDS))
    if good is None:
        return f"{said} There is no good backup in {folder}; docs/operations.md says what can be tried"
    return f"{said} This puts back the newest good backup ({good.at:%Y-%m-%d %H:%M} UTC): {_command(good, config)}"


def _command(good: Backup, config: Config) -> str:
    """To be typed in the program's folder."""
    told = {"DATA_DIR": str(config.data_dir)}
    if config.database_url != f"sqlite:///{config.data_dir}/factory.db":
        told["DATABASE_URL"] = config.database_url
    settings = [f"{name}={shlex.quote(value)}" for name, value in told.items()]
    return " ".join([*settings, ".venv/bin/flask --app webapp restore", shlex.quote(str(good.path))])
