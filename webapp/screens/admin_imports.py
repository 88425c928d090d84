"""History from files: bringing one, a look at how it is understood, watching it go in, what came of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import FileField, StringField

from webapp import cells
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotFound
from webapp.lib.settings import settings
from webapp.lib.traffic import takes
from webapp.screens.forms import RoomForm
from webapp.screens.import_forms import ROLES, rules_form
from webapp.screens.times import site_zone

bp = Blueprint("admin_imports", __name__)

MOST_UPLOAD = 64 * 1024 * 1024
STATUS_WORDS = {
    "offered": "Not begun",
    "waiting": "Waiting",
    "reading": "Reading",
    "writing": "Writing",
    "done": "Done",
    "refused": "Refused",
    "cancelled": "Called off",
}


class UploadForm(RoomForm):
    file = FileField("File")
    zone = StringField("Time zone")


def _folder() -> Path:
    return settings().data_dir / "imports"


@bp.get("/admin/imports")
@may("import history")
def index() -> str:
    return _index(UploadForm(data={"zone": site_zone().key}))


def _index(form: UploadForm) -> str:
    every = cells.recent_imports()
    return render_template("admin/imports/index.html", form=form, imports=every, words=STATUS_WORDS, most=MOST_UPLOAD)


@bp.post("/admin/imports")
@takes(MOST_UPLOAD)
@may("import history")
def offer() -> Response | tuple[str, int]:
    form, given = UploadForm(), request.files.get("file")
    with form.heeding():
        if given is None or not given.filename:
            raise Invalid(file="must be chosen: a CSV, or a CSV packed as .gz")
        zone = (form.zone.data or "").strip() or site_zone().key
        offered = cells.offer_import(given.stream, given.filename, zone, current_user.name, utcnow(), _folder())
    if form.errors:
        return _index(form), 422
    return redirect(url_for("admin_imports.show", id=offered.id), 303)


@bp.get("/admin/imports/<int:id>")
@may("import history")
def show(id: int) -> str:
    job = cells.one_import(id)
    if job.status != "offered":
        return render_template("admin/imports/show.html", **_progress(id))
    preview = _preview(id, utcnow())
    return _rules_page(id, rules_form(job, list(preview.header)), preview)


def _preview(id: int, now: datetime) -> cells.Preview:
    return cells.import_preview(id, now, _folder(), days_before=_days_before(now))


def _days_before(now: datetime) -> datetime:
    return cells.days_only_before(now, timedelta(days=settings().keep_seconds_days))


def _rules_page(id: int, form: Any, preview: cells.Preview) -> str:
    told = {"days_before": _days_before(utcnow()), "keep_days": settings().keep_seconds_days}
    return render_template(
        "admin/imports/rules.html", job=cells.one_import(id), form=form, preview=preview, roles=ROLES, **told
    )


def _progress(id: int) -> dict[str, Any]:
    job = cells.one_import(id)
    ended, results = not job.under_way, cells.import_results(id)
    days_before = _days_before(utcnow())
    return {
        "job": job,
        "words": STATUS_WORDS,
        "results": results,
        "too_old": [cell.name for result, cell in results if result.start and result.start < days_before],
        "days_before": days_before,
        "keep_days": settings().keep_seconds_days,
        "refusals": cells.import_refusals(id, _folder()) if ended and job.refused else [],
        "version": f"{job.status}-{job.lines}-{job.cells_done}-{job.refused}",
    }


@bp.get("/admin/imports/<int:id>/part")
@may("import history")
def part(id: int) -> str | tuple[str, int]:
    progress = _progress(id)
    if request.args.get("seen") == progress["version"]:
        return "", 204
    return render_template("admin/imports/_part.html", **progress)


@bp.post("/admin/imports/<int:id>/rules")
@may("import history")
def settle(id: int) -> Response | tuple[str, int]:
    return _settled(id, begin=False)


@bp.post("/admin/imports/<int:id>/beginning")
@may("import history")
def begin(id: int) -> Response | tuple[str, int]:
    return _settled(id, begin=True)


def _settled(id: int, begin: bool) -> Response | tuple[str, int]:
    job, now = cells.one_import(id), utcnow()
    preview = _preview(id, now)
    form = rules_form(job, list(preview.header))
    with form.heeding():
        cells.settle_import(id, form.rules(), _folder())
        if begin:
            cells.begin_import(id, current_user.name, now, _folder())
    if form.errors:
        return _rules_page(id, form, preview), 422
    if begin:
        wake(work.bring_in_history, "slow", first=True)
    return redirect(url_for("admin_imports.show", id=id), 303)


@bp.post("/admin/imports/<int:id>/cancellation")
@may("import history")
def cancel(id: int) -> Response:
    job = cells.cancel_import(id, current_user.name, utcnow())
    flash(f"{job.name} is called off. What {job.cells_done} of its cells were told stays.", "ok")
    return redirect(url_for("admin_imports.show", id=id), 303)


@bp.get("/admin/imports/<int:id>/refused.csv")
@may("import history")
def refused(id: int) -> Response:
    path = cells.refused_file(cells.one_import(id).id, _folder())
    if not path.exists():
        raise NotFound("There is no list of refused rows for this import")
    return send_file(path.absolute(), mimetype="text/csv", as_attachment=True, download_name=f"refused-rows-{id}.csv")
