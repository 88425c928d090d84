"""All issues there ever were, filtered and page by page."""

from datetime import datetime, timedelta

from flask import render_template, request

from webapp import cells, issues
from webapp.issues import IssueFilters
from webapp.lib.clock import utcnow
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.screens.forms import number_in
from webapp.screens.issues.forms import SEVERITIES
from webapp.screens.issues.words import words
from webapp.screens.times import EARLIEST, site_zone, typed_time

PAGE = 50


def history() -> str | tuple[str, int]:
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
        **words(found),
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
    low, high = start or EARLIEST, end or utcnow() + timedelta(days=1)
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
