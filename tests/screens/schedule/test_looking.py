"""The schedule as anybody may look at it: lanes, bars, the hours shown, the table, and what has no place yet."""

import pytest

from tests.screens.desk import sits, tree, words
from tests.screens.schedule.shop import HOUR, full_hour, machine, order, step, taken
from tests.world import idle_cell, says
from webapp import orders
from webapp.lib.clock import utcnow
from webapp.people import caller, user_named


@pytest.fixture
def shop(app):
    """Two mills; WO-1 is sawn, then milled; WO-2 has no place."""
    one, two, saw = machine("C01"), machine("C02"), machine("C04", kind="saw")
    start = full_hour()
    order("WO-1", step("Saw", saw, start), step("Mill", one, start + 2 * HOUR, hours=2))
    order("WO-2", step("Mill", required_kind="mill", hours=0.75))
    return {"one": one, "two": two, "saw": saw, "start": start}


def bars(page):
    return {e.attrs["data-op"]: e.attrs for e in tree(page) if "data-op" in e.attrs and e.tag == "a"}


def test_nobody_is_asked_to_sign_in(client, shop):
    page = client.get("/schedule")

    assert page.status_code == 200
    assert set(bars(page)) == {"OP-WO-1-1", "OP-WO-1-2"}


def test_each_bar_says_what_where_and_when(client, shop):
    told = bars(client.get("/schedule"))["OP-WO-1-2"]["aria-label"]

    assert told.startswith("1·2 Mill, WO-1 step 2, C01, ")
    assert told.endswith(", planned")


def test_every_machine_that_takes_operations_has_a_lane(client, shop):
    idle_cell("C09", takes=["project"])

    lanes = [e.attrs["data-name"] for e in tree(client.get("/schedule")) if "data-lane" in e.attrs]

    assert lanes == ["C01", "C02", "C04"]


def test_what_has_no_place_is_listed(client, shop):
    assert "Not placed yet 1 WO-2 step 1, mill 45 min, any mill" in words(client.get("/schedule"))


def test_other_hours_are_in_the_address(client, shop):
    assert bars(client.get("/schedule?d=2026-03-04&hours=24")) == {}
    week = client.get("/schedule?hours=168")
    assert [e.text for e in tree(week) if e.attrs.get("aria-current") == "true"] == ["Today", "Week"]


@pytest.mark.parametrize("odd", ["d=2026-02-30", "d=x", "hours=11", "hours=x", "d=0000-01-01", "d=2026-03-04T99"])
def test_odd_hours_are_todays(client, shop, odd):
    assert set(bars(client.get(f"/schedule?{odd}"))) == {"OP-WO-1-1", "OP-WO-1-2"}


def test_a_stretch_there_is_not_is_no_topic(client, app):
    assert client.get("/schedule/part?d=2026-03-04&hours=24").status_code == 200


def test_the_table_tells_the_same_by_machine(client, shop):
    page = client.get("/schedule?view=table")

    rows = {e.attrs["data-op"] for e in tree(page) if e.tag == "tr" and "data-op" in e.attrs}
    assert rows == {"OP-WO-1-1", "OP-WO-1-2"}


def test_maintenance_and_a_machine_that_is_down_are_drawn(client, shop):
    taken(shop["two"], shop["start"], shop["start"] + HOUR)
    says(shop["one"], "down", "Spindle")

    page = client.get("/schedule")

    kinds = [e.attrs["class"] for e in tree(page) if e.tag == "g" and "class" in e.attrs]
    assert sorted(kinds) == ["stop", "window"]


def test_what_breaks_a_rule_is_said_first(client, shop):
    order("WO-3", step("Mill", shop["one"], shop["start"] + 3 * HOUR))

    page = client.get("/schedule")

    assert "1 operation breaks a rule. WO-3 step 1, Mill: overlaps WO-1 step 2, Mill by 1 h 00." in words(page)
    assert "broken" in bars(page)["OP-WO-3-1"]["class"]


def test_running_work_is_drawn_from_when_it_began(client, shop):
    pat = caller(user_named("pat"))
    orders.start_operation("OP-WO-1-1", by=pat, now=utcnow(), period=5)

    drawn = bars(client.get("/schedule"))["OP-WO-1-1"]

    assert drawn["class"].split()[:2] == ["op", "running"]
    assert "data-moves" not in drawn


def test_an_operation_has_a_page_with_its_order(client, shop):
    page = words(client.get("/schedule/operations/OP-WO-1-2"))

    assert "WO-1 · step 2, mill Housing R4, 40 pieces. 2 h 00 of work" in page
    assert "After the step before" in page
    assert "Save" not in page


def test_one_there_is_not_is_404(client, app):
    assert client.get("/schedule/operations/OP-9").status_code == 404
    assert client.get("/schedule?op=OP-9").status_code == 404


def test_the_planner_comes_home_to_it(client, app):
    sits(client, "pat")

    assert client.get("/").location == "/schedule"
