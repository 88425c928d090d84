"""One answer for all who ask at the same time, and for nobody who asked after it was begun.

A thousand pages that poll because the push is away must not each cost a look at the database.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Turn(Generic[T]):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting = 0
        self.began = float("-inf")
        self.made: T | None = None


class Together(Generic[T]):
    """Kept only while somebody waits: nothing made here is ever older than the question it answers."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn[T]] = {}
        self._lock = threading.Lock()

    def ask(self, key: str, make: Callable[[], T], fits: Callable[[T], bool]) -> T:
        """What `make` gives, or gave to somebody who asked with us, if it fits."""
        asked = time.monotonic()
        turn = self._enter(key)
        try:
            with turn.lock:
                if turn.made is not None and turn.began >= asked and fits(turn.made):
                    return turn.made
                turn.began = time.monotonic()
                turn.made = made = make()
                return made
        finally:
            self._leave(key, turn)

    def _enter(self, key: str) -> _Turn[T]:
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.waiting += 1
            return turn

    def _leave(self, key: str, turn: _Turn[T]) -> None:
        with self._lock:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[key]
