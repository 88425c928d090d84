"""The register of screens on the wall: pair one, see what each shows and whether it lives, tell it something else."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField

from webapp import cells, journal, people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotFound
from webapp.lib.regions import Picture, Region, polled
from webapp.people import Display, DisplayDetails, Item
from webapp.screens.account import choice
from webapp.screens.filters import freshness
from webapp.screens.forms import RoomForm, number_in
from webapp.screens.project_forms import whole

bp = Blueprint("admin_displays", __name__)

#: Seconds between two signs of life of a screen (wall.js); three of them missed and it is lost.
PULSE = 65
TURNS = 4
TITLES = {"board": "Running board", "utilization": "Utilization"}
PRESETS = {"both": "Running board, then utilization", "board": "Running board", "utilization": "Utilization"}


class PairForm(RoomForm):
    code = StringField("Code on the screen")
    name = StringField("Name of the screen")
    site = StringField("Cells of")
    shows = choice("It shows", PRESETS, "both")

    def details(self) -> DisplayDetails:
        site = _site_id(self.site.data)
        shown = [item for item in people.USUAL if self.shows.data in ("both", item.show)]
        return DisplayDetails(self.name.data or "", [Item(item.show, item.seconds, site) for item in shown], site)


class PairAgainForm(RoomForm):
    code = StringField("Code on the screen")


class DisplayForm(RoomForm):
    """show_1 and seconds_1 to show_4 and seconds_4 are the turns of its playlist; "board:3": of site 3's cells."""

    name = StringField("Name of the screen")
    site = StringField("Clock and shifts of")
    night_from = StringField("Dimmed from")
    night_to = StringField("Dimmed up to")

    def details(self) -> DisplayDetails:
        turns = [(self[f"show_{n}"].data, self[f"seconds_{n}"]) for n in range(1, TURNS + 1)]
        night = (self.night_from.data or "").strip(), (self.night_to.data or "").strip()
        items = [_item(word, whole(seconds.data, seconds.name) or 0) for word, seconds in turns if word]
        return DisplayDetails(self.name.data or "", items, _site_id(self.site.data), night)

    @classmethod
    def showing(cls, display: Display) -> "DisplayForm":
        given = {"name": display.name, "site": str(display.site_id or "")}
        given |= {"night_from": display.night_from, "night_to": display.night_to}
        for n, item in enumerate(people.items_of(display), 1):
            given |= {f"show_{n}": _word(item), f"seconds_{n}": str(item.seconds)}
        return cls(formdata=None, data=given)


for _n in range(1, TURNS + 1):
    setattr(DisplayForm, f"show_{_n}", StringField(f"Turn {_n}"))
    setattr(DisplayForm, f"seconds_{_n}", StringField(f"Seconds of turn {_n}"))


def _item(word: str, seconds: int) -> Item:
    show, _, site = word.partition(":")
    return Item(show, seconds, _site_id(site))


def _word(item: Item) -> str:
    return f"{item.show}:{item.site}" if item.site else item.show


def _site_id(word: str | None) -> int | None:
    if not word:
        return None
    found = number_in(word)
    if found not in {site.id for site in cells.sites()}:
        raise Invalid(site="must be one of this factory's sites")
    return found


def _sites() -> list[tuple[str, str]]:
    return [("", "All sites"), *((str(site.id), site.name) for site in cells.sites())]


def _shows() -> list[tuple[str, str]]:
    """What a turn can be; in a factory of one site nobody has to say which."""
    several = cells.sites() if len(cells.sites()) > 1 else []
    return [
        ("", "Nothing"),
        *((show, title + (", all sites" if several else "")) for show, title in TITLES.items()),
        *((f"{show}:{site.id}", f"{title}, {site.name}") for site in several for show, title in TITLES.items()),
    ]


@bp.get("/admin/displays")
@may("administer displays")
def index() -> str:
    return _index(PairForm())


def _index(form: PairForm) -> str:
    return render_template(
        "admin/displays/index.html", form=form, sites=_sites(), presets=PRESETS, **view("", utcnow())
    )


@bp.get("/admin/displays/part")
@may("administer displays")
def part() -> Response:
    return polled("displays")


def view(_: str, now: datetime) -> Picture:
    """Each screen with how fresh it is: live, late, lost; None: it never came."""
    names = {site.id: site.name for site in cells.sites()}
    displays = [
        (one, _said(people.items_of(one), names), freshness(one.last_seen, PULSE, now).kind if one.last_seen else None)
        for one in people.displays()
    ]
    painted = [
        (one.id, one.name, said, kind, one.last_seen, one.showing, one.told, one.heeded) for one, said, kind in displays
    ]
    return {"displays": displays, "version": journal.digest(repr(painted).encode())[:16], "as_of": now}


def _said(items: Sequence[Item], sites: dict[int, str]) -> str:
    """Running board 60 s, Utilization of Hall 1 40 s."""
    of = {item: f" of {sites[item.site]}" if item.site in sites and len(sites) > 1 else "" for item in items}
    return ", ".join(f"{TITLES[item.show]}{of[item]} {item.seconds} s" for item in items)


@bp.post("/admin/displays")
@may("administer displays")
def pair() -> Response | tuple[str, int]:
    form = PairForm()
    with form.heeding():
        people.pair_display(form.code.data or "", form.details(), current_user, utcnow())
    if form.errors:
        return _index(form), 422
    flash(f"{form.name.data} is paired: it shows its wall within seconds.", "ok")
    return redirect(url_for("admin_displays.index"), 303)


@bp.get("/admin/displays/<int:id>")
@may("administer displays")
def show(id: int) -> str:
    return _page(_living(id))


def _page(display: Display, form: DisplayForm | None = None, again: PairAgainForm | None = None) -> str:
    return render_template(
        "admin/displays/show.html",
        display=display,
        form=again or form,
        change=form or DisplayForm.showing(display),
        again=again or PairAgainForm(formdata=None),
        sites=_sites(),
        shows=_shows(),
        turns=range(1, TURNS + 1),
    )


def _living(id: int) -> Display:
    display = people.one_display(id)
    if display.revoked_at:
        raise NotFound("This screen was taken off the register")
    return display


@bp.post("/admin/displays/<int:id>")
@may("administer displays")
def change(id: int) -> Response | tuple[str, int]:
    display, form = _living(id), DisplayForm()
    with form.heeding():
        people.change_display(id, form.details(), current_user, utcnow())
    if form.errors:
        return _page(display, form), 422
    flash(f"{form.name.data} saved: the screen follows within seconds.", "ok")
    return redirect(url_for("admin_displays.show", id=id), 303)


@bp.post("/admin/displays/<int:id>/reload")
@may("administer displays")
def reload(id: int) -> Response:
    people.reload_display(_living(id).id, current_user, utcnow())
    flash("The screen was told to load again.", "ok")
    return redirect(url_for("admin_displays.show", id=id), 303)


@bp.post("/admin/displays/<int:id>/pairing")
@may("administer displays")
def pair_again(id: int) -> Response | tuple[str, int]:
    display, form = _living(id), PairAgainForm()
    with form.heeding():
        people.pair_again(id, form.code.data or "", current_user, utcnow())
    if form.errors:
        return _page(display, again=form), 422
    flash(f"{display.name} is paired with this browser; the one before is shut out.", "ok")
    return redirect(url_for("admin_displays.show", id=id), 303)


@bp.get("/admin/displays/<int:id>/revocation")
@may("administer displays")
def ask_revoke(id: int) -> str:
    return render_template("admin/displays/revoke.html", display=_living(id))


@bp.post("/admin/displays/<int:id>/revocation")
@may("administer displays")
def revoke(id: int) -> Response:
    display = people.one_display(id)
    people.revoke_display(id, current_user, utcnow())
    flash(f"{display.name} is revoked: it shows nothing any more but a code.", "ok")
    return redirect(url_for("admin_displays.index"), 303)


REGIONS = (Region("displays", "administer displays", "admin/displays/_list.html", view),)
