"""The forms about an issue: reporting one, and whatever is said about it afterwards."""

from flask import request
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields import MultipleFileField

from webapp import issues
from webapp.issues import IssueSpec
from webapp.lib.names import names_of
from webapp.screens.forms import RoomForm, number_in

SEVERITIES = {"stopped": "Stopped", "care": "Running, needs care", "info": "Running, for information"}
#: Of a form with photos: each of them may have ten megabytes, and its words hardly any.
MOST_FORM = issues.MOST_PHOTOS * issues.MOST_BYTES + 512 * 1024


class PhotoForm(RoomForm):
    photo = MultipleFileField("Photo")

    def photos(self) -> list[bytes]:
        """What was sent under the name of the field; one byte more than may be is read of each, and refused."""
        sent = [one for one in request.files.getlist("photo") if one.filename]
        return [one.stream.read(issues.MOST_BYTES + 1) for one in sent]


class ReportForm(PhotoForm):
    cell_id = StringField("Cell")
    severity = StringField("What it is doing")
    words = TextAreaField("What you see")
    about = HiddenField()

    def spec(self) -> IssueSpec:
        """A cell that cannot be read is refused by the room as one that is not there."""
        cell = self.cell_id.data or ""
        cell_id = None if cell == "none" else number_in(cell) or 0
        return IssueSpec(self.severity.data or "", cell_id, self.words.data or "", self.photos(), self._linked())

    def _linked(self) -> tuple[str, ...]:
        """The order or the project from whose page it was reported, if there is one of that name."""
        name = self.about.data or ""
        return tuple(names_of([name])) if name.startswith(("order:", "project:")) else ()


class NoteForm(PhotoForm):
    words = TextAreaField("What is new")
    severity = StringField("What it is doing")


class ClosingForm(PhotoForm):
    done = TextAreaField("What was done")


class ReopeningForm(RoomForm):
    words = TextAreaField("Why")


class HandingForm(RoomForm):
    to = StringField("Hand over to")


def report_form(cell_id: int | None = None, about: str = "") -> ReportForm:
    """cell_id: the one that is chosen already, such as by whoever comes from its page; about: whose page it was."""
    return ReportForm(data={"cell_id": str(cell_id) if cell_id else "", "about": about})
