"""Every page, as a machine with strict eyes sees it: axe finds nothing, and nothing has to be moved sideways."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.conftest import COLOURS, EVERY, axe, sign_in
from tests.furnished import furnish
from tests.screens.stopped import stop
from tests.world import make_person
from webapp import cells, people, projects
from webapp.extensions import db
from webapp.lib.clock import iso, utcnow
from webapp.lib.settings import settings

PAGES = (
    *("/board", "/floor", "/floor?view=list", "/projects", "/projects/new", "/queue", "/engineers", "/utilization"),
    "/attention",
    *("/utilization?r=today&kind=mill", "/utilization?table=map&compare=1", "/utilization/utilization?all=1"),
    *("/utilization/losses", "/utilization/restated", "/reports", "/reasons", "/log", "/account", "/admin/users"),
    *("/admin/cells", "/admin/settings", "/admin/reasons", "/admin/calendars", "/admin/imports", "/nowhere"),
    *("/orders", "/orders?q=nothing", "/orders?sort=due&way=down", "/orders/new", "/orders/paste"),
    *("/schedule", "/schedule?view=table&hours=168", "/schedule/changes"),
    *("/issues", "/issues/new", "/issues?s=closed", "/issues?s=all"),
    *("/floor/rewind", "/admin/plan", "/admin/plan?start=bays", "/admin/displays"),
)
WALLS = ("/wall/utilization", "/wall/board", "/wall")


class Look(NamedTuple):
    scheme: Literal["light", "dark"]
    width: int
    height: int
    rules: dict[str, Any] | None  # of axe's; None: it is not asked


LOOKS = (Look("light", 1440, 900, EVERY), Look("dark", 820, 1180, COLOURS), Look("light", 320, 900, None))
#: A row that is good, and one that is not.
HISTORY = b"cell,state,from,to\nC01,idle,2026-03-03T08:00Z,2026-03-03T09:00Z\nC01,dancing,2026-03-03,2026-03-04\n"


@pytest.fixture
def signed_in(app: Flask, site: str, tab: Page) -> Iterator[Page]:
    """Furnished in a thread of its own: cells are asked by an event loop, and this thread has the browser's."""
    folder = settings().data_dir / "imports"
    with ThreadPoolExecutor(1) as own:
        own.submit(_furnish, app, folder).result()
    sign_in(tab, "root")
    yield tab
    shutil.rmtree(folder, ignore_errors=True)


def _furnish(app: Flask, folder: Path) -> None:
    with app.app_context():
        furnish()
        _import(folder)


def _import(folder: Path) -> None:
    """Files of history in the states that are rarer: refused as a whole, called off, waiting."""
    refused, off, waiting = [
        cells.offer_import(BytesIO(HISTORY), "shop.csv", "UTC", "root", utcnow(), folder) for _ in range(3)
    ]
    cells.settle_import(refused.id, replace(refused.settled, most_bad=0), folder)
    cells.begin_import(refused.id, "root", utcnow(), folder)
    while cells.go_on_importing(folder, utcnow):
        pass
    cells.cancel_import(off.id, "root", utcnow())
    cells.begin_import(waiting.id, "root", utcnow(), folder)
    assert [job.status for job in (refused, off, waiting)] == ["refused", "cancelled", "waiting"]


def inner_pages() -> list[str]:
    """A page of each thing there is, in each state it can be in."""
    try:
        return _inner_pages()
    finally:
        db.session.rollback()  # no transaction stays open while they are looked at


def _inner_pages() -> list[str]:
    every = {p.status: p.id for p in projects.search(projects.Filters(), limit=100).projects}
    waiting, running = every["created"], every["running"]
    cell, stood = cells.all_cells()[0].id, next(one for one in cells.all_cells() if one.name == "C20")
    return [
        *(f"/projects/{project}" for project in every.values()),
        *(f"/projects/{running}/{act}" for act in ("edit", "finish", "fail")),
        *(f"/projects/{waiting}/fail", f"/projects/new?from={running}"),
        *(f"/orders/{ref}" for ref in ("RUN-1", "RUN-2", "RUN-5", "PLAN-1", "PLAN-3", "ORD-1", "ORD-3", "ORD-4")),
        *(f"/orders/RUN-1{page}" for page in ("/edit", "/hold", "/cancellation", "/steps/RUN-1-2")),
        *("/orders/ORD-2/steps/ORD-2", "/orders/ORD-3/cancellation", "/orders/new?from=ORD-1&days=7"),
        *(f"/cells/{one.id}{page}" for one in cells.all_cells()[:6] for page in ("", "/act")),
        *("/admin/cells/new", f"/admin/cells/{cell}/edit", f"/admin/cells/{cell}/tokens"),
        *("/admin/settings/parameters/1", "/admin/settings/sites/new"),
        *("/admin/users/new", f"/admin/users/{people.user_named('ada').id}/edit"),
        *(f"/cells/{stood.id}{page}" for page in ("", "/corrections", "/corrections/new")),
        f"/cells/{stood.id}/intervals/{iso(stop(stood, 'idle').interval.start)}",
        *("/admin/reasons/new", f"/admin/reasons/{cells.reasons()[0].id}"),
        *("/admin/calendars/new", f"/admin/calendars/{cells.all_calendars()[0].id}", f"/admin/cells/{cell}/calendar"),
        *(f"/admin/imports/{job.id}" for job in cells.recent_imports()),
        *(f"/admin/displays/{screen.id}{page}" for screen in people.displays() for page in ("", "/revocation")),
        *(f"/wall/{screen.id}" for screen in people.displays()),
    ]


@pytest.mark.timeout(300)
def test_axe_finds_nothing(signed_in: Page):
    found = {address: faults(signed_in, address) for address in PAGES}

    assert {address: what for address, what in found.items() if what} == {}


@pytest.mark.timeout(300)
def test_nor_within(signed_in: Page):
    found = {address: faults(signed_in, address) for address in inner_pages()}

    assert {address: what for address, what in found.items() if what} == {}


def test_nor_on_a_wall(signed_in: Page):
    found = {address: axe(_opened(signed_in, address)) for address in WALLS}

    assert {address: what for address, what in found.items() if what} == {}


def test_nobody_points_at_a_wall(signed_in: Page):
    wall = _opened(signed_in, "/wall/utilization")

    assert wall.evaluate("getComputedStyle(document.body).cursor") == "none"
    assert wall.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert wall.locator("a, button, input, select").count() == 0


def test_the_sign_in_page_too(site, tab: Page):
    make_person("root")

    assert axe(_opened(tab, "/login")) == []


def faults(tab: Page, address: str) -> list[str]:
    """What strict eyes find on a page, opened once and looked at three times: all that axe knows in the light on a
    desk; in the dark on a tablet, where only colours differ; and nowhere does it have to be moved sideways, not on the
    smallest telephone either."""
    found = []
    for look in LOOKS:
        tab.emulate_media(color_scheme=look.scheme)
        tab.set_viewport_size({"width": look.width, "height": look.height})
        if look is LOOKS[0]:
            _opened(tab, address)
        found += [f"{look.width} px: {fault}" for fault in (axe(tab, look.rules) if look.rules else [])]
        found += [f"{look.width} px: it moves sideways"] if moves_sideways(tab) else []
    return found


def moves_sideways(page: Page) -> bool:
    """Once charts have followed a change of width, which takes them a moment."""
    try:
        page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth", timeout=3000)
    except PlaywrightTimeoutError:
        return True
    return False


def _opened(tab: Page, address: str) -> Page:
    answer = tab.goto(address)
    assert answer
    assert answer.status == (404 if address == "/nowhere" else 200), address
    return tab
