"""What is round every wall: whose clock it keeps, whether it is night there, and which side its picture has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import request

from webapp import cells, people
from webapp.cells import Site
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.people import Display
from webapp.screens.walls.turns import change_after, is_night


@dataclass(frozen=True)
class Frame:
    """night: from and to, as the page goes on to keep them; dim: it is night; side: 0 or 1, until a shift begins."""

    now: datetime
    zone: ZoneInfo
    night: tuple[str, str]
    dim: bool
    side: int
    until: datetime
    period: int


def frame(site_id: int | None, now: datetime, display: Display | None = None) -> Frame:
    site = next((site for site in cells.sites() if site_id in (None, site.id)), None)
    zone = ZoneInfo(site.zone if site else settings().site_zone)
    night = (display.night_from, display.night_to) if display else people.NIGHT
    side, until = change_after(now, _shift_starts(site_id, now))
    dim = is_night(f"{now.astimezone(zone):%H:%M}", night)
    return Frame(now, zone, night, dim, side, until, settings().sample_every)


def _shift_starts(site_id: int | None, now: datetime) -> list[datetime]:
    around = Window(now - timedelta(days=2), now + timedelta(days=4))
    return [shift.window.start for shift in cells.shift_spans(cells.chosen(site_id=site_id), around)]


def site_asked() -> int | None:
    """?site=, or None; Invalid says which there are."""
    asked = request.args.get("site")
    return None if asked is None else site_of(asked).id


def site_of(subject: str) -> Site:
    """The site of this number."""
    found = next((site for site in cells.sites() if str(site.id) == subject), None)
    if found is None:
        known = ", ".join(f"{site.id} ({site.name})" for site in cells.sites())
        raise Invalid(site=f"must be one of {known}" if known else "must be left out: there is no site yet")
    return found


def page_asked(pages: int) -> int | None:
    """?page=, or None."""
    asked = request.args.get("page")
    if asked is None:
        return None
    page = whole_in(asked, pages, least=1)
    if page is None:
        raise Invalid(page=f"must be a number from 1 to {pages}")
    return page


def where(site: Site | None) -> str:
    """As the head of a wall says it; a factory of one site needs no "all"."""
    every = cells.sites()
    return site.name if site else every[0].name if len(every) == 1 else "All sites" if every else ""
