"""On a tablet the rail is a menu."""

from playwright.sync_api import Page, expect


def test_the_menu_opens_and_escape_gives_the_focus_back(site, tab: Page):
    tab.set_viewport_size({"width": 820, "height": 1180})
    tab.goto("/board")

    tab.click("[data-menu]")
    expect(tab.locator("#rail .nav")).to_be_visible()
    tab.keyboard.press("Escape")

    expect(tab.locator("#rail .nav")).to_be_hidden()
    expect(tab.locator("[data-menu]")).to_be_focused()


def test_it_opens_by_its_address_where_no_script_runs(site, chromium):
    page = chromium.new_page(base_url=site, viewport={"width": 820, "height": 1180}, java_script_enabled=False)

    page.goto("/board#rail")

    expect(page.locator("#rail .nav")).to_be_visible()
    page.close()
