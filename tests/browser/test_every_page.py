"""Every page, as a machine with strict eyes sees it: axe finds nothing, and nothing has to be moved sideways."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import axe, sign_in
from tests.world import make_cell, make_person
from webapp import cells
from webapp.lib.clock import epoch, utcnow

PAGES = (
    *("/board", "/floor", "/floor?view=list", "/projects", "/projects/new", "/queue", "/engineers", "/utilization"),
    *("/log", "/account", "/admin/users", "/admin/cells", "/admin/settings", "/nowhere"),
)


@pytest.fixture
def signed_in(site: str, tab: Page) -> Page:
    make_person("root")
    make_cell("C01", now=utcnow() - timedelta(days=1))
    cells.take_samples(epoch(utcnow()) // 5 * 5, 5, ())
    sign_in(tab, "root")
    return tab


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(signed_in: Page, theme):
    signed_in.emulate_media(color_scheme=theme)

    found = {address: axe(_opened(signed_in, address)) for address in PAGES}

    assert {address: what for address, what in found.items() if what} == {}


@pytest.mark.parametrize("width", [320, 820, 1440])
def test_no_page_moves_sideways(signed_in: Page, width):
    signed_in.set_viewport_size({"width": width, "height": 900})

    wide = [a for a in PAGES if _opened(signed_in, a).evaluate("document.documentElement.scrollWidth") > width]

    assert wide == []


def test_the_sign_in_page_too(site, tab: Page):
    make_person("root")

    assert axe(_opened(tab, "/login")) == []


def _opened(tab: Page, address: str) -> Page:
    tab.goto(address)
    return tab
