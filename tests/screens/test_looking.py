"""What happened since a person last looked at the board is told to them once."""

from datetime import timedelta

from tests.screens.desk import leads_to, sits, tree, words
from tests.world import idle_cell, make_running, person, says
from webapp import people, projects
from webapp.lib.clock import utcnow

TITLE = "Since you last looked"


def looked(username: str, ago: timedelta = timedelta(hours=1)) -> None:
    people.look(person(username).user.id, "board", utcnow() - ago)


def something_fails() -> str:
    idle_cell("C01")
    project = make_running("ada")
    projects.fail(project.id, person("ada"), utcnow() - timedelta(seconds=2), "Tool broke")
    return project.label


def test_nobody_and_who_is_here_for_the_first_time_are_told_nothing(client):
    label = something_fails()
    assert TITLE not in words(client.get("/board"))

    sits(client, "sam")

    page = words(client.get("/board"))
    assert label in page
    assert TITLE not in page


def test_who_is_back_is_told(client):
    label = something_fails()
    sits(client, "sam")
    looked("sam")

    page = words(client.get("/board"))

    assert f"{TITLE} 1" in page
    assert f"{label} failed on C01 Tool broke · ada" in page
    assert page.index(TITLE) < page.index("Needs attention")


def test_until_it_is_pressed_away(client):
    something_fails()
    sits(client, "sam")
    looked("sam")
    assert TITLE in words(client.get("/board"))
    assert TITLE in words(client.get("/board"))

    assert leads_to(client.post("/board/look", data={"to": "/board?kind=mill"}), "/board?kind=mill")

    assert TITLE not in words(client.get("/board"))


def test_it_stands_outside_the_live_part(client):
    something_fails()
    sits(client, "sam")
    looked("sam")

    assert TITLE not in client.get("/board/part").text


def test_leaving_is_looking_only_where_nothing_waits_to_be_pressed_away(client):
    sits(client, "sam")
    idle_cell("C01")

    def waits_to_leave() -> bool:
        return any("data-look" in form.attrs for form in tree(client.get("/board")) if form.tag == "form")

    assert waits_to_leave()
    looked("sam", timedelta(hours=-1))
    assert waits_to_leave()


def test_a_script_that_says_so_gets_no_page(client):
    sits(client, "sam")

    assert client.post("/board/look", headers={"HX-Request": "true"}).status_code == 204


def test_nobody_has_looked(client):
    assert client.post("/board/look").status_code == 401


def test_another_persons_look_is_theirs(client):
    something_fails()
    looked("oli")
    sits(client, "sam")
    looked("sam")
    client.post("/board/look")

    sits(client, "oli")

    assert TITLE in words(client.get("/board"))


def test_what_goes_on_leads_to_its_cell(client):
    cell = idle_cell("C01")
    sits(client, "sam")
    looked("sam")
    says(cell, "down", "E-417")
    from webapp import cells

    cells.call_for_help(cell.id, "Crane", "oli", utcnow() - timedelta(seconds=1))

    links = [a.attrs["href"] for a in tree(client.get("/board")) if a.tag == "a" and "calls for help" in a.text]
    assert links == [f"/cells/{cell.id}"]
