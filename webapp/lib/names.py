"""What the things that plain names stand for are called: "project:7" is P-7, "order:3" is WO-1001.

The doors for people say how each kind is called when the app is built; whoever lists names asks here, and knows none.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class Named:
    """label: as people call it; address: of its page, "" where it has none."""

    label: str
    address: str = ""


#: The numbers of one kind -> those that there are.
Naming = Callable[[Collection[int]], Mapping[int, Named]]


def offer_names(app: Flask, **kinds: Naming) -> None:
    app.extensions.setdefault("names", {}).update(kinds)


def names_of(whats: Iterable[str]) -> dict[str, Named]:
    """Of those that have one. Each kind is asked once, however many there are."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for what in whats:
        kind, _, number = what.partition(":")
        if number.isascii() and number.isdigit() and len(number) < 10:
            numbers[kind].add(int(number))
    known: dict[str, Naming] = current_app.extensions.get("names", {})
    return {
        f"{kind}:{number}": named
        for kind, those in numbers.items()
        if kind in known
        for number, named in known[kind](those).items()
    }
