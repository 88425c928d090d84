"""Charts are drawn under the strict policy, send nothing anywhere, and follow the theme."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.world import make_cell
from webapp import cells
from webapp.lib.clock import epoch, utcnow


@pytest.fixture
def drawn(site: str, tab: Page) -> Page:
    make_cell("C01", now=utcnow() - timedelta(days=1))
    cells.take_samples(epoch(utcnow()) // 5 * 5, 5, ())
    tab.goto("/utilization")
    expect(tab.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    return tab


def test_no_chart_offers_to_send_itself_away(drawn: Page):
    settings = drawn.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(el => el._context)")

    assert settings
    assert {(one["showSendToCloud"], one["plotlyServerURL"], one["displayModeBar"]) for one in settings} == {
        (False, "", False)
    }
    expect(drawn.locator("[data-title*='Share'], .modebar-btn")).to_have_count(0)


def test_colours_are_tokens_of_the_theme(drawn: Page):
    colour = "document.querySelector('.js-plotly-plot').data[0].marker.color"
    light = drawn.evaluate(colour)

    drawn.emulate_media(color_scheme="dark")
    drawn.wait_for_function(f"{colour} !== '{light}'")

    assert light.startswith("#")
    assert drawn.evaluate(colour).startswith("#")
