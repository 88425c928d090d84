"""A plan, and one random change after another: validate, constraints and valid-slots must say what PATCH then does."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask

from tests.api.programs import program_of
from tests.world import make_cell
from webapp import cells, orders
from webapp.cells import Slot
from webapp.extensions import transaction
from webapp.lib.clock import iso, utcnow
from webapp.orders import OperationSpec, OrderSpec

QUARTER = timedelta(minutes=15)
#: Quarters of an hour in which the plan lies; the first of them are over.
PAST, AHEAD = -16, 4 * 72
#: What is offered begins no sooner, and the clock goes on between two questions.
SOON = timedelta(minutes=3)
Case = tuple[str, dict[str, Any]]


class Plan:
    """machines x orders x steps, with maintenance, imported conflicts, and some that run or are over."""

    def __init__(self, app: Flask, seed: int, machines: int = 8, work: int = 30) -> None:
        self.rnd, self.program = Random(seed), program_of(app, "pat")
        self.zero = utcnow().replace(minute=0, second=0, microsecond=0)
        self.machines = [make_cell(f"M{n}", kind="mill") for n in range(machines)]
        self.steps: list[str] = []
        self.seen: Counter[str] = Counter()
        added = orders.add_orders([self._order(n) for n in range(work)], "pat", utcnow())
        self.steps += [step.ref for order in added for step in order.operations]
        self._block()
        self._begin_some()

    def at(self, quarter: int) -> datetime:
        return self.zero + quarter * QUARTER

    def cases(self, count: int) -> Iterator[str]:
        """What did not agree, case by case."""
        for _ in range(count):
            yield from self._case(*self._change())

    def _order(self, n: int) -> OrderSpec:
        begins, steps = self.rnd.randrange(PAST, AHEAD), []
        for _ in range(self.rnd.randrange(1, 6)):
            length, gap = self.rnd.randrange(1, 12), self.rnd.randrange(-2, 20)
            cell = self.rnd.choice(self.machines)
            span = (self.at(begins), self.at(begins + length)) if self.rnd.random() < 0.9 else (None, None)
            steps.append(OperationSpec(name="Cut", cell_id=cell.id, start=span[0], end=span[1], seconds=length * 900))
            begins += length + gap
        return OrderSpec(f"WO-{n}", "Bracket", 1, operations=steps)

    def _block(self) -> None:
        with transaction():
            for n in range(12):
                begins = self.rnd.randrange(PAST, AHEAD)
                span = (self.at(begins), self.at(begins + self.rnd.randrange(1, 10)))
                cells.book([Slot(f"window:{n}", "maintenance", self.rnd.choice(self.machines).id, *span, "Oil")])

    def _begin_some(self) -> None:
        with transaction():
            for ref in self.rnd.sample(self.steps, len(self.steps) // 12):
                operation = orders.one_operation(ref)
                operation.status, operation.started_at = "done", self.at(PAST)
                operation.ended_at = self.at(PAST + 1)
                cells.unbook([operation.what])

    def _change(self) -> Case:
        start = self.rnd.randrange(PAST, AHEAD)
        length = self.rnd.choice((-1, 0)) if self.rnd.random() < 0.03 else self.rnd.randrange(1, 16)
        if abs(self.at(start) - utcnow()) < SOON:
            start += 1
        body = {"start": iso(self.at(start)), "end": iso(self.at(start + length))}
        machine = {"machineId": self.rnd.choice(self.machines).name} if self.rnd.random() < 0.5 else {}
        return self.rnd.choice(self.steps), {**body, **machine}

    def _case(self, ref: str, body: dict[str, Any]) -> Iterator[str]:
        machine = f"?machineId={body['machineId']}" if "machineId" in body else "?"
        ask = self.program
        said = ask.post(f"/operations/{ref}/validate", body)
        binds = ask.get(f"/operations/{ref}/constraints{machine}").json
        offered = ask.get(f"/operations/{ref}/valid-slots{machine}&{_wanted(body)}").json.get("slots")
        for slot in [*(offered or [])[:1], *said.json.get("nearest", [])]:
            told = ask.post(f"/operations/{ref}/validate", {**body, **slot})
            if told.json.get("valid") is not True:
                yield f"{ref} {body}: offered {slot}, which {told.json}"
        done = ask.patch(f"/operations/{ref}", body)
        self.seen[str(done.json.get("details", {}).get("rule") or done.status_code)] += 1
        yield from (f"{ref} {body}: {what}" for what in _differs(body, said, binds, offered, done))


def _wanted(body: dict[str, Any]) -> str:
    length = datetime.fromisoformat(body["end"]) - datetime.fromisoformat(body["start"])
    hours = length.total_seconds() / 3600
    return f"start={body['start']}&duration={hours}" if hours > 0 else f"start={body['start']}"


def _differs(body: dict[str, Any], said: Any, binds: Any, offered: Any, done: Any) -> Iterator[str]:
    """In which answers the four do not agree."""
    if said.status_code != 200 or done.status_code not in (200, 400) or "fields" in done.json.get("details", {}):
        # Neither is a slot: it runs or is over, or lies on no machine yet.
        if (said.status_code, said.json) != (done.status_code, done.json):
            yield f"validate {said.json}, PATCH {done.json}"
        return
    legal = done.status_code == 200
    if said.json["valid"] is not legal:
        yield f"validate says {said.json}, PATCH {done.json}"
    if not legal and _lasting(said.json["violations"][0]["details"]) != _lasting(done.json["details"]):
        yield f"validate says {said.json['violations'][0]}, PATCH {done.json['details']}"
    if _free(body, binds) is not legal:
        yield f"constraints {binds}, PATCH {done.json}"
    if body["start"] < body["end"]:
        yield from _offer(body, offered, legal, done)


def _offer(body: dict[str, Any], offered: list[dict[str, str]], legal: bool, done: Any) -> Iterator[str]:
    """The first slot that is offered is the one asked for where that is legal, and the earliest legal one elsewhere."""
    first = offered[0]["start"] if offered else None
    expected = body["start"] if legal else done.json["details"]["earliestStart"]
    soon = iso(utcnow() + SOON) or ""
    if first != expected and not (first and expected and first <= soon and expected <= soon):
        yield f"valid-slots begin with {first}, {expected} was expected of {done.json}"


def _free(body: dict[str, Any], binds: dict[str, Any]) -> bool:
    start, end = body["start"], body["end"]
    met = any(start < taken["end"] and taken["start"] < end for taken in binds["machineConflicts"])
    in_time = binds["maxEnd"] is None or end <= binds["maxEnd"]
    return bool(binds["minStart"] <= start < end and in_time and not met)


def _lasting(details: dict[str, Any]) -> dict[str, Any]:
    """Without what the clock changes between two questions, and what only the refusal repeats."""
    moving = {"now", "message", "rule"} | ({"earliestStart"} if "now" in details else set())
    return {name: value for name, value in details.items() if name not in moving}
