"""What every form shares: a key against double clicks, and a room's refusal shown in the form that was sent."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from webapp import journal
from webapp.extensions import held_open
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid, KeyReused, Refusal, Stale

# What a browser sends besides the person's own words: not part of what was asked.
_OURS = ("csrf_token", "key")


def new_key() -> str:
    return secrets.token_urlsafe(16)


class RoomForm(FlaskForm):
    """A form whose rules live in a room. Its fields are named as the room names them."""

    key = HiddenField(default=new_key)
    status = 422  # of the answer that shows the form again

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Inside it, a refusal that correcting the form can mend becomes its errors; look at `errors` afterwards."""
        try:
            yield
        except Invalid as no:
            self.refuse(no)
        except Stale as no:
            self.show_both(no)
        except KeyReused:
            self.begin_anew()

    def refuse(self, no: Invalid) -> None:
        """Put each complaint at its field; one about no field of this form goes to the form as a whole."""
        for name, says in no.details["fields"].items():  # type: ignore[attr-defined]
            field = self._fields.get(name)
            if field is None:
                self.form_errors.extend(f"{name} {words}" for words in says)
            else:
                field.errors = [*field.errors, *(f"{field.label.text} {words}" for words in says)]

    def show_both(self, no: Refusal) -> None:
        """Somebody was quicker: what is typed stays, and beside it stands what they wrote. Sent again, it counts."""
        self.status = no.status
        who = no.details.get("changed_by") or "somebody"
        self.form_errors.append(f"{no.message}, by {who}. Sending the form again puts your values in place of theirs")
        for name, both in no.details["values"].items():  # type: ignore[attr-defined]
            said = f"{self[name].label.text} is now {both['now'] or 'empty'}; you typed {both['yours'] or 'nothing'}"
            self[name].errors = [*self[name].errors, said]
        self._fields["version"].data = no.details["version"]

    def begin_anew(self) -> None:
        """The page was sent before with other words, then gone back to: this may be meant, but not unawares."""
        self.form_errors.append(
            "This form was sent before and what it asked for was done; sending it again does it anew"
        )
        self.key.data = new_key()


def number_in(text: str) -> int | None:
    """The id that a field or an address carries; None for anything else."""
    return whole_in(text, least=1)


def once(form: RoomForm, owner: str, now: datetime, act: Callable[[], str]) -> str:
    """Do act() and return the address it leads to; the same form sent twice leads there again and does nothing.

    The key, the act and its answer are one commit: of two clicks at the same moment the second waits for the first.
    """
    words = {name: values for name, values in request.form.lists() if name not in _OURS}
    asked = journal.digest(request.path.encode(), repr(sorted(words.items())).encode())
    key = "form:" + journal.digest((form.key.data or new_key()).encode())
    with held_open():
        answer = journal.reserve_answer(owner, key, asked, now)
        if answer is not None:
            answer.status, answer.headers = 303, {"Location": act()}
            return answer.headers["Location"]
    earlier = journal.answer_to(owner, key, asked)
    return earlier.headers["Location"] if earlier else act()
