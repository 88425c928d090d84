"""Boards in the hand of somebody: narrowed, acted on, and seen again after a while."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import COLOURS, axe, sign_in
from tests.world import idle_cell, make_person, make_project, says
from webapp import cells, people
from webapp.extensions import db
from webapp.lib.clock import epoch, utcnow


@pytest.fixture
def floor(site: str) -> dict[str, cells.Cell]:
    kinds = {"C01": "mill", "C02": "laser", "C03": "mill"}
    made = {name: idle_cell(name, kind=kind, tags=["steel"] if name == "C01" else []) for name, kind in kinds.items()}
    says(made["C01"], "down", "Spindle overload")
    says(made["C02"], "down", "Gas is low")
    cells.take_samples(epoch(utcnow()) // 5 * 5, 5, ())
    return made


def refresh(tab: Page, region: str) -> None:
    with tab.expect_response(re.compile("part|tiles")):
        tab.evaluate(f"document.getElementById('{region}').dispatchEvent(new CustomEvent('refresh'))")


def by(tab: Page, username: str) -> None:
    make_person(username)
    sign_in(tab, username)


def shown(tab: Page) -> list[str]:
    """Cells of the attention list that stand before the reader."""
    return [row.locator(".cell").inner_text() for row in tab.locator(".att li:visible").all()]


def test_a_board_is_narrowed_by_its_address(floor, tab: Page):
    tab.goto("/board?kind=laser")

    assert shown(tab) == ["C02"]
    expect(tab.locator("#attention .n-badge")).to_have_text("1 of 2")
    expect(tab.locator("[data-tally=down] [data-number]")).to_have_text("1")
    expect(tab.locator("[data-chip=kind]")).to_have_text(re.compile("Kind: laser"))


def test_what_was_left_out_stays_out_when_the_board_changes(floor, tab: Page):
    tab.goto("/board?kind=mill&state=down")
    says(floor["C03"], "down", "Chip jam")

    refresh(tab, "board")

    expect(tab.locator(f"#attention-{floor['C03'].id}")).to_be_visible()
    assert shown(tab) == ["C01", "C03"]
    expect(tab.locator("#attention .n-badge")).to_have_text("2 of 3")


def test_choosing_and_pressing_away_are_in_the_address(floor, tab: Page):
    tab.goto("/board")
    tab.click(".narrow-by summary")
    tab.select_option("#narrow-kind", "mill")
    assert tab.url.endswith("/board?kind=mill")
    tab.fill("#narrow-q", "gas")
    tab.keyboard.press("Enter")

    assert shown(tab) == []
    expect(tab.locator("[aria-labelledby=attention] [data-none-left]")).to_be_visible()

    tab.click("[data-chip=kind]")
    assert shown(tab) == ["C02"]
    tab.click("[data-narrow-chips] [data-narrow-clear]")
    assert shown(tab) == ["C01", "C02"]
    assert tab.url.endswith("/board")


def test_on_the_plan_a_cell_keeps_its_place(floor, tab: Page):
    tab.goto("/floor?kind=laser")
    place = tab.locator(f"#tile-{floor['C03'].id}").bounding_box()

    refresh(tab, "floor-tiles")

    expect(tab.locator(f"#tile-{floor['C01'].id}")).to_have_attribute("data-out", "")
    assert tab.locator(f"#tile-{floor['C02'].id}").get_attribute("data-out") is None
    assert tab.locator(f"#tile-{floor['C03'].id}").bounding_box() == place


def test_without_script_it_shows_everything_and_says_so(floor, site: str, chromium: Browser):
    quiet = chromium.new_context(base_url=site, java_script_enabled=False)
    page = quiet.new_page()
    page.goto("/board?kind=laser")

    expect(page.locator(".att li")).to_have_count(2)
    expect(page.locator("[data-narrow-chips]")).to_contain_text("runs no script, so every cell is shown")
    quiet.close()


def test_two_taps_hold_a_cell_and_one_takes_it_back(floor, tab: Page):
    by(tab, "sam")
    tab.goto("/floor?kind=laser")

    tab.click(f"#tile-{floor['C02'].id}")
    tab.click("dialog >> text=Hold C02")

    expect(tab.locator(".toast")).to_contain_text("C02 is draining")
    assert "kind=laser" in tab.url
    assert mode("C02") == "draining"
    tab.click(".toast >> text=Undo")
    expect(tab.locator(".flash:visible")).to_contain_text("Taken back")
    assert mode("C02") == "open"


def mode(name: str) -> str:
    db.session.rollback()
    return next(cell.mode for cell in cells.all_cells() if cell.name == name)


def test_the_sheet_stays_open_while_the_board_changes(floor, tab: Page):
    by(tab, "sam")
    tab.goto("/board")
    tab.click(f"#attention-{floor['C01'].id} [data-act] >> visible=true")
    tab.fill("#sheet-words", "Bring the crane")
    says(floor["C03"], "down", "Chip jam")

    refresh(tab, "board")

    expect(tab.locator(f"#attention-{floor['C03'].id}")).to_be_attached()
    expect(tab.locator("#sheet-words")).to_have_value("Bring the crane")
    tab.click("dialog >> text=Call for help at C01")
    expect(tab.locator(".flash:visible")).to_contain_text("Help is called to C01.")
    assert tab.url.endswith("/board")


def test_the_sheet_closes_with_escape_and_gives_the_focus_back(floor, tab: Page):
    by(tab, "sam")
    tab.goto("/floor")
    tab.focus(f"#tile-{floor['C02'].id}")
    tab.keyboard.press("Enter")
    expect(tab.locator("dialog #sheet-head")).to_be_focused()
    assert axe(tab) == axe(tab, COLOURS) == []

    tab.keyboard.press("Escape")

    expect(tab.locator("dialog")).to_have_count(0)
    expect(tab.locator(f"#tile-{floor['C02'].id}")).to_be_focused()


def test_who_may_not_act_comes_to_the_cell(floor, tab: Page):
    by(tab, "dee")
    tab.goto("/floor")

    tab.click(f"#tile-{floor['C02'].id}")

    tab.wait_for_url(re.compile(f"/cells/{floor['C02'].id}$"))
    tab.goto("/attention")
    expect(tab.locator(f"#attention-{floor['C01'].id} .btn:visible")).to_have_text("Open cell")


def test_each_sees_the_one_act_that_is_theirs(floor, tab: Page):
    by(tab, "oli")
    tab.goto("/attention")

    expect(tab.locator(f"#attention-{floor['C01'].id} .btn:visible")).to_have_text("Give a reason, C01")


def looked(username: str, ago: timedelta) -> int:
    """The person's number, who last looked so long ago."""
    sam = make_person(username)
    people.look(sam.id, "board", utcnow() - ago)
    return int(sam.id)


def test_who_leaves_the_board_has_seen_it(floor, tab: Page):
    sam, before = looked("sam", timedelta(minutes=5)), utcnow()
    sign_in(tab, "sam")

    with tab.expect_response(re.compile("/board/look")):
        tab.evaluate(
            "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )

    db.session.rollback()
    seen = people.looked_at(sam, "board")
    assert seen is not None
    assert seen > before


def test_what_happened_meanwhile_is_pressed_away(floor, tab: Page):
    looked("sam", timedelta(hours=2))
    make_project(cell_kind="never", now=utcnow() - timedelta(minutes=90))
    sign_in(tab, "sam")
    tab.goto("/board?kind=mill")
    expect(tab.locator(".since")).to_contain_text("waits longer than an hour")

    tab.click(".since >> text=Seen")

    expect(tab.locator(".since")).to_have_count(0)
    assert tab.url.endswith("/board?kind=mill")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
@pytest.mark.parametrize("count", [12, 40, 150])
def test_a_floor_is_seen_without_scrolling(site: str, tab: Page, count: int, width: int, height: int):
    for number in range(count):
        idle_cell(f"C{number + 1:03}", location=f"Bay {number // 15}" if count > 12 else f"Bay {number // 4}")
    tab.set_viewport_size({"width": width, "height": height})

    tab.goto("/floor")

    last = tab.locator(".tile").last.bounding_box()
    assert last
    assert last["y"] + last["height"] <= height
    cut = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"
    assert tab.locator(".tile .id").evaluate_all(cut) == []
