"""The list of what is wrong, reporting, and the page of one issue."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, issues, journal, orders, people, upkeep
from webapp.issues import IssueFilters, IssueSpec
from webapp.lib.clock import epoch, utcnow, whole
from webapp.lib.guard import may
from webapp.lib.names import names_of
from webapp.lib.refusal import Invalid
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.lib.traffic import takes
from webapp.lib.window import Window
from webapp.screens.forms import number_in, once
from webapp.screens.issues.forms import (
    MOST_FORM,
    SEVERITIES,
    ClosingForm,
    HandingForm,
    NoteForm,
    ReopeningForm,
    ReportForm,
    report_form,
)
from webapp.screens.times import midnight, site_zone, typed_time

bp = Blueprint("issues", __name__)

PAGE = 50
GLYPHS = {"stopped": "down", "care": "maintenance", "info": "idle"}


@bp.get("/issues")
@may("see issues")
def index() -> str | tuple[str, int]:
    if request.args.get("s") == "all":
        return _history()
    return _list(report_form(number_in(request.args.get("cell", ""))))


def _list(form: ReportForm) -> str:
    now = utcnow()
    closed = issues.closed_in(_today(now)) if request.args.get("s") == "closed" else None
    shown = view("", now)
    shown["labels"] |= _labels(closed or ())
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
        "version": journal.digest(repr([epoch(now) // 60, closed, painted, _labels(found)]).encode())[:16],
        "as_of": whole(now),
        "period": settings().sample_every,
        "now": now,
        **_words(found),
    }


def _words(found: Any) -> dict[str, Any]:
    """What every list of issues needs to say who and what."""
    return {"called": called(), "labels": _labels(found), "glyphs": GLYPHS, "severities": SEVERITIES}


def _labels(found: Any) -> dict[str, Any]:
    return names_of(link.what for issue in found for link in issue.links)


def called() -> dict[str, str]:
    """{username: full name}"""
    return {user.username: user.full_name for user in people.users(limit=1000)}


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
        "version": journal.digest(repr([painted, _labels(found)]).encode())[:16],
        "as_of": whole(now),
        **_words(found),
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
    return {"issues": found, **_words(found)}


def _history() -> str | tuple[str, int]:
    errors: dict[str, str] = {}
    filters, before = _filters(errors), number_in(request.args.get("before", ""))
    found = issues.issues_page(filters, PAGE + 1, before)
    page = render_template(
        "issues/history.html",
        issues=found[:PAGE],
        count=issues.count_issues(filters),
        following=found[PAGE - 1].id if len(found) > PAGE else None,
        asked=request.args,
        cells=cells.all_cells(retired=True),
        errors=errors,
        now=utcnow(),
        **_words(found),
    )
    return (page, 400) if errors else page


def _filters(errors: dict[str, str]) -> IssueFilters:
    asked = request.args
    status, severity = asked.get("status", ""), asked.get("severity", "")
    return IssueFilters(
        status=status if status in ("open", "closed") else "",
        severity=severity if severity in SEVERITIES else "",
        cell_id=number_in(asked.get("cell", "")),
        owner=asked.get("owner", "").strip(),
        window=_window(errors),
    )


def _window(errors: dict[str, str]) -> Window | None:
    start, end = (_time(name, errors) for name in ("start", "end"))
    if start is None and end is None:
        return None
    low, high = start or datetime.fromisoformat("1970-01-01T00:00Z"), end or utcnow() + timedelta(days=1)
    if low >= high:
        errors["end"] = "must be later than From"
        return None
    return Window(low, high)


def _time(name: str, errors: dict[str, str]) -> datetime | None:
    said = request.args.get(name, "").strip()
    try:
        return typed_time(said, name, site_zone()) if said else None
    except Invalid as no:
        errors |= {field: says[0] for field, says in no.details["fields"].items()}  # type: ignore[attr-defined]
        return None


@bp.get("/issues/new")
@may("report issue")
def new() -> str:
    return _new(report_form(number_in(request.args.get("cell", ""))))


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
    issue = issues.report_issue(replace(spec, about=_order_of(spec.cell_id)), current_user.name, now)
    where = f" of {issue.cell.name}" if issue.cell else ""
    flash(f"Issue No. {issue.id}{where} is reported.", "ok")
    return url_for("issues.index")


def _order_of(cell_id: int | None) -> tuple[str, ...]:
    """The order of the operation that holds the cell: an issue knows operations by name only."""
    claim = cells.claim_on(cell_id) if cell_id and cell_id < 2**31 else None
    kind, _, number = (claim.what if claim else "").partition(":")
    found = orders.operations_numbered([int(number)]) if kind == "operation" else {}
    return tuple(operation.order.what for operation in found.values())


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
        **_words([issue]),
    )
