"""A form is sent once, and what was typed is not lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.world import PASSWORD, make_cell, make_person


def test_a_second_press_sends_nothing(site, tab: Page):
    make_person("ada")
    tab.goto("/login")
    tab.fill("#username", "ada")
    tab.fill("#password", PASSWORD)
    sent = []
    tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    tab.dblclick("button:has-text('Sign in')")
    tab.wait_for_url(lambda url: "/login" not in url)

    assert len(sent) == 1


def test_what_was_typed_outlives_an_ended_session(site, tab: Page):
    make_person("ada")
    make_cell("C01")
    sign_in(tab, "ada")
    tab.goto("/projects/new")
    tab.fill("#cad_model", "s3:plant-models/housing_r4.step")
    tab.fill("#config", "s3:plant-models/config.yml")
    tab.context.clear_cookies()

    tab.click("button:has-text('Create')")
    tab.fill("#username", "ada")
    tab.fill("#password", PASSWORD)
    tab.click("button:has-text('Sign in')")

    expect(tab.locator("#cad_model")).to_have_value("s3:plant-models/housing_r4.step")
    expect(tab.locator("#typed-back")).to_be_visible()


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(site, tab: Page):
    make_person("ada")
    make_cell("C01")
    sign_in(tab, "ada")
    tab.goto("/projects/new")
    tab.fill("#config", "kept")

    tab.click("button:has-text('Create')")

    expect(tab.locator("[data-errors]")).to_be_focused()
    tab.click("[data-errors] a[href='#cad_model']")
    expect(tab.locator("#cad_model")).to_be_focused()
    expect(tab.locator("#config")).to_have_value("kept")
    assert tab.title().startswith("Error: ")
