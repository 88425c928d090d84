"""Cells as an administrator keeps them: where they are, how they are reached, whether they are in service."""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp import cells, people
from webapp.cells import Cell, CellDetails
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.screens.forms import RoomForm, once
from webapp.screens.project_forms import whole
from webapp.screens.times import shown_time, site_zone, typed_time

bp = Blueprint("admin_cells", __name__)

DRIVERS = {"http": "Asked over HTTP", "push": "Reports by itself", "none": "Worked by hand: nothing reads it"}
#: What may be placed on it, as the form says it.
WORK = {
    "project,operation": "Projects and work orders",
    "project": "Projects only",
    "operation": "Work orders only",
}


class CellForm(RoomForm):
    name = StringField("Short name")
    kind = StringField("Kind")
    location = StringField("Bay or place")
    site_id = SelectField("Site", validate_choice=False)
    tags = StringField("Tags")
    specs = TextAreaField("Specs")
    takes = SelectField("Takes", validate_choice=False, default=next(iter(WORK)))
    driver = SelectField("How it is read", validate_choice=False, default="http")
    address = StringField("Address")
    heartbeat = StringField("Heartbeat", default="60")
    in_service_from = StringField("In service from")

    def details(self) -> CellDetails:
        return CellDetails(
            name=(self.name.data or "").strip(),
            kind=(self.kind.data or "").strip(),
            location=(self.location.data or "").strip(),
            site_id=whole(self.site_id.data, "site_id"),
            tags=[tag.strip() for tag in (self.tags.data or "").split(",") if tag.strip()],
            specs=_specs(self.specs.data or ""),
            takes=(self.takes.data or "").split(","),
            driver=self.driver.data or "",
            address=(self.address.data or ""),
            heartbeat=whole(self.heartbeat.data or "60", "heartbeat") or 0,
            in_service_from=_moment(self.in_service_from.data or ""),
        )


def _specs(text: str) -> dict[str, Any]:
    """Lines of "name: value", or a JSON object."""
    if text.strip().startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise Invalid(specs='must be lines such as "memory: 64 GB"') from None
        return dict(found)
    pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
    if any(not colon for _, colon, _ in pairs):
        raise Invalid(specs='must be lines such as "memory: 64 GB"')
    return {name.strip(): value.strip() for name, _, value in pairs}


def _moment(text: str) -> datetime | None:
    """None: as it is."""
    return typed_time(text, "in_service_from", site_zone()) if text.strip() else None


def cell_form(cell: Cell | None = None) -> CellForm:
    form = CellForm(data=_values(cell) if cell else None)
    form.site_id.choices = [SelectChoice(value=str(site.id), label=site.name) for site in cells.sites()]
    form.takes.choices = [SelectChoice(value=words, label=label) for words, label in WORK.items()]
    form.driver.choices = [SelectChoice(value=word, label=label) for word, label in DRIVERS.items()]
    return form


def _values(cell: Cell) -> dict[str, Any]:
    feed = cell.feeds[0] if cell.feeds else None
    return {
        "name": cell.name,
        "kind": cell.kind,
        "location": cell.location,
        "site_id": str(cell.site_id),
        "tags": ", ".join(cell.tags),
        "specs": "\n".join(f"{name}: {value}" for name, value in cell.specs.items()),
        "takes": ",".join(work for work in ("project", "operation") if work in cell.takes),
        "driver": feed.kind if feed else "none",
        "address": feed.address if feed else "",
        "heartbeat": str(feed.heartbeat if feed else 60),
        "in_service_from": shown_time(cell.in_service_from, site_zone()),
    }


@bp.get("/admin/cells")
@may("administer cells")
def index() -> str:
    now = utcnow()
    text = request.args.get("q", "").strip().lower()
    every = cells.all_cells(retired=bool(request.args.get("retired")))
    shown = [cell for cell in every if text in f"{cell.name} {cell.kind} {cell.location} {' '.join(cell.tags)}".lower()]
    standings = cells.standings(now, settings().sample_every)
    return render_template(
        "admin/cells/index.html",
        cells=shown,
        standings=standings,
        flapping=cells.flapping(),
        q=text,
        drivers=DRIVERS,
        now=now,
    )


@bp.get("/admin/cells/new")
@may("administer cells")
def new() -> str:
    return _form_page(cell_form(), None)


def _form_page(form: CellForm, cell: Cell | None) -> str:
    return render_template("admin/cells/form.html", form=form, cell=cell, networks=settings().cell_networks)


@bp.post("/admin/cells")
@may("administer cells")
def create() -> Response | tuple[str, int]:
    now, form = utcnow(), cell_form()
    with form.heeding():
        details = form.details()
        where = once(form, f"user:{current_user.user.id}", now, lambda: _added(details, now))
    if form.errors:
        return _form_page(form, None), 422
    return redirect(where, 303)


def _added(details: CellDetails, now: datetime) -> str:
    cell = cells.add_cell(details, by=current_user.name, now=now, networks=settings().cell_networks)
    flash(f"{cell.name} added. Its first state shows within one sampling period.", "ok")
    if cell.feeds and cell.feeds[0].kind == "push":
        return url_for("admin_cells.tokens", id=cell.id)
    return url_for("admin_cells.index")


@bp.get("/admin/cells/<int:id>/edit")
@may("administer cells")
def edit(id: int) -> str:
    cell = cells.one(id)
    return _form_page(cell_form(cell), cell)


@bp.post("/admin/cells/<int:id>")
@may("administer cells")
def change(id: int) -> Response | tuple[str, int]:
    cell = cells.one(id)
    form = cell_form(cell)
    with form.heeding():
        cells.change_cell(id, form.details(), by=current_user.name, now=utcnow(), networks=settings().cell_networks)
    if form.errors:
        return _form_page(form, cells.one(id)), 422
    flash(f"{cells.one(id).name} saved.", "ok")
    return redirect(url_for("admin_cells.index"), 303)


@bp.post("/admin/cells/<int:id>/retirement")
@may("administer cells")
def retire(id: int) -> Response:
    cells.retire_cell(id, by=current_user.name, now=utcnow())
    flash(f"{cells.one(id).name} is out of service. Its history stays.", "ok")
    return redirect(url_for("admin_cells.index"), 303)


@bp.get("/admin/cells/<int:id>/tokens")
@may("administer cells")
def tokens(id: int) -> str:
    return render_template(
        "admin/cells/tokens.html", cell=cells.one(id), tokens=people.tokens_of(cell_id=id), secret=None, now=utcnow()
    )


@bp.post("/admin/cells/<int:id>/tokens")
@may("administer cells")
def issue(id: int) -> str:
    """Answers with the page itself: the secret is shown once and never stands in an address or a session."""
    cell = cells.one(id)
    _, secret = people.issue_cell_token(id, f"{cell.name} feed", by=current_user.name, now=utcnow())
    return render_template(
        "admin/cells/tokens.html", cell=cell, tokens=people.tokens_of(cell_id=id), secret=secret, now=utcnow()
    )


@bp.post("/admin/cells/<int:id>/tokens/<int:token_id>/revocation")
@may("administer cells")
def revoke(id: int, token_id: int) -> Response:
    people.revoke_token(token_id, by=current_user, now=utcnow())
    flash("The token is dead at once.", "ok")
    return redirect(url_for("admin_cells.tokens", id=id), 303)
