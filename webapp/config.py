"""What the process needs from its environment, read here and nowhere else.

Every name below is a heading in docs/settings.md; a test compares the two.
"""

import ipaddress
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from webapp.lib.numbers import whole_in


class BadSetting(Exception):
    """A variable that cannot be used; its text is the one sentence a person needs."""


@dataclass(frozen=True)
class Network:
    """Where a cell may live: a CIDR and the ports allowed in it (None: every port)."""

    cidr: ipaddress.IPv4Network | ipaddress.IPv6Network
    ports: range | None

    def __str__(self) -> str:
        if self.ports is None:
            return str(self.cidr)
        last = f"-{self.ports[-1]}" if len(self.ports) > 1 else ""
        return f"{self.cidr}:{self.ports[0]}{last}"

    def holds(self, address: str, port: int) -> bool:
        """address: an IP literal, as connected to."""
        ip = ipaddress.ip_address(address)
        return ip.version == self.cidr.version and ip in self.cidr and (self.ports is None or port in self.ports)


@dataclass(frozen=True)
class Config:
    """The settings of one process. `from_environment` is the only reader of os.environ."""

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    demo: bool | None = None
    demo_password: str = ""
    public_boards: bool = True
    sample_every: int = 5
    site_zone: str = "UTC"
    keep_rows_days: int = 90
    keep_blocks_days: int = 1825
    keep_backups: int = 0
    cors_origins: tuple[str, ...] = ()
    cell_networks: tuple[Network, ...] = ()
    trusted_proxies: int = 0
    secret_key: str = ""
    testing: bool = False

    @property
    def keep_seconds_days(self) -> int:
        """Of what is older than so many days, whole days are kept."""
        return max(self.keep_rows_days, self.keep_blocks_days)

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(env: dict[str, str] | None = None) -> Config:
    """Read and check every variable; raises BadSetting with one clear sentence."""
    env = dict(os.environ) if env is None else env
    data_dir = Path(env.get("DATA_DIR") or "data").absolute()
    database_url = _database_url(env.get("DATABASE_URL", ""), data_dir)
    return Config(
        host=env.get("HOST") or "127.0.0.1",
        port=_whole(env, "PORT", 8000, 1, 65535),
        data_dir=data_dir,
        database_url=database_url,
        redis_url=env.get("REDIS_URL") or f"unix://{data_dir}/valkey.sock",
        demo=_switch(env, "DEMO", None),
        demo_password=env.get("DEMO_PASSWORD", ""),
        public_boards=bool(_switch(env, "PUBLIC_BOARDS", True)),
        sample_every=_whole(env, "SAMPLE_EVERY", 5, 1, 60),
        site_zone=_zone(env.get("SITE_ZONE") or "UTC"),
        keep_rows_days=_whole(env, "KEEP_ROWS_DAYS", 90, 1, 36500),
        keep_blocks_days=_whole(env, "KEEP_BLOCKS_DAYS", 1825, 1, 36500),
        keep_backups=_whole(env, "KEEP_BACKUPS", 7 if database_url.startswith("sqlite") else 0, 0, 3650),
        cors_origins=tuple(o.strip() for o in env.get("CORS_ORIGINS", "").split(",") if o.strip()),
        cell_networks=networks(env.get("CELL_NETWORKS", "")),
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, 0, 8),
        secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir),
    )


def inherited(**more: str) -> dict[str, str]:
    """The environment for a program of others that we start."""
    return {**os.environ, **more}


def networks(text: str) -> tuple[Network, ...]:
    """'10.1.0.0/16:7000-7099 127.0.0.0/8:7000' -> Networks; ports may be left out. Separated by space or comma."""
    return tuple(_network(part) for part in text.replace(",", " ").split())


def _network(part: str) -> Network:
    text = part.strip("[]") if part.startswith("[") and part.endswith("]") else part
    cidr, colon, ports = text.rpartition(":") if "]:" in text or text.count(":") == 1 else (text, "", "")
    try:
        low, _, high = ports.partition("-")
        span = range(int(low), int(high or low) + 1) if colon else None
        return Network(ipaddress.ip_network(cidr.strip("[]") or text, strict=False), span)
    except ValueError:
        raise BadSetting(
            f"CELL_NETWORKS holds {part!r}; write CIDR or CIDR:port or CIDR:port-port, such as 10.1.0.0/16:7000-7099"
        ) from None


def _whole(env: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    number = whole_in(text, most, least)
    if number is None:
        raise BadSetting(f"{name} is {text!r}; it must be a whole number from {least} to {most}")
    return number


def _switch(env: dict[str, str], name: str, default: bool | None) -> bool | None:
    word = env.get(name, "").lower()
    if word in ("", "auto"):
        return default
    if word in ("on", "1", "true", "yes"):
        return True
    if word in ("off", "0", "false", "no"):
        return False
    raise BadSetting(f"{name} is {env[name]!r}; it must be on or off")


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(f"SITE_ZONE is {name!r}; it must be a zone name such as Europe/Berlin") from None


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir}/factory.db"
    for old in ("postgres://", "postgresql+psycopg2://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url[len(old) :]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must begin with postgresql:// or sqlite:///")
    return url


def _kept_secret(data_dir: Path) -> str:
    """The signing key: made once, kept in a file only its owner can read, so that sessions outlive a restart.

    Written beside and linked into place: of several processes that start at once one wins, and none reads half a key.
    """
    path = data_dir / "secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            written = data_dir / f"secret-{os.getpid()}"
            with open(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
                new.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                path.hardlink_to(written)
            written.unlink()
        return path.read_text()
    except OSError as error:
        raise BadSetting(f"DATA_DIR {data_dir} cannot be written: {error.strerror}") from None
