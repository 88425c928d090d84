"""A day in a CNC workshop as its document tells it: an order arrives, runs from machine to machine, a machine goes to
maintenance after its task, an issue is logged, the order completes, and the report is taken away as a file."""

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.world import idle_cell, make_person, person
from webapp import orders, upkeep
from webapp.lib.clock import utcnow

ROWS = "Order\tProduct\tQuantity\tOperation\tMachine\tTakes\n" + "\n".join(
    f"WO-77\tBearing seat\t12\t{name}\t{machine}\t40 min"
    for name, machine in (("Saw", "SAW1"), ("Mill", "MILL1"), ("Deburr", "SAW1"))
)


@pytest.fixture
def workshop(app: Flask, site: str) -> int:
    """A saw whose service is overdue soon, and a mill; both stand free. Returns the number of the saw's duty."""
    with ThreadPoolExecutor(1) as own:  # cells are asked by an event loop, and this thread has the browser's
        return own.submit(_furnish, app).result()


def _furnish(app: Flask) -> int:
    with app.app_context():
        for username in ("pat", "oli"):
            make_person(username)
        saw = idle_cell("SAW1", kind="saw")
        idle_cell("MILL1", kind="mill")
        blade = upkeep.DutyDetails(
            saw.id, "Blade change", every_days=30, minutes=20, last_done_at=utcnow() - timedelta(days=29, hours=23)
        )
        return upkeep.add_duty(blade, person("root"), utcnow()).id


def test_from_the_order_to_the_report(workshop: int, tab: Page, app: Flask, tmp_path: Path) -> None:
    sign_in(tab, "pat")
    an_order_arrives(tab)
    it_starts(tab)
    leave(tab)

    sign_in(tab, "oli")
    maintenance_waits_for_the_task(tab, workshop)
    complete(tab, "WO-77 step 1", good=12)
    maintenance_begins(tab, workshop)
    an_issue_is_logged(tab)
    complete(tab, "WO-77 step 2", good=11, rejected=1)
    expect(tab.locator("section[aria-labelledby=waiting]")).to_contain_text("maintenance")
    maintenance_is_over(tab, workshop)
    time_goes_on(app)
    complete(tab, "WO-77 step 3", good=11)

    tab.goto("/orders/WO-77")
    expect(tab.locator("#order-part")).to_contain_text("Done")
    the_report_tells_it(tab, tmp_path)


def an_order_arrives(tab: Page) -> None:
    """Rows out of a spreadsheet, looked at, then added."""
    tab.goto("/orders/paste")
    tab.fill("#rows", ROWS)
    tab.click("button:has-text('Look at them')")
    expect(tab.locator("form.act")).to_contain_text("1 order with 3 steps")
    tab.click("button:has-text('Add the order')")
    tab.wait_for_url(re.compile("/orders"))


def it_starts(tab: Page) -> None:
    tab.goto("/orders/WO-77")
    tab.click("button:has-text('Start WO-77')")
    expect(tab.locator("#order-part")).to_contain_text("Running")


def leave(tab: Page) -> None:
    tab.context.clear_cookies()


def maintenance_waits_for_the_task(tab: Page, duty: int) -> None:
    tab.goto(f"/maintenance/duties/{duty}")
    tab.click("button:has-text('Begin now')")
    expect(tab.locator("main")).to_contain_text("WO-77 step 1, Saw has booked this cell")


def complete(tab: Page, label: str, good: int, rejected: int = 0) -> None:
    tab.goto("/operations")
    tab.click(f"a:has-text('Complete…'):has-text('{label}')")
    tab.fill("#qty_done", str(good))
    tab.fill("#qty_rejected", str(rejected))
    tab.click("button:has-text('Complete it')")
    tab.wait_for_url("**/operations*")


def maintenance_begins(tab: Page, duty: int) -> None:
    tab.goto(f"/maintenance/duties/{duty}")
    tab.click("button:has-text('Begin now')")
    expect(tab.locator("main")).to_contain_text("Under way")


def an_issue_is_logged(tab: Page) -> None:
    """Three taps: the cell, what it is doing, and send."""
    tab.goto("/issues/new")
    tab.click("label:has-text('MILL1')")
    tab.click("label:has-text('Running, needs care')")
    tab.click("main button:has-text('Report')")
    expect(tab.locator("main")).to_contain_text("MILL1")


def maintenance_is_over(tab: Page, duty: int) -> None:
    tab.goto(f"/maintenance/duties/{duty}")
    tab.click("a:has-text('Open it')")
    tab.click("button:has-text('takes work again')")
    expect(tab.locator("main")).to_contain_text("is done, and SAW1 takes work again")


def time_goes_on(app: Flask) -> None:
    """The next tick: what waited for a machine starts by itself."""
    with app.app_context():
        orders.start_waiting(utcnow(), 5)


def the_report_tells_it(tab: Page, folder: Path) -> None:
    tab.goto("/log?type=operation")
    with tab.expect_download() as waiting:
        tab.click("a:has-text('CSV')")
    waiting.value.save_as(folder / "log.csv")
    told = [row["what"] for row in csv.DictReader((folder / "log.csv").open())]

    assert told.count("started operation") == 3
    assert told.count("completed operation") == 3
