"""Reaching machines over HTTP: sick ones cost nothing but their own answer, and nobody is led astray."""

import asyncio
import resource
import time

import pytest
from aiohttp.abc import AbstractResolver

from tests.cells.machines import FAULTS, GOOD, Hall, open_hall
from webapp.cells.drivers import Job, Silent, all_at_once, driver
from webapp.cells.drivers.base import Seen
from webapp.cells.drivers.http import AT_ONE_DOOR, turn_at
from webapp.config import networks

PATIENCE = 1.0
BROKE = Silent("broke")  # of a driver that did not foresee what came


@pytest.fixture(scope="module")
def open_doors():
    with open_hall() as hall:
        yield hall


@pytest.fixture
def hall(open_doors):
    open_doors.says.clear(), open_doors.sick.clear(), open_doors.answers.clear(), open_doors.heard.clear()
    return open_doors


def read(hall: Hall, *cells: int, addresses=(), allowed=None, resolver=None, patience=PATIENCE):
    wanted = addresses or [hall.address(cell) for cell in cells]
    calls = [lambda line, a=address: driver("http", a, line).read() for address in wanted]
    return all_at_once(calls, allowed or hall.networks, patience, BROKE, resolver)


def tell(hall: Hall, order):
    return all_at_once([lambda line: order(driver("http", hall.address(), line))], hall.networks, PATIENCE, None)[0]


@pytest.mark.parametrize(
    ("word", "state"), [("running", "running"), ("held", "idle"), ("setup", "setup"), ("unknown", "unknown")]
)
def test_a_machine_says_how_it_is(hall, word, state):
    hall.says[1] = {"status": word, "detail": "Nest 3", "extra": [1]}

    [seen] = read(hall, 1)

    assert seen == Seen(state, "Nest 3", None)


def test_a_machine_says_what_it_has(hall):
    job = {"project_id": 7, "fence": 2, "progress": 0.123456}
    hall.says[1] = {"status": "running", "job": {**job, "colour": "red"}}

    [seen] = read(hall, 1)

    assert seen.job == {"project_id": 7, "fence": 2, "progress": 0.12, "outcome": None, "reason": ""}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sick_machine_is_silent_and_the_others_are_not(hall, fault):
    hall.sick[1] = fault
    started = time.monotonic()

    sick, *others = read(hall, 1, 2, 3, 4, 5, 6)

    assert isinstance(sick, Silent)
    assert sick != BROKE
    assert 0 < len(sick.fault) <= 120
    assert [seen.state for seen in others] == ["idle"] * 5
    assert time.monotonic() - started < PATIENCE + 1


def test_a_machine_is_well_again_at_once(hall):
    hall.sick[1] = "drip"
    read(hall, 1)
    del hall.sick[1]

    [seen] = read(hall, 1)

    assert seen.state == "idle"


def test_eighteen_sick_machines_at_once_take_little_memory(hall):
    hall.sick.update(enumerate(FAULTS, 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answers = [read(hall, *range(1, 19)) for _ in range(3)]

    assert all(isinstance(answer, Silent) for round_ in answers for answer in round_)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_fifty_silent_neighbours_behind_one_gateway_delay_nobody(hall):
    hall.sick.update(dict.fromkeys(range(1, 51), "hang"))

    answers = read(hall, *range(1, 101), patience=2)

    assert [seen.state for seen in answers[50:]] == ["idle"] * 50


def test_a_redirect_is_not_followed(hall):
    hall.sick[1] = "redirect"

    read(hall, 1)

    assert [path for _, path, _ in hall.heard] == ["/cell/1"]


def test_no_proxy_of_the_environment_is_used(hall, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    [seen] = read(hall, 1)

    assert seen.state == "idle"


def test_a_literal_outside_the_networks_is_never_connected_to(hall):
    [answer] = read(hall, 1, allowed=networks("10.0.0.0/8"))

    assert answer == Silent("its address is not among those allowed (CELL_NETWORKS)")
    assert hall.heard == []


class Rebinding(AbstractResolver):
    """A name that leads to other addresses each time it is asked for."""

    def __init__(self, *rounds: list[str]) -> None:
        self.rounds = list(rounds)

    async def resolve(self, host, port=0, family=0):
        found = self.rounds.pop(0)
        return [{"hostname": host, "host": ip, "port": port, "family": 2, "proto": 0, "flags": 4} for ip in found]

    async def close(self):
        pass


def test_a_name_that_leads_elsewhere_later_is_not_followed(hall):
    resolver = Rebinding(["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2"])
    address = f"http://mill.hall:{hall.port}/cell/1"

    answers = [read(hall, addresses=[address], resolver=resolver)[0] for _ in range(3)]

    refused = Silent("its address is not among those allowed (CELL_NETWORKS)")
    assert answers == [Seen("idle"), refused, refused]
    assert len(hall.heard) == 1


@pytest.mark.parametrize(
    ("status", "said", "outcome", "why"),
    [
        (201, {"taken": True}, "taken", ""),
        (200, {"taken": True}, "taken", ""),
        (200, {"taken": False}, "silent", "it did not say whether it took the job"),
        (200, b"{", "silent", "its answer is not JSON"),
        (409, {"message": "No fixture\x00 for this part"}, "refused", "No fixture for this part"),
        (422, b"<html>", "refused", "It refused without saying why"),
        (404, {}, "refused", "This cell takes no work over its address"),
        (405, {}, "refused", "This cell takes no work over its address"),
        (501, {}, "refused", "This cell takes no work over its address"),
        (500, {}, "silent", "it answered 500"),
        (302, {}, "silent", "it answered 302"),
    ],
)
def test_a_machine_takes_a_job_refuses_it_or_cannot_be_relied_on(hall, status, said, outcome, why):
    hall.answers["POST", 1] = (status, said)

    told = tell(hall, lambda to: to.start(Job(7, 2, "s3:a.step", "s3:a.yml", {"x1": "0.2"}, 90)))

    assert (told.outcome, told.why) == (outcome, why)
    assert hall.calls("POST") == [
        {
            "project_id": 7,
            "fence": 2,
            "cad_model": "s3:a.step",
            "config": "s3:a.yml",
            "x-params": {"x1": "0.2"},
            "expected_minutes": 90,
        }
    ]


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "taken"), (409, "refused"), (422, "refused"), (404, "refused"), (503, "silent")]
)
def test_new_values_are_offered(hall, status, outcome):
    hall.answers["PUT", 1] = (status, {"message": "too late"})

    told = tell(hall, lambda to: to.change(Job(7, 2, parameters={"x2": "5"})))

    assert told.outcome == outcome
    assert hall.calls("PUT") == [{"project_id": 7, "fence": 2, "x-params": {"x2": "5"}}]


@pytest.mark.parametrize(("status", "outcome"), [(200, "taken"), (204, "taken"), (404, "taken"), (500, "silent")])
def test_a_machine_is_told_to_stop(hall, status, outcome):
    hall.answers["DELETE", 1] = (status, b"")

    told = tell(hall, lambda to: to.stop(7, 2))

    assert told.outcome == outcome
    assert hall.calls("DELETE") == [{"project_id": 7, "fence": 2}]


def test_a_machine_is_asked_what_it_has(hall):
    hall.says[1] = {"status": "running", "job": {"project_id": 7, "fence": 2, "outcome": "failure", "reason": "E-417"}}

    told = tell(hall, lambda to: to.ask())

    assert told.outcome == "taken"
    assert told.job == {"project_id": 7, "fence": 2, "progress": None, "outcome": "failure", "reason": "E-417"}


@pytest.mark.parametrize(
    "job", [[], "x", {"project_id": "7", "fence": 1}, {"project_id": 7}, {"project_id": True, "fence": 1}]
)
def test_a_job_that_cannot_be_read_spoils_the_answer(hall, job):
    hall.says[1] = {"status": "running", "job": job}

    [answer] = read(hall, 1)

    assert isinstance(answer, Silent)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-0.1", "2"])
def test_progress_is_a_share(hall, number):
    hall.answers["GET", 1] = (
        200,
        f'{{"status":"idle","job":{{"project_id":1,"fence":1,"progress":{number}}}}}'.encode(),
    )

    [answer] = read(hall, 1)

    assert isinstance(answer, Silent)


def test_what_json_does_not_have_spoils_the_answer(hall):
    hall.answers["GET", 1] = (200, b'{"status": "idle", "load": NaN}')

    [answer] = read(hall, 1)

    assert answer == Silent("its answer is not JSON")


def test_a_machines_own_words_are_fit_to_be_stored_and_shown(hall):
    hall.says[1] = {"status": "down", "detail": "E-417\x00\n\ud800 " + "x" * 500}

    [seen] = read(hall, 1)

    assert seen.detail.startswith("E-417 x")
    assert len(seen.detail) == 200


def test_a_body_of_just_the_limit_is_read(hall):
    hall.answers["GET", 1] = (200, GOOD.encode().ljust(64 * 1024))
    hall.answers["GET", 2] = (200, GOOD.encode().ljust(64 * 1024 + 1))

    just, longer = read(hall, 1, 2)

    assert just == Seen("running")
    assert longer == Silent("its answer is longer than 64 KiB")


def test_few_knock_at_one_door_and_who_is_not_answered_steps_aside():
    async def knock():
        door, order = asyncio.Semaphore(AT_ONE_DOOR), []

        async def caller(name, stays):
            async with turn_at(door):
                order.append(name)
                await asyncio.sleep(stays)

        callers = [asyncio.create_task(caller(n, 9)) for n in range(AT_ONE_DOOR)]
        callers.append(asyncio.create_task(caller("late", 0)))
        await asyncio.sleep(0)
        before = list(order)
        await asyncio.wait_for(callers[-1], 1)
        [task.cancel() for task in callers]
        await asyncio.gather(*callers, return_exceptions=True)
        return before, order, door._value

    before, order, free = asyncio.run(knock())

    assert before == list(range(AT_ONE_DOOR))
    assert order == [*before, "late"]
    assert free == AT_ONE_DOOR
