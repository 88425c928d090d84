"""What every act on a window needs: finding and holding its row, writing it down, booking its time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells
from webapp.cells import Slot
from webapp.extensions import db
from webapp.lib.clock import iso, whole
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.people import Caller
from webapp.upkeep.duties import cell_in_service, in_words, locked_duty
from webapp.upkeep.fitting import check_free
from webapp.upkeep.models import Duty, Window
from webapp.upkeep.requests import locked_request

#: A page is filled in by the minute: what was now when it was opened is now still.
JUST_NOW = timedelta(minutes=5)
LONGEST = timedelta(days=62)
#: Beyond it there is no room to look for the next free time.
LAST_YEAR = 9000


@dataclass(frozen=True)
class WindowDetails:
    """What a person says of a window. duty_id: the duty that is done in it; name: what for, where there is none.

    request_id: the request that is answered by it.
    """

    cell_id: int
    start: datetime
    end: datetime
    name: str = ""
    duty_id: int | None = None
    request_id: int | None = None


def one_window(window_id: int) -> Window:
    """Raises NotFound."""
    window = db.session.get(Window, window_id) if 0 < window_id < 2**31 else None
    if window is None:
        raise NotFound("There is no such maintenance window")
    return window


def locked_window(window_id: int) -> Window:
    window = one_window(window_id)
    db.session.refresh(window, with_for_update={"of": Window})
    return window


def refuse_unless(window: Window, *statuses: str) -> None:
    if window.status not in statuses:
        raise WrongState(f"{window.name} on {window.cell.name} is {window.status}, not {' or '.join(statuses)}")


def written(details: WindowDetails, start: datetime, end: datetime, by: Caller, now: datetime) -> Window:
    cell = cell_in_service(details.cell_id)
    cells.hold_lanes([cell.id])
    check_free(cell.id, start, end)
    duty = _duty_of(details)
    name = duty.name if duty else " ".join(details.name.split())
    window = Window(cell_id=cell.id, cell=cell, duty_id=duty.id if duty else None, name=name, starts=start, ends=end)
    window.planned_by, window.planned_at = by.name, whole(now)
    db.session.add(window)
    db.session.flush()
    book_window(window, start, end)
    _answer(details, window, by, now)
    return window


def _duty_of(details: WindowDetails) -> Duty | None:
    if details.duty_id is None:
        return None
    with _named_by("duty_id"):
        duty = locked_duty(details.duty_id)
    if duty.cell_id != details.cell_id:
        raise Invalid(duty_id="is a duty of another cell")
    return duty


@contextmanager
def _named_by(field: str) -> Iterator[None]:
    """What a field names and is not there makes that field wrong, not the page one that cannot be found."""
    try:
        yield
    except NotFound:
        raise Invalid(**{field: "must be one that there is"}) from None


def book_window(window: Window, start: datetime, end: datetime) -> None:
    cells.book([Slot(window.what, "maintenance", window.cell_id, start, end, window.name)])


def _answer(details: WindowDetails, window: Window, by: Caller, now: datetime) -> None:
    if details.request_id is None:
        return
    with _named_by("request_id"):
        request = locked_request(details.request_id)
    if request.cell_id != window.cell_id:
        raise Invalid(request_id="is a request for another cell")
    request.settle("planned", "", by.name, now)
    request.window_id = window.id


def check_window(details: WindowDetails, start: datetime, now: datetime) -> None:
    says = {
        "name": "" if details.duty_id is not None else in_words(details.name, 120, needed=True),
        "start": _wrong_start(details.start, now),
        "end": _wrong_end(start, details.end),
    }
    if wrong := {field: words for field, words in says.items() if words}:
        raise Invalid(**wrong)


def _wrong_start(start: datetime, now: datetime) -> str:
    if start < now - JUST_NOW:
        return "lies in the past"
    return f"must be before the year {LAST_YEAR}" if start.year >= LAST_YEAR else ""


def _wrong_end(start: datetime, end: datetime) -> str:
    if start >= whole(end):
        return "must be later than the start"
    return "is more than two months later" if end - start > LONGEST else ""


def told(window: Window) -> dict[str, object]:
    """What the journal says of it."""
    about = {"window": window.id, "name": window.name, "start": iso(window.starts), "end": iso(window.ends)}
    said = {"duty": window.duty_id, "note": window.done_note, "why": window.cancel_why}
    return {**about, **{name: value for name, value in said.items() if value}}
