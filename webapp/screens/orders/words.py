"""How pages speak of orders: their statuses, whether they are late, by how much a plan and what was differ."""

from datetime import timedelta

from flask import Flask, current_app, url_for

from webapp.journal import Entry
from webapp.orders import Lateness, Operation
from webapp.screens.filters import duration
from webapp.screens.times import site_zone
from webapp.screens.words import told

ORDER_WORDS = {
    "planned": "Planned",
    "running": "Running",
    "held": "On hold",
    "done": "Done",
    "cancelled": "Cancelled",
}
STEP_WORDS = {
    "planned": "Planned",
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
RULE_WORDS = {
    "R1": "one step after the other",
    "R2": "one thing at a time on a machine",
    "R3": "nothing starts in the past",
    "R4": "no work in maintenance",
}
#: A status as one of the signs of the house.
SIGNS = {
    "planned": "created",
    "waiting": "idle",
    "running": "running",
    "held": "idle",
    "done": "finished",
    "failed": "down",
    "cancelled": "created",
}


def attach(app: Flask) -> None:
    app.jinja_env.filters |= {
        "lateness_words": lateness_words,
        "drift_words": drift_words,
        "told_of_order": told_of_order,
    }
    app.jinja_env.globals |= {
        "order_words": ORDER_WORDS,
        "step_words": STEP_WORDS,
        "order_signs": SIGNS,
        "on_schedule": on_schedule,
    }
    app.jinja_env.globals |= {"has_schedule": has_schedule, "rule_words": RULE_WORDS}


def has_schedule() -> bool:
    return "schedule.operation" in current_app.view_functions


def on_schedule(step: Operation) -> str:
    """The address of the schedule at its time, with its order lit up; empty where it has no time."""
    at = step.started_at or step.starts
    if at is None or not has_schedule():
        return ""
    hour = (at - timedelta(hours=1)).astimezone(site_zone())
    return url_for("schedule.show", d=f"{hour:%Y-%m-%dT%H}", op=step.ref)


def told_of_order(entry: Entry) -> str:
    """An entry's details on its order's own page, which need not be named again."""
    details = {name: value for name, value in (entry.details or {}).items() if name != "order"}
    return told(Entry(details=details))


def lateness_words(late: Lateness) -> str:
    """ "2 h 10 late", "will be 45 min late", "was 3 days late", "in time"; empty where nothing can be said."""
    by = duration(max(late.seconds, 60))
    said = {"late": f"{by} late", "will be": f"will be {by} late", "was": f"was {by} late", "in time": "in time"}
    return said.get(late.kind, "not all steps placed" if late.kind == "open" else "")


def drift_words(minutes: int | None) -> str:
    """+12 min, −5 min, as planned; empty where nothing was planned or nothing was."""
    if minutes is None:
        return ""
    return f"{'+' if minutes > 0 else '−'}{abs(minutes)} min" if minutes else "as planned"
