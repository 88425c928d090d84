"""What the factory decides: its sites with zone and target, and what x1…x10 mean here."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from webapp import cells, projects
from webapp.cells import Site
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotFound
from webapp.projects import Parameter
from webapp.screens.forms import RoomForm
from webapp.screens.project_forms import whole

bp = Blueprint("admin_settings", __name__)


class SiteForm(RoomForm):
    name = StringField("Name")
    zone = StringField("Time zone")
    target = StringField("Utilization target")


class ParameterForm(RoomForm):
    label = StringField("Label")
    unit = StringField("Unit")
    help = StringField("Help")
    allowed = StringField("Allowed values")
    low = StringField("Least")
    high = StringField("Most")
    in_use = BooleanField("In use")

    def values(self) -> dict[str, Any]:
        return {
            "label": (self.label.data or "").strip(),
            "unit": (self.unit.data or "").strip(),
            "help": (self.help.data or "").strip(),
            "allowed": [word.strip() for word in (self.allowed.data or "").split(",") if word.strip()],
            "low": number(self.low.data, "low"),
            "high": number(self.high.data, "high"),
            "in_use": bool(self.in_use.data),
        }


def number(text: str | None, field: str) -> float | None:
    if not (text or "").strip():
        return None
    try:
        value = float(text or "")
    except ValueError:
        raise Invalid(**{field: "must be a number such as 0.85"}) from None
    if value != value or abs(value) > 1e15:
        raise Invalid(**{field: "must be a number such as 0.85"})
    return value


@bp.get("/admin/settings")
@may("administer settings")
def show() -> str:
    rules = cells.rules_by_site()
    return render_template(
        "admin/settings/show.html", sites=cells.sites(), rules=rules, parameters=projects.parameters()
    )


@bp.get("/admin/settings/sites/new")
@may("administer settings")
def new_site() -> str:
    return render_template("admin/settings/site.html", form=SiteForm(data={"target": "80"}), site=None)


@bp.post("/admin/settings/sites")
@may("administer settings")
def add_site() -> Response | tuple[str, int]:
    form = SiteForm()
    with form.heeding():
        cells.add_site(
            form.name.data or "",
            form.zone.data or "",
            whole(form.target.data, "target") or 0,
            by=current_user.name,
            now=utcnow(),
        )
    if form.errors:
        return render_template("admin/settings/site.html", form=form, site=None), 422
    flash(f"{form.name.data} added.", "ok")
    return redirect(url_for("admin_settings.show"), 303)


@bp.get("/admin/settings/sites/<int:id>")
@may("administer settings")
def edit_site(id: int) -> str:
    site = _site(id)
    form = SiteForm(data={"name": site.name, "zone": site.zone, "target": str(site.target)})
    return render_template("admin/settings/site.html", form=form, site=site)


@bp.post("/admin/settings/sites/<int:id>")
@may("administer settings")
def change_site(id: int) -> Response | tuple[str, int]:
    site, form = _site(id), SiteForm()
    with form.heeding():
        values: dict[str, Any] = {
            "name": form.name.data or "",
            "zone": form.zone.data or "",
            "target": whole(form.target.data, "target") or 0,
        }
        cells.change_site(id, **values, by=current_user.name, now=utcnow())
    if form.errors:
        return render_template("admin/settings/site.html", form=form, site=site), 422
    flash(f"{form.name.data} saved.", "ok")
    return redirect(url_for("admin_settings.show"), 303)


def _site(id: int) -> Site:
    site = next((site for site in cells.sites() if site.id == id), None)
    if site is None:
        raise NotFound("There is no such site")
    return site


@bp.get("/admin/settings/parameters/<int:n>")
@may("administer settings")
def edit_parameter(n: int) -> str:
    parameter = _parameter(n)
    form = ParameterForm(data=_shown(parameter))
    return render_template("admin/settings/parameter.html", form=form, parameter=parameter)


def _parameter(n: int) -> Parameter:
    if not 1 <= n <= 10:
        raise NotFound("There are parameters 1 to 10")
    return projects.parameters()[n - 1]


def _shown(parameter: Parameter) -> dict[str, object]:
    texts = {name: getattr(parameter, name) for name in ("label", "unit", "help", "in_use")}
    bounds = {
        name: "" if getattr(parameter, name) is None else f"{getattr(parameter, name):g}" for name in ("low", "high")
    }
    return texts | bounds | {"allowed": ", ".join(parameter.allowed or [])}


@bp.post("/admin/settings/parameters/<int:n>")
@may("administer settings")
def change_parameter(n: int) -> Response | tuple[str, int]:
    parameter, form = _parameter(n), ParameterForm()
    with form.heeding():
        projects.set_parameter(n, **form.values(), by=current_user.name, now=utcnow())
    if form.errors:
        return render_template("admin/settings/parameter.html", form=form, parameter=parameter), 422
    flash(f"x{n} saved.", "ok")
    return redirect(url_for("admin_settings.show"), 303)
