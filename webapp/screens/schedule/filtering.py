"""What the schedule is narrowed to: said in its address, applied by the browser: the picture is the same for all."""

from dataclasses import dataclass

from flask import request

from webapp import cells

LONGEST = 80
STATUSES = ("planned", "waiting", "running", "done", "failed", "broken")
NAMES = ("q", "site", "kind", "order", "status")


@dataclass(frozen=True)
class Filters:
    """words: what is asked, by field; options: what can be chosen, by field."""

    words: dict[str, str]
    options: dict[str, list[tuple[str, str]]]

    @property
    def any(self) -> bool:
        return any(self.words.values())


def narrowed() -> Filters:
    """What cannot be chosen is as if it had not been said."""
    every, places = cells.all_cells(), cells.sites()
    options = {
        "site": [(str(site.id), site.name) for site in places] if len(places) > 1 else [],
        "kind": [(kind, kind) for kind in sorted({cell.kind for cell in every if "operation" in cell.takes})],
        "status": [(word, "Breaks a rule" if word == "broken" else word.capitalize()) for word in STATUSES],
    }
    words = {name: _printable(request.values.get(name, "")) for name in NAMES}
    chosen = {name: word for name, word in words.items() if name not in options or word in dict(options[name])}
    return Filters({name: chosen.get(name, "") for name in NAMES}, options)


def _printable(text: str) -> str:
    return text.strip()[:LONGEST] if text.isprintable() else ""
