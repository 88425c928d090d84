"""The factory's list of reasons, as an administrator keeps it."""

import pytest

from tests.screens.desk import complained_of, leads_to, sits, values, words
from tests.world import make_site
from webapp import cells


@pytest.fixture
def desk(app, client):
    make_site()
    sits(client, "root")
    return client


def named(name):
    return next(reason for reason in cells.reasons(retired=True) if reason.name == name)


def test_the_list_in_its_order(desk):
    page = words(desk.get("/admin/reasons"))

    assert page.index("No material") < page.index("Tool broke") < page.index("First article")


def test_one_is_added(desk):
    answer = desk.post("/admin/reasons", data={"name": "Coolant low", "states": ["down", "idle"]})

    assert leads_to(answer, "/admin/reasons")
    assert named("Coolant low").states == ["idle", "down"]
    assert "Coolant low added at the end of the list." in words(desk.get("/admin/reasons"))


def test_one_is_changed_and_retired(desk):
    reason = named("Crash")
    form = values(desk.get(f"/admin/reasons/{reason.id}"))

    desk.post(f"/admin/reasons/{reason.id}", data={"name": "Collision", "states": ["down"]})

    assert form["name"] == "Crash"
    assert not named("Collision").in_use
    page = words(desk.get("/admin/reasons"))
    assert page.index("Offered no more") < page.rindex("Collision")


def test_one_moves(desk):
    first, second = cells.reasons()[:2]

    answer = desk.post(f"/admin/reasons/{second.id}/place", data={"to": "up"})

    assert leads_to(answer, f"/admin/reasons#reason-{second.id}")
    assert [one.id for one in cells.reasons()[:2]] == [second.id, first.id]


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"name": ""}, "name"), ({"name": "x" * 61}, "name"), ({"name": "Crash"}, "name"), ({"states": []}, "states")],
)
def test_what_cannot_be_is_said_at_its_field(desk, sent, field):
    answer = desk.post("/admin/reasons", data={"name": "Coolant low", "states": ["down"], **sent})

    assert answer.status_code == 422
    assert complained_of(answer) == [field]


def test_a_factory_of_before_takes_the_usual_list(app, client):
    sits(client, "root")

    assert "Start with the usual list" in words(client.get("/admin/reasons"))
    assert leads_to(client.post("/admin/reasons/usual"), "/admin/reasons")
    assert named("Tool broke").in_use
    assert client.post("/admin/reasons/usual").status_code == 409


@pytest.mark.parametrize("username", ["sam", "oli", "dee", "ada", "pat"])
def test_nobody_else_may(app, client, username):
    sits(client, username)

    assert client.get("/admin/reasons").status_code == 403
    assert client.post("/admin/reasons", data={"name": "x", "states": ["idle"]}).status_code == 403


def test_a_missing_one(desk):
    assert desk.get("/admin/reasons/77").status_code == 404
    assert desk.post("/admin/reasons/77/place", data={"to": "up"}).status_code == 404
