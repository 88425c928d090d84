"""The log for programs: what happened, filtered, paged, and all of it as files of the very same rows."""

import csv
import io
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from tests.api.programs import cell_program, nobody, program_of
from tests.world import NOW, at, make_cell, make_project
from webapp import journal
from webapp.extensions import transaction


@pytest.fixture
def dee(app):
    return program_of(app, "dee")


def note(verb, subject="cell:1", by="sam", when=NOW, **details):
    with transaction():
        return journal.record(verb, subject, by, when, **details)


def told(program, query=""):
    return [row["what"] for row in program.get(f"/logs?{query}").json["logs"]]


def rows_of_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_row_says_when_what_of_which_by_whom(dee):
    cell = make_cell("C03")
    entry = note("set cell mode", f"cell:{cell.id}", before="open", after="closed")

    answer = dee.get(f"/logs?subject=cell:{cell.id}&limit=1")

    assert answer.json == {
        "logs": [
            {
                "log_id": entry.id,
                "time": "2026-03-04T10:00:00Z",
                "type": "cell",
                "what": "set cell mode",
                "subject": f"cell:{cell.id}",
                "name": "C03",
                "by": "sam",
                "from": "",
                "details": {"before": "open", "after": "closed"},
            }
        ],
        "next": entry.id,
    }


def test_it_is_as_the_document_says(app, dee):
    note("restored a backup", "factory", details={"n": 1})
    document = nobody(app).get("/openapi.json").json
    for path in ("/logs", "/logs.json"):
        content = document["paths"][f"/api{path}"]["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**content["schema"], "components": document["components"]}
        assert [no.message for no in Draft202012Validator(schema).iter_errors(dee.get(path).json)] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=project", ["three"]),
        ("type=cell", ["two", "one"]),
        ("type=maintenance", ["did maintenance"]),
        ("type=issue", []),
        ("subject=cell:2", ["two"]),
        ("subject=P-7", ["three"]),
        ("subject=project:7", ["three"]),
        ("by=ada&type=cell", ["two"]),
        ("start_time=2026-03-04T10:00:00Z&by=ada", ["two"]),
        ("end_time=2026-03-04T10:00:00Z&by=ada", ["three"]),
    ],
)
def test_filters(dee, query, found):
    note("one", "cell:1", "sam", at("08:00"))
    note("three", "project:7", "ada", at("09:59"))
    note("two", "cell:2", "ada", at("10:00"))
    note("did maintenance", "window:2", "oli", at("11:00"))

    assert told(dee, query) == found
    assert [row["what"] for row in dee.get(f"/logs.json?{query}").json] == found
    assert [row["what"] for row in rows_of_csv(dee.get(f"/logs.csv?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=tea", "type"),
        ("subject=WO-77", "subject"),
        ("subject=cell:C99", "subject"),
        ("start_time=soon", "start_time"),
        ("start_time=2026-03-04&end_time=2026-03-04", "end_time"),
        ("limit=0", "limit"),
        ("after=x", "after"),
        ("verb=closed", "verb"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(dee, query, field):
    for path in ("/logs", "/logs.csv", "/logs.json"):
        answer = dee.get(f"{path}?{query}")
        assert (answer.status_code, list(answer.json["details"]["fields"])) == (400, [field]), path


def test_files_know_no_pages(dee):
    assert dee.get("/logs.csv?limit=5").status_code == 400


def test_page_by_page_is_the_file(dee):
    for n in range(25):
        note(f"act {n}", "cell:1", when=NOW + timedelta(seconds=n // 3))

    pages, after = [], ""
    while after is not None:
        page = dee.get(f"/logs?subject=cell:1&limit=10{after}").json
        pages += page["logs"]
        after = f"&after={page['next']}" if page["next"] else None

    assert [row["what"] for row in pages] == [f"act {n}" for n in range(24, -1, -1)]
    assert dee.get("/logs.json?subject=cell:1").json == pages
    assert [row["what"] for row in rows_of_csv(dee.get("/logs.csv?subject=cell:1"))] == [r["what"] for r in pages]


def test_a_long_log_comes_in_pieces_and_whole(dee):
    with transaction():
        for n in range(1200):
            journal.record("noted", "cell:1", "sam", NOW, n=n)

    for kind, rows in (("json", lambda answer: answer.json), ("csv", rows_of_csv)):
        answer = dee.get(f"/logs.{kind}?subject=cell:1")
        assert "Content-Length" not in answer.headers
        assert len(rows(answer)) == 1200
    assert dee.get("/logs.json?subject=cell:2").json == []


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@now", "\tx", "\rx", " =1"])
def test_no_cell_of_the_file_is_a_formula(dee, begins):
    note(f"{begins} did", "cell:1", f"{begins} by")

    [row] = rows_of_csv(dee.get("/logs.csv?subject=cell:1"))

    assert (row["what"], row["by"]) == (f"'{begins} did", f"'{begins} by")


def test_engineers_read_of_their_own_projects(app):
    mine, theirs = make_project("ada"), make_project("eizumoto")
    note("closed cell", "cell:1")
    ada = program_of(app, "ada")

    assert {row["subject"] for row in ada.get("/logs").json["logs"]} == {f"project:{mine.id}"}
    assert {row["subject"] for row in ada.get("/logs.json").json} == {f"project:{mine.id}"}
    assert told(ada, f"subject=project:{theirs.id}") == []


def test_where_it_came_from_is_for_administrators(app, dee):
    client = app.test_client()
    client.post("/login", data={"username": "dee", "password": "wrong"})
    client.sign_in("dee")

    assert {row["from"] for row in dee.get("/logs").json["logs"]} == {""}
    assert "127.0.0.1" in {row["from"] for row in program_of(app, "root").get("/logs").json["logs"]}


def test_nobody_and_no_cell_reads_it(app):
    for path in ("/logs", "/logs.csv", "/logs.json"):
        assert nobody(app).get(path).status_code == 401
        assert cell_program(app, make_cell(f"C{path[-3:]}")).get(path).status_code == 403
