"""The floor at any past minute, from the ledger: to look at, to step through, to play."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

import orjson
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webapp import cells, ledger, orders, projects
from webapp.cells import Cell, Rewound
from webapp.lib.clock import epoch, moment, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.screens.filters import basename, minute
from webapp.screens.halls import Hall, halls
from webapp.screens.times import midnight, shown_minute, shown_time, site_zone, typed_time

bp = Blueprint("rewind", __name__)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")
STEPS = (-10, -1, 1, 10)


@dataclass(frozen=True)
class Work:
    """What held a cell: what it is called, and what it was."""

    label: str
    line: str


@dataclass(frozen=True)
class Frame:
    """A tile as it stands while one stretch lasts. since: None where nobody knows."""

    state: str
    shown: str
    since: datetime | None
    holder: str
    line: str
    corrected: bool

    @classmethod
    def of(cls, stretch: Rewound, named: Mapping[str, Work]) -> Self:
        work = named.get(stretch.what or "")
        holder = work.label if work else "Free" if stretch.state == "idle" else "No work"
        line = stretch.words or (work.line if work else "")
        return cls(stretch.state, stretch.shown, stretch.since, holder, line, stretch.corrected)


@dataclass(frozen=True)
class Tile:
    """frame: None where the cell was not in service at that minute."""

    cell: Cell
    frame: Frame | None


@dataclass(frozen=True)
class Reel:
    """What the slider runs over: the last 24 hours, or a day of the site."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start) / MINUTE)

    def place(self, at: datetime) -> int:
        return int((at - self.start) / MINUTE)


@dataclass(frozen=True)
class Past:
    """The floor at that minute. kept_from: of the time before it only whole days are known."""

    at: datetime
    now: datetime
    first: datetime
    kept_from: datetime

    @cached_property
    def tiles(self) -> list[Tile]:
        """Of every cell that was in service somewhere on the reel, so that playing finds it."""
        stood = {cell.id: stretches[0] for cell, stretches in cells.rewind(Window(self.at, self.at + MINUTE), self.now)}
        named = _named(stretch.what for stretch in stood.values())
        frames = {cell: Frame.of(stretch, named) for cell, stretch in stood.items()}
        return [Tile(cell, frames.get(cell.id)) for cell in cells.all_cells(retired=True) if self._plays(cell)]

    def _plays(self, cell: Cell) -> bool:
        gone = cell.in_service_to is not None and cell.in_service_to <= self.reel.start
        return not gone and cell.in_service_from < self.reel.end

    @cached_property
    def halls(self) -> list[Hall]:
        return halls(self.tiles, cells.hall_plans())

    @property
    def tally(self) -> dict[str, int]:
        counted = Counter(tile.frame.state for tile in self.tiles if tile.frame)
        return {state: counted[state] for state in STATES}

    @property
    def corrected(self) -> int:
        return sum(tile.frame.corrected for tile in self.tiles if tile.frame)

    @property
    def latest(self) -> datetime:
        return _minute(self.now)

    @cached_property
    def reel(self) -> Reel:
        if self.at > self.latest - DAY:
            return Reel(max(self.latest - DAY, self.first), self.latest)
        zone = site_zone()
        day = self.at.astimezone(zone).date()
        begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
        return Reel(max(begins, self.first), min(ends - MINUTE, self.latest))

    @property
    def steps(self) -> list[tuple[int, datetime | None]]:
        """Minutes forward or back, and where that leads; None where there is nothing to see."""
        return [(step, self._reached(step)) for step in STEPS]

    def _reached(self, step: int) -> datetime | None:
        at = self.at + step * MINUTE
        return at if self.first <= at <= self.latest else None

    @property
    def days(self) -> tuple[datetime | None, datetime | None]:
        """The same minute a day before and a day after."""
        return self._reached(-24 * 60), self._reached(24 * 60)


@bp.get("/floor/rewind")
@may("see boards")
def show() -> str | Answer | tuple[str, int]:
    now, typed = utcnow(), request.args.get("at", "").strip()
    at, complaint = _asked(typed, now)
    if at is None:
        return render_template("rewind/refused.html", said=complaint, typed=typed, now=now), 422
    if typed != minute(at):
        return redirect(url_for("rewind.show", at=minute(at)))
    past = Past(at, now, _first(now), moment(ledger.kept_from()))
    return render_template("rewind/show.html", past=past, typed=shown_time(at, site_zone()))


def _asked(typed: str, now: datetime) -> tuple[datetime | None, str]:
    """The minute that is meant, without one the newest that is over; or what is wrong with it."""
    try:
        return _seen(_minute(typed_time(typed, "at", site_zone())) if typed else _minute(now) - MINUTE, now), ""
    except Invalid as no:
        fields: Any = no.details["fields"]
        return None, "That time " + str(fields["at"][0])


def _seen(at: datetime, now: datetime) -> datetime:
    """Raises Invalid where there was nothing to be seen."""
    first, zone = _first(now), site_zone()
    if at > _minute(now):
        raise Invalid(at=f"has not come yet: it is {shown_minute(now, zone)} now")
    if at < first:
        raise Invalid(at=f"was before any cell was in service: the first one began {shown_time(first, zone)}")
    return at


def _first(now: datetime) -> datetime:
    """The first whole minute of which there is something to see."""
    begun = min((cell.in_service_from for cell in cells.all_cells(retired=True)), default=now)
    return _minute(min(begun, now) + timedelta(seconds=59))


def _minute(at: datetime) -> datetime:
    return moment(epoch(at) // 60 * 60)


@bp.get("/floor/rewind/changes")
@may("see boards")
def changes() -> Response:
    """An hour of every cell: what a player paints from without asking again. It never changes what it has told of time
    that is over, except where somebody corrects it."""
    now, begins = utcnow(), _minute(typed_time(request.args.get("from", ""), "from", site_zone()))
    window = Window(begins, begins + HOUR).cut(None, now)
    told = cells.rewind(window, now) if window else []
    named = _named(stretch.what for _, stretches in told for stretch in stretches)
    reel = {cell.id: [_row(stretch, Frame.of(stretch, named)) for stretch in stretches] for cell, stretches in told}
    body = {"from": epoch(begins), "to": epoch(window.end) if window else epoch(begins), "cells": reel}
    return Response(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), mimetype="application/json")


def _row(stretch: Rewound, frame: Frame) -> list[object]:
    since = None if frame.since is None else epoch(frame.since)
    said = [frame.state, frame.shown, since, frame.holder, frame.line, int(frame.corrected)]
    return [epoch(stretch.start), epoch(stretch.end), *said]


def _named(whats: Iterable[str | None]) -> dict[str, Work]:
    """The projects and operations among these holders."""
    names = {what for what in whats if what}
    found = projects.numbered(_numbers("project", names))
    known = {one.what: Work(one.label, one.name or basename(one.cad_model)) for one in found}
    steps = orders.operations_numbered(_numbers("operation", names)).values()
    return known | {step.what: Work(f"{step.order.ref} step {step.idx}", step.name) for step in steps}


def _numbers(kind: str, whats: Iterable[str]) -> set[int]:
    return {int(number) for what in whats for word, _, number in [what.partition(":")] if word == kind}
