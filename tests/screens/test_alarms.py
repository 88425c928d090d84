"""Stops and calls: the list, a cell's own, and how long a site waits before it tells the next ones."""

from datetime import timedelta

import pytest

from tests.screens.desk import complained_of, leads_to, sits, words
from tests.world import idle_cell, make_site, person
from webapp import cells
from webapp.cells import Alarm
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow

ESCALATION = {"active": "y", "grace": "60", "second": "3", "third": "10"}


def stop(cell, told=None, acknowledged=None, repaired=None, ago=60):
    """minutes after it began."""
    began = utcnow() - timedelta(minutes=ago)
    times = {"told_at": told, "acknowledged_at": acknowledged, "repaired_at": repaired}
    given = {name: None if after is None else began + timedelta(minutes=after) for name, after in times.items()}
    row = Alarm(cell_id=cell.id, kind="stop", state="down", words="E-417", detected_at=began, step=1, **given)
    row.acknowledged_by, row.outcome = ("sam" if acknowledged else ""), ("works" if repaired else "")
    with transaction():
        db.session.add(row)


def test_without_stops_the_page_says_so(client, app):
    assert "No cell stood" in words(client.get("/alarms"))


def test_each_stop_has_its_times_and_the_usual_ones_stand_above(client, app):
    cell = idle_cell("C01")
    stop(cell, told=1, acknowledged=4, repaired=10)
    stop(cell, told=1, ago=30)

    page = words(client.get("/alarms"))

    assert "1 min later the operators" in page
    assert "3 min later by sam" in page
    assert "6 min later works again" in page
    assert "30 min so far" in page
    assert "waits" in page
    assert "Until told 1 min only 2 times" in page


def test_of_enough_the_median_is_named(client, app):
    cell = idle_cell("C01")
    for n in range(5):
        stop(cell, told=n, acknowledged=n + 1, repaired=20, ago=600 - n)

    assert "Until told 2 min median of 5" in words(client.get("/alarms"))


def test_one_cell_at_a_time(client, app):
    one, other = idle_cell("C01"), idle_cell("C02")
    stop(one, told=1, repaired=5)

    assert "E-417" in words(client.get(f"/alarms?cell={one.id}"))
    assert "No cell stood" in words(client.get(f"/alarms?cell={other.id}"))


def test_the_page_of_a_cell_says_who_is_at_it(client, app):
    cell = idle_cell("C01")
    cells.call_for_help(cell.id, "Crane wanted", "oli", utcnow())
    before = words(client.get(f"/cells/{cell.id}"))

    cells.acknowledge_stop(cell.id, "sam", utcnow())

    assert "oli called for help: Crane wanted" in before
    assert "nobody was told yet" in before
    assert "sam went there" in words(client.get(f"/cells/{cell.id}/part"))


@pytest.fixture
def site(client, app):
    sits(client, "root")
    return make_site()


def test_who_is_told_when_is_set_for_each_site(client, site):
    path = f"/admin/settings/sites/{site.id}/escalation"

    assert leads_to(client.post(path, data=ESCALATION), "/admin/settings")

    assert "after 3 min supervisors, after 10 min everybody in charge" in words(client.get("/admin/settings"))
    assert 'value="60"' in client.get(path).text


def test_a_site_may_tell_nobody(client, site):
    client.post(f"/admin/settings/sites/{site.id}/escalation", data={**ESCALATION, "active": ""})

    assert cells.rules_by_site()[site.id].active is False


def test_what_cannot_be_is_said_beside_the_field(client, site):
    path = f"/admin/settings/sites/{site.id}/escalation"

    answer = client.post(path, data={**ESCALATION, "third": "3"})

    assert answer.status_code == 422
    assert complained_of(answer) == ["third"]


def test_only_who_administers_sets_it(client, app):
    made = make_site()
    person("sam")
    client.sign_in("sam")

    assert client.get(f"/admin/settings/sites/{made.id}/escalation").status_code == 403
    assert client.post(f"/admin/settings/sites/{made.id}/escalation", data=ESCALATION).status_code == 403


def test_there_is_no_such_site(client, site):
    assert client.get("/admin/settings/sites/77/escalation").status_code == 404
