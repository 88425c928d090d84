"""A PostgreSQL database: dumped and put back by its own programs, of a version that understands it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from webapp.backups.files import BackupFailed
from webapp.config import inherited

#: Where Debian keeps them, by version and off the PATH.
DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
CONNECT_SECONDS = 5
#: The schemas in which a restore keeps what was there before.
ASIDE = "before_restore_"
#: As the product names its connections.
OURS = "dream factory"
CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = %s
"""


def dump(url: str, target: Path) -> None:
    """As it is at one moment. Those who write wait for nothing; who changes tables waits. Raises BackupFailed."""
    with _asked(url) as connection:
        program = tool("pg_dump", connection.info.server_version // 10_000)
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*", f"--file={target}"]
    run([program, *words, *target_words(url)], url)
    read_through(target)


def read_through(dump: Path) -> None:
    """All of it, as a restore would. Raises BackupFailed where that fails."""
    run([tool("pg_restore"), "--file=/dev/null", str(dump)])


def revision(dump: Path) -> str | None:
    """The migration it stands at; None: it is no dump of this product."""
    said = run([tool("pg_restore"), "--data-only", "--table=alembic_version", "--file=-", str(dump)])
    row = re.search(r"^COPY .*alembic_version .*\n(\w+)$", said, re.MULTILINE)
    return row[1] if row else None


def size(url: str) -> int:
    with _asked(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def connected(url: str) -> int:
    """How many connections of the product there are."""
    with _asked(url) as connection:
        row = connection.execute(CONNECTED, (OURS,)).fetchone()
    return int(row[0]) if row else 0


def tool(name: str, server: int = 0) -> str:
    """The program of that name: of the server's own version, else the oldest that is newer. Raises BackupFailed."""
    found = sorted(_found(name))
    for version, path in found:
        if version >= server:
            return path
    has = f"; there is only that of {found[-1][0]}" if found else ""
    wanted = f" of PostgreSQL {server} or newer" if server else ""
    package = f"postgresql-client-{server}" if server else "postgresql-client"
    raise BackupFailed(f"{name}{wanted} is needed{has} (Debian: apt-get install {package})")


def _found(name: str) -> Iterator[tuple[int, str]]:
    on_path = shutil.which(name)
    for path in [*(str(path) for path in DEBIAN.glob(f"*/bin/{name}")), *([on_path] if on_path else [])]:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        if version := VERSION.search(said):
            yield int(version[1]), path


@contextmanager
def _asked(url: str) -> Iterator[Any]:
    import psycopg  # a quarter of a second that a start with SQLite need not spend

    try:
        with psycopg.connect(_libpq(url), connect_timeout=CONNECT_SECONDS, autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise BackupFailed(f"The database cannot be reached: {str(error).strip().splitlines()[0]}") from None


def _libpq(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def target_words(url: str) -> list[str]:
    """Whose database, as words for the command line, which everybody on the machine can read: no password."""
    from psycopg.conninfo import make_conninfo

    told = {name: value for name, value in _told(url).items() if name != "password"}
    return [f"--dbname={make_conninfo('', **told)}"]


def _password(url: str) -> dict[str, str]:
    password = _told(url).get("password")
    return {"PGPASSWORD": str(password)} if password else {}


def _told(url: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    return conninfo_to_dict(_libpq(url)) if url else {}


def run(command: list[str], url: str = "") -> str:
    """What it said. Raises BackupFailed with the last line of its complaint."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=inherited(**_password(url)))
    if ended.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed ({ended.returncode}): {_last_line(ended.stderr)}")
    return ended.stdout


def _last_line(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if "error" in line.lower()] or complaint.splitlines()
    return (lines[-1] if lines else "it gave no reason")[:300]


def put_back(url: str, dump: Path, aside: str) -> None:
    """In one transaction: what is there moves into the schema `aside`, the dump takes its place. Raises BackupFailed.

    COMMIT is said only once the whole dump has been read: whatever ends sooner, nothing has happened.
    """
    reading = [tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    writing = [tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *target_words(url)]
    environment = inherited(**_password(url))
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,
        subprocess.Popen(
            writing, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
        ) as writer,
    ):
        assert reader.stdout
        assert writer.stdin
        try:
            writer.stdin.write(_moved_aside(aside).encode())
            _hand_over(reader.stdout, writer.stdin)
            if reader.wait() == 0:
                writer.stdin.write(b"\nCOMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:  # it stopped at an error, which it tells below
            reader.kill()
            with suppress(BrokenPipeError):
                writer.stdin.close()
        _refuse_failure(writer, "psql")
        _refuse_failure(reader, "pg_restore")


def _hand_over(reader: IO[bytes], writer: IO[bytes]) -> None:
    for line in reader:
        # A newer pg_restore sets what an older server does not know yet.
        if line != b"SET transaction_timeout = 0;\n":
            writer.write(line)
        if line.startswith(b"SET row_security"):  # the last of those lines
            break
    shutil.copyfileobj(reader, writer, 1 << 20)


def _refuse_failure(process: "subprocess.Popen[bytes]", name: str) -> None:
    assert process.stderr
    complaint = process.stderr.read().decode(errors="replace")
    if process.wait():
        raise BackupFailed(f"Nothing was restored: {name} failed: {_last_line(complaint)}")


def _moved_aside(schema: str) -> str:
    """SQL that begins the transaction and leaves the schema public without a table. What an extension owns stays."""
    return f"""
BEGIN;
SET LOCAL lock_timeout = '10s';
CREATE SCHEMA {schema};
DO $$
DECLARE what record;
BEGIN
    FOR what IN
        SELECT 'TABLE' AS kind, c.oid::regclass::text AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s SET SCHEMA {schema}', what.kind, what.name);
    END LOOP;
END $$;
"""
