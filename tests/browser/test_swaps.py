"""What a refresh may change on a page somebody is reading, and what not."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.world import make_cell
from webapp import cells
from webapp.lib.clock import epoch, utcnow


@pytest.fixture
def cell(site: str) -> cells.Cell:
    made = make_cell("C01", now=utcnow() - timedelta(hours=1))
    cells.take_samples(epoch(utcnow()) // 5 * 5, 5, ())
    return made


def refresh(tab: Page, region: str) -> None:
    tab.evaluate(f"document.getElementById('{region}').dispatchEvent(new CustomEvent('refresh'))")


def test_a_table_that_was_opened_stays_open(cell, tab: Page):
    tab.goto(f"/cells/{cell.id}")
    tab.click("#intervals summary")
    cells.set_mode(cell.id, "draining", "belt change", by="root", now=utcnow())

    refresh(tab, "cell-part")

    expect(tab.locator("#cell-part")).to_contain_text("draining")
    expect(tab.locator("#intervals table")).to_be_visible()


def test_a_new_state_is_painted_without_a_reload(cell, tab: Page):
    tab.goto("/floor")
    make_cell("C02", now=utcnow() - timedelta(hours=1))

    refresh(tab, "floor-tiles")

    expect(tab.locator(".tile")).to_have_count(2)


def test_a_poll_that_fails_leaves_the_board_as_it_is(cell, tab: Page):
    tab.goto("/board")
    tab.route(re.compile("/board/part"), lambda route: route.fulfill(status=503, body="<p>Not now</p>"))

    with tab.expect_response(re.compile("/board/part")):
        refresh(tab, "board")

    expect(tab.locator("#board .tally")).to_be_visible()
    expect(tab.locator("body")).not_to_contain_text("Not now")


def test_a_hidden_tab_asks_for_nothing(cell, tab: Page):
    tab.goto("/board")
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url) if "/board" in request.url else None)
    tab.evaluate("Object.defineProperty(document, 'hidden', {value: true})")

    refresh(tab, "board")
    tab.wait_for_timeout(300)

    assert asked == []
