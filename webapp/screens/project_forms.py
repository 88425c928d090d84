"""What an engineer types: forms with a field for each parameter in use here, and the list's filters in the address."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from flask_login import current_user
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from webapp import cells, projects
from webapp.lib.clock import utcnow
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.projects import Filters, Parameter, Project, ProjectSpec
from webapp.screens.forms import RoomForm
from webapp.screens.times import typed_time
from webapp.screens.utilization.reading import read_chosen

F = TypeVar("F", bound=RoomForm)


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

    def changes(self, project: Project) -> dict[str, str | None]:
        """What differs from what is stored: a value nobody touched may be older than what is allowed today."""
        typed = {name: (self[name].data or "").strip() or None for name in projects.PARAMETERS if name in self}
        return {name: value for name, value in typed.items() if value != project.parameters[name]}


def whole(text: str | None, field: str) -> int | None:
    """A number as typed, or None where nothing was."""
    text = (text or "").strip()
    if not text:
        return None
    number = whole_in(text)
    if number is None:
        raise Invalid(**{field: "must be a whole number"})
    return number


def parameter_field(parameter: Parameter, given: str | None) -> Any:
    """given: the value it has; where only some are allowed today, a menu without it would take it away unseen."""
    label = parameter.label or f"x{parameter.n}"
    if not parameter.allowed:
        return StringField(label)
    words = [*parameter.allowed, *([given] if given and given not in parameter.allowed else [])]
    choices = [SelectChoice(value="", label="–"), *(SelectChoice(value=word, label=word) for word in words)]
    return SelectField(label, choices=choices, validate_choice=False)


def with_parameters(base: type[F], given: Mapping[str, str]) -> type[F]:
    """The form with a field for each parameter in use here, and for those that already hold a value."""
    used = [p for p in projects.parameters() if p.in_use or f"x{p.n}" in given]
    return type(base.__name__, (base,), {f"x{p.n}": parameter_field(p, given.get(f"x{p.n}")) for p in used})


def project_form(earlier: Project | None = None) -> ProjectForm:
    form = with_parameters(ProjectForm, earlier.given if earlier else {})(data=same_again(earlier) if earlier else None)
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


def same_again(earlier: Project) -> dict[str, object]:
    """As somebody would have typed it."""
    plain = ("cad_model", "config", "name")
    numbers = ("expected_minutes", "priority", "requested_cell_id")
    values: dict[str, object] = {name: getattr(earlier, name) for name in plain} | earlier.parameters
    values |= {name: "" if (n := getattr(earlier, name)) is None else str(n) for name in numbers}
    return values | {"cell_kind": earlier.cell_kind or "", "tags": ", ".join(earlier.tags)}


def read_filters(zone: Any, errors: dict[str, str]) -> Filters:
    """The address's own words, those of utilization for the cell it ran on; what cannot be read is told in errors and
    left out."""
    args = request.args
    status = args.get("status") or None
    if status not in (None, *projects.STATUSES):
        errors["status"] = "must be one of " + ", ".join(projects.STATUSES)
        status = None
    engineer = current_user.name if args.get("mine") and current_user.is_authenticated else args.get("engineer") or None
    return Filters(
        status=status,
        window=_window(zone, errors),
        engineer=engineer,
        cell_ids=read_chosen(errors).ids,
        text=(args.get("q") or "").strip()[:200] or None,
    )


def cell_choices() -> dict[str, Any]:
    """What the filters of the cell that a project ran on may say; retired ones too: their projects are there still."""
    every = cells.all_cells(retired=True)
    return {
        "cells": {cell.id: cell for cell in every},
        "sites": cells.sites(),
        "kinds": sorted({cell.kind for cell in every}),
        "tags": sorted({tag for cell in every for tag in cell.tags}),
    }


def _window(zone: Any, errors: dict[str, str]) -> Window | None:
    start, end = request.args.get("start", "").strip(), request.args.get("end", "").strip()
    if not start and not end:
        return None
    try:
        low = typed_time(start, "start", zone) if start else typed_time("2000-01-01", "start", zone)
        return Window(low, typed_time(end, "end", zone) if end else utcnow())
    except Invalid as no:
        errors |= _said(no)
        return None


def _said(no: Invalid) -> dict[str, str]:
    """A complaint in a page's words: what a window calls its ends is the API's."""
    fields: dict[str, list[str]] = no.details["fields"]  # type: ignore[assignment]
    if "end_time" in fields:
        return {"end": "must be later than From"}
    return {name: says[0] for name, says in fields.items()}


def read_after() -> int | None:
    return whole_in(request.args.get("after", ""))
