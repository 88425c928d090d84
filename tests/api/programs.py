"""A program that speaks to the API, as itself: with a token, or with nothing."""

from datetime import timedelta
from typing import Any

from flask import Flask

from tests.projects.shop import show
from tests.world import make_cell, make_person
from webapp import cells, people, projects
from webapp.lib.clock import utcnow

ANY_PROJECT = {"cad_model": "s3:models/housing.step", "config": "s3:models/housing.yml"}


class Program:
    """Each call answers with werkzeug's test response; `.json` is what was said."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, json=body, headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, json=body, headers=headers)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **given: Any) -> Any:
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return self.client.open(f"/api{path}", method=method, headers={**self.headers, **named}, **given)


def program_of(app: Flask, username: str = "ada", scope: str = "all") -> Program:
    """With a token of this person of the cast, who is made if need be."""
    user = next((user for user in people.users() if user.username == username), None) or make_person(username)
    now = utcnow()
    _, secret = people.issue_token(user.id, "program", scope, now + timedelta(hours=1), people.caller(user), now)
    return Program(app, secret)


def cell_program(app: Flask, cell: Any) -> Program:
    """With the cell's own token."""
    _, secret = people.issue_cell_token(cell.id, "its controller", "root", utcnow())
    return Program(app, secret)


def nobody(app: Flask) -> Program:
    return Program(app)


def create(program: Program, **about: Any) -> dict[str, Any]:
    """A project, as the API tells of it."""
    answer = program.post("/projects", {**ANY_PROJECT, **about})
    assert answer.status_code == 201, answer.json
    told: dict[str, Any] = answer.json
    return told


def free_cell(name: str = "C01", state: str = "idle", **given: Any) -> cells.Cell:
    """It just said that it is idle."""
    cell: cells.Cell = make_cell(name, now=utcnow(), **given)
    show(cell, state, at=utcnow(), since=utcnow())
    return cell


def start(told: dict[str, Any]) -> projects.Project:
    """Its cell says that it took it."""
    project = projects.one(told["project_id"])
    assert project.cell_id is not None
    assert project.fence is not None
    projects.confirm_start(project.id, project.cell_id, project.fence, utcnow())
    return projects.one(project.id)


def running(program: Program, **about: Any) -> int:
    """The number of a project that runs. There must be a free cell."""
    return start(create(program, **about)).id


def assert_refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """It is a problem of this status and code; returns its details."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.get_data(as_text=True)
    told = answer.json
    assert set(told) == {"type", "title", "status", "code", "message", "details"}
    assert (told["status"], told["code"]) == (status, code)
    assert told["message"].strip()
    details: dict[str, Any] = told["details"]
    return details
