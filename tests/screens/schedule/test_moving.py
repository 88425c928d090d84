"""Moving an operation from its panel: checked before, saved or refused with where it could go, taken back."""

from datetime import timedelta

import pytest

from tests.screens.desk import sits, tree, values, words
from tests.screens.schedule.shop import HOUR, full_hour, machine, order, slot_of, step, taken
from tests.world import person
from webapp import orders
from webapp.lib.clock import iso, utcnow
from webapp.screens.filters import clock
from webapp.screens.times import shown_time, site_zone

PAGE = "/schedule/operations/OP-WO-1-2"


@pytest.fixture
def shop(app, client):
    one, two, saw = machine("C01"), machine("C02"), machine("C04", kind="saw")
    start = full_hour()
    order("WO-1", step("Saw", saw, start), step("Mill", one, start + 2 * HOUR, hours=2))
    order("WO-3", step("Mill", one, start + 5 * HOUR), due_at=start + 7 * HOUR)
    sits(client, "pat")
    return {"one": one, "two": two, "saw": saw, "start": start}


def typed(at):
    return shown_time(at, site_zone())


def sent(client, begins, ends=None, ref="OP-WO-1-2", **given):
    """The panel's form, as it came, with these times."""
    page = f"/schedule/operations/{ref}"
    fields = {name: word for name, word in values(client.get(page)).items() if name not in ("on", "along")}
    asked = {"start": typed(begins), "end": typed(ends or begins + 2 * HOUR), "start_at": "", "end_at": "", **given}
    return client.post(page, data={**fields, **asked})


def test_it_moves_and_can_be_taken_back(client, shop):
    before = slot_of("OP-WO-1-2")

    answer = sent(client, shop["start"] + 2.5 * HOUR)

    assert answer.status_code == 303
    assert slot_of("OP-WO-1-2") == (shop["one"].id, shop["start"] + 2.5 * HOUR, shop["start"] + 4.5 * HOUR)
    page = client.get(answer.location)
    [undo] = [e.attrs["action"] for e in tree(page) if e.tag == "form" and e.attrs["action"].endswith("/undo")]
    client.post(undo)
    assert slot_of("OP-WO-1-2") == before


def test_to_another_lane(client, shop):
    sent(client, shop["start"] + 2 * HOUR, cell=str(shop["two"].id))

    assert slot_of("OP-WO-1-2")[0] == shop["two"].id


def test_what_breaks_a_rule_is_not_saved_and_says_where_it_could_go(client, shop):
    before = slot_of("OP-WO-1-2")

    answer = sent(client, shop["start"] + 4 * HOUR)

    assert answer.status_code == 400
    said = words(answer)
    assert "Not saved: it breaks a rule" in said
    assert f"WO-3 step 1, Mill holds C01 from {clock(shop['start'] + 5 * HOUR)}" in said
    assert f"Use {clock(shop['start'] + 6 * HOUR)}, the first free slot" in said
    assert slot_of("OP-WO-1-2") == before


def test_what_it_delays_and_whom_that_makes_late_is_said_before(client, shop):
    start = shop["start"] + 4.5 * HOUR

    said = words(client.get(f"{PAGE}/verdict", query_string={"start": iso(start), "end": iso(start + 2 * HOUR)}))

    assert "It would delay 1 operation WO-3 step 1, Mill by 1 h 30" in said
    assert "WO-3 would be 30 min late" in said


def test_it_can_be_saved_with_what_it_delays(client, shop):
    answer = sent(client, shop["start"] + 4.5 * HOUR, along="1")

    assert answer.status_code == 303
    assert slot_of("OP-WO-1-2")[1] == shop["start"] + 4.5 * HOUR
    assert slot_of("OP-WO-3-1")[1] == shop["start"] + 6.5 * HOUR


def test_maintenance_is_in_the_way_too(client, shop):
    taken(shop["two"], shop["start"] + 3 * HOUR, shop["start"] + 4 * HOUR)

    answer = sent(client, shop["start"] + 2 * HOUR, cell=str(shop["two"].id))

    assert "Clear of maintenance : broken. Service: C02 is out" in words(answer)


def test_somebody_was_quicker(client, shop):
    page = values(client.get(PAGE))
    other = shop["start"] + 2.25 * HOUR
    orders.reschedule("OP-WO-1-2", other, other + 2 * HOUR, None, by=person("root"), now=utcnow())

    stale = sent(client, shop["start"] + 3 * HOUR, version=page["version"])

    assert stale.status_code == 412
    assert f"by root: start is now {other.day}" in words(stale)
    assert slot_of("OP-WO-1-2")[1] == other
    again = values(stale)
    assert sent(client, shop["start"] + 3 * HOUR, version=again["version"]).status_code == 303


def test_somebody_was_quicker_and_it_lies_on_another_lane_now(client, shop):
    page, other = values(client.get(PAGE)), shop["start"] + 2 * HOUR
    orders.reschedule("OP-WO-1-2", other, other + 2 * HOUR, shop["two"].id, by=person("root"), now=utcnow())

    stale = sent(client, shop["start"] + 3 * HOUR, cell=str(shop["one"].id), version=page["version"])

    assert stale.status_code == 412
    assert "by root: start is now" in words(stale)
    assert "the lane is now C02" in words(stale)


def test_seconds_that_a_field_does_not_show_are_kept(client, shop):
    odd = shop["start"] + 2 * HOUR + timedelta(seconds=17)
    orders.reschedule("OP-WO-1-2", odd, odd + HOUR, None, by=person("root"), now=utcnow())

    fields = {name: word for name, word in values(client.get(PAGE)).items() if name not in ("on", "along")}
    client.post(PAGE, data={**fields, "cell": str(shop["two"].id)})

    assert slot_of("OP-WO-1-2") == (shop["two"].id, odd, odd + HOUR)


@pytest.mark.parametrize(
    "odd", [{"start": "soon"}, {"end": ""}, {"start": "x" * 5000}, {"cell": "999999"}, {"cell": "x"}]
)
def test_what_cannot_be_read_moves_nothing(client, shop, odd):
    before = slot_of("OP-WO-1-2")

    answer = sent(client, shop["start"] - 40 * HOUR, **odd)

    assert answer.status_code in (400, 404, 422)
    assert slot_of("OP-WO-1-2") == before


def test_end_before_start_is_said(client, shop):
    answer = sent(client, shop["start"] + 3 * HOUR, shop["start"] + 2 * HOUR)

    assert "It must start before it ends" in words(answer)


def test_an_unfit_machine_is_refused_with_the_reason(client, shop):
    order("WO-5", step("Saw", shop["saw"], shop["start"] + 8 * HOUR, required_kind="saw"))

    answer = sent(client, shop["start"] + 8 * HOUR, ref="OP-WO-5-1", cell=str(shop["one"].id))

    assert "Lane is a mill, and the operation needs a saw" in words(answer)


def test_one_without_a_place_that_is_shown_an_unfit_machine_says_so(client, shop):
    lathe = machine("L1", "lathe")
    order("9", step("Bore", required_kind="mill"))

    page = words(client.get(f"/schedule/operations/OP-9-1?cell={lathe.id}"))

    assert "is a lathe, and the operation needs a mill" in page


def test_one_without_a_place_gets_the_first_one_there_is(client, shop):
    order("WO-6", step("Mill", required_kind="mill"))
    page = "/schedule/operations/OP-WO-6-1"
    fields = {name: word for name, word in values(client.get(page)).items() if name not in ("on", "along")}

    answer = client.post(page, data=fields)

    assert answer.status_code == 303
    assert slot_of("OP-WO-6-1")[1] < utcnow() + HOUR


def test_it_comes_off_the_plan_and_the_log_tells_of_it(client, shop):
    client.post(f"{PAGE}/removal")

    assert slot_of("OP-WO-1-2")[1] is None
    said = words(client.get("/schedule/changes"))
    assert "WO-1 step 2, Mill C01, " in said
    assert "not placed Pat Moreau" in said or "not placed pat" in said


def test_it_is_pinned(client, shop):
    client.post(f"{PAGE}/pin", data={"on": "1"})

    assert "Pinned." in words(client.get(PAGE))


def test_a_change_that_was_changed_since_is_not_taken_back(client, shop):
    sent(client, shop["start"] + 2.5 * HOUR)
    sent(client, shop["start"] + 2.75 * HOUR)
    first = orders.plan_changes()[-1]

    answer = client.post(f"/schedule/changes/{first.id}/undo")

    assert answer.status_code == 409
    assert "moved again since" in words(answer)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/removal", f"{PAGE}/pin", "/schedule/changes/1/undo"])
def test_only_planners_move(client, shop, path):
    client.post("/logout")
    assert client.post(path).status_code in (302, 303, 401)
    sits(client, "ada")
    assert client.post(path).status_code == 403


def test_what_runs_is_not_moved(client, shop):
    orders.start_operation("OP-WO-1-1", by=person("pat"), now=utcnow(), period=5)

    assert client.post("/schedule/operations/OP-WO-1-1", data={"start": "2026-01-01 10:00"}).status_code in (409, 422)
