"""What happened, newest first; engineers read their own projects' part of it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from webapp import journal, people, projects
from webapp.journal import Entry
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.names import Named, name_typed, names_of
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.screens.times import site_zone, typed_time

bp = Blueprint("log", __name__)

PAGE = 60
KINDS = {
    "": "Everything",
    "project": "Projects",
    "order": "Work orders",
    "operation": "Operations",
    "plan": "Plans",
    "maintenance": "Maintenance",
    "issue": "Issues",
    "cell": "Cells",
    "user": "People",
    "display": "Displays",
    "import": "Imports",
    "site": "Sites",
    "calendar": "Calendars",
    "reason": "Reasons",
    "parameter": "Parameters",
}
EXAMPLES = "P-1047, C03, WO-1001, No. 5 or a username"


@bp.get("/log")
@may("see log")
def show() -> str | tuple[str, int]:
    errors: dict[str, str] = {}
    filters = _filters(errors)
    entries = journal.recent(
        **filters, subjects=_own(), before=whole_in(request.args.get("before", "")), limit=PAGE + 1
    )
    names = _names(entries, filters["subject"])
    html = render_template(
        "log/show.html",
        entries=entries[:PAGE],
        following=entries[PAGE - 1].id if len(entries) > PAGE else None,
        errors=errors,
        asked=request.args,
        kinds=KINDS,
        names=names,
        subject=_shown(filters["subject"], names),
        called={user.username: user.full_name for user in people.users(limit=1000)},
        exported={} if errors else _exported(filters),
        examples=EXAMPLES,
        now=utcnow(),
    )
    return (html, 400) if errors else html


def _names(entries: list[Entry], asked: str | None) -> dict[str, Named]:
    found = names_of([*(entry.subject for entry in entries), *([asked] if asked else [])])
    return found | {"reasons": Named("The list of reasons"), "factory": Named("The factory")}


def _shown(subject: str | None, names: dict[str, Named]) -> str:
    """What stands in the field: as people call it, if that leads back to it."""
    if subject is None:
        return request.args.get("subject", "") or request.args.get("project", "") or request.args.get("cell", "")
    label = names[subject].label if subject in names else subject
    return label if name_typed(label) == subject else subject


def _exported(filters: dict[str, Any]) -> dict[str, str]:
    """The same question as programs ask it, for the files."""
    start, end = (iso(filters[name]) for name in ("start", "end"))
    words = {"type": filters["kind"], "subject": filters["subject"], "by": filters["by"]}
    return {name: word for name, word in {**words, "start_time": start, "end_time": end}.items() if word}


def _filters(errors: dict[str, str]) -> dict[str, Any]:
    return {
        "subject": _subject(errors),
        "kind": _kind(errors),
        "by": request.args.get("user", "").strip() or None,
        "start": _time("start", errors),
        "end": _time("end", errors),
    }


def _time(name: str, errors: dict[str, str]) -> datetime | None:
    said = request.args.get(name, "").strip()
    try:
        return typed_time(said, name, site_zone()) if said else None
    except Invalid as no:
        errors |= {field: says[0] for field, says in no.details["fields"].items()}  # type: ignore[attr-defined]
        return None


def _own() -> list[str] | None:
    """None: all of it."""
    if current_user.may("see whole log"):
        return None
    return [f"project:{n}" for n in projects.ids_of(current_user.user.id)]


def _kind(errors: dict[str, str]) -> str | None:
    kind = request.args.get("type", "")
    if kind not in KINDS:
        errors["type"] = "must be one of " + ", ".join(word for word in KINDS if word)
        return None
    return kind or None


def _subject(errors: dict[str, str]) -> str | None:
    """?subject=WO-1001 as typed, or, as other pages lead here, ?project=7, ?cell=3."""
    said = request.args.get("subject", "").strip()
    if said:
        found = name_typed(said)
        if found is None:
            errors["subject"] = f"must be something there is, such as {EXAMPLES}"
        return found
    for kind, example in (("project", "P-1047"), ("cell", "3")):
        typed = request.args.get(kind, "").strip().upper().removeprefix("P-")
        number = whole_in(typed)
        if number is not None:
            return f"{kind}:{number}"
        if typed:
            errors[kind] = f"must be a number such as {example}"
    return None
