"""The register of screens: pairing by a code, what the desk tells them, and how they are shut out."""

import re

import pytest

from tests.screens.desk import complained_of, leads_to, sits, tree, values, words
from tests.world import make_site, person
from webapp import people
from webapp.lib.clock import utcnow


@pytest.fixture
def tv(app):
    """A browser on the wall, beside the one at the desk."""
    return app.test_client()


def code_on(tv):
    return re.search(r'data-code="(\w{6})"', tv.get("/wall").text)[1]


def paired(client, tv, **typed):
    """The screen's number in the register, once the desk has typed its code."""
    sits(client, "root")
    client.post("/admin/displays", data={"code": code_on(tv), "name": "Hall A", "shows": "both", **typed})
    return people.displays()[-1].id


def test_without_screens_the_page_says_how_to_get_one(client):
    sits(client, "root")

    page = words(client.get("/admin/displays"))

    assert "On the screen Open /wall of this address" in page
    assert "It shows six characters" in page


def test_a_screen_shows_its_wall_once_its_code_was_typed(client, tv):
    code = code_on(tv)
    sits(client, "root")

    answer = client.post("/admin/displays", data={"code": code.lower(), "name": "Hall A", "shows": "both"})

    [display] = people.displays()
    assert leads_to(answer, "/admin/displays")
    assert tv.get("/wall").location == f"/wall/{display.id}"
    assert tv.get(f"/wall/{display.id}").status_code == 200


def test_its_cookie_is_out_of_reach_of_scripts_and_lasts_a_year(tv):
    cookie = tv.get("/wall").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie


def test_a_screen_keeps_its_code_while_it_is_good(tv):
    assert code_on(tv) == code_on(tv)


def test_a_wrong_code_is_told_at_its_field(client, tv):
    code_on(tv)
    sits(client, "root")

    answer = client.post("/admin/displays", data={"code": "AAAAAA", "name": "Hall A", "shows": "both"})

    assert answer.status_code == 422
    assert complained_of(answer) == ["code"]
    assert values(answer)["name"] == "Hall A"


def test_the_register_says_what_each_screen_shows_and_when_it_was_seen(client, tv):
    id = paired(client, tv, shows="board")
    tv.get(f"/wall/{id}/pulse?showing=Running board, page 1 of 2&heeded=0")

    row = next(e for e in tree(client.get("/admin/displays")) if e.attrs.get("id") == f"display-{id}").text

    assert "Live" in row
    assert "Running board, page 1 of 2" in row
    assert "Running board 60 s" in row


def test_what_the_desk_changes_is_news_to_the_screen(client, tv):
    id = paired(client, tv)
    asked = next(e for e in tree(tv.get(f"/wall/{id}")) if e.attrs.get("id") == "told").attrs["hx-get"]
    assert tv.get(asked).status_code == 204
    form = values(client.get(f"/admin/displays/{id}")) | {"show_1": "utilization", "show_2": "", "name": "Hall B"}

    answer = client.post(f"/admin/displays/{id}", data=form)

    assert leads_to(answer, f"/admin/displays/{id}")
    assert tv.get(asked).status_code == 200
    assert [item.show for item in people.items_of(people.one_display(id))] == ["utilization"]
    assert "Hall B" in words(tv.get(f"/wall/{id}"))


def test_so_is_the_wish_that_it_loads_again(client, tv):
    id = paired(client, tv)
    tv.get(f"/wall/{id}/pulse?heeded=0")

    client.post(f"/admin/displays/{id}/reload")

    assert "Told to load again, not done yet" in words(client.get("/admin/displays"))
    tv.get(f"/wall/{id}/pulse?heeded=1")
    assert "not done yet" not in words(client.get("/admin/displays"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"show_1": "", "show_2": ""}, "at least one thing"),
        ({"seconds_1": "5"}, "10 to 3600 seconds"),
        ({"seconds_1": "x"}, "must be a whole number"),
        ({"night_from": "25:00"}, "two times such as"),
        ({"name": ""}, "1 to 60 characters"),
        ({"site": "77"}, "one of this factory"),
        ({"show_1": "weather"}, "at least one thing"),
    ],
)
def test_what_a_screen_cannot_show_is_refused_in_the_form(client, tv, typed, says):
    id = paired(client, tv)

    answer = client.post(f"/admin/displays/{id}", data=values(client.get(f"/admin/displays/{id}")) | typed)

    assert answer.status_code == 422
    assert says in words(answer)


def test_a_revoked_screen_is_out_at_once_and_shows_a_code(client, tv):
    id = paired(client, tv)
    assert f"Revoke {people.one_display(id).name}?" in words(client.get(f"/admin/displays/{id}/revocation"))

    client.post(f"/admin/displays/{id}/revocation")

    asked = tv.get(f"/wall/{id}/part", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (401, "/wall")
    assert leads_or_302(tv.get(f"/wall/{id}"), "/wall")
    assert code_on(tv)
    assert people.displays() == []


def leads_or_302(answer, path):
    return (answer.status_code, answer.location) == (302, path)


def test_another_device_takes_its_place_and_the_first_is_shut_out(app, client, tv):
    id, other = paired(client, tv), app.test_client()

    client.post(f"/admin/displays/{id}/pairing", data={"code": code_on(other)})

    assert other.get(f"/wall/{id}").status_code == 200
    assert tv.get("/wall").status_code == 200  # a code again


def test_a_screen_reads_its_own_wall_and_nothing_else(client, tv, not_public):
    id = paired(client, tv)
    other = people.pair_display(code_on(client), people.DisplayDetails("B"), "root", utcnow()).id
    mine = ("/wall/board", "/wall/utilization", f"/wall/{id}", f"/wall/{id}/part", "/wall/board/part")
    foreign = (f"/wall/{other}", f"/wall/{other}/part", "/board", "/floor", "/projects", "/log", "/admin/displays")

    assert [tv.get(path).status_code for path in mine] == [200] * len(mine)
    assert [tv.get(path).status_code for path in foreign] == [403] * len(foreign)
    assert tv.get("/api/cells").status_code == 403
    assert tv.post("/projects", data={}).status_code == 403


def test_nobody_else_looks_at_a_paired_wall(client, tv, app):
    id = paired(client, tv)

    assert leads_or_302(app.test_client().get(f"/wall/{id}"), "/wall")
    assert client.get(f"/wall/{id}").status_code == 200  # the desk may


@pytest.mark.parametrize("role", ["ada", "sam", "dee", "pat", "oli"])
def test_only_administrators_pair_screens(client, tv, role):
    sits(client, role)

    assert client.get("/admin/displays").status_code == 403
    assert client.post("/admin/displays", data={"code": code_on(tv), "name": "Mine"}).status_code == 403


def test_a_screen_says_that_it_lives_by_whatever_it_asks(client, tv):
    id = paired(client, tv)
    assert people.one_display(id).last_seen is None

    tv.get(f"/wall/{id}/part")

    assert people.one_display(id).last_seen is not None


def test_its_start_page_may_be_any(client, tv):
    paired(client, tv)

    assert leads_or_302(tv.get("/"), "/wall")


def test_several_sites_have_screens_of_their_own(client, tv):
    make_site("Hall 1")
    hall = make_site("Hall 2")

    id = paired(client, tv, site=str(hall.id))

    assert {item.site for item in people.items_of(people.one_display(id))} == {hall.id}
    assert "Hall 2" in words(tv.get(f"/wall/{id}"))
    assert person("root").may("administer displays")
