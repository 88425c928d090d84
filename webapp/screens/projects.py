"""An engineer's pages: the list, the form, the project itself, and the ends it can come to."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, projects
from webapp.jobs import wake, work
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.regions import Picture, Region, numbered, polled
from webapp.lib.settings import settings
from webapp.projects import Filters, Project, ProjectSpec
from webapp.screens import issues
from webapp.screens.forms import number_in, once
from webapp.screens.project_forms import (
    EndForm,
    ParametersForm,
    ProjectForm,
    cell_choices,
    project_form,
    read_after,
    read_filters,
    same_again,
    whole,
    with_parameters,
)
from webapp.screens.times import site_zone
from webapp.screens.whose import may_touch, require_touch

bp = Blueprint("projects", __name__)

UNDO = timedelta(seconds=10)
PAGE = 50
STATUS_WORDS = {"": "All", "created": "Waiting", "running": "Running", "finished": "Finished", "failure": "Failed"}


@bp.get("/projects")
@may("see projects")
def index() -> str | tuple[str, int]:
    now, zone, errors = utcnow(), site_zone(), dict[str, str]()
    filters = read_filters(zone, errors)
    page = projects.search(filters, limit=PAGE, after=read_after(), newest_first=True)
    html = render_template(
        "projects/index.html",
        page=page,
        filters=filters,
        errors=errors,
        asked=request.args,
        words=STATUS_WORDS,
        total=projects.count(filters),
        forecast=projects.forecast(now),
        engineers=projects.authors(),
        **cell_choices(),
        now=now,
    )
    return (html, 400) if errors else html


@bp.get("/projects/new")
@may("create project")
def new() -> str:
    earlier = _earlier()
    return _form_page(project_form(earlier), earlier)


def _earlier() -> Project | None:
    number = number_in(request.args.get("from", "").upper().removeprefix("P-"))
    return None if number is None else projects.one(number)


def _form_page(form: ProjectForm, earlier: Project | None = None) -> str:
    return render_template(
        "projects/new.html",
        form=form,
        earlier=earlier,
        before=same_again(earlier) if earlier else {},
        parameters={f"x{p.n}": p for p in projects.parameters()},
        outlook=_outlook(form),
        recent=projects.search(Filters(engineer=current_user.name), limit=20, newest_first=True).projects,
        now=utcnow(),
    )


def _outlook(form: ProjectForm) -> projects.Outlook | None:
    """What would happen on pressing Create; nothing while a number is half typed."""
    try:
        return projects.foresee(form.spec(), current_user, utcnow(), settings().sample_every)
    except Invalid:
        return None


@bp.get("/projects/outlook")
@may("create project")
def outlook() -> str:
    form = project_form()
    form.process(request.args)
    return render_template("projects/_outlook.html", outlook=_outlook(form), now=utcnow())


@bp.post("/projects")
@may("create project")
def create() -> Response | tuple[str, int]:
    now, form = utcnow(), project_form(_earlier())
    form.validate()
    with form.heeding():
        spec = form.spec()
        where = once(form, _owner(), now, lambda: _created(spec, now))
    if form.errors:
        return _form_page(form, _earlier()), form.status
    wake(work.move_projects)
    return redirect(where, 303)


def _owner() -> str:
    """Whose keys a form's key is one of."""
    return f"user:{current_user.user.id}"


def _created(spec: ProjectSpec, now: datetime) -> str:
    project = projects.create(spec, by=current_user, now=now, period=settings().sample_every)
    flash(created_words(project), "ok" if project.cell_id else "warn")
    return url_for("projects.show", id=project.id)


def created_words(project: Project) -> str:
    if project.cell_id:
        return f"{project.label} created and dispatched to {cells.one(project.cell_id).name}."
    return f"{project.label} is waiting: {project.waiting_message}."


@bp.get("/projects/<int:id>")
@may("see projects")
def show(id: int) -> str:
    now, project = utcnow(), projects.one(id)
    return render_template(
        "projects/show.html",
        **view(str(id), now),
        reported=issues.about(project.what),
        may_edit=may_touch(project, "edit"),
        may_end=may_touch(project, "finish"),
        undo_until=project.release_at if project.release_at and project.release_at > now else None,
    )


@bp.get("/projects/<int:id>/part")
@may("see projects")
def part(id: int) -> Response:
    return polled(f"project:{id}")


def view(subject: str, now: datetime) -> Picture:
    id = numbered(subject)
    project = projects.one(id)
    floor = cells.floor(now, settings().sample_every)
    spans = projects.spans_of(project, now)
    history = journal.recent(f"project:{id}", limit=50)
    prediction = projects.forecast(now).get(id)
    place = next((item for item in projects.queue(now) if item.project.id == id), None)
    standing = next((t.standing for t in floor.tiles if t.cell.id == project.cell_id), None)
    seen = [
        epoch(now) // 60,  # how long things have lasted is told in minutes
        (project.version, project.status, project.progress, project.offer, project.hand_tries, project.waiting),
        place and place.position,
        standing and standing.state,
        [(s.state, s.start) for s in spans],
        [entry.id for entry in history[:1]],
        str(prediction),
    ]
    return {
        "project": project,
        "cell": cells.one(project.cell_id) if project.cell_id else None,
        "standing": standing,
        "spans": spans,
        "history": history,
        "decisions": projects.decisions(id),
        "prediction": prediction,
        "parameters": {f"x{p.n}": p for p in projects.parameters()},
        "place": place,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": floor.as_of,
        "period": floor.period,
        "now": now,
    }


REGIONS = (Region("project", "see projects", "projects/_part.html", view, every=30),)


@bp.get("/projects/<int:id>/edit")
@may("edit project")
def edit(id: int) -> str:
    project = require_touch(id, "edit")
    if project.ended:
        raise project.already_ended()
    return _edit_page(project, _parameters_form(project))


def _parameters_form(project: Project) -> ParametersForm:
    return with_parameters(ParametersForm, project.given)(data=project.parameters | {"version": project.version})


def _edit_page(project: Project, form: ParametersForm) -> str:
    parameters = {f"x{p.n}": p for p in projects.parameters()}
    return render_template("projects/edit.html", project=project, form=form, parameters=parameters)


@bp.post("/projects/<int:id>/parameters")
@may("edit project")
def revise(id: int) -> Response | tuple[str, int]:
    project = require_touch(id, "edit")
    form = _parameters_form(project)
    with form.heeding():
        projects.revise(id, {"parameters": form.changes(project)}, current_user, utcnow(), form.version.data)
    if form.errors:
        return _edit_page(projects.one(id), form), form.status
    wake(work.move_projects)
    flash(f"Parameters of P-{id} saved.", "ok")
    return redirect(url_for("projects.show", id=id), 303)


@bp.get("/projects/<int:id>/finish")
@may("finish project")
def finish(id: int) -> str:
    return _end_page(require_touch(id, "finish"), EndForm(), "finish")


@bp.get("/projects/<int:id>/fail")
@may("fail project")
def fail(id: int) -> str:
    return _end_page(require_touch(id, "fail"), EndForm(), "fail")


def _end_page(project: Project, form: EndForm, act: str) -> str:
    now = utcnow()
    waiting = (item.project for item in projects.queue(now) if not item.cell_id)
    following = next((one for one in waiting if not one.waiting_needs_person), None)
    cell = cells.one(project.cell_id) if project.cell_id else None
    return render_template(f"projects/{act}.html", project=project, cell=cell, form=form, following=following, now=now)


@bp.post("/projects/<int:id>/completion")
@may("finish project")
def complete(id: int) -> Response | tuple[str, int]:
    project, form, now = require_touch(id, "finish"), EndForm(), utcnow()
    with form.heeding():
        once(form, _owner(), now, lambda: _ended(projects.finish, id, form, now))
    if form.errors:
        return _end_page(project, form, "finish"), form.status
    return redirect(url_for("projects.show", id=id), 303)


def _ended(act: Callable[..., Project], id: int, form: EndForm, now: datetime) -> str:
    act(id, by=current_user, now=now, reason=form.reason.data or "", undo=UNDO)
    return url_for("projects.show", id=id)


@bp.post("/projects/<int:id>/failure")
@may("fail project")
def failed(id: int) -> Response | tuple[str, int]:
    project, form, now = require_touch(id, "fail"), EndForm(), utcnow()
    with form.heeding():
        once(form, _owner(), now, lambda: _ended(projects.fail, id, form, now))
    if form.errors:
        return _end_page(project, form, "fail"), form.status
    return redirect(url_for("projects.show", id=id), 303)


@bp.post("/projects/<int:id>/undo")
@may("finish project")
def undo(id: int) -> Response:
    require_touch(id, "finish")
    project = projects.undo_ending(id, by=current_user, now=utcnow())
    flash(f"{project.label} is {'running' if project.status == 'running' else 'waiting'} again.", "ok")
    return redirect(url_for("projects.show", id=id), 303)


@bp.post("/projects/<int:id>/release")
@may("release cell")
def release(id: int) -> Response:
    projects.release_silent(id, by=current_user, now=utcnow())
    wake(work.move_projects)
    flash(f"The cell of P-{id} was let go; the project waits for another.", "ok")
    return redirect(url_for("projects.show", id=id), 303)


@bp.post("/projects/<int:id>/priority")
@may("set priority")
def prioritise(id: int) -> Response:
    level = whole(request.form.get("priority"), "priority")
    if level is None:
        raise Invalid(priority="must be a whole number from 0 to 9")
    projects.set_priority(id, level, by=current_user, now=utcnow())
    wake(work.move_projects)
    flash(f"P-{id} has priority {level}.", "ok")
    return redirect(url_for("queue.show"), 303)
