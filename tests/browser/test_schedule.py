"""The schedule in a browser: an operation moved by keys alone past a refusal, dragged, and kept through a push."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import COLOURS, axe, sign_in
from tests.screens.schedule.shop import HOUR, full_hour, machine, order, slot_of, step, taken
from tests.world import make_person, person
from webapp import orders
from webapp.lib.clock import utcnow
from webapp.screens.times import shown_time, site_zone

MILL = '.op[data-op="OP-WO-1-2"]'
VERDICT = "#verdict"


@pytest.fixture
def shop(app, site):
    """WO-1 is sawn, then milled on C01 where WO-3 comes an hour later; C02 is free but for its service."""
    make_person("pat")
    with ThreadPoolExecutor(1) as own:  # cells are asked by an event loop, and this thread has the browser's
        return own.submit(_furnish, app).result()


def _furnish(app):
    with app.app_context():
        one, two, saw = machine("C01"), machine("C02"), machine("C04", kind="saw")
        start = full_hour()
        order("WO-1", step("Saw", saw, start), step("Mill", one, start + 2 * HOUR))
        order("WO-3", step("Mill", one, start + 3.25 * HOUR))
        order("WO-6", step("Mill", required_kind="mill"))
        taken(two, start + 4 * HOUR, start + 5 * HOUR)
        return {"one": one.id, "two": two.id, "start": start}


@pytest.fixture
def planner(shop, tab: Page) -> Page:
    sign_in(tab, "pat")
    tab.goto("/schedule")
    return tab


def rule(tab: Page, title: str):
    return tab.locator(f"{VERDICT} li", has_text=title)


def press(tab: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        tab.keyboard.press(key)


def test_by_keys_alone_past_a_refusal_to_a_legal_place(planner: Page, shop):
    planner.focus(MILL)
    press(planner, "ArrowDown")
    expect(planner.locator("#cell")).to_have_value(str(shop["two"]))
    expect(planner.locator(".held")).to_be_visible()
    press(planner, "Escape")
    expect(planner.locator("#cell")).to_have_value(str(shop["one"]))
    expect(planner.locator(".held")).to_have_count(0)

    press(planner, "ArrowRight", 6)  # half an hour: into the next order's time

    expect(planner.locator("#op-title")).to_have_text("WO-1 · step 2, mill")
    expect(rule(planner, "One at a time on a lane")).to_have_class("no")
    expect(planner.locator(".held.no .held-says")).to_contain_text("WO-3 step 1, Mill holds C01")
    expect(planner.locator("#plan-says")).to_contain_text("breaks a rule")
    expect(planner.locator(MILL)).to_be_focused()

    planner.focus("#move-form [data-save]")
    press(planner, "Enter")
    expect(planner.locator(".errsum")).to_contain_text("Not saved: it breaks a rule")
    assert slot_of("OP-WO-1-2")[1] == shop["start"] + 2 * HOUR

    planner.focus('[data-offer="after"]')
    press(planner, "Enter")
    expect(rule(planner, "One at a time on a lane")).to_have_class("yes")
    expect(planner.locator("[data-save]")).to_be_focused()
    press(planner, "Enter")
    expect(planner.locator(".toast")).to_contain_text("WO-1 step 2, Mill moved.")
    assert slot_of("OP-WO-1-2")[1] == shop["start"] + 4.25 * HOUR

    planner.click(".toast button:has-text('Undo')")
    expect(planner.locator(".flash[data-arrived]")).to_contain_text("taken back")
    assert slot_of("OP-WO-1-2")[1] == shop["start"] + 2 * HOUR


def middle(tab: Page, what: str) -> tuple[float, float]:
    box = tab.locator(what).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hour(tab: Page) -> float:
    """Pixels."""
    wide = tab.locator(".over").evaluate("el => el.clientWidth")
    return wide / 10


def test_a_bar_is_dragged_its_ghost_pressed_and_its_end_pulled(planner: Page, shop):
    x, y = middle(planner, MILL + " .b")
    planner.mouse.move(x, y)
    planner.mouse.down()
    planner.mouse.move(x + hour(planner), y, steps=8)
    expect(planner.locator(".held.no .held-says")).to_contain_text("WO-3 step 1, Mill holds C01")  # still in the hand
    expect(planner.locator(".pushed")).to_have_count(1)
    planner.mouse.move(x + 2 * hour(planner), y + 56, steps=8)
    expect(planner.locator(".held.no .held-says")).to_contain_text("Clear of maintenance: Service: C02 is out")
    planner.mouse.up()

    expect(planner.locator("#cell")).to_have_value(str(shop["two"]))
    planner.click('.ghost[data-ghost="after"]')
    expect(rule(planner, "Clear of maintenance")).to_have_class("yes")
    planner.click("[data-save]")
    expect(planner.locator(".toast")).to_be_visible()
    assert slot_of("OP-WO-1-2")[:2] == (shop["two"], shop["start"] + 5 * HOUR)

    box = planner.locator(MILL + " .b").bounding_box()
    assert box
    y, right = box["y"] + 19, box["x"] + box["width"] - 2
    planner.mouse.move(right, y)
    planner.mouse.down()
    planner.mouse.move(right + hour(planner) / 6, y, steps=4)
    planner.mouse.up()
    expect(planner.locator("#plan-says")).to_contain_text("keeps every rule")
    planner.click("[data-save]")
    expect(planner.locator(".toast")).to_be_visible()
    assert slot_of("OP-WO-1-2")[2] == shop["start"] + 6 * HOUR + HOUR / 6


def test_a_push_waits_for_the_hand_and_keeps_what_is_held(planner: Page, shop, app):
    x, y = middle(planner, MILL + " .b")
    planner.mouse.move(x, y)
    planner.mouse.down()
    planner.mouse.move(x + hour(planner) / 4, y, steps=4)
    _elsewhere(app, shop["start"] + 4.5 * HOUR)
    planner.evaluate(
        "document.querySelectorAll('[data-live-topic]').forEach(el => el.dispatchEvent(new CustomEvent('refresh')))"
    )
    planner.wait_for_timeout(400)
    before = planner.locator('.op[data-op="OP-WO-3-1"]').get_attribute("data-s")
    planner.mouse.up()

    moved = str(int((shop["start"] + 4.5 * HOUR).timestamp()))
    expect(planner.locator('.op[data-op="OP-WO-3-1"]')).to_have_attribute("data-s", moved)
    assert before != moved
    expect(planner.locator(".held")).to_be_visible()
    expect(planner.locator(MILL)).to_have_attribute("data-mine", "")


def _elsewhere(app, start):
    """Another planner moves what is in the way."""

    def move():
        with app.app_context():
            orders.reschedule("OP-WO-3-1", start, start + HOUR, None, by=person("root"), now=utcnow())

    with ThreadPoolExecutor(1) as own:
        own.submit(move).result()


def test_a_place_is_found_typed_and_filtered(planner: Page, shop):
    planner.click("[data-place]")
    expect(planner.locator("#op-title")).to_have_text("WO-6 · step 1, mill")
    planner.click("text=Place it")
    expect(planner.locator(".toast")).to_be_visible()
    expect(planner.locator('.op[data-op="OP-WO-6-1"]')).to_have_count(1)

    planner.click(MILL)
    expect(planner.locator("#op-title")).to_have_text("WO-1 · step 2, mill")
    planner.fill("#start", shown_time(utcnow() - HOUR, site_zone()))
    expect(rule(planner, "Not in the past")).to_have_class("no")
    planner.fill("#start", "soon")
    expect(planner.locator(VERDICT)).to_contain_text("Start must be a time such as")

    planner.click("summary:has-text('Filter')")
    planner.fill("#plan-order", "WO-3")
    expect(planner.locator(".lane:visible")).to_have_count(1)
    expect(planner.locator(MILL)).to_be_hidden()
    assert "order=WO-3" in planner.url


def test_axe_finds_nothing(planner: Page):
    for address in ("/schedule?op=OP-WO-1-2", "/schedule?view=table&hours=168", "/schedule/operations/OP-WO-1-2"):
        planner.emulate_media(color_scheme="light")
        planner.goto(address)
        assert axe(planner) == []
        planner.emulate_media(color_scheme="dark")
        assert axe(planner, COLOURS) == []
