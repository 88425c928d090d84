"""The list of what is wrong, and the page of one issue."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, issues, journal, upkeep
from webapp.lib.clock import epoch, utcnow, whole
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens.forms import number_in
from webapp.screens.issues.forms import (
    ClosingForm,
    HandingForm,
    NoteForm,
    ReopeningForm,
    ReportForm,
    report_form,
)
from webapp.screens.issues.history import history
from webapp.screens.issues.words import labels, words
from webapp.screens.times import midnight, site_zone

bp = Blueprint("issues", __name__)


@bp.get("/issues")
@may("see issues")
def index() -> str | tuple[str, int]:
    if request.args.get("s") == "all":
        return history()
    return _list(report_form(number_in(request.args.get("cell", ""))))


def _list(form: ReportForm) -> str:
    now = utcnow()
    closed = issues.closed_in(_today(now)) if request.args.get("s") == "closed" else None
    shown = view("", now)
    shown["labels"] |= labels(closed or ())
    due = upkeep.board(now).next if current_user.may("see maintenance") else None
    return render_template("issues/index.html", form=form, cells=cells.all_cells(), closed=closed, lines=due, **shown)


def view(_: str, now: datetime) -> Picture:
    found = issues.open_issues()
    closed = issues.count_closed(_today(now))
    painted = [(one.id, one.severity, one.owner, one.changed_at, one.cell_id) for one in found]
    return {
        "issues": found,
        "tally": issues.tally(),
        "closed_today": closed,
        # The clock is told in minutes: another minute is another picture.
        "version": journal.digest(repr([epoch(now) // 60, closed, painted, labels(found)]).encode())[:16],
        "as_of": whole(now),
        "period": settings().sample_every,
        "now": now,
        **words(found),
    }


def _today(now: datetime) -> Window:
    day = now.astimezone(site_zone()).date()
    return Window(midnight(day, site_zone()), midnight(day + timedelta(days=1), site_zone()))


@bp.get("/issues/part")
@may("see issues")
def part() -> Response:
    return polled("issues")


def unowned(_: str, now: datetime) -> Picture:
    """What stops a cell and nobody has, for the page of all that needs somebody."""
    found = issues.unowned_stops()
    painted = [(one.id, one.words, one.changed_at) for one in found]
    return {
        "issues": found,
        "version": journal.digest(repr([painted, labels(found)]).encode())[:16],
        "as_of": whole(now),
        **words(found),
    }


@bp.get("/issues/unowned")
@may("see issues")
def unowned_part() -> Response:
    return polled("unowned")


REGIONS = (
    Region("issues", "see issues", "issues/_part.html", view),
    Region("unowned", "see issues", "issues/_unowned.html", unowned, heeds=("issues",)),
)


def of_cell(cell_id: int) -> Picture:
    """What the page of a cell shows of its issues: the open ones."""
    found = issues.open_issues(cell_id)
    return {"issues": found, **words(found)}


def about(*names: str) -> Picture | None:
    """What the page of an order or a project, "order:3", shows of the issues about it: the open ones first, then the
    newest. None where whoever looks may not see issues."""
    if not current_user.may("see issues"):
        return None
    found = sorted(issues.issues_about(names), key=lambda one: not one.is_open)
    return {"issues": found, **words(found)}


@bp.get("/issues/<int:id>")
@may("see issues")
def show(id: int) -> str:
    return page(id)


def page(id: int, **sent: Any) -> str:
    """sent: the form that could not be accepted; the others are as new."""
    issue = issues.one_issue(id)
    kinds = {"note": NoteForm, "closing": ClosingForm, "reopening": ReopeningForm, "handing": HandingForm}
    forms = {name: sent.get(name) or kind(formdata=None) for name, kind in kinds.items()}
    return render_template(
        "issues/show.html",
        issue=issue,
        errors=next((form for form in forms.values() if form.errors), None),
        owners=issues.owners(),
        now=utcnow(),
        **forms,
        **words([issue]),
    )
