"""A television in a hall, from a code on its screen to weeks of showing its wall."""

import re
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watched, sign_in
from tests.world import make_cell, make_person, says
from webapp import cells, people
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, utcnow


@pytest.fixture
def factory_floor(site: str) -> list[cells.Cell]:
    """Fourteen cells heard of just now: two pages of utilization."""
    made = [make_cell(f"C{n:02}", now=utcnow() - timedelta(hours=1)) for n in range(1, 15)]
    for cell in made:
        says(cell, "idle")
    cells.take_samples(epoch(utcnow()) // 5 * 5, 5, ())
    return made


@pytest.fixture
def tv(chromium, site: str) -> Iterator[Page]:
    """Another browser, with nobody at it."""
    context = chromium.new_context(base_url=site, viewport={"width": 1920, "height": 1080})
    context.set_default_timeout(10_000)
    page, watched = context.new_page(), Watched()
    watched.follow(page)
    yield page
    context.close()
    assert (watched.errors, watched.strangers) == ([], set())


#: Milliseconds within which a screen must have heard by asking alone: it asks each five seconds.
HEARD = 15_000


def pair(tv: Page) -> int:
    people.pair_display(code_on(tv), people.DisplayDetails("Hall A"), "root", utcnow())
    tv.wait_for_url(re.compile(r"/wall/\d+$"))
    return people.displays()[-1].id


def code_on(tv: Page) -> str:
    tv.goto("/wall")
    return str(tv.get_attribute("[data-code]", "data-code"))


def test_from_unpaired_to_its_wall_by_the_three_steps_in_less_than_a_minute(factory_floor, tab: Page, tv: Page):
    make_person("root")
    begun = monotonic()

    code = code_on(tv)
    sign_in(tab, "root")
    tab.goto("/admin/displays")
    tab.fill("#code", f"{code[:3]} {code[3:]}".lower())
    tab.fill("#name", "Hall A, north wall")
    tab.click("button:has-text('Pair this screen')")

    expect(tv.locator("[data-show]:not([hidden]) .whead")).to_be_visible(timeout=60_000)
    assert monotonic() - begun < 60
    expect(tab.locator("#displays")).to_contain_text("Hall A, north wall")


def test_it_goes_where_the_desk_points_it_and_away_when_revoked(factory_floor, tv: Page):
    id = pair(tv)

    only = people.DisplayDetails("Hall A", [people.Item("utilization", 60)])
    people.change_display(id, only, "root", utcnow())
    expect(tv.locator("[data-show]")).to_have_count(1, timeout=HEARD)

    people.revoke_display(id, "root", utcnow())
    expect(tv.locator("[data-code]")).to_be_visible(timeout=HEARD)


def test_a_new_stop_brings_the_board_back_until_it_is_over(site, tv: Page):
    cell, id = make_cell("C01", now=utcnow() - timedelta(hours=1)), pair(tv)
    says(cell, "idle")
    long = people.DisplayDetails("Hall A", [people.Item("utilization", 3600), people.Item("board", 10)])
    people.change_display(id, long, "root", utcnow())
    expect(tv.locator("[data-show]").first).to_have_attribute("data-show", "utilization", timeout=HEARD)
    board, utilization = tv.locator("[data-show=board]"), tv.locator("[data-show=utilization]")

    stands_from_now(cell)

    expect(board.get_by_text("C01 down")).to_be_visible(timeout=HEARD)
    expect(utilization).to_be_hidden()
    says(cell, "idle")
    expect(utilization).to_be_visible(timeout=HEARD)
    expect(board).to_be_hidden()


def stands_from_now(cell: cells.Cell) -> None:
    says(cell, "down", "Spindle overload")
    with transaction():
        db.session.get_one(cells.Sighting, cell.id).since = utcnow()


def test_pages_turn_by_the_clock_and_nothing_is_cut_off(factory_floor, tv: Page):
    tv.clock.install(time=utcnow())
    tv.goto("/wall/utilization")
    tv.route(re.compile("/part"), lambda route: route.abort())  # an answer would tell the page what time it really is
    first = tv.locator(".wcells [data-page]:not([hidden])").get_attribute("data-page")

    tv.clock.run_for(20_000)

    expect(tv.locator(".wcells [data-page]:not([hidden])")).not_to_have_attribute("data-page", first or "")
    assert tv.locator(".wdots .on").count() == 1
    assert outside(tv) == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_more_that_is_wrong_than_fits_has_pages_of_its_own(factory_floor, tv: Page, size):
    for cell in factory_floor[:12]:
        says(cell, "down", "Spindle overload in the second axis")
    tv.set_viewport_size({"width": size[0], "height": size[1]})

    tv.goto("/wall/board?page=1")

    expect(tv.locator(".walert:visible")).to_have_count(10)
    assert outside(tv) == []


def outside(tv: Page) -> list[str]:
    """What lies past an edge of the screen, where nobody can scroll."""
    return list(
        tv.evaluate(
            """() => [...document.querySelectorAll(".wall *")].filter((el) => {
              const box = el.getBoundingClientRect();
              return el.checkVisibility() && (box.bottom > innerHeight + 1 || box.right > innerWidth + 7);
            }).map((el) => el.className.baseVal ?? el.className)"""
        )
    )


@pytest.fixture
def plain(chromium, site: str) -> Iterator[Page]:
    """A browser without script."""
    context: BrowserContext = chromium.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 1920, "height": 1080}
    )
    yield context.new_page()
    context.close()


def test_without_script_it_pairs_and_shows_its_wall_and_its_age(factory_floor, plain: Page):
    code = code_on(plain)
    people.pair_display(code, people.DisplayDetails("Hall A"), "root", utcnow())

    plain.wait_for_url(re.compile(r"/wall/\d+$"))

    expect(plain.locator("[data-show]:not([hidden])")).to_have_count(1)
    expect(plain.locator("#feed-lost")).to_be_hidden()


def test_and_says_itself_that_its_feed_is_lost(site: str, plain: Page):
    make_cell("C01", now=utcnow() - timedelta(days=2))

    plain.goto("/wall/board")

    expect(plain.locator("#feed-lost")).to_contain_text("Feed lost")
    expect(plain.locator(".wboard")).to_have_css("filter", "grayscale(1)")


def test_a_page_whose_scripts_did_not_arrive_is_loaded_again(factory_floor, tv: Page):
    tv.route(re.compile(r"/js/(live|wall)\.js"), lambda route: route.abort())
    tv.clock.install(time=utcnow())
    tv.goto("/wall/board")

    with tv.expect_navigation():
        tv.clock.run_for(30_000)
