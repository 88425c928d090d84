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


def test_nothing_is_written_over_a_chart_or_its_caption(drawn: Page):
    written = """[...document.querySelectorAll('.figure, .figure *')]
        .flatMap((el) => ["::before", "::after"].map((side) => getComputedStyle(el, side).content))
        .filter((words) => !["none", "normal", '""'].includes(words))"""

    assert drawn.evaluate(written) == []


def test_a_pressed_bar_opens_what_is_behind_it(drawn: Page):
    drawn.locator("#bars .nsewdrag").click()
    drawn.wait_for_url("**/utilization/utilization?**cell=*")

    expect(drawn.locator("h1")).to_contain_text("Utilization")
    expect(drawn.locator("#stretches-head")).to_be_visible()


def test_a_pressed_square_opens_its_own_minutes(drawn: Page):
    box = drawn.locator("#map .nsewdrag").bounding_box()
    assert box
    drawn.mouse.click(box["x"] + box["width"] - 6, box["y"] + box["height"] / 2)
    drawn.wait_for_url("**/utilization/utilization?cell=*&start=*&end=*")


def test_paper_is_light_and_as_wide_as_a_page(drawn: Page):
    colour = "document.querySelector('#bars').data[0].marker.color"
    light = drawn.evaluate(colour)
    drawn.emulate_media(color_scheme="dark")
    drawn.wait_for_function(f"() => {colour} !== '{light}'")

    drawn.emulate_media(media="print", color_scheme="dark")

    drawn.wait_for_function(f"() => {colour} === '{light}'")
    drawn.wait_for_function("() => document.querySelector('#bars').layout.width === 495")
    expect(drawn.locator(".rail")).to_be_hidden()
    expect(drawn.locator(".print-foot")).to_contain_text("data as of")


def test_colours_are_tokens_of_the_theme(drawn: Page):
    colour = "document.querySelector('.js-plotly-plot').data[0].marker.color"
    light = drawn.evaluate(colour)

    drawn.emulate_media(color_scheme="dark")
    drawn.wait_for_function(f"() => {colour} !== '{light}'")

    assert light.startswith("#")
    assert drawn.evaluate(colour).startswith("#")
