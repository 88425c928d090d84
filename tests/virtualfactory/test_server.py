"""The virtual factory over loopback: the protocol's answers, its limits, silence, two hundred cells, SIGTERM."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager

import pytest

from virtualfactory.behaviour import silence
from virtualfactory.machine import Machine
from virtualfactory.personality import calm, personality
from virtualfactory.server import Factory, serve

NOW = 1_800_000_000.0


def calm_factory(cells=2, now=NOW, folder=None):
    machines = {n: Machine(calm(personality(1, n))) for n in range(1, cells + 1)}
    return Factory(machines, lambda: now, folder)


@asynccontextmanager
async def served(factory):
    server = await serve(factory, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def ask(port, method, path, body=b"", headers=""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n{headers}\r\n".encode() + raw)
    answer = await read_answer(reader)
    writer.close()
    return answer


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
    return int(head.split(" ")[1]), json.loads(await reader.readexactly(length))


def over_loopback(factory, *calls):
    async def play():
        async with served(factory) as port:
            return [await ask(port, *call) for call in calls]

    return asyncio.run(play())


def test_a_job_from_its_order_to_its_goodbye():
    order = {"project_id": 7, "fence": 3, "cad_model": "s3:a", "config": "s3:b", "x-params": {"x1": "1"}}

    answers = over_loopback(
        calm_factory(),
        ("GET", "/cell/1"),
        ("POST", "/cell/1/job", order),
        ("POST", "/cell/1/job", order),
        ("PUT", "/cell/1/job", {"project_id": 7, "fence": 3, "x-params": {"x1": "2"}}),
        ("DELETE", "/cell/1/job", {"project_id": 7, "fence": 3}),
        ("DELETE", "/cell/1/job", {"project_id": 7, "fence": 3}),
        ("PUT", "/cell/1/job", {"project_id": 7, "fence": 3, "x-params": {}}),
    )

    assert answers[0] == (200, {"status": "idle", "detail": "", "job": None, "at": "2027-01-15T08:00:00Z"})
    assert answers[1:3] == [(201, {"taken": True}), (200, {"taken": True})]
    assert answers[3:6] == [(200, {"taken": True}), (200, {"gone": True}), (200, {"gone": True})]
    assert answers[6][0] == 404


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (("GET", "/cell/99"), 404),
        (("GET", "/"), 404),
        (("GET", "/cell/1/job"), 405),
        (("POST", "/cell/1/job", b"{"), 400),
        (("POST", "/cell/1/job", b"[" * 20_000), 400),
        (("POST", "/cell/1/job", b"[]"), 400),
        (("POST", "/cell/1/job", b" " * 65_537), 413),
        (("POST", "/cell/1/job", b"", "Transfer-Encoding: chunked\r\n"), 411),
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(call, status):
    [answer] = over_loopback(calm_factory(), call)

    assert answer[0] == status
    assert answer[1]["message"]


def test_one_connection_serves_many_calls():
    async def play():
        async with served(calm_factory()) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for n in (1, 99, 2):
                writer.write(f"GET /cell/{n} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                yield (await read_answer(reader))[0]
            writer.close()

    async def collect():
        return [status async for status in play()]

    assert asyncio.run(collect()) == [200, 404, 200]


def test_a_silent_machine_does_what_it_is_told_and_says_nothing():
    bench = personality(1, 12)
    gone = next(found for hour in range(500_000, 500_400) if (found := silence(bench, hour)))
    factory = Factory({12: Machine(bench)}, lambda: gone.start)

    async def play():
        async with served(factory) as port:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await ask(port, "POST", "/cell/12/job", {"project_id": 2, "fence": 1})

    asyncio.run(play())
    assert factory.machines[12].job.order.project_id == 2


def test_two_hundred_cells_answer_at_once():
    async def play():
        async with served(calm_factory(cells=200)) as port:
            # Processor time, of both ends together: how busy the rest of this machine is says nothing of the server.
            began = time.process_time()
            answers = await asyncio.gather(*(ask(port, "GET", f"/cell/{n}") for n in range(1, 201)))
            return time.process_time() - began, answers

    took, answers = min((asyncio.run(play()) for _ in range(3)), key=lambda run: run[0])

    assert {status for status, _ in answers} == {200}
    assert took < 0.3


def test_the_program_ends_at_once_and_keeps_its_jobs(tmp_path):
    for expected in (201, 200):
        program = start_program("--calm", "--state-dir", str(tmp_path))
        port = int(program.stdout.readline().split(":")[3].split("/")[0])
        status, _ = asyncio.run(ask(port, "POST", "/cell/1/job", {"project_id": 7, "fence": 3}))
        program.send_signal(signal.SIGTERM)
        assert (status, program.wait(timeout=5)) == (expected, 0)
        assert program.stderr.read() == ""


def test_a_port_in_use_is_one_sentence():
    first = start_program()
    port = first.stdout.readline().split(":")[3].split("/")[0]
    second = start_program("--port", port)

    assert second.wait(timeout=5) == 2
    assert second.stderr.read().count("\n") == 1
    first.terminate()
    first.wait(timeout=5)


def start_program(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "virtualfactory", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
