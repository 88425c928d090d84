"""Who is told of a stop, and when: an administrator's settings for each site."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from webapp import cells
from webapp.cells import Site
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotFound
from webapp.screens.forms import RoomForm
from webapp.screens.project_forms import whole

bp = Blueprint("admin_escalation", __name__)


class EscalationForm(RoomForm):
    active = BooleanField("Tell people of stops")
    grace = StringField("A stop counts after")
    second = StringField("Tell the supervisors after")
    third = StringField("Tell everybody in charge after")


@bp.get("/admin/settings/sites/<int:id>/escalation")
@may("administer settings")
def edit(id: int) -> str:
    site = _site(id)
    rules = cells.rules_by_site()[id]
    times = {name: str(getattr(rules, name)) for name in ("grace", "second", "third")}
    form = EscalationForm(data={"active": rules.active, **times})
    return render_template("admin/settings/escalation.html", form=form, site=site)


@bp.post("/admin/settings/sites/<int:id>/escalation")
@may("administer settings")
def change(id: int) -> Response | tuple[str, int]:
    site, form = _site(id), EscalationForm()
    with form.heeding():
        times = {name: whole(form[name].data, name) for name in ("grace", "second", "third")}
        cells.set_escalation(id, bool(form.active.data), **times, by=current_user.name, now=utcnow())
    if form.errors:
        return render_template("admin/settings/escalation.html", form=form, site=site), 422
    flash(f"{site.name}: saved who is told when.", "ok")
    return redirect(url_for("admin_settings.show"), 303)


def _site(id: int) -> Site:
    site = next((site for site in cells.sites() if site.id == id), None)
    if site is None:
        raise NotFound("There is no such site")
    return site
