"""Planning by one press: asked for, looked at while it is made, and accepted in part."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, sign_in
from tests.world import make_cell, make_person
from webapp import orders
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.orders import OperationSpec, OrderSpec


@pytest.fixture
def planner(site, tab: Page) -> Page:
    """Two orders are to be made, on one mill, and nobody has planned them."""
    make_cell("M1", kind="mill", takes=["operation"], now=utcnow())
    steps = [OperationSpec(name="cut", required_kind="mill", seconds=3600)]
    orders.add_orders(
        [OrderSpec(ref=ref, product="Bracket", operations=steps) for ref in ("WO-1", "WO-2")], "pat", utcnow()
    )
    make_person("pat")
    sign_in(tab, "pat")
    return tab


def search() -> None:
    """What the slow worker does meanwhile."""
    while orders.go_on_planning(utcnow, dict, within=5):
        pass
    db.session.rollback()


def test_a_plan_is_asked_for_looked_at_and_accepted_in_part(planner: Page):
    planner.goto("/schedule/proposals")
    planner.click("text=Plan for me")
    planner.wait_for_url("**/schedule/proposals/*")
    planner.click("text=Good enough, stop here")
    expect(planner.locator("#proposal-part")).to_be_visible()

    search()

    expect(planner.locator("text=Accept the ticked ones")).to_be_visible(timeout=20_000)  # the page asks by itself
    assert axe(planner) == []
    planner.check("[aria-label='Accept WO-2 step 1, cut']")
    planner.click("text=Accept the ticked ones")
    expect(planner.locator("small:has-text('lies there')")).to_have_count(1, timeout=20_000)
    db.session.rollback()
    assert [orders.one_operation(ref).placed for ref in ("WO-1-1", "WO-2-1")] == [False, True]
