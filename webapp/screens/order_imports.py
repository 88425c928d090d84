"""Orders from files: bringing one, a look at how it is understood, watching it go in, what came of it."""

from collections import Counter
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import FileField, StringField

from webapp import orders
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotFound
from webapp.lib.settings import settings
from webapp.lib.traffic import takes
from webapp.screens.forms import RoomForm
from webapp.screens.order_import_forms import MOST_MACHINES, ROLES, OrderRulesForm, order_rules_form
from webapp.screens.times import site_zone

bp = Blueprint("order_imports", __name__)

MOST_UPLOAD = 32 * 1024 * 1024
MOST_CONFLICTS, SHOWN_CONFLICTS = 100_000, 20
STATUS_WORDS = {
    "offered": "Not begun",
    "waiting": "Waiting",
    "reading": "Reading",
    "writing": "Writing",
    "done": "Done",
    "refused": "Refused",
    "cancelled": "Called off",
}


class OrderFileForm(RoomForm):
    file = FileField("File")
    zone = StringField("Time zone")


def _folder() -> Path:
    return settings().data_dir / "order-imports"


@bp.get("/orders/imports")
@may("import orders")
def index() -> str:
    return _index(OrderFileForm(data={"zone": site_zone().key}))


def _index(form: OrderFileForm) -> str:
    every = orders.recent_imports()
    return render_template("orders/imports/index.html", form=form, imports=every, words=STATUS_WORDS, most=MOST_UPLOAD)


@bp.post("/orders/imports")
@takes(MOST_UPLOAD)
@may("import orders")
def offer() -> Response | tuple[str, int]:
    form, given = OrderFileForm(), request.files.get("file")
    with form.heeding():
        if given is None or not given.filename:
            raise Invalid(file="must be chosen: a CSV, an .xlsx workbook, or JSON")
        zone = (form.zone.data or "").strip() or site_zone().key
        offered = orders.offer_import(given.stream, given.filename, zone, current_user.name, utcnow(), _folder())
    if form.errors:
        return _index(form), 422
    return redirect(url_for("order_imports.show", id=offered.id), 303)


@bp.get("/orders/imports/<int:id>")
@may("import orders")
def show(id: int) -> str:
    job = orders.one_import(id)
    if job.status != "offered":
        return render_template("orders/imports/show.html", **_progress(id))
    preview = orders.import_preview(id, utcnow(), _folder())
    return _rules_page(id, order_rules_form(job, preview.header), preview)


def _rules_page(id: int, form: OrderRulesForm, preview: orders.Preview) -> str:
    return render_template(
        "orders/imports/rules.html",
        job=orders.one_import(id),
        form=form,
        preview=preview,
        roles=ROLES,
        machines=preview.machines[:MOST_MACHINES],
    )


def _progress(id: int) -> dict[str, Any]:
    job = orders.one_import(id)
    ended = not job.under_way
    return {
        "job": job,
        "words": STATUS_WORDS,
        "refusals": orders.import_refusals(id, _folder()) if ended and job.refused else [],
        "broken": _broken(id) if ended else None,
        "version": f"{job.status}-{job.lines}-{job.orders_done}-{job.refused}",
    }


def _broken(id: int) -> dict[str, Any] | None:
    """Which rules the orders that it told of break: shown, and none of them refused."""
    span = orders.imported_span(id)
    if span is None:
        return None
    found = orders.conflicts(*span, order_ids=set(orders.imported_orders(id)), most=MOST_CONFLICTS)
    counts = Counter(one.rule for one in found)
    return {"counts": counts, "first": found[:SHOWN_CONFLICTS], "all": len(found), "start": span[0], "end": span[1]}


@bp.get("/orders/imports/<int:id>/part")
@may("import orders")
def part(id: int) -> str | tuple[str, int]:
    progress = _progress(id)
    if request.args.get("seen") == progress["version"]:
        return "", 204
    return render_template("orders/imports/_part.html", **progress)


@bp.post("/orders/imports/<int:id>/rules")
@may("import orders")
def settle(id: int) -> Response | tuple[str, int]:
    return _settled(id, begin=False)


@bp.post("/orders/imports/<int:id>/beginning")
@may("import orders")
def begin(id: int) -> Response | tuple[str, int]:
    return _settled(id, begin=True)


def _settled(id: int, begin: bool) -> Response | tuple[str, int]:
    job, now = orders.one_import(id), utcnow()
    preview = orders.import_preview(id, now, _folder())
    form = order_rules_form(job, preview.header)
    with form.heeding():
        orders.settle_import(id, form.rules(job), _folder())
        if begin:
            orders.begin_import(id, current_user.name, now, _folder())
    if form.errors:
        return _rules_page(id, form, preview), 422
    if begin:
        wake(work.bring_in_orders, "slow", first=True)
    return redirect(url_for("order_imports.show", id=id), 303)


@bp.post("/orders/imports/<int:id>/cancellation")
@may("import orders")
def cancel(id: int) -> Response:
    job = orders.cancel_import(id, current_user.name, utcnow())
    flash(f"{job.name} is called off. The {job.orders_done} orders that were written stay.", "ok")
    return redirect(url_for("order_imports.show", id=id), 303)


@bp.get("/orders/imports/<int:id>/refused.csv")
@may("import orders")
def refused(id: int) -> Response:
    path = orders.refused_file(orders.one_import(id).id, _folder())
    if not path.exists():
        raise NotFound("There is no list of refused rows for this import")
    return send_file(path.absolute(), mimetype="text/csv", as_attachment=True, download_name=f"refused-rows-{id}.csv")
