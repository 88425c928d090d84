"""A paired screen: what its playlist names, in turn; a stop that is new brings the board back and holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp import cells, people
from webapp.lib.build import build
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import NotAllowed, NotFound, NotSignedIn
from webapp.lib.regions import Picture, Region, numbered, polled
from webapp.people import Display, Item
from webapp.screens.session import ask_to_sign_in
from webapp.screens.walls.board import REGION as BOARD
from webapp.screens.walls.door import bp
from webapp.screens.walls.frame import frame
from webapp.screens.walls.turns import turn_now
from webapp.screens.walls.utilization import REGION as UTILIZATION
from webapp.signing import SCREEN

#: What a playlist may name (people.SHOWS): what the desk calls it, its heading, its region.
SHOWN = {
    "board": ("Running board", "Running projects", BOARD),
    "utilization": ("Utilization", "Utilization", UTILIZATION),
}


@dataclass(frozen=True)
class Turn:
    """One item of a playlist, painted."""

    item: Item
    name: str
    title: str
    html: Markup
    picture: Picture

    @property
    def alarms(self) -> bool:
        return any(alert.alarm for sheet in self.picture["sheets"] for alert in getattr(sheet, "alerts", ()))


@bp.get("/<int:id>")
@may("see display")
def show_display(id: int) -> str:
    display, now = _own(id), utcnow()
    items = people.items_of(display)
    turns = [_turn(item, now) for item in items]
    alarmed = next((n for n, turn in enumerate(turns) if turn.alarms), None)
    return render_template(
        "wall/display.html",
        display=display,
        frame=frame(display.site_id, now, display),
        turns=turns,
        current=turn_now(items, now) if alarmed is None else alarmed,
        as_of=min(turn.picture["as_of"] for turn in turns),
        told=view(str(id), now),
    )


def _turn(item: Item, now: datetime) -> Turn:
    name, title, region = SHOWN[item.show]
    picture = region.view(str(item.site or ""), now)
    return Turn(item, name, title, Markup(region.paint(picture)), picture)


@bp.get("/<int:id>/part")
@may("see display")
def display_part(id: int) -> Response:
    _own(id)
    return polled(f"display:{id}")


@bp.get("/<int:id>/pulse")
@may("see display")
def pulse(id: int) -> tuple[str, int]:
    """The screen lives: what it shows, and the last word of the desk that it has loaded."""
    _own(id)
    if current_user.screen:
        known = whole_in(request.args.get("heeded", "")) or 0
        people.note_shown(id, request.args.get("showing", ""), known, utcnow())
    return "", 204


def _own(id: int) -> Display:
    """A screen has one wall; people may look at any."""
    if current_user.screen and current_user.screen.id != id:
        raise NotAllowed("This is another screen's wall")
    display = people.one_display(id)
    if display.revoked_at:
        raise NotFound("This screen was taken off the register")
    return display


def view(subject: str, now: datetime) -> Picture:
    """What the desk told this screen last; another build of the program is news of the same kind: load again."""
    display = people.one_display(numbered(subject))
    order = "revoked" if display.revoked_at else f"{display.told}-{build()}"
    return {"id": display.id, "told": display.told, "order": order, "version": order, "as_of": cells.as_of(now)}


REGION = Region("display", "see display", "wall/_display.html", view)


@bp.errorhandler(NotSignedIn)
def pair_anew(no: NotSignedIn) -> Response:
    """A screen whose token is good no longer shows a code again; a person is asked to sign in."""
    arguments: dict[str, Any] = request.view_args or {}
    if SCREEN not in request.cookies and "id" not in arguments:
        return ask_to_sign_in(no)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("wall.begin")})
    return redirect(url_for("wall.begin"))
