"""The hall plan is drawn without a pointer as well as with one."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.world import make_cell, make_person
from webapp import cells
from webapp.cells import Spot
from webapp.extensions import db


def drawn(site, tab: Page) -> list[str]:
    """Two cells that nobody placed, and the administrator before the plan."""
    made = [make_cell("C01"), make_cell("C02")]
    make_person("root")
    sign_in(tab, "root")
    tab.goto("/admin/plan")
    return [f"[data-stone='{cell.id}']" for cell in made]


def field(tab: Page, stone: str) -> tuple[str, str]:
    """Column and row, as they would be sent."""
    id = stone.split("'")[1]
    return tab.input_value(f"#column-{id}"), tab.input_value(f"#row-{id}")


def test_by_keys_alone_a_cell_is_placed_moved_taken_back_and_saved(site, tab: Page):
    one, two = drawn(site, tab)
    tab.focus(one)
    tab.keyboard.press("ArrowRight")  # from the tray to the first free place
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowDown")
    assert field(tab, one) == ("2", "2")
    expect(tab.locator(one)).to_be_focused()
    expect(tab.locator("#live-status")).to_have_text("C01 at column 2, row 2")

    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Control+z")
    assert field(tab, one) == ("2", "2")
    tab.click("button:has-text('Save plan')")

    expect(tab.locator(".flash[data-arrived]")).to_contain_text("saved")
    expect(tab.locator(f".draw {one}")).to_be_visible()
    expect(tab.locator(f".tray {two}")).to_be_visible()
    db.session.rollback()  # what this test has read is older than what was saved
    assert list(cells.hall_plan(cells.sites()[0].id).places.values()) == [Spot(2, 2)]


def test_a_cell_is_dragged_and_changes_places_with_who_stands_there(site, tab: Page):
    one, two = drawn(site, tab)
    for stone in (one, two):
        tab.focus(stone)
        tab.keyboard.press("ArrowRight")
    assert (field(tab, one), field(tab, two)) == (("1", "1"), ("2", "1"))

    tab.drag_and_drop(one, two)

    assert (field(tab, one), field(tab, two)) == (("2", "1"), ("1", "1"))
    tab.drag_and_drop(one, ".tray h3")
    assert field(tab, one) == ("", "")


def test_what_is_typed_moves_in_the_drawing(site, tab: Page):
    one, _ = drawn(site, tab)
    tab.click("summary:has-text('as numbers')")
    id = one.split("'")[1]

    tab.fill(f"#column-{id}", "4")
    tab.fill(f"#row-{id}", "3")

    assert tab.locator(f".draw {one}").evaluate("el => getComputedStyle(el).gridArea").startswith("3 / 4")
