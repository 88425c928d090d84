"""Requests from the floor, and what becomes of them."""

from datetime import datetime

from sqlalchemy import select

from webapp import journal
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid, NotFound
from webapp.people import Caller
from webapp.upkeep.duties import cell_in_service, in_words
from webapp.upkeep.models import ANSWERS, URGENCIES, Request, Window


def request_maintenance(cell_id: int, what: str, urgency: str, by: Caller, now: datetime) -> Request:
    """Somebody at the cell says what wants seeing to."""
    says = {
        "what": in_words(what, 200, needed=True),
        "urgency": "" if urgency in URGENCIES else "must be one of " + ", ".join(URGENCIES),
    }
    if wrong := {field: words for field, words in says.items() if words}:
        raise Invalid(**wrong)
    with transaction():
        cell = cell_in_service(cell_id)
        line = " ".join(what.split())
        request = Request(cell_id=cell.id, cell=cell, what=line, urgency=urgency, by=by.name, at=whole(now))
        db.session.add(request)
        db.session.flush()
        told = {"request": request.id, "what": line, "urgency": urgency}
        journal.record("requested maintenance", f"cell:{cell.id}", by.name, now, **told)
    return request


def answer_request(request_id: int, answer: str, note: str, by: Caller, now: datetime) -> Request:
    """done: it was seen to on the spot; declined: and why. Planned is answered by planning a window for it."""
    if answer not in ANSWERS or answer == "planned":
        raise Invalid(answer="must be done or declined")
    if wrong := in_words(note, 200, needed=answer == "declined"):
        raise Invalid(note=wrong)
    with transaction():
        request = locked_request(request_id)
        request.settle(answer, " ".join(note.split()), by.name, now)
        told = {"request": request.id, "what": request.what, "answer": answer, "note": request.answer_note}
        journal.record("answered request", f"cell:{request.cell_id}", by.name, now, **told)
    return request


def one_request(request_id: int) -> Request:
    """Raises NotFound."""
    request = db.session.get(Request, request_id) if 0 < request_id < 2**31 else None
    if request is None:
        raise NotFound("There is no such request")
    return request


def locked_request(request_id: int) -> Request:
    request = one_request(request_id)
    db.session.refresh(request, with_for_update={"of": Request})
    return request


def planned_for(window: Window) -> list[Request]:
    """A move, for whoever settles or reopens them: those that nobody has seen to on the spot meanwhile."""
    mine = select(Request).where(Request.window_id == window.id, Request.answer == "planned")
    return list(db.session.scalars(mine.with_for_update(of=Request).execution_options(populate_existing=True)))
