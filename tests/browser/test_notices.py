"""What is new is told on whatever page is open: a number, a toast that takes no focus, a notification on wish."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.world import make_cell, person
from webapp import cells, people, projects
from webapp.lib.clock import utcnow

KEEP = """
window.told = [];
window.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(title, options) { super(); window.told.push(`${options.tag}: ${options.body}`); }
};
"""


@pytest.fixture
def oli(site: str, tab: Page) -> int:
    found = person("oli").user.id
    sign_in(tab, "oli")
    return int(found)


def call(words: str, name: str = "C01") -> cells.Cell:
    cell = cells.by_name(name) or make_cell(name, now=utcnow() - timedelta(hours=1))
    cells.call_for_help(cell.id, words, "ada", utcnow())
    projects.tell_people(utcnow())
    return cell


def refresh(tab: Page) -> None:
    tab.evaluate("document.getElementById('notices-news').dispatchEvent(new CustomEvent('refresh'))")


def test_what_is_new_is_counted_and_spoken_of_without_taking_the_focus(oli, tab: Page):
    tab.goto("/projects")
    tab.focus("#q")
    call("Crane wanted")

    refresh(tab)

    expect(tab.locator(".toast.notice")).to_contain_text("ada calls for help at C01: Crane wanted")
    expect(tab.locator(".rail [data-bell-count]")).to_have_text("1")
    assert tab.evaluate("document.activeElement.id") == "q"


def test_what_somebody_sees_to_leaves_the_page(oli, tab: Page):
    tab.goto("/projects")
    cell = call("Crane wanted")
    refresh(tab)
    expect(tab.locator(".toast.notice")).to_be_visible()

    cells.acknowledge_stop(cell.id, "sam", utcnow())
    refresh(tab)

    expect(tab.locator(".toast.notice")).to_have_count(0)
    expect(tab.locator(".rail [data-bell-count]")).to_be_hidden()


def test_it_is_spoken_of_once_whatever_page_is_opened_next(oli, tab: Page):
    tab.goto("/projects")
    call("Crane wanted")
    refresh(tab)
    expect(tab.locator(".toast.notice")).to_be_visible()

    tab.goto("/queue")

    expect(tab.locator(".rail [data-bell-count]")).to_have_text("1")
    expect(tab.locator(".toast.notice")).to_have_count(0)


def test_whoever_dismisses_it_has_seen_it(oli, tab: Page):
    tab.goto("/projects")
    call("Crane wanted")
    refresh(tab)

    with tab.expect_response("**/notices/seen"):
        tab.click(".toast.notice [data-dismiss]")

    assert people.unseen(oli) == []


def test_a_notification_comes_only_to_who_wished_it(oli, tab: Page):
    tab.add_init_script(KEEP)
    tab.goto("/projects")
    call("Crane wanted")
    refresh(tab)
    expect(tab.locator(".toast.notice")).to_be_visible()
    unwished = tab.evaluate("window.told")

    people.change_wishes(oli, [], True, None, None)
    call("Forklift wanted", "C02")
    refresh(tab)

    expect(tab.locator(".rail [data-bell-count]")).to_have_text("2")
    assert unwished == []
    [told] = tab.evaluate("window.told")
    assert told.endswith("ada calls for help at C02: Forklift wanted")
