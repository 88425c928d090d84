"""What the product is made of, as processes, and what each needs to be there first."""

import http.client
import socket
import sys
from contextlib import suppress
from pathlib import Path

from stack import valkey
from stack.supervisor import Program
from webapp.config import Config

ROOT = Path(__file__).resolve().parents[1]
WEB_PROCESSES, WEB_THREADS = 2, 8
#: A web process that ends has this long to answer what it was asked.
WEB_GRACE = 5
#: Each thread takes a heap of its own, and arrays that come and go leave holes in all of them: memory grew for hours.
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def programs(config: Config, demo_port: int | None) -> list[Program]:
    store = [valkey.program(config.redis_url)] if config.redis_url == own_redis(config) else []
    needs = tuple(program.name for program in store)
    machines = [virtual_factory(config.data_dir, demo_port)] if demo_port else []
    guests = [visitors(needs)] if demo_port else []
    roles = [role("fast", needs), role("slow", needs, grace=30), role("clock", needs)]
    pushing = [hub(needs), renderer(needs)]
    return [*store, *machines, *pushing, web(config, needs), *roles, *guests]


def own_redis(config: Config) -> str:
    """The address it has when REDIS_URL names no other."""
    return f"unix://{config.data_dir}/valkey.sock"


def web(config: Config, needs: tuple[str, ...]) -> Program:
    words = {
        "--bind": address(config.host, config.port),
        "--worker-class": "gthread",
        "--workers": str(WEB_PROCESSES),
        "--threads": str(WEB_THREADS),
        "--graceful-timeout": str(WEB_GRACE),
        "--forwarded-allow-ips": "",  # TRUSTED_PROXIES decides whom to believe
        "--log-level": "warning",
    }
    command = [sys.executable, "-m", "gunicorn", "webapp:create_app()", "--preload", "--no-control-socket"]
    return Program(
        "web",
        [*command, *(word for pair in words.items() for word in pair)],
        ready=lambda: serves(config.host, config.port),
        needs=needs,
        grace=WEB_GRACE + 3,
        environment=FEW_ARENAS,
    )


def role(name: str, needs: tuple[str, ...], grace: float = 10) -> Program:
    return Program(name, [sys.executable, str(ROOT / "worker.py"), name], needs=needs, grace=grace)


def hub(needs: tuple[str, ...]) -> Program:
    """Holds the open screens; restarted seldom, since each screen has to come again."""
    command = [sys.executable, "-m", "webapp.live.hub"]
    return Program("hub", command, needs=needs, grace=3)


def renderer(needs: tuple[str, ...]) -> Program:
    return Program("renderer", [sys.executable, "-m", "webapp.live.renderer"], needs=needs)


def virtual_factory(data_dir: Path, port: int) -> Program:
    command = [
        sys.executable,
        "-m",
        "virtualfactory",
        "--port",
        str(port),
        "--state-dir",
        str(data_dir / "virtualfactory"),
    ]
    return Program("virtualfactory", command, ready=lambda: listens("127.0.0.1", port))


def visitors(needs: tuple[str, ...]) -> Program:
    """Whoever hands in new work in a demonstration. Nobody waits for them: they come when everything else is ready."""
    command = [sys.executable, "-m", "flask", "--app", "webapp", "demo", "live"]
    return Program("visitors", command, ready=lambda: True, needs=(*needs, "web", "fast", "clock"))


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serves(host: str, port: int) -> bool:
    """Whether it answers over HTTP, whatever it answers short of a fault of its own."""
    line = http.client.HTTPConnection(WILDCARDS.get(host, host), port, timeout=0.5)
    with suppress(OSError, http.client.HTTPException):
        line.request("GET", "/api/health", headers={"Connection": "close"})
        return line.getresponse().status < 500
    return False


def listens(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=0.3):
        return True
    return False
