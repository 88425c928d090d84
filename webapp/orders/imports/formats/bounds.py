"""Whether a workbook may be opened: what it unpacks to is measured before anything reads it as a whole.

A few kilobytes can claim a sheet of seventeen milliards of cells, or one long text shown in each of a million.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from webapp.lib.lines import BadFile

MOST_PARTS, MOST_BYTES = 2000, 256 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 200
#: Of a sheet, from its first place to the furthest row and column that anything stands in: who opens it holds them all.
MOST_CELLS = 4_000_000
LONGEST_TEXT, MOST_TEXT = 32_767, 64 * 1024 * 1024
PIECE = 256 * 1024
NO_WORKBOOK = "it is no .xlsx workbook; save it as .xlsx, or as CSV in UTF-8"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


@dataclass
class Bounds:
    """What a look found. sheets: relation of each, in order; targets: relation -> part; bad: part -> row -> why."""

    lengths: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    bad: dict[str, dict[int, str]] = field(default_factory=dict)

    def bad_rows(self, sheet: int) -> dict[int, str]:
        """Rows of that sheet of which nobody can say what they hold."""
        relation = self.sheets[sheet] if sheet < len(self.sheets) else ""
        target = self.targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return self.bad.get(part, {})


def check_workbook(path: Path) -> Bounds:
    """Raise BadFile where it is none, or where opening it would take more than a file of orders needs."""
    found = Bounds()
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
            if "xl/workbook.xml" not in book.namelist():
                raise BadFile(NO_WORKBOOK)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise BadFile(f"unpacked it has more than {MOST_BYTES // 1024**2} MB: bring it in in parts")
            # Texts first: how long they are says what showing them costs.
            for part in sorted(parts, key=lambda part: "sharedstrings" not in part.filename.lower()):
                with book.open(part) as content:
                    _Look(part.filename, found).at(content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError) as damage:
        raise BadFile(NO_WORKBOOK) from damage
    return found


class _Look:
    """One part of it, read through once."""

    def __init__(self, name: str, found: Bounds) -> None:
        self.name, self.found = name, found
        self.row, self.column, self.text, self.shown = 0, 0, 0, 0
        self.last_row, self.last_column = 0, 0
        self.kind, self.held, self.number = "", "", ""
        self.has_formula = self.has_value = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def at(self, content: IO[bytes]) -> None:
        """Reading it to its end also compares its length and its sum with what the archive says."""
        is_sheet, readable, before = False, True, b""
        while piece := content.read(PIECE):
            is_sheet, before = is_sheet or b"sheetData" in before + piece, piece[-16:]
            readable = readable and self._parsed(piece, False)
        readable = readable and self._parsed(b"", True)
        if not readable and (is_sheet or self.name.lower().endswith((".xml", ".rels"))):
            raise BadFile(NO_WORKBOOK)

    def _parsed(self, piece: bytes, last: bool) -> bool:
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError:
            return False
        return True

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        self.held = tag.rpartition(":")[2]
        match self.held:
            case "row":
                self._move_row(given.get("r"))
            case "c":
                self._move(given.get("r"))
                self.kind, self.has_formula, self.has_value = given.get("t", ""), False, False
            case "si" | "is":
                self.text = 0
            case "f":
                self.has_formula = True
            case "v":
                self.has_value, self.number = True, ""
            case "sheet":
                self.found.sheets += [said for name, said in given.items() if name.endswith(":id")][:1]
            case "Relationship" if self.name == "xl/_rels/workbook.xml.rels":
                self.found.targets[given.get("Id", "")] = given.get("Target", "")

    def _end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "si":
                self.found.lengths.append(self.text)
            case "v":
                self._show()
            case "c" if self.has_formula and not self.has_value:
                self._complain("it has a formula that nobody worked out; open the file in a spreadsheet and save it")
            case "c" if self.kind == "e":
                self._complain("a formula in it comes to an error")
        self.held = ""

    def _complain(self, why: str) -> None:
        self.found.bad.setdefault(self.name, {})[self.row] = why

    def _text(self, said: str) -> None:
        if self.held == "t":
            self.text += len(said)
            self._weigh(len(said))
            if self.text > LONGEST_TEXT:
                raise BadFile(f"it holds a text of more than {LONGEST_TEXT:,} characters")
        elif self.held == "v" and len(self.number) < 20:
            self.number += said

    def _show(self) -> None:
        if self.kind == "s" and self.number.strip().isdecimal():
            place, lengths = int(self.number), self.found.lengths
            self._weigh(lengths[place] if place < len(lengths) else 0)

    def _weigh(self, characters: int) -> None:
        self.shown += characters
        if self.shown > MOST_TEXT:
            raise BadFile(f"its cells show more than {MOST_TEXT // 1024**2} million characters: bring it in in parts")

    def _move_row(self, said: str | None) -> None:
        self.row = int(said) if said and said.isdecimal() and len(said) < 9 else self.row + 1
        self.column = 0
        self._bound()

    def _move(self, said: str | None) -> None:
        found = _PLACE.fullmatch(said or "")
        if found:
            self.column = sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(found[1])))
            self.row = int(found[2])
        else:
            self.column += 1
        self._bound()
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row * self.last_column > MOST_CELLS:
            raise BadFile(f"it spans more than {MOST_CELLS // 10**6} million cells: bring it in in parts")

    def _bound(self) -> None:
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise BadFile(f"it has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns: bring it in in parts")

    def _doctype(self, *said: object) -> None:
        raise BadFile(NO_WORKBOOK)
