"""How a page writes times, durations, shares and places: each format a person sees is one named filter.

Times are read in the site's zone, and every one carries its UTC in a <time datetime>.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from markupsafe import Markup

from webapp.lib.clock import iso, utcnow
from webapp.screens.times import site_zone

NOTHING = "–"  # what is not known is a dash, never a word of the program


def attach(app: Flask) -> None:
    """Make them known to every template."""
    times = (clock, seconds_clock, clock_time, weekday, day, moment, exactly, when, since, until, duration, age_words)
    others = (minute, site_day, full_day, clock_on, percent, basename, location, initials, spark, spark_height)
    app.jinja_env.filters.update({spoken.__name__: spoken for spoken in (*times, *others)})
    app.jinja_env.globals.update(freshness=freshness)
    app.jinja_env.policies["json.dumps_kwargs"] = {"separators": (",", ":")}  # figures are long


@dataclass(frozen=True)
class Freshness:
    """How old what a page shows is: kind is live, late or lost."""

    kind: str
    seconds: int | None

    @property
    def words(self) -> str:
        return f"{age_words(self.seconds)} old" if self.seconds is not None else "nothing received yet"


def freshness(as_of: datetime | None, period: int, now: datetime | None = None) -> Freshness:
    """period: the sampling interval in seconds; live up to 2 of them and 2 s, late up to 3 and 2 s, lost beyond."""
    if as_of is None:
        return Freshness("lost", None)
    age = max(0, int(((now or utcnow()) - as_of).total_seconds()))
    kind = "live" if age <= 2 * period + 2 else "late" if age <= 3 * period + 2 else "lost"
    return Freshness(kind, age)


def clock(at: datetime | None) -> str:
    """14:32"""
    return _local(at).strftime("%H:%M") if at else NOTHING


def seconds_clock(at: datetime | None) -> str:
    """14:32:05"""
    return _local(at).strftime("%H:%M:%S") if at else NOTHING


def full_clock(at: datetime) -> str:
    """14:32, and 14:32:05 where it is no whole minute: an end of a stretch that may be shorter than one."""
    return seconds_clock(at) if at.second else clock(at)


def clock_time(at: datetime | None) -> str:
    """14:32 as a <time>, where the day is today's or does not matter."""
    return _timed(at, clock(at)) if at else NOTHING


def weekday(at: datetime) -> str:
    """Tue"""
    return _local(at).strftime("%a")


def day(at: datetime | None) -> str:
    """16 Sep, with the year when it is not this one."""
    if at is None:
        return NOTHING
    local = _local(at)
    year = "" if local.year == _local(utcnow()).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def when(at: datetime | None) -> str:
    """14:32 today, yesterday 14:32, 12 Sep 21:40 before that, as a <time>."""
    if at is None:
        return NOTHING
    away = (_local(utcnow()).date() - _local(at).date()).days
    said = {0: "", 1: "yesterday ", -1: "tomorrow "}.get(away, f"{day(at)} ")
    return _timed(at, said + clock(at))


def moment(at: datetime | None) -> str:
    """16 Sep 14:32 as a <time>: for records, where today is not enough."""
    return _timed(at, f"{day(at)} {clock(at)}") if at else NOTHING


def exactly(at: datetime | None) -> str:
    """16 Sep 14:32:05 as a <time>: for figures that are counted to the second."""
    return _timed(at, f"{day(at)} {seconds_clock(at)}") if at else NOTHING


def minute(at: datetime, later: int = 0) -> str:
    """2026-09-16T14:32Z: how an address names a minute, or the one so many minutes later."""
    return (at.astimezone(UTC) + timedelta(minutes=later)).strftime("%Y-%m-%dT%H:%MZ")


def site_day(at: datetime) -> str:
    """2026-09-16: how an address or a field names a day of the site."""
    return _local(at).strftime("%Y-%m-%d")


def full_day(at: datetime) -> str:
    """Wednesday 16 Sep, with the year when it is not this one."""
    return f"{_local(at):%A} {day(at)}"


def clock_on(at: datetime, shown: datetime) -> str:
    """14:32, with its day where that is not the one that is shown."""
    return clock(at) if _local(at).date() == _local(shown).date() else f"{day(at)} {clock(at)}"


def since(at: datetime | None, as_of: datetime) -> str:
    """45 min, up to as_of: the page goes on counting while its data are fresh, and stands still when they are not."""
    if at is None:
        return NOTHING
    return Markup('<time datetime="{}" data-since>{}</time>').format(iso(at), duration(as_of - at))


def until(end: datetime | None, start: datetime | None) -> timedelta | None:
    """The stretch from start to end, for |duration; None where either is not known."""
    return end - start if end is not None and start is not None else None


def duration(span: timedelta | float | None) -> str:
    """14 s, 45 min, 6 h 20, 5 days. A number is seconds."""
    if span is None:
        return NOTHING
    seconds = max(0, int(span.total_seconds() if isinstance(span, timedelta) else span))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds // 60 % 60:02}"
    return f"{seconds // 86_400} days"


def age_words(seconds: int) -> str:
    """3 s, 2 min 14 s, 1 h 05: an age is watched, so minutes keep their seconds."""
    return f"{seconds // 60} min {seconds % 60:02} s" if 60 <= seconds < 3600 else duration(seconds)


def percent(share: float | None, digits: int = 0) -> str:
    """88 %, from 0..1."""
    return NOTHING if share is None else f"{share * 100:.{digits}f} %"


def basename(place: str | None) -> str:
    """housing_r4.step, of s3:plant-models/actuator/housing_r4.step."""
    return (place or "").replace("\\", "/").rstrip("/").rpartition("/")[2].rpartition(":")[2] or NOTHING


def location(place: str | None) -> str:
    """Where a file lives. Only http and https may be a link: other schemes could run something."""
    if not place:
        return NOTHING
    if not place.lower().startswith(("http://", "https://")):
        return Markup('<span class="mono">{}</span>').format(place)
    return Markup('<a class="mono" href="{}" rel="noreferrer noopener">{}</a>').format(place, place)


def initials(name: str | None) -> str:
    """HN, of Hana Novák."""
    words = (name or "").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def spark(
    points: Sequence[float | None], aim: float | None = None, width: int = 110, height: int = 38
) -> tuple[str, tuple[float, float] | None]:
    """The path of a sparkline and its last point, scaled to its own least and most, and to what is aimed at; gaps
    stay gaps."""
    if sum(value is not None for value in points) < 2:
        return "", None
    step = (width - 4) / max(1, len(points) - 1)
    dots = [
        None if value is None else (round(2 + n * step, 1), spark_height(points, value, aim, height))
        for n, value in enumerate(points)
    ]
    drawn = "".join(f"{'L' if n and dots[n - 1] else 'M'}{at[0]} {at[1]}" for n, at in enumerate(dots) if at)
    return drawn, dots[-1]


def spark_height(points: Sequence[float | None], value: float, aim: float | None = None, height: int = 38) -> float:
    """Where a value lies on such a line's scale, from the top."""
    known = [point for point in (*points, aim) if point is not None]
    low, reach = min(known), (max(known) - min(known)) or 1.0
    return round(height - 3 - (value - low) / reach * (height - 6), 1)


def _local(at: datetime) -> datetime:
    return at.astimezone(site_zone())


def _timed(at: datetime, said: str) -> str:
    return Markup('<time datetime="{}">{}</time>').format(iso(at.astimezone(UTC)), said)
