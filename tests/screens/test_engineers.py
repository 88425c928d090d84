"""Who has something running, and where."""

from tests.screens.desk import words
from tests.world import idle_cell, make_project, make_running, person
from webapp import projects
from webapp.lib.clock import utcnow


def test_each_with_all_that_runs(client):
    for name in ("C01", "C02", "C03"):
        idle_cell(name)
    made = [make_running("eizumoto"), make_running("ada"), make_running("ada")]

    page = words(client.get("/engineers"))

    assert "2 people have something running" in page
    assert page.count("Ada Byron") == page.count("Eiko Izumoto") == 1
    assert all(project.label in page for project in made)
    assert "C02" in page


def test_who_only_waits_or_is_done_is_not_among_them(client):
    idle_cell("C01")
    done = make_running("ada")
    projects.finish(done.id, person("ada"), utcnow())
    make_project("eizumoto", cell_kind="laser")

    assert "Nobody has anything running" in words(client.get("/engineers"))


def test_a_retired_cell_is_still_named(client):
    from webapp import cells

    cell = idle_cell("C01")
    project = make_running("ada")
    projects.finish(project.id, person("ada"), utcnow())
    cells.retire_cell(cell.id, "root", utcnow())

    assert "C01" in words(client.get("/projects"))
    assert client.get("/engineers").status_code == 200


def test_nobody_is_sent_to_sign_in_where_boards_are_not_public(client, not_public):
    assert client.get("/engineers").location == "/login?next=/engineers"
