"""What a person enters about a cell, checked before anything is stored."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.cells.addresses import Networks, check_address
from webapp.cells.models import DRIVERS, WORK
from webapp.lib.refusal import Invalid

_NAME = re.compile(r"\w[\w .-]{0,19}")
LONGEST_SPECS = 4000
HAND = "none"


class NameTaken(Invalid):
    """To a form an error at the field, to a program a clash."""

    code = "CONFLICT"
    status = 409


@dataclass(frozen=True)
class FeedDetails:
    """One source of a cell's state. address: for http; heartbeat: seconds, for push."""

    driver: str = "http"
    address: str = ""
    heartbeat: int = 60


@dataclass(frozen=True)
class CellDetails:
    """driver, address, heartbeat: its first feed; more_feeds: further ones by rank (None: as they are). driver HAND: it
    is worked by hand, and nothing reads it.

    in_service_from: None means from now on, or as it is.
    """

    name: str
    kind: str
    site_id: int | None = None
    location: str = ""
    tags: Sequence[str] = ()
    specs: Mapping[str, Any] = field(default_factory=dict)
    takes: Sequence[str] = ("project", "operation")
    driver: str = "http"
    address: str = ""
    heartbeat: int = 60
    in_service_from: datetime | None = None
    more_feeds: Sequence[FeedDetails] | None = None

    @property
    def feeds(self) -> list[FeedDetails]:
        first = [] if self.driver == HAND else [FeedDetails(self.driver, self.address, self.heartbeat)]
        return [*first, *(self.more_feeds or ())]


def check_details(details: CellDetails, networks: Networks) -> None:
    """Raise Invalid with every field that cannot be accepted, and what would be."""
    wrong = {name: says for name, right, says in RULES if not right(details)}
    for feed in details.feeds:
        wrong |= _wrong_feed(feed, networks)
    if wrong:
        raise Invalid(**wrong)


def _wrong_feed(feed: FeedDetails, networks: Networks) -> dict[str, str]:
    if feed.driver not in DRIVERS:
        return {"driver": "must be one of " + ", ".join((*DRIVERS, HAND))}
    if feed.driver == "push":
        right = _is_whole(feed.heartbeat) and 1 <= feed.heartbeat <= 3600
        return {} if right else {"heartbeat": "must be a whole number of seconds from 1 to 3600"}
    try:
        check_address(feed.address, networks)
    except Invalid as no:
        fields: Any = no.details["fields"]
        return {"address": fields["address"][0]}
    return {}


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: object, longest: int, shortest: int = 0) -> bool:
    return isinstance(value, str) and shortest <= len(value.strip()) and len(value) <= longest and _is_plain(value)


def _is_plain(value: str) -> bool:
    return all(c.isprintable() for c in value)


def _good_name(details: CellDetails) -> bool:
    return bool(_NAME.fullmatch(details.name)) and details.name == details.name.strip()


def _good_tags(details: CellDetails) -> bool:
    return len(details.tags) <= 20 and all(_is_text(tag, 40, 1) for tag in details.tags)


def _good_specs(details: CellDetails) -> bool:
    """An object of plain values: what a page can show and JSON can carry."""
    try:
        text = json.dumps(dict(details.specs), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    plain = all(isinstance(value, str | int | float | bool | None) for value in details.specs.values())
    return plain and len(text) <= LONGEST_SPECS and "\\u0000" not in text and "\\ud" not in text


RULES: list[tuple[str, Callable[[CellDetails], bool], str]] = [
    ("name", _good_name, "must be 1 to 20 letters, digits, dots, dashes or spaces, such as C01"),
    ("kind", lambda d: _is_text(d.kind, 60, 1), "must say what it is in up to 60 characters, such as 5-axis mill"),
    ("site_id", lambda d: d.site_id is None or _is_whole(d.site_id), "must be one of the sites"),
    ("location", lambda d: _is_text(d.location, 120), "must be up to 120 characters on one line"),
    ("tags", _good_tags, "must be up to 20 tags of up to 40 characters"),
    ("specs", _good_specs, f"must be an object of texts and numbers, up to {LONGEST_SPECS} characters in all"),
    ("takes", lambda d: bool(d.takes) and set(d.takes) <= set(WORK), "must be among " + ", ".join(WORK)),
]
