"""The forms of maintenance. A gap that the room offers in place of what was asked stays with the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from wtforms import BooleanField, StringField, TextAreaField

from webapp.lib.refusal import Invalid
from webapp.lib.window import read_time
from webapp.screens.forms import RoomForm, number_in
from webapp.screens.times import site_zone, typed_time
from webapp.upkeep import Duty, DutyDetails, Gap, LaneTaken, WindowDetails

URGENCIES = {"stands": "The cell stands", "soon": "It runs, and needs care soon", "sometime": "When it fits"}
#: What people ask for most, so that a request takes no typing.
ABOUT = (
    "Noise or vibration",
    "Leak or low level",
    "Out of tolerance",
    "Worn tool or part",
    "Sensor or feed",
    "Cleaning",
)
OTHER = "Something else"


class RequestForm(RoomForm):
    cell_id = StringField("Cell")
    about = StringField("What it is")
    words = StringField("In your own words")
    urgency = StringField("How urgent it is")

    def what(self) -> str:
        """Leak or low level: under the table."""
        chosen, said = self.about.data or "", (self.words.data or "").strip()
        if not chosen or chosen == OTHER:
            return said
        return f"{chosen}: {said}" if said else chosen


class AnswerForm(RoomForm):
    note = StringField("What was done, or why not")


class WindowForm(RoomForm):
    """gap: the next one that is free, once somebody else had booked what was asked for."""

    cell_id = StringField("Cell")
    duty_id = StringField("Duty")
    request_id = StringField("Request")
    name = StringField("What for")
    start = StringField("Start")
    minutes = StringField("Minutes it takes")
    gap: Gap | None = None

    @contextmanager
    def heeding(self) -> Iterator[None]:
        with super().heeding():
            try:
                yield
            except LaneTaken as no:
                self.form_errors.append(no.message)
                self.gap = _offered(no)

    def details(self) -> WindowDetails:
        """Raises Invalid where its time cannot be read."""
        start, length = self.times()
        return WindowDetails(
            number_in(self.cell_id.data or "") or 0,
            start,
            start + length,
            self.name.data or "",
            number_in(self.duty_id.data or ""),
            number_in(self.request_id.data or ""),
        )

    def times(self) -> tuple[datetime, timedelta]:
        minutes = number_in(self.minutes.data or "")
        if minutes is None or minutes > 60 * 24 * 62:
            raise Invalid(minutes="must be a number of minutes, up to two months")
        return typed_time(self.start.data or "", "start", site_zone()), timedelta(minutes=minutes)


def _offered(no: LaneTaken) -> Gap | None:
    start, end = (no.details[name] for name in ("earliest_start", "earliest_end"))
    return Gap(read_time(str(start), "start"), read_time(str(end), "end")) if start and end else None


class CompletionForm(RoomForm):
    note = TextAreaField("What was found and done")
    ended_at = StringField("It was over at")

    def over(self) -> datetime | None:
        said = (self.ended_at.data or "").strip()
        return typed_time(said, "ended_at", site_zone()) if said else None


class DutyForm(RoomForm):
    cell_id = StringField("Cell")
    name = StringField("What is to be done")
    every_hours = StringField("Hours of running")
    every_days = StringField("Days")
    minutes = StringField("Minutes it takes")
    last_done_at = StringField("Last done")
    stops_work = BooleanField("Once it is overdue, nothing starts on the cell", false_values=("", "0"))
    note = TextAreaField("How it is done")

    def details(self, cell_id: int | None = None) -> DutyDetails:
        """Raises Invalid where its time cannot be read."""
        said = (self.last_done_at.data or "").strip()
        return DutyDetails(
            cell_id or number_in(self.cell_id.data or "") or 0,
            self.name.data or "",
            _number(self.every_hours.data),
            _number(self.every_days.data),
            _number(self.minutes.data) or 0,
            bool(self.stops_work.data),
            self.note.data or "",
            typed_time(said, "last_done_at", site_zone()) if said else None,
        )


def _number(text: str | None) -> int | None:
    """What is no number is refused by the room as one that is too small."""
    said = (text or "").strip()
    return (number_in(said) or 0) if said else None


def of_duty(duty: Duty, shown_last: str) -> DutyForm:
    """As it stands. shown_last: when it was last done, as a field shows it."""
    plain = ("name", "every_hours", "every_days", "minutes", "stops_work", "note")
    data = {name: getattr(duty, name) for name in plain}
    return DutyForm(data={**data, "cell_id": str(duty.cell_id), "last_done_at": shown_last})
