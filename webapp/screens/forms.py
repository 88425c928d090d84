"""What every form shares: a key against double clicks, and a room's refusal shown at the field it names."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from webapp import journal
from webapp.extensions import held_open
from webapp.lib.refusal import Invalid

# What a browser sends besides the person's own words: not part of what was asked.
_OURS = ("csrf_token", "key")


class RoomForm(FlaskForm):
    """A form whose rules live in a room. Its fields are named as the room names them."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Inside it, a room's Invalid becomes errors at the fields; look at `errors` afterwards."""
        try:
            yield
        except Invalid as no:
            self.refuse(no)

    def refuse(self, no: Invalid) -> None:
        """Put each complaint at its field; one about no field of this form goes to the form as a whole."""
        for name, says in no.details["fields"].items():  # type: ignore[attr-defined]
            field = self._fields.get(name)
            if field is None:
                self.form_errors.extend(f"{name} {words}" for words in says)
            else:
                field.errors = [*field.errors, *(f"{field.label.text} {words}" for words in says)]


def once(form: RoomForm, owner: str, now: datetime, act: Callable[[], str]) -> str:
    """Do act() and return the address it leads to; the same form sent twice leads there again and does nothing.

    The key, the act and its answer are one commit: of two clicks at the same moment the second waits for the first.
    """
    words = {name: values for name, values in request.form.lists() if name not in _OURS}
    asked = journal.digest(request.path.encode(), repr(sorted(words.items())).encode())
    key = f"form:{form.key.data or secrets.token_urlsafe(16)}"[:200]
    with held_open():
        answer = journal.reserve_answer(owner, key, asked, now)
        if answer is not None:
            answer.status, answer.headers = 303, {"Location": act()}
            return answer.headers["Location"]
    earlier = journal.answer_to(owner, key, asked)
    return earlier.headers["Location"] if earlier else act()
