"""How a file is to be read: which column is which, whose clock its times are, what its words mean."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from webapp.cells.drivers.base import STATE_WORDS
from webapp.cells.vocabularies import SINGLE_WORDS, VOCABULARIES, plain_word
from webapp.lib.moments import NO_ZONE, is_zone
from webapp.lib.refusal import Invalid

#: What the columns of each shape are for.
SHAPES = {
    "intervals": ("cell", "start", "end", "state"),
    "changes": ("cell", "time", "state"),
    "items": ("cell", "time", "key", "value"),
}
#: Names of columns that need no telling, in plain words.
USUAL = {
    "cell": ("cell", "machine", "machineid", "cellid", "resource", "asset", "device", "equipment"),
    "start": ("from", "start", "begin", "starttime", "starttimestamp"),
    "end": ("to", "end", "until", "endtime", "completetimestamp"),
    "time": ("time", "timestamp", "at", "datetime"),
    "state": ("state", "status"),
    "key": ("key", "dataitem", "item"),
    "value": ("value",),
}
SOURCES = ("feed", "person")
NEW_CELLS = ("refuse", "retired", "in service")
LONGEST_SILENCE = 400 * 24 * 60
NAME = re.compile(r"\w[\w .-]{0,19}")
NAMES = "1 to 20 letters, digits, dots, dashes or spaces, such as C01"


@dataclass(frozen=True)
class Rules:
    """columns: role -> header; of_cell: whose every row is, where no column says it.

    words: word -> state, or -> word of the vocabulary; keys: key -> vocabulary's key.

    silence: minutes for which the last word holds; None: until the next one, however late, and the last one not at all.
    most_bad: per cent of bad rows beyond which nothing is written; None: whatever is good goes in.
    """

    shape: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    of_cell: str = ""
    zone: str = "UTC"
    vocabulary: str = "mtconnect"
    words: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    silence: int | None = 24 * 60
    not_before: str = "2000-01-01"
    source: str = "feed"
    why: str = ""
    new_cells: str = "refuse"
    new_kind: str = "machine"
    site_id: int | None = None
    most_bad: int | None = None

    @property
    def kind(self) -> str:
        """Rows of one kind are read together, whichever file they came in."""
        return self.vocabulary if self.shape == "items" else "states"

    @property
    def roles(self) -> tuple[str, ...]:
        """What its columns must be for, in the order of SHAPES."""
        every = SHAPES[self.shape]
        return tuple(role for role in every if role != "cell") if self.of_cell else every

    @property
    def earliest(self) -> datetime:
        """The moment that day begins by the clock of the file's times."""
        begins = datetime.combine(date.fromisoformat(self.not_before), time(), ZoneInfo(self.zone))
        return begins.astimezone(UTC)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def rules_from(kept: Mapping[str, Any]) -> Rules:
    known = {one.name for one in fields(Rules)}
    return Rules(**{name: value for name, value in kept.items() if name in known})


def guessed(header: list[str]) -> tuple[str, dict[str, str]]:
    """(shape, columns) as far as the names tell; shape is empty where no shape has all it needs."""
    by_name = {plain_word(name).lower(): name for name in reversed(header)}
    found = {role: by_name[name] for role, names in USUAL.items() for name in reversed(names) if name in by_name}
    # A file of one cell may not name it: a shape that fits but for that is still told by its other columns.
    has = [found, {"cell": "", **found}]
    fits = [shape for given in has for shape, roles in SHAPES.items() if all(role in given for role in roles)]
    shape = fits[0] if fits else ""
    return shape, {role: found[role] for role in SHAPES.get(shape, found) if role in found}


def check_rules(rules: Rules, header: list[str]) -> None:
    """Raise Invalid naming every field that cannot be accepted."""
    wrong = {**_wrong_columns(rules, header), **_wrong_words(rules), **_wrong_rest(rules), **_wrong_cell(rules)}
    if wrong:
        raise Invalid(**wrong)


def _wrong_columns(rules: Rules, header: list[str]) -> dict[str, str]:
    if rules.shape not in SHAPES:
        shapes = "; ".join(f"{shape}: {', '.join(roles)}" for shape, roles in SHAPES.items())
        return {"shape": f"must be chosen: the columns {', '.join(header)} tell none. {shapes}"}
    named = {role: rules.columns.get(role) for role in rules.roles}
    wrong = {f"column_{role}": "must be a column of the file" for role, name in named.items() if name not in header}
    if "column_cell" in wrong:
        wrong["column_cell"] += "; or say which one cell all of it is of"
    twice = [role for role, name in named.items() if name and list(named.values()).count(name) > 1]
    return wrong | {f"column_{role}": "must be a column of its own" for role in twice}


def _wrong_cell(rules: Rules) -> dict[str, str]:
    said = rules.columns.get("cell")
    return {"of_cell": f"must be empty: the column {said} says whose each row is"} if rules.of_cell and said else {}


def _wrong_words(rules: Rules) -> dict[str, str]:
    if rules.vocabulary not in VOCABULARIES:
        return {"vocabulary": "must be one of " + ", ".join(VOCABULARIES)}
    vocabulary, wrong = VOCABULARIES[rules.vocabulary], {}
    allowed = {plain_word(word) for words in vocabulary.keys.values() for word in words}
    if rules.shape != "items":
        allowed = {plain_word(word) for word in (*STATE_WORDS, *SINGLE_WORDS)}
    if strange := [word for word in rules.words.values() if plain_word(word) not in allowed]:
        wrong["words"] = f"cannot come to {strange[0][:40]}: that is no word of " + _whose(rules)
    if strange := [key for key in rules.keys.values() if key not in vocabulary.keys]:
        wrong["keys"] = f"cannot come to {strange[0][:40]}: must be one of " + ", ".join(vocabulary.keys)
    return wrong


def _whose(rules: Rules) -> str:
    return VOCABULARIES[rules.vocabulary].title if rules.shape == "items" else "ours: " + ", ".join(STATE_WORDS)


def _wrong_rest(rules: Rules) -> dict[str, str]:
    right = {
        "of_cell": (not rules.of_cell or bool(NAME.fullmatch(rules.of_cell)), f"must be {NAMES}"),
        "zone": (is_zone(rules.zone), NO_ZONE),
        "not_before": (_is_day(rules.not_before), "must be a day from 1980-01-01 on, such as 2016-01-01"),
        "silence": (
            rules.silence is None or 1 <= rules.silence <= LONGEST_SILENCE,
            f"must be 1 to {LONGEST_SILENCE} minutes, or empty",
        ),
        "source": (rules.source in SOURCES, "must be one of " + ", ".join(SOURCES)),
        "why": (
            len(rules.why) <= 200 and rules.why.isprintable() and bool(rules.why.strip() or rules.source == "feed"),
            "must say why these correct what machines said, in up to 200 characters on one line",
        ),
        "new_cells": (rules.new_cells in NEW_CELLS, "must be one of " + ", ".join(NEW_CELLS)),
        "new_kind": (
            1 <= len(rules.new_kind.strip()) <= 60 and rules.new_kind.isprintable(),
            "must say what they are in up to 60 characters, such as 5-axis mill",
        ),
        "most_bad": (
            rules.most_bad is None or 0 <= rules.most_bad <= 100,
            "must be 0 to 100 per cent, or empty",
        ),
    }
    return {name: says for name, (fits, says) in right.items() if not fits}


def _is_day(text: str) -> bool:
    try:
        return date(1980, 1, 1) <= date.fromisoformat(text) <= date(9000, 1, 1)
    except ValueError:
        return False
