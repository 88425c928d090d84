from datetime import UTC, datetime, timedelta

import pytest

from tests import world
from webapp import orders
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.orders import Difference, OperationSpec, OrderSpec
from webapp.orders.proposals.comparing import At
from webapp.screens.proposals.twin import twin


def signed_in(client, username="pat"):
    world.person(username)
    client.sign_in(username)


def an_order(ref="WO-1", mill=None, at=None, length=1, due=None):
    """Hours from now."""
    now = utcnow().replace(microsecond=0)
    spans = (None, None) if at is None else (now + timedelta(hours=at), now + timedelta(hours=at + length))
    step = OperationSpec("", 1, "cut", "mill", mill.id if mill else None, *spans, seconds=3600 * length)
    about = {"due_at": None if due is None else now + timedelta(hours=due), "operations": [step]}
    orders.add_orders([OrderSpec(ref=ref, product="Bracket", qty=5, **about)], by="pat", now=now)


def a_mill(name="M1"):
    return world.make_cell(name, kind="mill", takes=["operation"], now=utcnow())


def made(**given):
    proposal = orders.ask_for_plan("pat", utcnow(), **{"seconds": 2, **given})
    while orders.go_on_planning(utcnow, dict, within=5):
        pass
    db.session.rollback()
    return orders.one_proposal(proposal.id)


def swapped():
    mill = a_mill()
    an_order("WO-1", mill, at=1, length=8)
    an_order("WO-2", mill, at=9, length=2, due=4)
    return made()


def test_one_press_asks_for_a_plan(client):
    signed_in(client)

    answer = client.post("/schedule/proposals", data={"days": "14", "seconds": "60"})

    [proposal] = orders.recent_proposals()
    assert answer.location.endswith(f"/schedule/proposals/{proposal.id}")
    assert (proposal.by, proposal.days, proposal.seconds) == ("pat", 14, 60)


def test_while_it_is_made_the_page_asks_how_far_it_is(client):
    signed_in(client)
    proposal = orders.ask_for_plan("pat", utcnow())

    page = client.get(f"/schedule/proposals/{proposal.id}").text

    assert "Good enough, stop here" in page
    assert f"/schedule/proposals/{proposal.id}/part?seen=" in page


def test_a_part_that_was_seen_is_not_sent_again(client):
    signed_in(client)
    proposal = orders.ask_for_plan("pat", utcnow())

    answer = client.get(f"/schedule/proposals/{proposal.id}/part?seen=waiting-0-0-None")

    assert answer.status_code == 204
    assert "Good enough" in client.get(f"/schedule/proposals/{proposal.id}/part").text


def test_who_asks_again_is_led_to_the_one_that_is_made(client):
    signed_in(client)
    first = orders.ask_for_plan("sam", utcnow())

    answer = client.post("/schedule/proposals", data={"days": "14", "seconds": "60"})

    assert answer.location.endswith(f"/schedule/proposals/{first.id}")
    assert len(orders.recent_proposals()) == 1


@pytest.mark.parametrize("wrong", [{"days": "x"}, {"days": "0"}, {"orders": "WO-77"}, {"seconds": "99999"}])
def test_what_cannot_be_asked_comes_back_with_its_reason(client, wrong):
    signed_in(client)

    answer = client.post("/schedule/proposals", data={"days": "14", "seconds": "60", **wrong})

    assert answer.status_code == 422
    assert orders.recent_proposals() == []


def test_a_plan_stands_beside_todays(client):
    signed_in(client)
    proposal = swapped()

    page = client.get(f"/schedule/proposals/{proposal.id}").text

    assert "today&#39;s plan: 1" in page
    assert page.count('name="ref"') == 2
    assert "WO-2 step 1, cut" in page
    assert "<rect" in page


def test_all_is_accepted_and_can_be_undone(client):
    signed_in(client)
    proposal = swapped()

    answer = client.post(f"/schedule/proposals/{proposal.id}/acceptance", data={"all": "1"})

    page = client.get(answer.location).text
    assert "2 operations moved, as proposed." in page
    assert "/undo" in page
    assert page.count("lies there") == 2


def test_one_that_cannot_go_alone_is_named_and_offered_with_its_company(client):
    signed_in(client)
    proposal = swapped()

    answer = client.post(f"/schedule/proposals/{proposal.id}/acceptance", data={"ref": "WO-2-1"})

    assert answer.status_code == 409
    assert "Nothing was accepted" in answer.text
    assert "Accept these 2" in answer.text


def test_ticking_nothing_says_so(client):
    signed_in(client)
    proposal = swapped()

    answer = client.post(f"/schedule/proposals/{proposal.id}/acceptance")

    assert answer.status_code == 422
    assert "at least one operation" in answer.text


def test_what_changed_since_is_told(client):
    signed_in(client)
    proposal = swapped()
    later = utcnow().replace(microsecond=0) + timedelta(hours=30)
    orders.reschedule("WO-1-1", later, later + timedelta(hours=8), None, "sam", utcnow())

    assert "it was moved meanwhile" in client.get(f"/schedule/proposals/{proposal.id}").text


def test_stopping_and_discarding(client):
    signed_in(client)
    proposal = orders.ask_for_plan("pat", utcnow())

    client.post(f"/schedule/proposals/{proposal.id}/stop")
    client.post(f"/schedule/proposals/{proposal.id}/rejection")

    db.session.rollback()
    assert (orders.one_proposal(proposal.id).stop_asked, orders.one_proposal(proposal.id).status) == (True, "discarded")
    assert "Discarded" in client.get("/schedule/proposals").text


@pytest.mark.parametrize("username", ["ada", "oli", "dee"])
def test_only_planners_plan(client, username):
    signed_in(client, username)

    assert client.get("/schedule/proposals").status_code == 403
    assert client.post("/schedule/proposals", data={"days": "14", "seconds": "60"}).status_code == 403


def test_nobody_is_sent_to_sign_in(client):
    assert "/login" in client.get("/schedule/proposals").location


def test_a_missing_plan_is_404(client):
    signed_in(client)

    assert client.get("/schedule/proposals/77").status_code == 404


def test_a_short_plan_is_ticked_by_hours_and_a_long_one_by_days():
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def shown(hours):
        there = At(1, noon, noon + timedelta(hours=hours))
        return [words for _, words in twin([Difference("a", "A", "A 1", None, there)], {1: "M1"}, noon, UTC).ticks]

    assert shown(3) == ["12:00", "13:00", "14:00"]
    assert shown(30) == ["12:00", "15:00", "18:00", "21:00", "Thu 5", "03:00", "06:00", "09:00", "12:00", "15:00"]
    assert shown(24 * 20)[:3] == ["Fri 6", "Sun 8", "Tue 10"]
