"""What a person wants to be told, and when loudly: the form on their account page."""

import re

from flask import request
from wtforms import BooleanField, StringField

from webapp import people
from webapp.lib.refusal import Invalid
from webapp.people import NOTICES, Wishes
from webapp.screens.forms import RoomForm

KINDS = {
    "started": "My project started",
    "finished": "My project finished",
    "failed": "My project failed or was withdrawn",
    "late": "My project takes longer than I expected",
    "stop": "A cell that stands, or a call for help, that wants me",
}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):?([0-5]\d)", re.ASCII)


class WishesForm(RoomForm):
    browser = BooleanField("Also as notifications of this browser")
    quiet_from = StringField("Quiet from")
    quiet_to = StringField("Quiet until")

    @classmethod
    def of(cls, wishes: Wishes) -> "WishesForm":
        """As they stand."""
        times = {"quiet_from": _spelled(wishes.quiet_from), "quiet_to": _spelled(wishes.quiet_to)}
        form = cls(formdata=None, data={"browser": wishes.browser, **times})
        form.muted = wishes.muted
        return form

    @classmethod
    def sent(cls) -> "WishesForm":
        form = cls()
        told = request.form.getlist("told")
        form.muted = [kind for kind in NOTICES if kind not in told]
        return form

    muted: list[str] = []

    def keep(self, user_id: int) -> None:
        quiet = [_minutes(self[name].data, name) for name in ("quiet_from", "quiet_to")]
        people.change_wishes(user_id, self.muted, bool(self.browser.data), *quiet)


def _minutes(text: str | None, field: str) -> int | None:
    """22:00 -> 1320."""
    typed = (text or "").strip()
    if not typed:
        return None
    found = _CLOCK.fullmatch(typed)
    if not found:
        raise Invalid(**{field: "must be a time such as 22:00"})
    return int(found[1]) * 60 + int(found[2])


def _spelled(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
