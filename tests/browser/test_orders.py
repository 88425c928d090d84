"""The table of steps under real hands: lines come, go and change places without the server, by keys alone; what was
typed outlives an expired session; and rows pasted from a spreadsheet become orders."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import axe, sign_in
from tests.world import PASSWORD, make_person
from webapp import orders

ROWS = "Order\tProduct\tOperation\tMinutes\nWO-7\tHousing\tSaw\t45\nWO-7\t\tMill\t90\nWO-8\tGear\tHob\tx"


@pytest.fixture
def planner(app, site, tab: Page) -> Page:
    make_person("pat")
    sign_in(tab, "pat")
    return tab


def names(tab: Page) -> list[str]:
    return tab.eval_on_selector_all("[name=step_name]", "fields => fields.map(field => field.value)")


def numbers(tab: Page) -> list[str]:
    return tab.eval_on_selector_all("[data-line-no]", "places => places.map(place => place.textContent)")


def focused(tab: Page) -> str:
    return tab.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.name")


@pytest.fixture
def typed(planner: Page) -> Page:
    """Three steps, typed by keys alone."""
    planner.goto("/orders/new")
    planner.fill("#product", "Housing")
    planner.focus("#steps-0-name")
    for name in ("Saw", "Mill", "Bend"):
        planner.keyboard.type(name)
        for _ in range(4):
            planner.keyboard.press("Tab")
        planner.keyboard.type("45")
        for _ in range(4):
            planner.keyboard.press("Tab")
    return planner


def test_lines_are_moved_and_removed_by_keys_and_sent_as_they_stand(typed: Page):
    typed.focus("[aria-label='Move step 3 up']")
    typed.keyboard.press("Enter")
    typed.keyboard.press("Enter")
    assert (names(typed), focused(typed)) == (["Bend", "Saw", "Mill"], "Move step 1 up")

    typed.focus("[aria-label='Remove step 2']")
    typed.keyboard.press("Enter")
    assert (names(typed), numbers(typed), focused(typed)) == (["Bend", "Mill"], ["1", "2"], "Remove step 2")

    typed.click("text=Add a step")
    assert focused(typed) == "step_name"
    assert axe(typed) == []
    typed.focus("#product")
    typed.keyboard.press("Enter")
    typed.wait_for_url("**/orders/WO-1001")
    assert [step.name for step in orders.one_order("WO-1001").operations] == ["Bend", "Mill"]


def test_lines_outlive_an_expired_session(typed: Page):
    typed.click("text=Add a step")
    typed.keyboard.type("Wash")
    typed.context.clear_cookies()

    typed.click("button.primary.large")
    typed.fill("#username", "pat")
    typed.fill("#password", PASSWORD)
    typed.click("button:has-text('Sign in')")
    typed.wait_for_url("**/orders/new")

    assert typed.input_value("#product") == "Housing"
    assert names(typed) == ["Saw", "Mill", "Bend", "Wash"]


def test_an_error_stands_at_its_line_and_goes_with_it(typed: Page):
    typed.fill("#steps-1-takes", "a while")
    typed.click("button.primary.large")

    typed.click("text=Step 2: Takes must be a length of time")
    assert typed.evaluate("document.activeElement.id") == "steps-1-takes"
    assert axe(typed) == []
    typed.click("[aria-label='Move step 2 up']")
    assert typed.locator("[data-line]").first.locator(".err").count() == 1


def test_pasted_rows_are_looked_at_put_right_and_added(planner: Page):
    planner.goto("/orders/paste")
    planner.fill("#rows", ROWS)
    planner.click("text=Look at them")

    planner.wait_for_selector("text=Nothing was added")
    assert planner.locator(".errsum li").all_inner_texts() == [
        "Row 4: Takes must be a length of time such as 45, 45 min, 1 h 30 or 1:30"
    ]
    assert axe(planner) == []
    planner.fill("#rows", ROWS.replace("\tx", "\t20"))
    planner.click("text=Look at them again")
    planner.click("text=Add all 2 orders")

    planner.wait_for_selector("text=2 orders added, with 3 steps.")
    assert [step.seconds for step in orders.one_order("WO-7").operations] == [2700, 5400]
