"""Every page, as a machine with strict eyes sees it: axe finds nothing, and nothing has to be moved sideways."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import axe, sign_in
from tests.furnished import furnish
from tests.world import make_person
from webapp import cells, people, projects

PAGES = (
    *("/board", "/floor", "/floor?view=list", "/projects", "/projects/new", "/queue", "/engineers", "/utilization"),
    *("/utilization?table=map&compare=1", "/utilization/utilization?all=1", "/utilization/losses"),
    *("/utilization/restated", "/reports", "/log", "/account", "/admin/users", "/admin/cells", "/admin/settings"),
    "/nowhere",
)


@pytest.fixture
def signed_in(app: Flask, site: str, tab: Page) -> Page:
    """Furnished in a thread of its own: cells are asked by an event loop, and this thread has the browser's."""
    with ThreadPoolExecutor(1) as own:
        own.submit(_furnish, app).result()
    sign_in(tab, "root")
    return tab


def _furnish(app: Flask) -> None:
    with app.app_context():
        furnish()


def inner_pages() -> list[str]:
    """A page of each thing there is, in each state it can be in."""
    every = {p.status: p.id for p in projects.search(projects.Filters(), limit=100).projects}
    waiting, running = every["created"], every["running"]
    cell = cells.all_cells()[0].id
    return [
        *(f"/projects/{project}" for project in every.values()),
        *(f"/projects/{running}/{act}" for act in ("edit", "finish", "fail")),
        *(f"/projects/{waiting}/fail", f"/projects/new?from={running}"),
        *(f"/cells/{one.id}" for one in cells.all_cells()[:6]),
        *("/admin/cells/new", f"/admin/cells/{cell}/edit", f"/admin/cells/{cell}/tokens"),
        *("/admin/settings/parameters/1", "/admin/settings/sites/new"),
        *("/admin/users/new", f"/admin/users/{people.user_named('ada').id}/edit"),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(signed_in: Page, theme):
    signed_in.emulate_media(color_scheme=theme)

    found = {address: axe(_opened(signed_in, address)) for address in (*PAGES, *inner_pages())}

    assert {address: what for address, what in found.items() if what} == {}


@pytest.mark.parametrize("width", [320, 820, 1440])
def test_no_page_moves_sideways(signed_in: Page, width):
    signed_in.set_viewport_size({"width": width, "height": 900})

    pages = (*PAGES, *inner_pages()) if width == 320 else PAGES
    wide = [a for a in pages if _opened(signed_in, a).evaluate("document.documentElement.scrollWidth") > width]

    assert wide == []


def test_the_sign_in_page_too(site, tab: Page):
    make_person("root")

    assert axe(_opened(tab, "/login")) == []


def _opened(tab: Page, address: str) -> Page:
    answer = tab.goto(address)
    assert answer
    assert answer.status == (404 if address == "/nowhere" else 200), address
    return tab
