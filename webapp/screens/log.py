"""What happened, newest first; engineers read their own projects' part of it."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_login import current_user

from webapp import cells, journal, people, projects
from webapp.journal import Entry
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.tables import csv_lines
from webapp.screens.times import site_zone, typed_time

bp = Blueprint("log", __name__)

PAGE = 60
KINDS = {
    "": "Everything",
    "project": "Projects",
    "cell": "Cells",
    "user": "People",
    "site": "Sites",
    "calendar": "Calendars",
    "reason": "Reasons",
    "parameter": "Parameters",
}


@bp.get("/log")
@may("see log")
def show() -> str | tuple[str, int]:
    errors: dict[str, str] = {}
    entries = journal.recent(**_filters(errors), limit=PAGE + 1)
    html = render_template(
        "log/show.html",
        entries=entries[:PAGE],
        following=entries[PAGE - 1].id if len(entries) > PAGE else None,
        errors=errors,
        asked=request.args,
        kinds=KINDS,
        cells={f"cell:{cell.id}": cell for cell in cells.all_cells(retired=True)},
        names=_names(),
        now=utcnow(),
    )
    return (html, 400) if errors else html


def _names() -> dict[str, str]:
    """{subject: what it is called}, of all but projects and cells, which are linked."""
    users = {f"user:{user.id}": user.full_name for user in people.users(limit=1000)}
    sites = {f"site:{site.id}": site.name for site in cells.sites()}
    calendars = {f"calendar:{one.id}": one.name for one in cells.all_calendars(retired=True)}
    reasons = {f"reason:{one.id}": one.name for one in cells.reasons(retired=True)}
    return (
        users
        | sites
        | calendars
        | reasons
        | {"reasons": "The list of reasons"}
        | {f"parameter:{n}": f"x{n}" for n in range(1, 11)}
    )


@bp.get("/log.csv")
@may("see log")
def csv() -> Response:
    errors: dict[str, str] = {}
    filters = _filters(errors)
    if errors:
        raise Invalid(**errors)
    head = ("time", "what", "subject", "by", "from", "details")
    rows = csv_lines(head, _rows(filters))
    return Response(
        stream_with_context(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="log.csv"'},
    )


def _rows(filters: dict[str, Any]) -> Iterator[list[object]]:
    """The newest 20,000 that match: what a spreadsheet opens in comfort."""
    for entry in journal.recent(**{**filters, "limit": 20_000}):
        yield [iso(entry.at), entry.verb, entry.subject, entry.by, entry.origin, _words(entry)]


def _words(entry: Entry) -> str:
    return "; ".join(f"{name}: {value}" for name, value in (entry.details or {}).items())


def _filters(errors: dict[str, str]) -> dict[str, Any]:
    args = request.args
    filters: dict[str, Any] = {
        "subject": _subject(errors),
        "kind": _kind(errors),
        "by": args.get("user", "").strip() or None,
    }
    for name in ("start", "end"):
        if args.get(name, "").strip():
            try:
                filters[name] = typed_time(args[name], name, site_zone())
            except Invalid as no:
                errors |= {field: says[0] for field, says in no.details["fields"].items()}  # type: ignore[attr-defined]
    before = args.get("before", "")
    filters["before"] = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    if not current_user.may("see whole log"):
        filters["subjects"] = [f"project:{n}" for n in projects.ids_of(current_user.user.id)]
    return filters


def _kind(errors: dict[str, str]) -> str | None:
    kind = request.args.get("type", "")
    if kind not in KINDS:
        errors["type"] = "must be one of " + ", ".join(word for word in KINDS if word)
        return None
    return kind or None


def _subject(errors: dict[str, str]) -> str | None:
    """?project=7 or ?cell=3."""
    for kind, example in (("project", "P-1047"), ("cell", "3")):
        number = request.args.get(kind, "").strip().upper().removeprefix("P-")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return f"{kind}:{int(number)}"
        if number:
            errors[kind] = f"must be a number such as {example}"
    return None
