"""A file as numbered rows, one to a line, in constant memory; CSV, or CSV packed by gzip."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from webapp.lib.refusal import Invalid

LONGEST_LINE = 64 * 1024
GZIP = b"\x1f\x8b"
SEPARATORS = ",;\t"
WIDE = (b"\xff\xfe", b"\xfe\xff")

Numbered = tuple[int, "list[str] | str"]


class BadFile(Invalid):
    """The file as a whole cannot be read: nothing of it is written."""

    def __init__(self, says: str) -> None:
        super().__init__(says[0].upper() + says[1:], file=says)


class Lines:
    """The lines of a file; the first tells its columns. Raises BadFile where it is no text in UTF-8.

    such_as: columns that it might have; least: how many it must.
    """

    def __init__(self, path: Path, such_as: str, least: int = 3) -> None:
        self.path = path
        with self._open() as lines:
            self.header, self.separator = _header(next(self._texts(lines, 1), ""), such_as, least)

    def rows(self, after: int = 1) -> Iterator[Numbered]:
        """(number, fields), or (number, what is wrong with it), of the lines after this one, without empty ones."""
        with self._open() as lines:
            for number, text in enumerate(self._texts(lines, after + 1), after + 1):
                if text:
                    yield number, _fields(text, self.separator)

    def _open(self) -> BinaryIO:
        raw = self.path.open("rb")
        packed = raw.read(2) == GZIP
        raw.seek(0)
        # Of what was packed a view is returned whose closing closes the file as well.
        return _Unpacked(raw) if packed else raw

    def _texts(self, lines: BinaryIO, first: int) -> Iterator[str]:
        number = 0
        for number, line in enumerate(_bounded(lines), 1):
            if number >= first:
                yield _text(line, number)


class _Unpacked(io.BufferedReader):
    def __init__(self, raw: BinaryIO) -> None:
        self._file = raw
        super().__init__(gzip.GzipFile(fileobj=raw), 128 * 1024)

    def close(self) -> None:
        with ExitStack() as both:
            both.callback(self._file.close)
            super().close()


def _bounded(lines: BinaryIO) -> Iterator[bytes]:
    """Each line, as long as none is so long that it cannot be one of history."""
    number = 0
    try:
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise BadFile(f"line {number} has more than {LONGEST_LINE} characters: this is no CSV")
            yield line
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        raise BadFile(f"the packed file is damaged after line {number}; pack it again") from damage


def _text(line: bytes, number: int) -> str:
    if number == 1:
        if line[:2] in WIDE or b"\0" in line[:2]:
            raise BadFile("it is UTF-16; save it as CSV in UTF-8")
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        strange = f"0x{line[error.start]:02x}"
        raise BadFile(f"line {number} is not UTF-8 (byte {strange}); save the file as CSV in UTF-8") from None


def _header(text: str, such_as: str, least: int) -> tuple[list[str], str]:
    separator = max(SEPARATORS, key=text.count)
    found = _fields(text, separator)
    if not text.strip():
        raise BadFile("it is empty; its first line must name its columns")
    if isinstance(found, str):
        raise BadFile(f"its first line must name its columns: {found}")
    return checked_header(found, such_as, least), separator


def checked_header(found: Sequence[str], such_as: str, least: int = 3) -> list[str]:
    """The names of its columns, each there once. Raises BadFile."""
    names = [name.strip() for name in found]
    if len(names) < least or not all(name.isprintable() for name in names):
        raise BadFile(f"its first line must name its columns, such as {such_as}")
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise BadFile(f"it has two columns called {twice[0][:40]}; give each a name of its own")
    return names


def _fields(text: str, separator: str) -> list[str] | str:
    """One line is one row: a quote left open can hide no more than its own line."""
    if "\0" in text:
        return "it holds a NUL character; a row is plain text"
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return "its quotes do not close; a row is one line, and a quote inside a field is doubled"
