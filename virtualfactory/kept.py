"""The jobs and cycles of all machines in one small file, so that a restart of the program changes nothing."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from virtualfactory.behaviour import Run
from virtualfactory.machine import Job, Machine, Order

NAME = "machines.json"


def keep(machines: dict[int, Machine], folder: Path) -> None:
    """Write the file whole or not at all: a killed program leaves the old one."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{NAME}.new"
    with open(fresh, "w") as file:
        json.dump({str(number): _plain(machine) for number, machine in machines.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, folder / NAME)


def recall(machines: dict[int, Machine], folder: Path) -> None:
    """Give each machine the job it had; those the file does not know stay as they are."""
    try:
        told = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        return
    for number, machine in machines.items():
        if plain := told.get(str(number)):
            machine.gone = plain["gone"]
            machine.job = _job(plain["job"])
            machine.cycle = Run(**plain["cycle"]) if plain.get("cycle") else None


def _plain(machine: Machine) -> dict[str, Any]:
    job, cycle = (asdict(kept) if kept else None for kept in (machine.job, machine.cycle))
    return {"gone": machine.gone, "job": job, "cycle": cycle}


def _job(plain: dict[str, Any] | None) -> Job | None:
    return Job(Order(**plain["order"]), Run(**plain["run"])) if plain else None
