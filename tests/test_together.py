"""Asked together, made once; never an answer older than the question."""

import threading
from collections.abc import Callable

import pytest

from webapp.lib.together import Together


def always(made: int) -> bool:
    return True


def at_once(count: int, ask: Callable[[], int]) -> list[int]:
    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(ask())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return got


def test_those_who_wait_together_share_one_answer() -> None:
    together, made, go_on = Together[int](), [], threading.Event()

    def make() -> int:
        made.append(len(made))
        go_on.wait(10)
        return made[-1]

    first = threading.Thread(target=lambda: together.ask("board", make, always))
    first.start()
    while not made:
        pass
    threading.Timer(0.2, go_on.set).start()  # by then the others are waiting
    got = at_once(8, lambda: together.ask("board", make, always))
    first.join(10)

    assert got == [1] * 8
    assert made == [0, 1]


def test_who_asks_after_it_was_begun_is_not_given_it() -> None:
    together, numbers = Together[int](), iter(range(9))

    assert [together.ask("board", lambda: next(numbers), always) for _ in range(3)] == [0, 1, 2]


def test_an_answer_that_does_not_fit_is_made_anew() -> None:
    together, numbers = Together[int](), iter(range(99))

    got = at_once(6, lambda: together.ask("board", lambda: next(numbers), lambda made: False))

    assert sorted(got) == [0, 1, 2, 3, 4, 5]


def test_one_that_fails_fails_alone() -> None:
    together = Together[int]()

    with pytest.raises(ZeroDivisionError):
        together.ask("board", lambda: 1 // 0, always)

    assert together.ask("board", lambda: 7, always) == 7


def test_nothing_is_kept_when_nobody_waits() -> None:
    together = Together[int]()

    together.ask("board", lambda: 7, always)

    assert together._turns == {}
