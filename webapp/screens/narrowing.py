"""What a board is narrowed to: said in its address, so that it can be kept and sent, and applied by the browser.

A live region is the same for all who look at it: what one of them leaves out is left out on their own screen.
"""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask, request

from webapp import cells
from webapp.cells import Standing
from webapp.projects import STATES

LONGEST = 80
LABELS = {"q": "Text", "state": "State", "kind": "Kind", "tag": "Tag", "site": "Site"}


def attach(app: Flask) -> None:
    app.jinja_env.filters["narrow_marks"] = narrow_marks


def narrow_marks(standings: list[Standing]) -> list[list[object]]:
    """Every cell as narrow.js counts it: site, kind, tags, state, name."""
    return [[s.cell.site_id, s.cell.kind, s.cell.tags, s.state, s.cell.name] for s in standings]


@dataclass(frozen=True)
class Chip:
    """One thing asked for; word "": it is not."""

    name: str
    label: str
    word: str


class Narrowing:
    """Asked piece by piece by the page: a board nobody narrows asks for nothing but its cells."""

    def __init__(self, asked: dict[str, str]) -> None:
        self.asked = asked

    @property
    def chips(self) -> list[Chip]:
        return [Chip(name, label, self._word(name)) for name, label in LABELS.items()]

    def _word(self, name: str) -> str:
        return dict(self.options.get(name, ())).get(self.asked[name], self.asked[name])

    @cached_property
    def options(self) -> dict[str, list[tuple[str, str]]]:
        """What can be chosen, by field: (value, words)."""
        every, places = cells.all_cells(), cells.sites()
        kinds, tags = {cell.kind for cell in every}, {tag for cell in every for tag in cell.tags}
        return {
            "state": [(state, state.capitalize()) for state in STATES],
            "kind": [(kind, kind) for kind in sorted(kinds)],
            "tag": [(tag, tag) for tag in sorted(tags)],
            "site": [(str(site.id), site.name) for site in places] if len(places) > 1 else [],
        }


def narrowing() -> Narrowing:
    """What the address asks for; what cannot be chosen is as if it had not been said."""
    words = {name: request.args.get(name, "").strip() for name in LABELS}
    found = Narrowing(words)
    for name, options in found.options.items():
        words[name] = words[name] if words[name] in dict(options) else ""
    words["q"] = words["q"] if words["q"].isprintable() else ""
    return Narrowing({name: word[:LONGEST] for name, word in words.items()})
