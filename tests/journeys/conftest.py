"""The whole product on an empty database, every process as bin/run has it; machines that live sixty times as fast."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUMS, QUIET, WATCH_POLICY, Watched
from tests.world import CAST, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CELLS = ("C01", "C02")
PATIENCE = 40  # seconds


@pytest.fixture
def folder() -> Iterator[str]:
    with TemporaryDirectory(prefix="factory-run-") as folder:  # short: a socket's address has to fit
        yield folder


@pytest.fixture
def works(empty_database: str, folder: str) -> Iterator[str]:
    """Its address. Two cells whose machines answer, and the cast; a sample each second."""
    port, machines = free_port(), free_port()
    told = {
        "DATA_DIR": folder,
        "DATABASE_URL": empty_database,
        "PORT": str(port),
        "SAMPLE_EVERY": "1",
        "DEMO": "off",
        "CELL_NETWORKS": f"127.0.0.1/32:{machines}",
    }
    environment = {**os.environ, **told}
    factory = [
        "-m",
        "virtualfactory",
        "--port",
        str(machines),
        "--cells",
        "2",
        "--speed",
        "60",
        "--calm",
        "--never-finish",
    ]
    with running(factory, environment), running(["-m", "stack", "--no-demo"], environment) as stack:
        wait_until(lambda: answers(port), stack)
        furnish(environment, machines)
        yield f"http://127.0.0.1:{port}"
        stack.send_signal(signal.SIGINT)
        assert stack.wait(PATIENCE) == 0


class running:
    """A Python program for as long as the block lasts."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.words, self.environment = words, environment

    def __enter__(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen([sys.executable, *self.words], cwd=ROOT, env=self.environment)
        return self.process

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)


def furnish(environment: dict[str, str], machines: int) -> None:
    """The people and the cells, by the shell's own acts, in one process."""
    script = f"""
from webapp import cells, create_app, people
from webapp.lib.clock import utcnow
app = create_app()
with app.app_context():
    now = utcnow()
    site = cells.add_site("Works", "Europe/Berlin", 80, "the shell", now)
    for name, (first, last, role) in {CAST!r}.items():
        people.add_user(name, {PASSWORD!r}, [role], now, "the shell", first, last)
    for number, name in enumerate({CELLS!r}, 1):
        details = cells.CellDetails(
            name=name, kind="mill", site_id=site.id, address=f"http://127.0.0.1:{machines}/cell/{{number}}")
        cells.add_cell(details, "the shell", now, app.extensions["factory"].cell_networks)
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.3).close()
    except OSError:
        return False
    return True


def wait_until(done: Callable[[], bool], stack: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert stack.poll() is None, "the product ended by itself"
        assert time.monotonic() < until, "the product did not get ready"
        time.sleep(0.1)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    program = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, works: str) -> Iterator[Callable[[str], Page]]:
    """person("ada"): a browser of her own, signed in. Watched for what the policy and a clean console forbid."""
    watched = Watched()

    def sign_in(username: str) -> Page:
        context = chromium.new_context(base_url=works, viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.add_init_script(WATCH_POLICY)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        watched.follow(page)
        page.goto("/login")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("button:has-text('Sign in')")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    assert (watched.errors, watched.strangers) == ([], set())


def now_text() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
