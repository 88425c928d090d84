"""What a person was told: the bell on every page, and the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, people
from webapp.cells import Alarm
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, numbered, polled
from webapp.people import Notice
from webapp.screens.forms import number_in

bp = Blueprint("notices", __name__)

#: Of one page of the list.
MOST = 50
#: A page speaks of so many at a time: the others are in the list.
LOUD = 3
GLYPHS = {"started": "running", "finished": "finished", "failed": "failure", "late": "maintenance"}


@dataclass(frozen=True)
class Told:
    """A notice with what has become of it. alarm: the stop or call it is about, while that is known."""

    notice: Notice
    alarm: Alarm | None

    @property
    def wanted(self) -> bool:
        """Whether there is still something to do or to know: a stop that somebody sees to is no errand any more."""
        if self.notice.kind != "stop":
            return True
        return self.alarm is not None and not (self.alarm.acknowledged_at or self.alarm.repaired_at)

    @property
    def address(self) -> str:
        if self.alarm:
            return url_for("cells.show", id=self.alarm.cell_id)
        number = number_in(self.notice.about.rpartition(":")[2])
        found = self.notice.kind != "stop" and number
        return url_for("projects.show", id=number) if found else url_for("notices.index")

    @property
    def glyph(self) -> str:
        """The state beside it; a call for help has none."""
        return GLYPHS.get(self.notice.kind, self.alarm.state if self.alarm else "")

    @property
    def painted(self) -> tuple[object, ...]:
        alarm = self.alarm and (self.alarm.acknowledged_by, self.alarm.acknowledged_at, self.alarm.repaired_at)
        return (self.notice.id, self.notice.words, self.notice.seen_at is None, alarm)


def told_of(notices: Sequence[Notice]) -> list[Told]:
    numbers = {notice.id: number_in(notice.about.rpartition(":")[2]) for notice in notices if notice.kind == "stop"}
    alarms = cells.stops_numbered({number for number in numbers.values() if number})
    return [Told(notice, alarms.get(numbers.get(notice.id) or 0)) for notice in notices]


@bp.get("/notices")
@may("see own notices")
def index() -> str:
    before = number_in(request.args.get("before", ""))
    picture = listed(str(_me()), utcnow(), before)
    return render_template("notices/index.html", before=before, **picture)


@bp.get("/notices/part")
@may("see own notices")
def part() -> Response:
    return polled(f"notices-list:{_me()}")


@bp.get("/notices/bell")
@may("see own notices")
def bell() -> Response:
    return polled(f"notices:{_me()}")


@bp.post("/notices/seen")
@may("change own account")
def see() -> Response:
    """One that was named, or all there are."""
    named = request.form.get("notice", "")
    people.see_notices(_me(), utcnow(), (number_in(named) or 0) if named else None)
    if not named:
        flash("All notices are marked as seen.", "ok")
    return redirect(url_for("notices.index"), 303)


def _me() -> int:
    return int(current_user.user.id)


def view(subject: str, now: datetime) -> Picture:
    """The bell: how many wait to be seen, and those a page may speak of now."""
    user_id = numbered(subject)
    waiting = [told for told in told_of(people.unseen(user_id)) if told.wanted]
    loud = [told for told in waiting if told.notice.due_at <= now][:LOUD]
    browser = people.wishes_of(user_id).browser
    seen = (len(waiting), browser, [told.painted for told in loud])
    return {
        "topic": f"notices:{user_id}",
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": now,
        "count": len(waiting),
        "loud": loud,
        "browser": browser,
    }


def listed(subject: str, now: datetime, before: int | None = None) -> Picture:
    """A page of the list, newest first."""
    user_id = numbered(subject)
    found = told_of(people.notices(user_id, MOST + 1, before))
    told, more = found[:MOST], len(found) > MOST
    return {
        "topic": f"notices-list:{user_id}",
        "version": journal.digest(repr([one.painted for one in told]).encode())[:16],
        "as_of": now,
        "told": told,
        "older": told[-1].notice.id if more else None,
        "total": people.count_notices(user_id),
        "live": before is None,
    }


# Both change with the notices of their person, and with what becomes of the stops those are about.
BELL = Region("notices", "see own notices", "notices/_bell.html", view, heeds=("attention",), own=True)
LIST = Region("notices-list", "see own notices", "notices/_list.html", listed, heeds=("attention",), own=True)
REGIONS = (BELL, LIST)
