"""Programs are started in order, kept running, and stopped in reverse; nothing is ever left behind."""

import os
import signal
import sys

from tests.stack.conftest import Stack, eventually, lives

STAYS = "echo ready; exec sleep 1000"


def tells(name: str) -> str:
    """A script that writes down when it starts and when it is asked to end."""
    return (
        f"echo {name} >> $STORY; trap 'echo -{name} >> $STORY; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    )


def test_what_is_needed_starts_first_and_ends_last(stack: Stack) -> None:
    stack.start(("web", "store", 5, tells("web")), ("store", "", 5, tells("store"))).wait_ready()

    stack.send(signal.SIGTERM)

    assert stack.end() == 0
    assert stack.story == ["store", "web", "-web", "-store"]


def test_what_gives_up_ends_all_in_order(stack: Stack) -> None:
    stack.start(("web", "store", 5, tells("web")), ("store", "", 5, tells("store"))).wait_ready()

    (stack.folder / "give-up").touch()

    assert stack.end() == 0
    assert stack.story == ["store", "web", "-web", "-store"]


def test_ctrl_c_ends_with_status_0_and_leaves_no_pid_file(stack: Stack) -> None:
    stack.start(("one", "", 5, STAYS)).wait_ready()
    pid = stack.pid("one")

    stack.send(signal.SIGINT)

    assert stack.end() == 0
    assert not lives(pid)
    assert not list(stack.folder.glob("*.pid"))


def test_what_is_killed_comes_back_and_the_others_stay(stack: Stack) -> None:
    stack.start(("one", "", 5, STAYS), ("two", "", 5, STAYS)).wait_ready()
    killed, other = stack.pid("one"), stack.pid("two")

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: (stack.folder / "one.pid").exists() and stack.pid("one") != killed)
    assert stack.pid("two") == other


def test_what_it_started_is_ended_with_it(stack: Stack) -> None:
    stack.start(("master", "", 5, "sleep 1000 & echo $! > $STORY; echo ready; wait")).wait_ready()
    servant = int(stack.story[0])

    os.kill(stack.pid("master"), signal.SIGKILL)

    assert eventually(lambda: not lives(servant))


def test_what_has_its_own_group_is_ended_too(stack: Stack) -> None:
    in_its_own_group = f'{sys.executable} -c \'import os; os.setpgrp(); os.execlp("sleep", "sleep", "1000")\''
    script = f"{in_its_own_group} & echo $! > $STORY; echo ready; wait"
    stack.start(("master", "", 5, script)).wait_ready()
    servant = int(stack.story[0])

    os.kill(stack.pid("master"), signal.SIGKILL)

    assert eventually(lambda: not lives(servant))


def test_a_second_signal_does_not_wait(stack: Stack) -> None:
    stack.start(("stubborn", "", 600, "trap '' TERM; echo ready; while :; do sleep 0.05; done")).wait_ready()

    stack.send(signal.SIGINT)
    stack.send(signal.SIGTERM)

    assert stack.end() == 0


def test_who_does_not_end_in_time_is_killed(stack: Stack) -> None:
    stack.start(("stubborn", "", 0.2, "trap '' TERM; echo ready; while :; do sleep 0.05; done")).wait_ready()

    stack.send(signal.SIGTERM)

    assert stack.end() == 0


def test_what_can_never_start_ends_it_all_with_status_1(stack: Stack) -> None:
    stack.start(("good", "", 5, STAYS), ("bad", "", 5, "exit 3"))

    assert stack.end() == 1
    assert not list(stack.folder.glob("*.pid"))


def test_children_die_with_the_supervisor(stack: Stack) -> None:
    stack.start(("one", "", 5, STAYS)).wait_ready()
    pid = stack.pid("one")

    stack.send(signal.SIGKILL)

    assert eventually(lambda: not lives(pid))
