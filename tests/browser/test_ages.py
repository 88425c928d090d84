"""No screen can look alive when it is not."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.world import make_cell
from webapp import cells
from webapp.lib.clock import epoch, utcnow

PERIOD = 5


@pytest.fixture
def sampled(site: str) -> None:
    """One cell, asked a moment ago."""
    make_cell("C01", now=utcnow() - timedelta(hours=1))
    sample()


def sample(ago: int = 0) -> None:
    slot = (epoch(utcnow()) - ago) // PERIOD * PERIOD
    cells.take_samples(slot, PERIOD, ())


def test_the_age_goes_on_while_nothing_arrives(sampled, tab: Page):
    tab.clock.install()
    tab.route(re.compile("/board/part"), lambda route: route.abort())
    tab.goto("/board")
    badge = tab.locator(".head .age")
    expect(badge).to_contain_text("Live")

    tab.clock.run_for(15_000)

    expect(badge).to_contain_text("Late")
    expect(tab.locator("#feed-lost")).to_be_hidden()

    tab.clock.run_for(10_000)

    expect(badge).to_contain_text("Feed lost")
    expect(tab.locator("#feed-lost")).to_contain_text("Check cells in person before acting")
    expect(tab.locator("#board .panel.is-stale").first).to_be_visible()
    expect(tab.locator("#live-status")).to_contain_text("Live feed lost at")


def test_fresh_data_without_a_change_bring_it_back(sampled, tab: Page):
    tab.route(re.compile("/board/part"), lambda route: route.abort())
    tab.goto("/board")
    tab.evaluate("document.getElementById('board').dataset.asOf = new Date(Date.now() - 60000).toISOString()")
    expect(tab.locator("#feed-lost")).to_be_visible()

    tab.unroute(re.compile("/board/part"))
    sample()

    expect(tab.locator(".head .age")).to_contain_text("Live", timeout=15_000)
    expect(tab.locator("#feed-lost")).to_be_hidden()
    expect(tab.locator(".is-stale")).to_have_count(0)


def test_a_page_served_while_the_feed_is_dead_says_so_at_once(site, tab: Page):
    make_cell("C01", now=utcnow() - timedelta(hours=1))
    sample(ago=120)

    tab.goto("/floor")

    expect(tab.locator("#feed-lost")).to_contain_text("Live feed lost at")
