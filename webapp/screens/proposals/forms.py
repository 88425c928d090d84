"""What is asked of the planner, and what is taken of its plan."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.orders import CannotGo, Obstacle
from webapp.screens.forms import RoomForm

#: Seconds of search, as people call them.
SEARCHES = {"30": "Half a minute", "60": "A minute", "180": "3 minutes", "600": "10 minutes"}


class AskForm(RoomForm):
    """Left as it is: all open orders of two weeks, by a search of a minute."""

    days = StringField("Days ahead", default="14")
    seconds = SelectField(
        "Search for",
        default="60",
        choices=[SelectChoice(value=value, label=words) for value, words in SEARCHES.items()],
        validate_choice=False,
    )
    orders = TextAreaField("Only these work orders")

    @property
    def asked(self) -> dict[str, object]:
        refs = [word.strip() for word in re.split(r"[,;\n]", self.orders.data or "")]
        numbers = {name: _number(name, self[name].data or "") for name in ("days", "seconds")}
        return {"orders": [ref for ref in refs if ref], **numbers}


def _number(name: str, said: str) -> int:
    number = whole_in(said)
    if number is None:
        raise Invalid(**{name: "must be a whole number"})
    return number


class AcceptForm(RoomForm):
    """Operations that were ticked. obstacles: why nothing was accepted."""

    obstacles: list[Obstacle] = []

    @property
    def refs(self) -> list[str] | None:
        """None: all that is left of the plan."""
        return None if "all" in request.form else request.form.getlist("ref")

    @property
    def ticked(self) -> set[str]:
        return set(request.form.getlist("ref"))

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """What cannot go alone as well: the page names it with what it needs."""
        try:
            with super().heeding():
                yield
        except CannotGo as no:
            self.status, self.obstacles = no.status, no.obstacles
            self.form_errors.append("Nothing was accepted")
