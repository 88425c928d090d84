"""Where lines go: every line of a child to its own file, bounded; the terminal gets what a person needs."""

import json
import logging
import time
from collections import defaultdict
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

LARGEST_FILE, FILES_KEPT = 5_000_000, 3
LONGEST_LINE = 65_536
WORTH_SAYING = {"warning", "error", "critical"}


class Output:
    def __init__(self, folder: Path, terminal: TextIO) -> None:
        self.folder = folder
        self.terminal = terminal
        self.unfinished: dict[str, bytes] = defaultdict(bytes)
        self.files: dict[str, RotatingFileHandler] = {}
        logging.raiseExceptions = False  # a full disk must not end what keeps the factory running

    def lines(self, name: str, data: bytes) -> list[str]:
        """Take what a child wrote (b"": it has ended); keep its whole lines and return them."""
        *whole, rest = (self.unfinished.pop(name, b"") + data).split(b"\n")
        if not data or len(rest) > LONGEST_LINE:
            whole, rest = [*whole, rest], b""
        self.unfinished[name] = rest
        read = [line.decode(errors="replace").rstrip("\r") for line in whole if line]
        for line in read:
            self._keep(name, line)
            self._say_in_short(name, line)
        return read

    def say(self, line: str) -> None:
        """One of our own: to the terminal, and to stack.log with the time."""
        self._print(f"{time.strftime('%H:%M:%S')} {line}")
        self._keep("stack", f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {line}")

    def show(self, text: str) -> None:
        """For the person at the terminal only: it may hold a password."""
        self._print(text)

    def where(self, name: str) -> str:
        return f"see {self.folder / name}.log"

    def _say_in_short(self, name: str, line: str) -> None:
        with suppress(ValueError, AttributeError):
            said = json.loads(line)
            if said.get("level") in WORTH_SAYING:
                self.say(f"{name}: {said['level']}: {str(said.get('event', ''))[:200]}")

    def _print(self, text: str) -> None:
        # The terminal may have been closed: the factory goes on without it.
        with suppress(OSError, ValueError):
            self.terminal.write(f"{text}\n")
            self.terminal.flush()

    def _keep(self, name: str, line: str) -> None:
        if name not in self.files:
            self.files[name] = RotatingFileHandler(
                self.folder / f"{name}.log", maxBytes=LARGEST_FILE, backupCount=FILES_KEPT, encoding="utf-8"
            )
        self.files[name].emit(logging.LogRecord(name, logging.INFO, "", 0, line, (), None))
