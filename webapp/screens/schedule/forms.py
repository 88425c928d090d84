"""Saving a place: what was sent, and how a refusal comes back into the panel it was sent from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import Optional

from webapp.lib.refusal import Invalid, Refusal
from webapp.orders import RuleViolation
from webapp.screens.filters import clock, day
from webapp.screens.forms import RoomForm
from webapp.screens.schedule.panel import Asked


class MoveForm(RoomForm):
    """along: with what it would delay."""

    version = IntegerField(validators=[Optional()])
    cell = StringField("Lane")
    start = StringField("Start")
    end = StringField("End")
    start_at = HiddenField()
    end_at = HiddenField()
    along = HiddenField()

    def asked(self) -> Asked:
        return Asked.of({name: self[name].data or "" for name in Asked.__dataclass_fields__})

    @property
    def legible(self) -> Asked:
        """The same, unless it is no place at all: then the panel speaks of where the operation is."""
        return Asked() if self.status == RoomForm.status and self.errors else self.asked()

    def refuse(self, no: Invalid) -> None:
        fields: Any = no.details["fields"]
        super().refuse(Invalid(no.message, **{NAMED.get(name, name): says for name, says in fields.items()}))

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """A broken rule as well: the panel says which, with whom, and where it would be legal."""
        try:
            with super().heeding():
                yield
        except RuleViolation as no:
            self.status = no.status
            self.form_errors.append("Not saved: it breaks a rule")

    def show_both(self, no: Refusal) -> None:
        """Somebody was quicker: what they made of it stands beside what was typed. Saved again, that counts."""
        self.status = no.status
        who = no.details.get("changed_by") or "somebody"
        values: Any = no.details["values"]
        said = "; ".join(f"{WORDS[name]} is now {_told(both['now'])}" for name, both in values.items())
        self.form_errors.append(f"{no.message}, by {who}: {said or 'its state'}. Saving again puts yours in its place")
        self.version.process_data(no.details["version"])


#: Fields that the room names otherwise.
NAMED = {"cell_id": "cell"}
WORDS = {"start": "start", "end": "end", "machine": "the lane"}


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{day(value)} {clock(value)}"
    return str(value or "none")
