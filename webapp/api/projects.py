"""Projects: creating them, tuning them, ending them, and reading why one is where it is."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Response, url_for
from flask_login import current_user

from webapp import projects
from webapp.api import results, schemas, shapes
from webapp.api.answering import answer, seen_version, tagged
from webapp.api.document import WRITER, tells
from webapp.api.door import bp, wake_afterwards
from webapp.api.idempotency import HEADER, once
from webapp.api.reading import body, open_window, query
from webapp.extensions import held_open
from webapp.jobs import work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotAllowed, Stale, WrongState
from webapp.lib.settings import settings
from webapp.projects import Filters, Prediction, Project, ProjectSpec

ENDINGS: dict[str, Callable[..., Project]] = {"finished": projects.finish, "failure": projects.fail}
MOST_DECISIONS = 10_000


@bp.get("/projects")
@tells("Projects in the order of their numbers", results.Projects, query=schemas.ProjectQuery, refuses=[400])
@may("see projects")
def list_projects() -> Response:
    asked = query(schemas.ProjectQuery)
    filters = Filters(
        status=asked.get("status"),
        window=open_window(asked),
        engineer=asked.get("engineer"),
        cell_id=asked.get("cell_id"),
    )
    page = projects.search(filters, limit=asked["limit"], after=asked.get("after"))
    foretold = _foretold(page.projects, utcnow())
    rows = [shapes.project(project, foretold.get(project.id)) for project in page.projects]
    return answer({"projects": rows, "next": page.next})


@bp.post("/projects")
@tells(
    "Create a project; it gets a free cell at once, or says why it waits",
    results.Created,
    201,
    body=schemas.NewProject,
    asking=[HEADER],
    headers=["Location", "ETag", "Idempotent-Replayed"],
    needs=WRITER,
)
@may("create project")
@once
def create_project() -> Response:
    now, spec = utcnow(), ProjectSpec(**body(schemas.NewProject))
    project = projects.create(spec, by=current_user, now=now, period=settings().sample_every)
    wake_afterwards(work.move_projects)
    told = shapes.created(project, _foretold([project], now).get(project.id))
    return tagged(told, project.version, 201, Location=url_for("api.show_project", id=project.id))


@bp.get("/projects/<id:id>")
@tells("One project", results.Project, asking=["If-None-Match"], headers=["ETag"], refuses=[404])
@may("see projects")
def show_project(id: int) -> Response:
    return _told(projects.one(id))


@bp.patch("/projects/<id:id>")
@tells(
    "Change x-values, name or expected minutes; x-params merge key by key, null clears",
    results.Project,
    body=schemas.ProjectChanges,
    asking=["If-Match"],
    headers=["ETag"],
    refuses=[404, 409],
    needs=WRITER,
)
@may("edit project")
def change_project(id: int) -> Response:
    project = projects.one(id)
    _require_own(project, "edit")
    changes, version = body(schemas.ProjectChanges), seen_version(project.version)
    project = projects.revise(id, changes, by=current_user, now=utcnow(), version=version)
    wake_afterwards(work.move_projects)
    return _told(project)


@bp.patch("/projects/<id:id>/status")
@tells(
    "Finish or fail a project; one that waits can be failed, which withdraws it",
    results.Project,
    body=schemas.StatusChange,
    asking=["If-Match"],
    headers=["ETag"],
    refuses=[404, 409],
    needs=WRITER,
    more="Its owner, a supervisor, an administrator, or the token of the cell it is on, which must send the `fence`.",
)
@may("end job")
def change_status(id: int) -> Response:
    project = projects.one(id)
    if current_user.cell_id is None:  # whether it is this cell's job is asked under the project's lock
        _require_own(project, "finish")
    asked = body(schemas.StatusChange)
    project = _ended(project, **asked)
    wake_afterwards(work.move_projects)
    return _told(project)


@bp.get("/projects/<id:id>/decisions")
@tells(
    "Why it is where it is: each attempt to place it, newest first",
    results.Decisions,
    query=schemas.Paged,
    refuses=[400, 404],
)
@may("see projects")
def list_decisions(id: int) -> Response:
    asked, project = query(schemas.Paged), projects.one(id)
    rows = [row for row in projects.decisions(id, MOST_DECISIONS) if row.id < asked.get("after", row.id + 1)]
    page = rows[: asked["limit"]]
    following = page[-1].id if len(rows) > len(page) else None
    return answer({"project_id": project.id, "decisions": [shapes.decision(row) for row in page], "next": following})


def _told(project: Project) -> Response:
    prediction = _foretold([project], utcnow()).get(project.id)
    return tagged(shapes.project(project, prediction), project.version)


def _foretold(found: Iterable[Project], now: datetime) -> dict[int, Prediction]:
    """Not asked for where all of them have ended: there is nothing to foretell."""
    return projects.forecast(now, settings().sample_every) if any(not project.ended for project in found) else {}


def _require_own(project: Project, act: str) -> None:
    """Own projects or, by role, any."""
    own = current_user.user is not None and project.created_by_id == current_user.user.id
    if not (current_user.may(f"{act} any project") or (own and current_user.may(f"{act} project"))):
        raise NotAllowed(f"{project.label} is {project.created_by.username}'s: your role may not {act} it")


def _ended(project: Project, status: str, **about: Any) -> Project:
    if status not in projects.STATUSES:
        raise Invalid(status="must be one of " + ", ".join(projects.STATUSES))
    if status not in ENDINGS:
        raise WrongState(f"{project.label} is {project.status}: nobody sets it to {status}", status=project.status)
    with held_open():
        ended = ENDINGS[status](project.id, by=current_user, now=utcnow(), **about)
        # Looked at after the act, which holds the row: ending makes the version grow by one.
        if seen_version(ended.version - 1) == -1:
            raise Stale(f"{project.label} was changed after you read it", version=ended.version - 1)
    return ended
