"""Playing the past: the clock and the states move, the address names the minute, and nothing of it is live."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.screens.stopped import stopped_cell
from webapp.lib.clock import utcnow
from webapp.screens.filters import minute

#: Minutes ago that it began to be so: an hour of one state, so that a test never runs into the next.
SAID = ((110, "running", ""), (80, "down", "E-417"), (20, "idle", ""))


@pytest.fixture
def cell(app: Flask, site: str) -> Iterator[str]:
    with ThreadPoolExecutor(1) as own:
        yield own.submit(_stand, app).result()


def _stand(app: Flask) -> str:
    with app.app_context():
        return f"[data-rewound='{stopped_cell('C01', SAID).id}']"


def ago(**length: float) -> str:
    return minute(utcnow() - timedelta(**length))


def test_playing_moves_the_clock_and_the_states(cell: str, tab: Page):
    tab.goto(f"/floor/rewind?at={ago(minutes=82)}")
    expect(tab.locator(f"{cell} [data-word]")).to_have_text("Running")
    begun = tab.text_content("[data-when]")

    tab.click("[data-speed='120']")  # the stop lasts half a minute then: time enough to press before it is over
    tab.click("[data-play]")

    expect(tab.locator(f"{cell} [data-word]")).to_have_text("Down")
    expect(tab.locator(f"{cell} [data-line]")).to_have_text("E-417")
    stood = tab.text_content("[data-when]") or ""
    expect(tab.locator("[data-when]")).not_to_have_text(stood)  # pausing goes back to the full minute
    tab.keyboard.press("Escape")
    tab.click("[data-play]")
    assert tab.text_content("[data-when]") != begun
    named = re.search(r"at=(\S+Z)$", tab.url)
    assert named
    assert tab.get_attribute("[data-when]", "datetime") == named[1]
    expect(tab.locator("[data-tally='down'] [data-count]")).to_have_text("1")


def test_what_is_played_is_what_the_server_paints(cell: str, tab: Page):
    tab.goto(f"/floor/rewind?at={ago(minutes=90)}")
    tab.locator("#rewind").evaluate("el => el.focus()")
    for _ in range(2):
        tab.keyboard.press("Shift+ArrowRight")
    expect(tab.locator(f"{cell} [data-word]")).to_have_text("Down")
    played = tab.inner_text("#rewind .floor"), tab.inner_text("#rewind .tally")

    tab.reload()

    assert (tab.inner_text("#rewind .floor"), tab.inner_text("#rewind .tally")) == played


def test_the_slider_and_the_keys_go_where_they_say(cell: str, tab: Page):
    tab.goto(f"/floor/rewind?at={ago(minutes=50)}")
    tab.focus("#minute")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("[data-when]")).to_have_attribute("datetime", re.compile(ago(minutes=49)[:13]))
    before = tab.get_attribute("[data-when]", "datetime")

    tab.click("a[data-by='-10']")

    expect(tab.locator("[data-when]")).not_to_have_attribute("datetime", before or "")
    assert tab.locator("[data-live-topic]").count() == 0
    tab.click("text=Back to now")
    assert tab.url.endswith("/floor")
