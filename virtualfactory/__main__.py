"""python -m virtualfactory --port 7000 --cells 12 --seed 1: runs until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import signal
import sys
import time
from pathlib import Path

from virtualfactory.machine import Machine
from virtualfactory.personality import calm, personality
from virtualfactory.server import Factory, serve


def main() -> int:
    told = _arguments()
    try:
        return asyncio.run(_run(told))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"virtualfactory: {error}\n")
        return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("virtualfactory", description="Pretend machines that speak the cell protocol.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=7000, help="0 takes a free one")
    parser.add_argument("--cells", type=int, default=12, help="how many, at /cell/1 and on")
    parser.add_argument("--names", default="", help="C01,C02,… instead of --cells: one cell for each name")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same machines")
    parser.add_argument("--state-dir", type=Path, help="where jobs are kept, so that they survive a restart")
    parser.add_argument("--speed", type=float, default=1.0, help="hours that pass in one real hour")
    parser.add_argument("--never-finish", action="store_true", help="jobs run on until they are taken away")
    parser.add_argument("--calm", action="store_true", help="no breakdowns, silences, refusals, failures, services")
    return parser.parse_args()


async def _run(told: argparse.Namespace) -> int:
    names = [name.strip() for name in told.names.split(",") if name.strip()] or [""] * told.cells
    server = await serve(Factory(_machines(told, names), time.time, told.state_dir, told.speed), told.host, told.port)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"virtual factory: {len(names)} cells at http://{told.host}:{port}/cell/1 and on\n")
    sys.stdout.flush()
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    await over.wait()
    server.close()
    return 0


def _machines(told: argparse.Namespace, names: list[str]) -> dict[int, Machine]:
    people = [personality(told.seed, number, name) for number, name in enumerate(names, 1)]
    return {
        number: Machine(calm(someone) if told.calm else someone, never_finishes=told.never_finish)
        for number, someone in enumerate(people, 1)
    }


if __name__ == "__main__":
    sys.exit(main())
