"""Two taps: the cell, then what is to be done about it."""

from datetime import timedelta

import pytest

from tests.screens.desk import leads_to, sits, tree, words
from tests.screens.stopped import stop, stopped_cell
from tests.world import idle_cell
from webapp import cells
from webapp.lib.clock import utcnow

DOWN_NOW = ((90, "running", ""), (60, "down", "E-417"))


@pytest.fixture
def cell(app):
    return idle_cell("C01", state="down", detail="Spindle overload", location="Bay 1")


def offered(page) -> list[str]:
    """What its buttons say."""
    sheet = next(e for e in tree(page) if e.attrs.get("id") == "sheet")
    return [e.text for e in sheet if e.tag == "button" and "hidden" not in e.attrs]


OFFERS = {
    "sam": ["Hold C01: no new work", "Close C01 for maintenance", "Call for help at C01"],
    "oli": ["Call for help at C01"],
    "ada": ["Call for help at C01"],
    "dee": [],
}


@pytest.mark.parametrize("username", OFFERS)
def test_each_is_offered_what_they_may_do(client, cell, username):
    sits(client, username)

    page = client.get(f"/cells/{cell.id}/act")

    assert "Spindle overload" in words(page)
    assert offered(page) == OFFERS[username]
    assert ("Your role may look, and not act." in words(page)) is (username == "dee")


def test_nobody_is_asked_who_they_are(client, cell):
    page = client.get(f"/cells/{cell.id}/act")

    assert offered(page) == []
    assert "Sign in to act." in words(page)


def test_out_of_service_there_is_nothing_to_do(client, cell):
    cells.retire_cell(cell.id, "root", utcnow())
    sits(client, "sam")

    page = client.get(f"/cells/{cell.id}/act")

    assert "Out of service since" in words(page)
    assert offered(page) == []


def test_held_from_a_board_one_is_back_on_it_and_can_take_it_back(client, cell):
    sits(client, "sam")

    answer = client.post(f"/cells/{cell.id}/mode", data={"mode": "draining", "why": "", "to": "/board?kind=mill"})

    assert leads_to(answer, f"/board?kind=mill&undo_mode={cell.id}")
    assert cells.one(cell.id).mode == "draining"
    back = client.get(answer.location)
    assert f'action="/cells/{cell.id}/mode/undo"' in back.text
    client.post(f"/cells/{cell.id}/mode/undo", data={"to": "/board"})
    assert cells.one(cell.id).mode == "open"


def test_closed_for_maintenance_says_why_unless_somebody_does(client, cell):
    sits(client, "sam")
    for typed, kept in (("", "Maintenance"), ("New spindle", "New spindle")):
        client.post(f"/cells/{cell.id}/mode", data={"mode": "closed", "why": typed, "why_closed": "Maintenance"})
        assert cells.one(cell.id).mode_why == kept

    assert "Open C01 again" in offered(client.get(f"/cells/{cell.id}/act"))


def test_what_another_changed_since_is_not_taken_back(client, cell):
    cells.set_mode(cell.id, "draining", "", "sam", utcnow())
    cells.set_mode(cell.id, "closed", "Audit", "root", utcnow())
    sits(client, "sam")

    answer = client.post(f"/cells/{cell.id}/mode/undo")

    assert answer.status_code == 409
    assert "C01 is closed: somebody changed it since" in words(answer)
    assert cells.one(cell.id).mode == "closed"


def test_taking_back_brings_back_why(app, cell):
    cells.set_mode(cell.id, "closed", "Audit", "sam", utcnow())
    cells.set_mode(cell.id, "open", "", "sam", utcnow())

    taken = cells.take_mode_back(cell.id, "sam", utcnow())

    assert (taken.mode, taken.mode_why) == ("closed", "Audit")


def test_help_is_called_and_taken_and_over(client, cell):
    sits(client, "ada")
    asked = f"/cells/{cell.id}"
    assert leads_to(client.post(f"{asked}/call", data={"words": "Crane", "to": "/floor"}), "/floor")
    assert "Help was called to C01 already" in words(client.post(f"{asked}/call"))

    sits(client, "oli")
    assert offered(client.get(f"{asked}/act"))[:2] == ["Acknowledge: I go there", "End the call"]
    client.post(f"{asked}/acknowledgement", data={"to": "/attention"})
    assert "oli went there" in words(client.get("/attention"))
    refused = client.post(f"{asked}/acknowledgement")
    assert (refused.status_code, "oli is at C01 already" in words(refused)) == (409, True)

    client.post(f"{asked}/call/end")
    assert cells.open_on(cell.id) == []


def test_a_reason_is_the_second_tap(client):
    cell = stopped_cell("C20", said=DOWN_NOW)
    sits(client, "oli")
    page = client.get(f"/cells/{cell.id}/act?to=/board")
    reason = next(e for e in tree(page) if e.tag == "button" and e.attrs.get("name") == "reason")
    form = reason.above("form")
    fields = {e.attrs["name"]: e.attrs.get("value", "") for e in form if e.tag == "input"}

    answer = client.post(form.attrs["action"], data={**fields, "reason": reason.attrs["value"]})

    assert answer.location.startswith("/board?undo=")
    assert stop(cell).note.words == reason.text


def test_too_short_a_stop_wants_no_reason_yet(client, cell):
    sits(client, "oli")

    assert "A reason can be given once it has lasted a minute." in words(client.get(f"/cells/{cell.id}/act"))


@pytest.mark.parametrize("elsewhere", ["//evil.example/x", "https://evil.example", "javascript:1", "\\evil"])
def test_it_leads_back_to_our_own_pages_only(client, cell, elsewhere):
    sits(client, "sam")

    answer = client.post(f"/cells/{cell.id}/call", data={"to": elsewhere})

    assert answer.location == f"/cells/{cell.id}"


def test_without_script_it_leads_back_to_the_page_one_came_from(client, cell):
    sits(client, "sam")

    page = client.get(f"/cells/{cell.id}/act", headers={"Referer": "http://localhost/floor?state=down&undo_mode=3"})

    fields = [e.attrs["value"] for e in tree(page) if e.attrs.get("name") == "to"]
    assert set(fields) == {"/floor?state=down"}


@pytest.mark.parametrize(("act", "username"), [("acknowledgement", "ada"), ("call", "dee"), ("mode/undo", "oli")])
def test_whose_role_may_not_is_refused(client, cell, act, username):
    sits(client, username)
    assert client.post(f"/cells/{cell.id}/{act}").status_code == 403


@pytest.mark.parametrize("act", ["acknowledgement", "call", "call/end", "mode/undo"])
def test_nobody_is_sent_to_sign_in_and_no_cell_is_no_page(client, cell, act):
    assert client.post(f"/cells/{cell.id}/{act}").status_code == 401
    sits(client, "root")
    assert client.post(f"/cells/77/{act}").status_code == 404


def test_long_ago_is_not_taken_back(app, cell):
    cells.set_mode(cell.id, "closed", "Audit", "sam", utcnow() - timedelta(hours=1))

    with pytest.raises(Exception, match="it was long ago"):
        cells.take_mode_back(cell.id, "sam", utcnow())
