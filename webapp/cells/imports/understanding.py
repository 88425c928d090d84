"""One line of a file, understood or refused. Pure: what it may know of the factory comes with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.cells.drivers.base import STATE_WORDS
from webapp.cells.imports.rules import NAME, NAMES, Rules
from webapp.cells.vocabularies import SINGLE_WORDS, VOCABULARIES, plain_word
from webapp.lib.moments import BadTime, micros, read_moment, shown_moment
from webapp.lib.spool import BadRow

SECOND, MINUTE = 1_000_000, 60_000_000  # microseconds


class Known(NamedTuple):
    """What there is of a cell: from when on it is out of service, in microseconds; None: it is not."""

    retired: int | None


class Told(NamedTuple):
    """A row as it is understood. at, until: microseconds since 1970; until 0: as long as nothing else is said."""

    cell: str
    at: int
    key: str
    value: str
    until: int


class Reader:
    """Reads the rows of one file by its rules. kept_from: the second before which only whole days are known."""

    def __init__(
        self, rules: Rules, header: Sequence[str], cells: Mapping[str, Known], now: datetime, kept_from: int = 0
    ) -> None:
        self.rules, self.cells = rules, cells
        self.zone = ZoneInfo(rules.zone)
        self.first, self.last = max(micros(rules.earliest), kept_from * SECOND), micros(now)
        self.places = [header.index(rules.columns[role]) for role in rules.roles]
        self.of_cell = [rules.of_cell] if rules.of_cell else []
        self.width = len(header)
        self.silence = rules.silence * MINUTE if rules.silence else None
        self.read: Callable[..., Told | None] = getattr(self, f"_{rules.shape}")
        self._names: dict[str, str] = {}

    def told(self, fields: list[str] | str) -> Told | None:
        """None: a row of a key that says nothing of the state. Raises BadRow."""
        if isinstance(fields, str):
            raise BadRow(fields, "a row of this file has " + self._columns)
        if len(fields) != self.width:
            raise BadRow(f"it has {len(fields)} fields", "a row of this file has " + self._columns)
        return self.read(*self.of_cell, *[fields[place].strip() for place in self.places])

    def key_of(self, fields: Sequence[str]) -> str:
        """Of a row of data items, as the file has it."""
        return fields[self.places[self.rules.roles.index("key")]].strip()

    @property
    def _columns(self) -> str:
        return f"{self.width} fields"

    def _intervals(self, cell: str, start: str, end: str, state: str) -> Told:
        at = self._moment(start)
        until = self._time(end)
        if until <= at:
            raise BadRow(f"it ends at {end[:40]}, not after it begins", "an end later than the start")
        if until > self.last:
            raise BadRow(f"it ends at {end[:40]}, which is still to come", self._range)
        return Told(self._cell(cell, at), at, "state", self._state(state), until)

    def _changes(self, cell: str, time: str, state: str) -> Told:
        at = self._moment(time)
        until = at + self.silence if self.silence else 0
        return Told(self._cell(cell, at), at, "state", self._state(state), until)

    def _items(self, cell: str, time: str, key: str, value: str) -> Told | None:
        ours = self._keys.get(plain_word(key))
        if ours is None:
            return None
        at = self._moment(time)
        said = plain_word(self._words.get(plain_word(value), value))
        if said not in self._vocabulary.keys[ours]:
            raise BadRow(f"{key[:40]} {value[:40]} is no word we know", self._accepted[ours])
        return Told(self._cell(cell, at), at, ours, said, 0)

    def _time(self, text: str) -> int:
        try:
            return read_moment(text, self.zone)
        except BadTime as no:
            raise BadRow(*no.args) from None

    def _moment(self, text: str) -> int:
        at = self._time(text)
        if not self.first <= at <= self.last:
            raise BadRow(f"{text[:40]} lies outside of what is read", self._range)
        return at

    @cached_property
    def _range(self) -> str:
        return f"times from {shown_moment(self.first)} to {shown_moment(self.last)}"

    def _cell(self, given: str, at: int) -> str:
        name = self._names.get(given) or self._named(given)
        known = self.cells.get(name)
        if known and known.retired is not None and at >= known.retired:
            since = shown_moment(known.retired)
            raise BadRow(f"{name} is out of service since {since}", f"rows of {name} before {since}")
        return name

    def _named(self, given: str) -> str:
        if given not in self.cells:
            if self.rules.new_cells == "refuse":
                raise BadRow(
                    f"there is no cell {given[:40] or 'without a name'}", "a cell's short name; or let cells be made"
                )
            if not NAME.fullmatch(given):
                raise BadRow(f"{given[:40] or 'nothing'} cannot be a cell's name", NAMES)
        self._names[given] = given
        return given

    def _state(self, word: str) -> str:
        said = plain_word(word)
        state = self._states.get(said)
        if state is None:
            raise BadRow(f"{word[:40] or 'nothing'} is no state", ", ".join(STATE_WORDS) + "; or say what it means")
        return state

    @cached_property
    def _states(self) -> dict[str, str]:
        """State by plain word: what somebody said it means, our own words, then the standards'."""
        ours = {plain_word(word): state for word, state in STATE_WORDS.items()}
        known = {**SINGLE_WORDS, **ours}
        return known | {plain_word(word): known[plain_word(to)] for word, to in self.rules.words.items()}

    @cached_property
    def _words(self) -> dict[str, str]:
        return {plain_word(word): to for word, to in self.rules.words.items()}

    @cached_property
    def _keys(self) -> dict[str, str]:
        given = {plain_word(key): to for key, to in self.rules.keys.items()}
        return {plain_word(key): key for key in self._vocabulary.keys} | given

    @cached_property
    def _vocabulary(self):  # type: ignore[no-untyped-def]
        return VOCABULARIES[self.rules.vocabulary]

    @cached_property
    def _accepted(self) -> dict[str, str]:
        return {key: ", ".join(sorted(words)) for key, words in self._vocabulary.keys.items()}
