"""Reporting an issue: the cell, what it is doing, and send."""

from dataclasses import replace
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, issues, orders
from webapp.issues import IssueSpec
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.traffic import takes
from webapp.screens.forms import number_in, once
from webapp.screens.issues.forms import MOST_FORM, SEVERITIES, ReportForm, report_form
from webapp.screens.issues.place import bp
from webapp.screens.issues.words import GLYPHS


@bp.get("/issues/new")
@may("report issue")
def new() -> str:
    return _new(report_form(number_in(request.args.get("cell", "")), request.args.get("about", "")))


def _new(form: ReportForm) -> str:
    return render_template("issues/new.html", form=form, cells=cells.all_cells(), severities=SEVERITIES, glyphs=GLYPHS)


@bp.post("/issues")
@takes(MOST_FORM)
@may("report issue")
def report() -> Response | tuple[str, int]:
    form, now = report_form(), utcnow()
    with form.heeding():
        spec = form.spec()
        where = once(form, f"user:{current_user.user.id}", now, lambda: _reported(spec, now))
    if form.errors:
        return _new(form), form.status
    return redirect(where, 303)


def _reported(spec: IssueSpec, now: datetime) -> str:
    issue = issues.report_issue(replace(spec, about=(*spec.about, *_order_of(spec.cell_id))), current_user.name, now)
    where = f" of {issue.cell.name}" if issue.cell else ""
    flash(f"Issue No. {issue.id}{where} is reported.", "ok")
    return url_for("issues.index")


def _order_of(cell_id: int | None) -> tuple[str, ...]:
    """The order of the operation that holds the cell: an issue knows operations by name only."""
    claim = cells.claim_on(cell_id) if cell_id and cell_id < 2**31 else None
    kind, _, number = (claim.what if claim else "").partition(":")
    found = orders.operations_numbered([int(number)]) if kind == "operation" else {}
    return tuple(operation.order.what for operation in found.values())
