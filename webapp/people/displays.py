"""Screens on the wall: what each shows, which of them live, and what the desk tells them."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import Invalid, NotFound
from webapp.people.callers import Caller, name_of
from webapp.people.models import Display

SHOWS = ("board", "utilization")
LEAST_SECONDS, MOST_SECONDS = 10, 3600
MOST_ITEMS = 6
NIGHT = ("22:00", "06:00")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class Item:
    """A turn of a screen: one of SHOWS, for how many seconds; site: of one site's cells, or of all."""

    show: str
    seconds: int
    site: int | None = None


#: What a screen shows unless somebody says otherwise.
USUAL = (Item("board", 60), Item("utilization", 40))


@dataclass(frozen=True)
class DisplayDetails:
    """What the desk decides about a screen. night: from and to, site time; two empty texts: it is never dimmed."""

    name: str
    playlist: Sequence[Item] = USUAL
    site_id: int | None = None
    night: tuple[str, str] = NIGHT

    def check(self) -> None:
        """Raise Invalid with what would be accepted."""
        errors = {"name": _name_error(self.name), "playlist": _playlist_error(self.playlist)}
        found = {field: says for field, says in {**errors, "night_from": _night_error(self.night)}.items() if says}
        if found:
            raise Invalid(**found)

    def write(self, display: Display) -> None:
        display.name, display.site_id = self.name.strip(), self.site_id
        display.playlist = [asdict(item) for item in self.playlist]
        display.night_from, display.night_to = self.night


def _name_error(name: str) -> str | None:
    fits = 1 <= len(name.strip()) <= 60 and name.isprintable()
    return None if fits else "must have 1 to 60 characters, such as: Hall A, north wall"


def _playlist_error(playlist: Sequence[Item]) -> str | None:
    if not 1 <= len(playlist) <= MOST_ITEMS or any(item.show not in SHOWS for item in playlist):
        return "must name at least one thing to show"
    fits = all(LEAST_SECONDS <= item.seconds <= MOST_SECONDS for item in playlist)
    return None if fits else f"must last {LEAST_SECONDS} to {MOST_SECONDS} seconds each"


def _night_error(night: tuple[str, str]) -> str | None:
    if night == ("", "") or (all(map(_CLOCK.fullmatch, night)) and night[0] != night[1]):
        return None
    return "must be two times such as 22:00 and 06:00, or both be empty"


def items_of(display: Display) -> list[Item]:
    return [Item(**item) for item in display.playlist]


def change_display(display_id: int, details: DisplayDetails, by: Caller | str, now: datetime) -> Display:
    """Another name, playlist, site or night: the screen loads it within seconds."""
    details.check()
    with transaction():
        display = held(display_id)
        before = (display.name, display.playlist, display.site_id, display.night_from, display.night_to)
        details.write(display)
        if before != (display.name, display.playlist, display.site_id, display.night_from, display.night_to):
            display.told += 1
            journal.record("changed display", f"display:{display_id}", name_of(by), now, name=display.name)
    return display


def reload_display(display_id: int, by: Caller | str, now: datetime) -> None:
    """Have the screen load its page again."""
    with transaction():
        display = held(display_id)
        display.told += 1
        journal.record("reloaded display", f"display:{display_id}", name_of(by), now, name=display.name)


def revoke_display(display_id: int, by: Caller | str, now: datetime) -> None:
    """Its token is dead at once, its stream is closed, and it asks to be paired again; twice is harmless."""
    with transaction():
        display = held(display_id)
        if display.revoked_at is None:
            display.revoked_at = now
            touch(f"kick:display:{display_id}")
            journal.record("revoked display", f"display:{display_id}", name_of(by), now, name=display.name)


def note_shown(display_id: int, showing: str, heeded: int, now: datetime) -> None:
    """What a screen says of itself each minute. No news but to the list of screens."""
    said = {"showing": "".join(filter(str.isprintable, showing))[:60], "last_seen": now}
    with transaction():
        mine = Display.id == display_id
        db.session.execute(update(Display).where(mine).values(**said))
        db.session.execute(update(Display).where(mine, Display.told >= heeded).values(heeded=heeded))
        touch("displays")


def displays() -> list[Display]:
    """By name; those that were revoked are gone from the list."""
    query = select(Display).where(Display.revoked_at.is_(None)).order_by(Display.name, Display.id)
    return list(db.session.scalars(query))


def one_display(display_id: int) -> Display:
    """A revoked one too; raises NotFound."""
    display = db.session.get(Display, display_id) if 0 < display_id < 2**31 else None
    if display is None:
        raise NotFound("There is no such screen")
    return display


def held(display_id: int) -> Display:
    """The row, locked until the act under way is over. A move."""
    display = db.session.get(Display, display_id, with_for_update=True) if 0 < display_id < 2**31 else None
    if display is None:
        raise NotFound("There is no such screen")
    return display
