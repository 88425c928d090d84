"""Pieces of pages that are painted, polled and pushed from one template each.

The doors for people offer them when the app is built; the live door pushes what was offered, and knows no page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.lib.clock import iso, utcnow
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import NotFound
from webapp.lib.together import Together

#: What a template is painted from. "version": tells two pictures apart; "as_of": the oldest source of what it shows.
Picture = dict[str, Any]


@dataclass(frozen=True)
class Region:
    """name: what its topics begin with: "board", or "cell" of "cell:7". verb: who may see it (people/roles.py).

    view: (subject, now) -> what the template needs; subject is "" for a region of which there is one.
    heeds: words of `touch` that may change it, besides its own topic. every: seconds after which it is looked at
    again though nobody said a word. own: its subject is a person's number, and nobody else may see it.
    """

    name: str
    verb: str
    template: str
    view: Callable[[str, datetime], Picture]
    heeds: tuple[str, ...] = ()
    every: int = 5
    own: bool = False

    def paint(self, picture: Picture) -> str:
        """One template for the page, the poll and the push: it may ask for nothing but its picture."""
        return render_template(self.template, **picture)


@dataclass(frozen=True)
class Painted:
    """html: None where it was not needed."""

    version: str
    as_of: str
    html: str | None


_polls = Together[Painted]()


def offer(app: Flask, *regions: Region) -> None:
    """Let these be pushed."""
    app.extensions.setdefault("regions", {}).update({region.name: region for region in regions})


def region_of(topic: str) -> tuple[Region, str]:
    """The region and the subject of a topic; NotFound where there is no such region."""
    name, _, subject = topic.partition(":")
    region = current_app.extensions.get("regions", {}).get(name)
    if region is None:
        raise NotFound(f"There is no topic {topic[:80]}")
    return region, subject


def numbered(subject: str) -> int:
    """The number of the one thing that a topic is about; NotFound where it is none."""
    number = whole_in(subject)
    if number is None:
        raise NotFound(f"There is no {subject[:80]!r}")
    return number


def polled(topic: str) -> Response:
    """What a page gets that asks by itself: the piece, or, where ?seen= names its version, only how fresh it is."""
    region, subject = region_of(topic)
    seen = request.args.get("seen")

    def look() -> Painted:
        picture = region.view(subject, utcnow())
        version, as_of = picture["version"], iso(picture["as_of"]) or ""
        return Painted(version, as_of, None if version == seen else region.paint(picture))

    found = _polls.ask(topic, look, lambda made: made.html is not None or made.version == seen)
    if found.version == seen or found.html is None:
        return make_response("", 204, {"As-Of": found.as_of})
    return make_response(found.html)
