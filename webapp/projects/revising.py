"""Changing what a project is asked to do. Never its status."""

from collections.abc import Mapping
from datetime import datetime

from webapp import journal
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid, Stale, WrongState
from webapp.people import Caller
from webapp.projects.locking import held
from webapp.projects.models import PARAMETERS, Project
from webapp.projects.parameters import parameters
from webapp.projects.spec import LONGEST_NAME, Complaints, expected, refuse_if, short, value_complaints, whole_number

ALLOWED = (*PARAMETERS, "name", "expected_minutes")

Values = dict[str, object]


def revise(
    project_id: int, changes: Mapping[str, object], by: Caller, now: datetime, version: int | None = None
) -> Project:
    """Change its name, expected_minutes or x-values; what is not named stays, None clears.

    changes: {"parameters": {"x3": "0.2"}, "name": ...}; x-values may stand beside the others, too. version: the one
    the caller saw; raises Stale with both values of each field where somebody changed the project since. While it
    runs, new x-values are offered to its cell (offering.py).
    """
    asked = _flat(changes)
    with transaction():
        project = held(project_id)
        if project.ended:
            raise project.already_ended()
        refuse_if(_complaints(asked))
        if version is not None and version != project.version:
            raise _stale(project, asked)
        _write(project, asked, by, now)
    return project


def set_priority(project_id: int, priority: int, by: Caller, now: datetime) -> Project:
    """0 last … 9 first. Only while it waits: then it still matters."""
    refuse_if({"priority": says} if (says := whole_number(priority, 0, 9)) else {})
    with transaction():
        project = held(project_id)
        if project.ended:
            raise project.already_ended()
        if project.status != "created" or project.cell_id is not None:
            raise WrongState(f"{project.label} has its cell: priority decides nothing any more", status=project.status)
        if project.priority != priority:
            journal.record("set priority", project.what, by.name, now, before=project.priority, after=priority)
            project.priority = priority
            project.changed(now)
    return project


def _flat(changes: Mapping[str, object]) -> Values:
    nested = changes.get("parameters", {})
    if not isinstance(nested, Mapping):
        raise Invalid(parameters="must be an object of x1 to x10")
    return {name: value for name, value in changes.items() if name != "parameters"} | dict(nested)


def _complaints(asked: Values) -> Complaints:
    strange: Complaints = {name: "cannot be changed here" for name in asked if name not in ALLOWED}
    values = {name: asked[name] for name in PARAMETERS if name in asked}
    found = strange | value_complaints(values, parameters())  # type: ignore[arg-type]
    if (name := asked.get("name")) is not None and (says := short(name, LONGEST_NAME)):
        found["name"] = says
    if says := expected(asked.get("expected_minutes")):
        found["expected_minutes"] = says
    return found


def _stale(project: Project, asked: Values) -> Stale:
    """Both values of each field on which the two differ, and who was quicker."""
    differ = {name: {"yours": value, "now": getattr(project, name)} for name, value in asked.items()}
    last = journal.recent(project.what, limit=1)
    return Stale(
        f"{project.label} was changed after you opened it",
        version=project.version,
        values={name: both for name, both in differ.items() if both["yours"] != both["now"]},
        changed_by=last[0].by if last else None,
    )


def _write(project: Project, asked: Values, by: Caller, now: datetime) -> None:
    if "name" in asked:
        asked["name"] = str(asked["name"] or "").strip()
    before = {name: getattr(project, name) for name, value in asked.items() if getattr(project, name) != value}
    if not before:
        return
    for name in before:
        setattr(project, name, asked[name])
    project.changed(now)
    if project.status == "running" and set(before) & set(PARAMETERS):
        project.offer, project.offer_after = "owed", None
    after = {name: asked[name] for name in before}
    journal.record("changed project", project.what, by.name, now, before=before, after=after)
