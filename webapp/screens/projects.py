"""An engineer's pages: the list, the form, the project itself, and the ends it can come to."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from webapp import cells, journal, projects
from webapp.jobs import wake, work
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may, require
from webapp.lib.refusal import Invalid, NotAllowed
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.projects import Filters, Parameter, Project, ProjectSpec
from webapp.screens.forms import RoomForm, once
from webapp.screens.times import shown_time, site_zone, typed_time

bp = Blueprint("projects", __name__)

UNDO = timedelta(seconds=10)
PAGE = 50
STATUS_WORDS = {"": "All", "created": "Waiting", "running": "Running", "finished": "Finished", "failure": "Failed"}


class ProjectForm(RoomForm):
    """The engineer's form; x1…x10 are added by `project_form`, as an administrator named them."""

    cad_model = StringField("CAD model location")
    config = StringField("Config location")
    name = StringField("Name")
    cell_kind = SelectField("Kind of cell", validate_choice=False)
    requested_cell_id = SelectField("Cell", validate_choice=False)
    tags = StringField("Tags")
    expected_minutes = StringField("Expected run")
    priority = SelectField("Priority", validate_choice=False, default="5")

    def parameters(self) -> dict[str, str | None]:
        return {name: (self[name].data or "").strip() or None for name in projects.PARAMETERS if name in self}

    def spec(self) -> ProjectSpec:
        """What was typed, as the room takes it; raises Invalid where a number is none."""
        return ProjectSpec(
            cad_model=(self.cad_model.data or "").strip(),
            config=(self.config.data or "").strip(),
            parameters=self.parameters(),
            name=(self.name.data or "").strip(),
            cell_kind=self.cell_kind.data or None,
            tags=[tag.strip() for tag in (self.tags.data or "").split(",") if tag.strip()],
            requested_cell_id=whole(self.requested_cell_id.data, "requested_cell_id"),
            priority=whole(self.priority.data or "5", "priority") or 0,
            expected_minutes=whole(self.expected_minutes.data, "expected_minutes"),
        )


class EndForm(RoomForm):
    reason = TextAreaField("Why")


class ParametersForm(RoomForm):
    """Only x-values: editing can never change a status. `version` is what the page was painted from."""

    version = IntegerField("Version", validators=[Optional()])


def whole(text: str | None, field: str) -> int | None:
    """A number as typed, or None where nothing was."""
    text = (text or "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(**{field: "must be a whole number"})
    return int(text)


def parameter_field(parameter: Parameter) -> Any:
    label = parameter.label or f"x{parameter.n}"
    if not parameter.allowed:
        return StringField(label)
    choices = [SelectChoice(value="", label="–"), *(SelectChoice(value=word, label=word) for word in parameter.allowed)]
    return SelectField(label, choices=choices, validate_choice=False)


def with_parameters(base: type[RoomForm], needed: set[str] = frozenset()) -> type[RoomForm]:  # type: ignore[assignment]
    """The form with a field for each parameter in use here, and for those that already hold a value."""
    used = [p for p in projects.parameters() if p.in_use or f"x{p.n}" in needed]
    return type(base.__name__, (base,), {f"x{p.n}": parameter_field(p) for p in used})


def project_form(earlier: Project | None = None) -> ProjectForm:
    needed = {name for name, value in earlier.parameters.items() if value} if earlier else set()
    form = with_parameters(ProjectForm, needed)(data=_same_again(earlier) if earlier else None)
    open_cells = cells.all_cells()
    kinds = sorted({cell.kind for cell in open_cells})
    form.cell_kind.choices = [SelectChoice(value="", label="Any"), *(SelectChoice(value=k, label=k) for k in kinds)]
    form.requested_cell_id.choices = [
        SelectChoice(value="", label="Any that fits"),
        *(SelectChoice(value=str(cell.id), label=f"{cell.name} · {cell.kind}") for cell in open_cells),
    ]
    words = {9: "9 · first", 5: "5 · normal", 0: "0 · last"}
    form.priority.choices = [SelectChoice(value=str(n), label=words.get(n, str(n))) for n in range(9, -1, -1)]
    return form


def _same_again(earlier: Project) -> dict[str, object]:
    kept = ("cad_model", "config", "name", "expected_minutes")
    values: dict[str, object] = {name: getattr(earlier, name) for name in kept} | earlier.parameters
    values |= {"cell_kind": earlier.cell_kind or "", "tags": ", ".join(earlier.tags), "priority": str(earlier.priority)}
    return values | {"requested_cell_id": str(earlier.requested_cell_id or "")}


@bp.get("/projects")
@may("see projects")
def index() -> str | tuple[str, int]:
    now, zone = utcnow(), site_zone()
    errors: dict[str, str] = {}
    filters = read_filters(zone, errors)
    page = projects.search(filters, limit=PAGE, after=_after(), newest_first=True)
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
        cells={cell.id: cell for cell in cells.all_cells(retired=True)},
        now=now,
    )
    return (html, 400) if errors else html


def read_filters(zone: Any, errors: dict[str, str]) -> Filters:
    """The address's own words; what cannot be read is told in errors and left out."""
    args = request.args
    status = args.get("status") or None
    if status not in (None, *projects.STATUSES):
        errors["status"] = "must be one of " + ", ".join(projects.STATUSES)
        status = None
    engineer = current_user.name if args.get("mine") and current_user.is_authenticated else args.get("engineer") or None
    cell = args.get("cell", "")
    return Filters(
        status=status,
        window=_window(zone, errors),
        engineer=engineer,
        cell_id=int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None,
        text=(args.get("q") or "").strip()[:200] or None,
    )


def _window(zone: Any, errors: dict[str, str]) -> Window | None:
    start, end = request.args.get("start", "").strip(), request.args.get("end", "").strip()
    if not start and not end:
        return None
    try:
        low = typed_time(start, "start", zone) if start else typed_time("2000-01-01", "start", zone)
        return Window(low, typed_time(end, "end", zone) if end else utcnow())
    except Invalid as no:
        errors |= {name: says[0] for name, says in no.details["fields"].items()}  # type: ignore[attr-defined]
        return None


def _after() -> int | None:
    text = request.args.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@bp.get("/projects/new")
@may("create project")
def new() -> str:
    earlier = _earlier()
    return _form_page(project_form(earlier), earlier)


def _earlier() -> Project | None:
    text = request.args.get("from", "").upper().removeprefix("P-")
    return projects.one(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _form_page(form: ProjectForm, earlier: Project | None = None) -> str:
    return render_template(
        "projects/new.html",
        form=form,
        earlier=earlier,
        before=_same_again(earlier) if earlier else {},
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
        where = once(form, f"user:{current_user.user.id}", now, lambda: _created(spec, now))
    if form.errors:
        return _form_page(form, _earlier()), 422
    wake(work.move_projects)
    return redirect(where, 303)


def _created(spec: ProjectSpec, now: Any) -> str:
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
    return render_template("projects/show.html", **_project_page(id))


@bp.get("/projects/<int:id>/part")
@may("see projects")
def part(id: int) -> str | tuple[str, int, dict[str, str]]:
    page = _project_page(id)
    if request.args.get("seen") == page["version"]:
        return "", 204, {"As-Of": iso(page["as_of"]) or ""}
    return render_template("projects/_part.html", **page)


def _project_page(id: int) -> dict[str, Any]:
    now, project = utcnow(), projects.one(id)
    floor = cells.floor(now, settings().sample_every)
    spans = projects.spans_of(project, now)
    history = journal.recent(f"project:{id}", limit=50)
    prediction = projects.forecast(now).get(id)
    seen = [project.version, project.progress, [(s.state, s.start) for s in spans], len(history), str(prediction)]
    return {
        "project": project,
        "cell": cells.one(project.cell_id) if project.cell_id else None,
        "standing": next((t.standing for t in floor.tiles if t.cell.id == project.cell_id), None),
        "spans": spans,
        "history": history,
        "decisions": projects.decisions(id),
        "prediction": prediction,
        "parameters": {f"x{p.n}": p for p in projects.parameters()},
        "place": next((item for item in projects.queue(now) if item.project.id == id), None),
        "may_edit": may_touch(project, "edit"),
        "may_end": may_touch(project, "finish"),
        "undo_until": project.release_at if project.release_at and project.release_at > now else None,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": floor.as_of,
        "period": floor.period,
        "now": now,
    }


def may_touch(project: Project, act: str) -> bool:
    """Own projects or, by role, any."""
    own = current_user.user is not None and project.created_by_id == current_user.user.id
    return current_user.may(f"{act} any project") or (own and current_user.may(f"{act} project"))


def _require_touch(id: int, act: str) -> Project:
    project = projects.one(id)
    if not may_touch(project, act):
        require(f"{act} project")
        raise NotAllowed(
            f"{project.label} is {project.created_by.full_name}'s; "
            f"only its owner, a supervisor or an administrator may {act} it"
        )
    return project


@bp.get("/projects/<int:id>/edit")
@may("edit project")
def edit(id: int) -> str:
    project = _require_touch(id, "edit")
    form = _parameters_form(project)
    return _edit_page(project, form)


def _parameters_form(project: Project) -> ParametersForm:
    needed = {name for name, value in project.parameters.items() if value}
    return with_parameters(ParametersForm, needed)(data=project.parameters | {"version": project.version})


def _edit_page(project: Project, form: ParametersForm) -> str:
    parameters = {f"x{p.n}": p for p in projects.parameters()}
    return render_template("projects/edit.html", project=project, form=form, parameters=parameters)


@bp.post("/projects/<int:id>/parameters")
@may("edit project")
def revise(id: int) -> Response | tuple[str, int]:
    project = _require_touch(id, "edit")
    form = _parameters_form(project)
    changes = {name: (form[name].data or "").strip() or None for name in projects.PARAMETERS if name in form}
    with form.heeding():
        projects.revise(id, {"parameters": changes}, by=current_user, now=utcnow(), version=form.version.data)
    if form.errors:
        return _edit_page(projects.one(id), form), 422
    wake(work.move_projects)
    flash(f"Parameters of P-{id} saved.", "ok")
    return redirect(url_for("projects.show", id=id), 303)


@bp.get("/projects/<int:id>/finish")
@may("finish project")
def finish(id: int) -> str:
    return _end_page(_require_touch(id, "finish"), EndForm(), "finish")


@bp.get("/projects/<int:id>/fail")
@may("fail project")
def fail(id: int) -> str:
    return _end_page(_require_touch(id, "fail"), EndForm(), "fail")


def _end_page(project: Project, form: EndForm, act: str) -> str:
    now = utcnow()
    following = next(
        (i.project for i in projects.queue(now) if not i.project.waiting_needs_person and i.project.id != project.id),
        None,
    )
    cell = cells.one(project.cell_id) if project.cell_id else None
    return render_template(f"projects/{act}.html", project=project, cell=cell, form=form, following=following, now=now)


@bp.post("/projects/<int:id>/completion")
@may("finish project")
def complete(id: int) -> Response | tuple[str, int]:
    _require_touch(id, "finish")
    form = EndForm()
    projects.finish(id, by=current_user, now=utcnow(), undo=UNDO, reason=form.reason.data or "")
    return redirect(url_for("projects.show", id=id), 303)


@bp.post("/projects/<int:id>/failure")
@may("fail project")
def failed(id: int) -> Response | tuple[str, int]:
    project, form = _require_touch(id, "fail"), EndForm()
    with form.heeding():
        projects.fail(id, by=current_user, now=utcnow(), reason=form.reason.data or "", undo=UNDO)
    if form.errors:
        return _end_page(project, form, "fail"), 422
    return redirect(url_for("projects.show", id=id), 303)


@bp.post("/projects/<int:id>/undo")
@may("finish project")
def undo(id: int) -> Response:
    project = _require_touch(id, "finish")
    projects.undo_ending(id, by=current_user, now=utcnow())
    flash(f"{project.label} is running again.", "ok")
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
        abort(400)
    projects.set_priority(id, level, by=current_user, now=utcnow())
    wake(work.move_projects)
    flash(f"P-{id} has priority {level}.", "ok")
    return redirect(url_for("queue.show"), 303)
