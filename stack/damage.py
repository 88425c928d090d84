"""A SQLite file that must not be written to: looked for at each start, kept aside, told with the way back."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from stack.problems import Problem
from webapp.backups import sqlite
from webapp.backups.files import Backup, folder_of, newest_good
from webapp.config import Config

#: A start waits so long for a look at the whole file where the last run was stopped in order; then both go on.
SECONDS_AFTER_A_STOP = 1.0
#: A person who waits is told for what after so long.
PATIENCE = 2.0
STOPPED = "stopped-in-order"


def was_stopped_in_order(run: Path) -> bool:
    """Whether the last run was; from here on this one was not, until it says so."""
    note = run / STOPPED
    said = note.exists()
    note.unlink(missing_ok=True)
    return said


def note_a_stop(run: Path) -> None:
    (run / STOPPED).touch()


class Look:
    """A look at the whole of a database, which may go on beside whatever else is done."""

    def __init__(self, config: Config) -> None:
        self.config, self.path = config, sqlite.path_of(config.database_url)
        self.damage, self.unread = "", ""
        self._thread = Thread(target=self._through, name="look", daemon=True)

    def begin(self, seconds: float | None, say: Callable[[str], None]) -> None:
        """Wait for it, at most so many seconds; None: to its end. Raises Problem."""
        self._glance()
        self._thread.start()
        self._thread.join(PATIENCE if seconds is None else seconds)
        if seconds is None and self._thread.is_alive():
            size = sqlite.size(self.path) // 1_000_000
            say(f"Looking through {self.path} ({size:,} MB): the last run was not stopped in order")
            self._thread.join()
        self.refuse()
        if self.unread:
            self._refuse_unread(self.unread)

    def to_its_end(self) -> None:
        """For what may be written only once it is over. Raises Problem."""
        if self._thread.is_alive():
            self._thread.join()
        self.refuse()

    def found(self) -> bool:
        return bool(self.damage)

    def refuse(self) -> None:
        """Raises Problem where damage was found. Nobody may be writing any more."""
        if self.damage:
            raise Problem(_told(self.path, self.damage, self.config))

    def _glance(self) -> None:
        try:
            _check_start(self.path)
        except sqlite.Unread as no:
            self._refuse_unread(str(no))
        except (sqlite.Damaged, OSError) as damage:
            self.damage = str(damage)
        self.refuse()

    def _refuse_unread(self, why: str) -> None:
        raise Problem(f"The database {self.path} cannot be looked through: {why}")

    def _through(self) -> None:
        try:
            sqlite.look_through(self.path)
        except sqlite.Unread as no:
            self.unread = str(no)
        except (sqlite.Damaged, OSError) as damage:
            self.damage = str(damage)


def look_for_damage(config: Config, stopped_in_order: bool, say: Callable[[str], None] = lambda _: None) -> Look:
    """Raises Problem where the database is damaged, is another's, or is missing though it has backups.

    After a stop in order the look may still be under way: what it finds later ends the run.
    """
    look = Look(config)
    if config.on_sqlite and not _is_new(look.path, config.data_dir):
        look.begin(SECONDS_AFTER_A_STOP if stopped_in_order else None, say)
    return look


def _is_new(path: Path, data_dir: Path) -> bool:
    """Nothing there, or nothing in it, and nothing that says it was ever more."""
    empty = not path.exists() or not path.stat().st_size
    return empty and not sqlite.waiting(path) and not any(folder_of(data_dir).glob("factory-*.db"))


def _check_start(path: Path) -> None:
    if not path.exists():
        raise sqlite.Damaged("it is not there, though its backups are")
    sqlite.check_start(path)
    tables = sqlite.tables(path)
    if tables and "alembic_version" not in tables:
        raise Problem(f"{path} is the database of another program: set DATABASE_URL or DATA_DIR")


def _told(path: Path, damage: str, config: Config) -> str:
    folder = folder_of(config.data_dir)
    said = f"The database {path} is damaged: {damage}. {_kept_aside(path)}"
    good = newest_good(folder, sqlite.is_sound)
    if good is None:
        return f"{said} There is no good backup in {folder}; docs/operations.md says what can be tried"
    return f"{said} This puts back the newest good backup ({good.at:%Y-%m-%d %H:%M} UTC): {_command(good, config)}"


def _kept_aside(path: Path) -> str:
    """A copy of it, with what lies beside it; one, however often it is tried to start."""
    if not path.exists():
        return "Nothing was touched."
    try:
        aside = sqlite.damaged_name(path)
        if not aside.exists():
            _copy(path, aside)
    except OSError as error:
        return f"It was left as it is, and no copy could be made ({error.strerror})."
    return f"It was left as it is, and a copy is kept as {aside}."


def _copy(path: Path, aside: Path) -> None:
    """The database last: where it is, all of it is."""
    parts = [*(part for part in sqlite.beside(path) if not part.name.endswith("-shm")), path]
    if shutil.disk_usage(path.parent).free < 2 * sqlite.size(path):
        raise OSError(0, "the disk is too full")
    for part in parts:
        half = aside.with_name(f"{aside.name}.part")
        shutil.copy2(part, half)
        half.rename(str(part).replace(str(path), str(aside), 1))


def _command(good: Backup, config: Config) -> str:
    """To be typed in the program's folder."""
    told = {"DATA_DIR": str(config.data_dir)}
    if config.database_url != f"sqlite:///{config.data_dir}/factory.db":
        told["DATABASE_URL"] = config.database_url
    settings = [f"{name}={shlex.quote(value)}" for name, value in told.items()]
    return " ".join([*settings, ".venv/bin/flask --app webapp restore", shlex.quote(str(good.path))])
