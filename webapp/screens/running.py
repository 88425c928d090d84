"""Operations at work, alike on both their pages: started, done, failed, a start taken back; and what is said of it."""

from datetime import datetime
from typing import TypeVar

from flask import flash
from flask_login import current_user
from wtforms import StringField, TextAreaField

from webapp import cells, orders
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings
from webapp.orders import Operation
from webapp.screens.forms import RoomForm, once
from webapp.screens.project_forms import whole

F = TypeVar("F", bound=RoomForm)


class ReasonForm(RoomForm):
    reason = TextAreaField("Why")


class DoneForm(RoomForm):
    qty_done = StringField("Good pieces")
    qty_rejected = StringField("Rejected pieces")


def owner() -> str:
    """Whose forms these are."""
    return f"user:{current_user.user.id}"


def start(ref: str) -> None:
    tell_started(orders.start_operation(ref, current_user, utcnow(), settings().sample_every))


def complete(ref: str, to: str) -> DoneForm:
    """The form as it was sent: with errors nothing was done. to: where it leads."""
    form, now = DoneForm(), utcnow()
    with form.heeding():
        good, bad = whole(form.qty_done.data, "qty_done"), whole(form.qty_rejected.data, "qty_rejected")
        once(form, owner(), now, lambda: _completed(ref, good, bad, now, to))
    return _looked_at(form)


def fail(ref: str, to: str) -> ReasonForm:
    """The same."""
    form, now = ReasonForm(), utcnow()
    with form.heeding():
        once(form, owner(), now, lambda: _failed(ref, form.reason.data or "", now, to))
    return _looked_at(form)


def withdraw(ref: str) -> None:
    """What waits is planned again. Another may have waited behind it."""
    step = orders.take_back_start(ref, current_user, utcnow())
    wake(work.move_projects)
    flash(f"{step.label} is planned again. It starts once somebody says so.", "ok")


def tell_started(step: Operation) -> None:
    if step.status == "running" and step.cell_id:
        flash(f"{step.label} runs on {cells.one(step.cell_id).name}.", "ok")
        return
    by_itself = "" if step.waiting and step.waiting.needs_person else " It starts by itself as soon as it can."
    flash(f"{step.label} waits: {step.waiting_message}.{by_itself}", "warn")


def _looked_at(form: F) -> F:
    """A machine may be free now."""
    if not form.errors:
        wake(work.move_projects)
    return form


def _completed(ref: str, good: int | None, bad: int | None, now: datetime, to: str) -> str:
    done = orders.complete_operation(ref, current_user, now, settings().sample_every, good, bad)
    flash(f"{done.label} is done.", "ok")
    if done.order.status == "done":
        flash(f"{done.order.ref} is done.", "ok")
    for step in done.order.operations:
        if step.idx > done.idx and step.status in ("running", "waiting"):
            tell_started(step)
    return to


def _failed(ref: str, reason: str, now: datetime, to: str) -> str:
    failed = orders.fail_operation(ref, reason, current_user, now)
    flash(f"{failed.label} has failed. {failed.order.ref} is on hold until somebody resumes it.", "warn")
    return to
