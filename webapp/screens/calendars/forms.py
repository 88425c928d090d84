"""The forms of a calendar's page. What was typed stays as typed, whatever was refused or rearranged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, TextAreaField

from webapp import cells
from webapp.cells import OtherDay, Reach, Shift
from webapp.lib.clock import epoch
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid, Refusal
from webapp.screens.forms import RoomForm

MOST_ROWS = 40


class ReachingForm(RoomForm):
    """A form whose act may restate the past: it is sent once to be told how far, and again to say yes to that."""

    version = HiddenField("Version")
    seen = HiddenField("Seen")
    reach: Reach | None = None
    asks = False

    def agreed(self, reach: Reach) -> bool:
        """Whether this reach, if there is any, was on the page that sent the form."""
        self.reach = reach
        told = f"{epoch(reach.window.start)}-{reach.cells}" if reach.window else ""
        self.asks = bool(told) and self.seen.data != told
        self.seen.data = told
        return not self.asks

    @property
    def errors(self) -> dict[str, Any]:
        """By the ids that its fields have on the page: several forms lie on one."""
        return {self._fields[name].id if name in self._fields else name: says for name, says in super().errors.items()}

    def show_both(self, no: Refusal) -> None:
        """Somebody was quicker: what is typed stays, and it is said what they did."""
        self.status = no.status
        who = no.details.get("changed_by") or "somebody"
        self.form_errors.append(
            f"{no.message}, by {who}: {no.details.get('told')}. Sending the form again puts yours in place of it"
        )
        self.version.data = str(no.details["version"])


@dataclass
class Line:
    """One shift as typed; errors: at its fields."""

    name: str = ""
    start: str = ""
    end: str = ""
    breaks: str = ""
    days: tuple[int, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


class WeekForm(ReachingForm):
    """The week as lines, a shift each. do: which button sent it."""

    name = StringField("Name")
    zone = StringField("Time zone")
    since = StringField("Valid from")
    lines: list[Line]

    @classmethod
    def sent(cls, prefix: str = "") -> "WeekForm":
        form = cls(prefix=prefix)
        count = min(MOST_ROWS, sum(name.endswith("-start") for name in request.form))
        form.lines = [_line(n) for n in range(count)]
        return form

    @classmethod
    def showing(cls, shifts: Sequence[Shift], prefix: str = "", **given: Any) -> "WeekForm":
        form = cls(formdata=None, prefix=prefix, data=given)
        form.lines = [
            Line(s.name, cells.on_clock(s.start), cells.end_text(s), cells.breaks_text(s), s.days) for s in shifts
        ]
        return form

    @property
    def do(self) -> str:
        return request.form.get("do", "save")

    def rearranged(self) -> bool:
        """A line more, or one less: nothing is saved."""
        verb, _, number = self.do.partition("-")
        if verb == "add" and len(self.lines) < MOST_ROWS:
            self.lines.append(Line())
        elif verb == "remove" and (line := self._line(number)):
            self.lines.remove(line)
        return verb in ("add", "remove")

    def _line(self, number: str) -> Line | None:
        n = whole_in(number)
        return self.lines[n] if n is not None and n < len(self.lines) else None

    def shifts(self) -> list[Shift]:
        """Raises Invalid with all that cannot be read."""
        read: list[Shift] = []
        wrong: dict[str, str] = {}
        for n, line in enumerate(self.lines):
            try:
                read.append(cells.read_shift(line.name, line.start, line.end, line.breaks, line.days))
            except Invalid as no:
                wrong |= {f"shifts-{n}-{name}": says for name, says in _fields(no).items()}
        if wrong:
            raise Invalid(**wrong)
        return read

    def drawn(self) -> list[Shift]:
        """What of it can be drawn."""
        made = []
        for line in self.lines:
            try:
                shift = cells.read_shift(line.name, line.start, line.end, line.breaks, line.days)
            except Invalid:
                continue
            made += [shift] if 0 < shift.end - shift.start <= 1440 else []
        return made

    def since_date(self) -> date:
        """Empty: ever since."""
        return cells.read_date(self.since.data, "since") if (self.since.data or "").strip() else cells.BEGINNING

    def refuse(self, no: Invalid) -> None:
        """A line's complaint goes to the line."""
        others = {}
        for name, says in _fields(no).items():
            _, number, field_name = [*name.split("-"), "", ""][:3]
            if line := self._line(number):
                line.errors[field_name] = says
            else:
                others[name] = says
        if others:
            super().refuse(Invalid(**others))

    @property
    def errors(self) -> dict[str, Any]:
        """Of the fields, and of the lines under the ids they have on the page."""
        told = dict(super().errors)
        for n, line in enumerate(getattr(self, "lines", [])):
            told |= {f"shifts-{n}-{name}": [f"{_called(n, name)} {says}"] for name, says in line.errors.items()}
        return told


def _line(n: int) -> Line:
    sent = request.form
    name, start, end, breaks = (sent.get(f"shifts-{n}-{part}", "")[:200] for part in ("name", "start", "end", "breaks"))
    days = [day for day in request.form.getlist(f"shifts-{n}-days") if day in set("0123456")]
    return Line(name, start, end, breaks, tuple(map(int, days)))


def _fields(no: Invalid) -> dict[str, str]:
    fields: Any = no.details["fields"]
    return {name: says[0] for name, says in fields.items()}


WORDS = {"name": "name", "start": "start", "end": "end", "breaks": "breaks", "days": "days"}


def _called(n: int, name: str) -> str:
    return f"Shift {n + 1}: its {WORDS.get(name, name)}"


class DaysForm(ReachingForm):
    """Dates that differ, as many as one likes, each with a name of its own or with that of all."""

    days = TextAreaField("Dates")
    name = StringField("Name")
    kind = StringField("Kind", default="closed")
    shifts = TextAreaField("Shifts of these dates")

    def chosen(self) -> dict[date, OtherDay]:
        """Raises Invalid naming the line that cannot be read."""
        kind, found = self.kind.data or "closed", {}
        made = None if kind == "closed" else self._shifts()
        for text in (self.days.data or "").replace(",", "\n").splitlines():
            day, _, own = text.strip().partition(" ")
            if day:
                name = own.strip() or (self.name.data or "").strip()
                found[cells.read_date(day, "days")] = OtherDay(name, made, kind == "extra")
        return found

    def _shifts(self) -> tuple[Shift, ...]:
        made = []
        for n, text in enumerate([line for line in (self.shifts.data or "").splitlines() if line.strip()], 1):
            try:
                made.append(cells.read_line(text))
            except Invalid as no:
                says = " and ".join(words for name, words in _fields(no).items())
                raise Invalid(shifts=f"cannot be read in line {n}: {says}") from None
        if not made:
            raise Invalid(shifts="must hold at least one, such as Overtime 06:00-12:00")
        return tuple(made)

    def refuse(self, no: Invalid) -> None:
        told = {}
        for name, says in _fields(no).items():
            _, number, part = [*name.split("-"), "", ""][:3]
            told["shifts" if number else name] = f"line {int(number) + 1}: its {part} {says}" if number else says
        super().refuse(Invalid(**told))


class FollowForm(ReachingForm):
    """Which cells are to follow it: of a site, a kind or a tag, and one by one."""

    group = StringField("All cells of")
    since = StringField("Since")

    def ticked(self) -> list[int]:
        numbers = request.form.getlist("cell") or request.form.getlist("cells")
        return [n for n in map(whole_in, numbers) if n is not None]
