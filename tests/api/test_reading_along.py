"""GET /api/projects/<id>/decisions and /api/engineers."""

from tests.api.programs import assert_refused, create, free_cell, nobody, program_of, running


def test_decisions_say_why_it_is_where_it_is(app):
    cell = free_cell("C01", kind="mill")
    ada = program_of(app, "ada")
    number = create(ada, cell_kind="mill")["project_id"]

    told = nobody(app).get(f"/projects/{number}/decisions").json

    [decision] = told["decisions"]
    assert (told["project_id"], told["next"]) == (number, None)
    assert (decision["outcome"], decision["cell_id"], decision["times"]) == ("placed", cell.id, 1)
    [candidate] = decision["candidates"]
    assert (candidate["cell_id"], candidate["name"], candidate["accepted"]) == (cell.id, "C01", True)


def test_a_cell_that_did_not_fit_is_named_with_its_rule(app):
    free_cell("C01", kind="mill")
    number = create(program_of(app, "ada"), cell_kind="laser")["project_id"]

    [decision] = nobody(app).get(f"/projects/{number}/decisions").json["decisions"]

    [candidate] = decision["candidates"]
    assert (decision["outcome"], candidate["accepted"], candidate["rule"]) == ("waiting", False, "kind")
    assert candidate["values"] == {"asked": "laser", "has": "mill"}


def test_decisions_of_a_missing_project_are_404(app):
    assert_refused(nobody(app).get("/projects/999/decisions"), 404, "NOT_FOUND")


def test_engineers_at_work_are_named_once_and_nothing_else_of_them(app):
    for name in ("C01", "C02"):
        free_cell(name)
    ada = program_of(app, "ada")
    running(ada)
    running(ada)
    create(program_of(app, "eizumoto"))

    told = nobody(app).get("/engineers").json

    assert told == {"engineers": [{"username": "ada", "first_name": "Ada", "last_name": "Byron"}]}
