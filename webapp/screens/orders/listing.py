"""The list of work orders, late ones first; what is asked stands in the address. Its counts are live."""

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, orders
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.lib.regions import Picture, Region, polled
from webapp.orders import OVERVIEW_SORTS, Wanted
from webapp.screens.orders.door import bp
from webapp.screens.orders.words import ORDER_WORDS
from webapp.screens.times import site_zone, typed_time

PAGE = 50
MOST_PAGES = 100_000
#: What the status menu offers beside each status by itself.
GROUPS = {"": (), "open": ("planned", "running", "held")}
STATUS_WORDS = {"": "All", "open": "Open", **ORDER_WORDS}
HEADS = {
    "ref": "Order",
    "product": "Product",
    "qty": "Pieces",
    "status": "Status",
    "priority": "Priority",
    "due": "Due",
    "planned": "Planned end",
}


@bp.get("/orders")
@may("see orders")
def index() -> str | tuple[str, int]:
    now, errors = utcnow(), dict[str, str]()
    listed = _listed(now, errors)
    html = render_template("orders/index.html", **view("", now), **listed, errors=errors, may_plan=_may_plan())
    return (html, 400) if errors else html


@bp.get("/orders/list")
@may("see orders")
def table() -> str:
    """The rows alone: asked for anew when the counts above them say that something changed."""
    return render_template("orders/_list.html", **_listed(utcnow(), {}), may_plan=_may_plan())


@bp.get("/orders/part")
@may("see orders")
def part() -> Response:
    return polled("orders")


def _may_plan() -> bool:
    return bool(current_user.may("plan orders"))


def _listed(now: datetime, errors: dict[str, str]) -> dict[str, Any]:
    args = request.args
    sort = args.get("sort", "") if args.get("sort") in OVERVIEW_SORTS else ""
    page, down = whole_in(args.get("page", ""), MOST_PAGES, least=1) or 1, args.get("way") == "down"
    found = orders.overview(_wanted(errors), now, sort, down, (page - 1) * PAGE, PAGE)
    return {
        "found": found,
        "page": page,
        "first": (page - 1) * PAGE + 1,
        "pages": max(1, -(-found.total // PAGE)),
        "sort": sort,
        "down": down,
        "heads": HEADS,
        "asked": {
            name: args.get(name, "").strip()[:200] for name in ("q", "status", "from", "to", "late") if args.get(name)
        },
        "status_choices": STATUS_WORDS,
        "now": now,
    }


def _wanted(errors: dict[str, str]) -> Wanted:
    """The address's own words; what cannot be read is told in errors and left out."""
    status = request.args.get("status", "")
    if status not in STATUS_WORDS:
        errors["status"] = "must be one of " + ", ".join(word for word in STATUS_WORDS if word)
        status = ""
    return Wanted(
        statuses=GROUPS.get(status, (status,)),
        due_from=_time("from", errors),
        due_to=_time("to", errors),
        late=request.args.get("late") == "1",
        text=request.args.get("q", "").strip()[:200].replace("\0", ""),
    )


def _time(name: str, errors: dict[str, str]) -> datetime | None:
    text = request.args.get(name, "").strip()
    try:
        return typed_time(text, name, site_zone()) if text else None
    except Invalid as no:
        errors[name] = no.details["fields"][name][0]  # type: ignore[index]
        return None


def view(_: str, now: datetime) -> Picture:
    """The counts, the same for all."""
    totals = orders.order_totals(now)
    seen = [epoch(now) // 60, totals.mark, totals.late, totals.will_be_late, totals.unplaced]
    return {
        "totals": totals,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": cells.as_of(now),
    }


REGION = Region("orders", "see orders", "orders/_part.html", view)
