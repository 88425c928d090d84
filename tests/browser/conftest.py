"""A real browser on the real program: every tab is watched for what a strict policy, a quiet network and a clean
console forbid, whatever the test is about.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.world import PASSWORD

AXE = next((Path(__file__).resolve().parents[1] / "vendor").glob("axe-*.min.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY: dict[str, Any] = {"type": "tag", "values": RULES}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WATCH_POLICY = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.reports.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module: as long as Playwright lives its event loop runs here, and no other test could run one."""
    program = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(factory: Flask) -> Iterator[str]:
    """The program on a port of this machine, a thread for each request."""
    server = make_server("127.0.0.1", 0, factory, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture
def site(app: Flask, served: str) -> Iterator[str]:
    """Its address, on an empty database, with forms that want their proof of origin as they do in earnest."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield served
    app.config["WTF_CSRF_ENABLED"] = False


@dataclass
class Watched:
    """What a tab did that it may not."""

    errors: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._host(request.url))

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.strangers.add(url)


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_init_script(WATCH_POLICY)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    page, watched = context.new_page(), Watched()
    watched.follow(page)
    reports: list[str] = []
    page.on("framenavigated", lambda frame: reports.extend(_reports(page)))
    yield page
    reports.extend(_reports(page))
    assert (reports, watched.errors, watched.strangers) == ([], [], set())


def _reports(page: Page) -> list[str]:
    return list(page.evaluate("window.reports || []")) if not page.is_closed() else []


def sign_in(tab: Page, username: str) -> None:
    tab.goto("/login")
    tab.fill("#username", username)
    tab.fill("#password", PASSWORD)
    tab.click("button:has-text('Sign in')")
    tab.wait_for_url(lambda url: "/login" not in url)


def axe(tab: Page, rules: dict[str, Any] = EVERY) -> list[str]:
    """What axe finds wrong: 'rule: where', one each."""
    if not tab.evaluate("Boolean(window.axe)"):
        tab.evaluate(AXE.read_text())
    asked: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
    found = tab.evaluate("(asked) => axe.run(document, asked)", asked)
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]
