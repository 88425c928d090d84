"""The log: who did what, filtered, paged and as a file; engineers read their own projects' part."""

import csv
import io

import pytest

from tests.issues.conftest import make_issue
from tests.screens.desk import tree, words
from tests.world import NOW, at, make_cell, make_person, make_project, make_site
from webapp import journal, projects
from webapp.extensions import transaction
from webapp.lib.clock import utcnow


@pytest.fixture
def dee(client):
    make_person("dee")
    client.sign_in("dee")
    return client


def note(verb, subject="cell:1", by="sam", when=None, **details):
    with transaction():
        return journal.record(verb, subject, by, when or at("09:00"), **details)


def verbs(page):
    """What its table tells, from the top."""
    [table] = [table for table in tree(page) if table.tag == "table"] or [None]
    rows = [row for row in table or () if row.tag == "tr" and row.above("thead") is None]
    return [[cell for cell in row if cell.tag == "td"][1].text for row in rows]


def lines_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_what_happened_newest_first(dee):
    cell = make_cell()
    note("set cell mode", f"cell:{cell.id}", when=NOW, before="open", after="closed", why="new spindle")

    page = dee.get("/log")

    assert verbs(page)[1:3] == ["Set cell mode", "Added cell"]
    assert "open → closed; because new spindle" in words(page)
    assert f"/cells/{cell.id}" in page.text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("type=cell", ["Two", "One"]),
        ("type=project", ["Three"]),
        ("project=P-7", ["Three"]),
        ("project=7", ["Three"]),
        ("cell=1", ["One"]),
        ("user=ada", ["Two", "Three"]),
        ("user=ada&type=cell", ["Two"]),
        ("user=nobody", []),
        ("start=2026-03-04+10:00", ["Two"]),
        ("start=2026-03-04+10:00&end=2026-03-04+11:00", []),
        ("end=2026-03-04+10:00", ["Three", "One"]),
        ("end=2026-03-04T09:00:00Z", ["Three", "One"]),
    ],
)
def test_filters(dee, query, told):
    make_site(zone="Europe/Berlin")
    note("one", "cell:1", "sam", at("08:00"))
    note("two", "cell:2", "ada", at("10:00"))
    note("three", "project:7", "ada", at("08:59"))

    assert [verb for verb in verbs(dee.get(f"/log?{query}")) if verb in ("One", "Two", "Three")] == told


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("start=tuesday", "From must be a time such as"),
        ("end=0001-01-01", "Up to must lie between 1970 and 9998"),
        ("type=tea", "About must be one of project, order, operation, plan, maintenance, issue, cell, user"),
        ("project=housing", "Project must be a number such as P-1047"),
        ("cell=C01", "Cell must be a number such as 3"),
        (f"project={'9' * 5000}", "Project must be a number such as P-1047"),
        ("subject=WO-77", "Which one must be something there is"),
        ("subject=order:WO-77", "Which one must be something there is"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so(dee, query, says):
    page = dee.get(f"/log?{query}")

    assert page.status_code == 400
    assert says in words(page)
    assert "/api/logs" not in page.text


@pytest.mark.parametrize(
    "query", ["endpoint=log.show", "_external=1&_scheme=x", "values=1", "before=x", "before=99999999999"]
)
def test_words_it_does_not_know_are_only_words(dee, query):
    for n in range(70):
        note(f"act {n}")

    assert dee.get(f"/log?{query}").status_code == 200


def test_a_nul_is_no_text(dee):
    assert dee.get("/log?user=%00").status_code == 400
    assert dee.post("/login", data={"username": "d\0", "password": "x"}).status_code == 400


def test_nothing_matches_is_not_nothing_happened(dee):
    assert "Nothing matches" in words(dee.get("/log?user=somebody"))


def test_older_entries_are_on_the_next_page(dee):
    for n in range(70):
        note(f"act {n:02}")

    first = dee.get("/log?type=cell")
    older = next(link.attrs["href"] for link in tree(first) if link.tag == "a" and link.text == "Older")
    second = dee.get(older)

    assert verbs(first) == [f"Act {n:02}" for n in range(69, 9, -1)]
    assert verbs(second) == [f"Act {n:02}" for n in range(9, -1, -1)]
    assert "type=cell" in older


def test_people_sites_and_parameters_are_called_by_their_names(dee):
    site = make_site("North Works")
    projects.set_parameter(3, label="Layer height", by="root", now=utcnow())

    said = words(dee.get("/log"))

    assert "Added site North Works root" in said
    assert "Described parameter x3 root" in said
    assert "Signed in Dee Lindqvist" in said
    assert f"site:{site.id}" not in said


def test_an_engineer_sees_the_entries_of_own_projects_only(app, client):
    mine, theirs = make_project("ada"), make_project("eizumoto")
    note("closed cell", "cell:1")
    client.sign_in("ada")

    page, file = client.get("/log"), lines_of(client.get("/api/logs.csv"))

    assert f"P-{mine.id}" in words(page)
    assert f"P-{theirs.id}" not in words(page)
    assert {line["subject"] for line in file} == {f"project:{mine.id}"}
    assert verbs(client.get(f"/log?project=P-{theirs.id}")) == []


def test_only_an_administrator_sees_where_from(app, dee):
    note("signed in", "user:9", "ada")
    make_person("root")
    admin = app.test_client()
    admin.sign_in("root")

    assert "127.0.0.1" in words(admin.get("/log"))
    assert "127.0.0.1" not in words(dee.get("/log"))


def files_of(page):
    return [link.attrs["href"] for link in tree(page) if "download" in link.attrs]


def test_the_files_have_the_filters_of_the_page_and_run_no_formula(dee):
    note("closed cell", "cell:1", "=cmd()", why="@now", reason="-1+1")
    note("added site", "site:1")

    page = dee.get("/log?type=cell&user=%3Dcmd()&start=2026-03-04+08:00&end=2026-03-04T10:00Z&subject=cell:1")
    csv_address, json_address = files_of(page)
    csv_file = dee.get(csv_address)

    assert csv_file.mimetype == "text/csv"
    assert csv_file.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
    [line] = lines_of(csv_file)
    assert (line["time"], line["what"], line["subject"], line["by"]) == (
        "2026-03-04T09:00:00Z",
        "closed cell",
        "cell:1",
        "'=cmd()",
    )
    assert line["details"] == "why: @now; reason: -1+1"
    [row] = dee.get(json_address).json
    assert (row["what"], row["by"], row["details"]) == ("closed cell", "=cmd()", {"why": "@now", "reason": "-1+1"})


def test_which_one_may_be_said_as_people_call_it(dee):
    cell, project = make_cell("C03"), make_project("ada", now=NOW)
    issue = make_issue(cell.id, words="Smoke")

    for said, subject, told in (
        ("c03", None, None),
        ("C03", f"cell:{cell.id}", "Added cell"),
        (f"p-{project.id}", f"project:{project.id}", "Created project"),
        (f"No. {issue.id}", f"issue:{issue.id}", "Reported issue"),
        (f"issue:{issue.id}", f"issue:{issue.id}", "Reported issue"),
        ("ada", "user:", "Added user"),
        ("user:ada", "user:", "Added user"),
    ):
        page = dee.get("/log", query_string={"subject": said})
        if subject is None:
            assert page.status_code == 400, said
            continue
        assert told in verbs(page), said
        assert {n for n in verbs(page) if n in ("Added cell", "Created project", "Reported issue")} <= {told}


def test_issues_and_maintenance_are_found_under_their_words_and_linked(dee):
    cell = make_cell("C03")
    issue = make_issue(cell.id, words="Smoke")
    note("planned maintenance", f"cell:{cell.id}")

    assert verbs(dee.get("/log?type=maintenance")) == ["Planned maintenance"]
    page = dee.get("/log?type=issue")
    assert verbs(page) == ["Reported issue"]
    assert f'<a href="/issues/{issue.id}">No. {issue.id}</a>' in page.text


def test_a_long_file_comes_in_pieces(dee):
    with transaction():
        for n in range(3000):
            journal.record("noted", "cell:1", "sam", at("09:00"), n=n)

    answer = dee.get("/api/logs.csv?type=cell")

    assert "Content-Length" not in answer.headers
    assert len(lines_of(answer)) == 3000


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/log").location.startswith("/login")


def test_everybody_else_reads_all_of_it(app):
    note("closed cell", "cell:1")
    for name in ("sam", "dee", "pat", "oli", "root"):
        make_person(name)
        client = app.test_client()
        client.sign_in(name)
        assert "Closed cell" in verbs(client.get("/log"))
