"""What is done about an issue: each its own route."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import issues, people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.traffic import takes
from webapp.screens.forms import RoomForm, once
from webapp.screens.going_back import came_from
from webapp.screens.issues.forms import MOST_FORM, ClosingForm, HandingForm, NoteForm, ReopeningForm
from webapp.screens.issues.place import bp, page


def _done(id: int, words: str) -> Response:
    flash(words, "ok")
    return redirect(came_from() or url_for("issues.show", id=id), 303)


@bp.post("/issues/<int:id>/owner")
@may("own issue")
def take(id: int) -> Response:
    issues.take_issue(id, current_user.name, utcnow())
    return _done(id, f"Issue No. {id} is yours.")


@bp.post("/issues/<int:id>/handover")
@may("own issue")
def hand_over(id: int) -> Response | tuple[str, int]:
    form = HandingForm()
    to = (form.to.data or "").strip()
    with form.heeding():
        issues.hand_over(id, to, current_user.name, utcnow(), _seen())
    if form.errors:
        return page(id, handing=form), form.status
    return _done(id, f"Issue No. {id} is with {people.user_named(to).full_name} now.")


@bp.post("/issues/<int:id>/owner/end")
@may("own issue")
def let_go(id: int) -> Response:
    issues.let_issue_go(id, current_user.name, utcnow(), _seen())
    return _done(id, f"Nobody has issue No. {id} now.")


def _seen() -> str | None:
    """Who had it when the page was painted."""
    return request.form.get("seen")


@bp.post("/issues/<int:id>/notes")
@takes(MOST_FORM)
@may("report issue")
def tell(id: int) -> Response | tuple[str, int]:
    form, now = NoteForm(), utcnow()
    with form.heeding():
        said = form.words.data or "", form.severity.data or "", form.photos()
        once(form, f"user:{current_user.user.id}", now, lambda: _told(id, now, said))
    return _shown(id, form, "note", "Written down.")


def _told(id: int, now: datetime, said: tuple[str, str, list[bytes]]) -> str:
    issues.update_issue(id, current_user.name, now, *said)
    return url_for("issues.show", id=id)


@bp.post("/issues/<int:id>/closure")
@takes(MOST_FORM)
@may("own issue")
def close(id: int) -> Response | tuple[str, int]:
    form, now = ClosingForm(), utcnow()
    with form.heeding():
        issues.close_issue(id, form.done.data or "", current_user.name, now, form.photos())
    return _shown(id, form, "closing", f"Issue No. {id} is closed.")


@bp.post("/issues/<int:id>/closure/end")
@may("report issue")
def reopen(id: int) -> Response | tuple[str, int]:
    form = ReopeningForm()
    with form.heeding():
        issues.reopen_issue(id, form.words.data or "", current_user.name, utcnow())
    return _shown(id, form, "reopening", f"Issue No. {id} is open again, and nobody has it.")


def _shown(id: int, form: RoomForm, place: str, words: str) -> Response | tuple[str, int]:
    """The page again where the form could not be accepted, with what was typed."""
    if form.errors:
        return page(id, **{place: form}), form.status
    flash(words, "ok")
    return redirect(url_for("issues.show", id=id), 303)
