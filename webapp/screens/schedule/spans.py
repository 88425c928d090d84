"""Which hours the schedule shows, as its address and its topic name them. Pure, but for the zone of the site."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.lib.refusal import NotFound

ZOOMS = (10, 24, 72, 168)
#: Hours before now at which a picture begins that goes with the clock; the longer ones begin with the day.
BEFORE = {10: 2, 24: 4}
#: Hours that "earlier" and "later" go: of the shortest some stay in sight.
STEPS = {10: 8, 24: 24, 72: 72, 168: 168}
#: A working day's first hour, for the shortest picture of a day that names none.
MORNING = 6
_SUBJECT = re.compile(r"(now|(\d{8})(\d{2})?)-(10|24|72|168)", re.ASCII)
_ASKED = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}))?", re.ASCII)
_YEARS = range(1971, 9998)


@dataclass(frozen=True)
class Shown:
    """start <= t < end, aware UTC. subject: how a topic names it: "now-10", "20261122-24", "2026112214-10"."""

    subject: str
    start: datetime
    end: datetime
    hours: int
    zone: ZoneInfo

    @property
    def follows(self) -> bool:
        """It goes with the clock."""
        return self.subject.startswith("now")

    @property
    def d(self) -> str | None:
        """Its word in an address; None: today's."""
        return None if self.follows else self._named(self.start)

    def _named(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        usual = MORNING if self.hours == 10 else 0
        return f"{local:%Y-%m-%d}" if local.hour == usual else f"{local:%Y-%m-%dT%H}"

    @property
    def earlier(self) -> str:
        return self._stepped(-1)

    @property
    def later(self) -> str:
        return self._stepped(1)

    def _stepped(self, way: int) -> str:
        """By the clock on the wall: a day later is the same hour, whatever it did meanwhile."""
        local = self.start.astimezone(self.zone).replace(tzinfo=None) + way * timedelta(hours=STEPS[self.hours])
        return self._named(local.replace(tzinfo=self.zone))


def subject_of(d: str, hours: str) -> str:
    """Of what an address says; what cannot be read is as if it had not been said."""
    length = int(hours) if hours in map(str, ZOOMS) else ZOOMS[0]
    found = _ASKED.fullmatch(d)
    subject = f"{''.join(part or '' for part in found.groups())}-{length}" if found else f"now-{length}"
    return subject if _day(subject) is not None or not found else f"now-{length}"


def shown(subject: str, now: datetime, zone: ZoneInfo) -> Shown:
    """Raises NotFound where there are no such hours."""
    found = _SUBJECT.fullmatch(subject)
    day = _day(subject)
    if not found or (day is None and found[1] != "now"):
        raise NotFound(f"There is no stretch {subject[:40]!r} of the schedule")
    hours = int(found[4])
    start = _at(day, int(found[3] or (MORNING if hours == 10 else 0)), zone) if day else _going(now, hours, zone)
    return Shown(subject, start, start + timedelta(hours=hours), hours, zone)


def _day(subject: str) -> date | None:
    found = _SUBJECT.fullmatch(subject)
    try:
        day = date.fromisoformat(found[2]) if found and found[2] else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS and found and int(found[3] or 0) < 24 else None


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _going(now: datetime, hours: int, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    if hours not in BEFORE:
        return _at(local.date(), 0, zone)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC) - timedelta(hours=BEFORE[hours])
