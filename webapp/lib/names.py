"""What the things that plain names stand for are called: "project:7" is P-7, "order:3" is WO-1001.

The doors for people say how each kind is called when the app is built; whoever lists names asks here, and knows none.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from webapp.lib.numbers import whole_in


@dataclass(frozen=True)
class Named:
    """label: as people call it; address: of its page, "" where it has none."""

    label: str
    address: str = ""


#: The numbers of one kind -> those that there are.
Naming = Callable[[Collection[int]], Mapping[int, Named]]
#: What somebody typed -> the number of what is called so; None where nothing is.
Finding = Callable[[str], int | None]


def offer_names(app: Flask, **kinds: Naming) -> None:
    app.extensions.setdefault("names", {}).update(kinds)


def offer_finding(app: Flask, **kinds: Finding) -> None:
    """In the order in which what is typed without its kind is looked for."""
    app.extensions.setdefault("finding", {}).update(kinds)


def label_of(what: str, called: Mapping[str, str]) -> str:
    """ "operation:7" -> WO-1006 step 3, bend; "project:7" -> P-7: as people call what holds a cell, for rooms.

    called: the names that work left with its bookings.
    """
    kind, _, number = what.partition(":")
    return f"P-{number}" if kind == "project" else called.get(what) or what.replace(":", " ")


def name_typed(text: str) -> str | None:
    """ "project:7" of P-7, "order:3" of WO-1001 or order:WO-1001; None where nothing is called so.

    What names a kind and a number is taken at its word: of what is gone there may be a past.
    """
    kind, colon, rest = text.strip().partition(":")
    number = whole_in(rest) if colon else None
    if number is not None:
        return f"{kind.strip().lower()}:{number}"
    known: dict[str, Finding] = current_app.extensions.get("finding", {})
    asked = {kind: known[kind]} if colon and kind in known else known
    word = rest.strip() if colon and kind in known else text.strip()
    found = ((kind, find(word)) for kind, find in asked.items())
    return next((f"{kind}:{one}" for kind, one in found if one is not None), None)


def names_of(whats: Iterable[str]) -> dict[str, Named]:
    """Of those that have one. Each kind is asked once, however many there are."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for what in whats:
        kind, _, said = what.partition(":")
        number = whole_in(said)
        if number is not None:
            numbers[kind].add(number)
    known: dict[str, Naming] = current_app.extensions.get("names", {})
    return {
        f"{kind}:{number}": named
        for kind, those in numbers.items()
        if kind in known
        for number, named in known[kind](those).items()
    }
