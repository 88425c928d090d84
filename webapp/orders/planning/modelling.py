"""A shop as CP-SAT wants to hear it: when each task may begin and where, in sequence, one at a time on each cell.

Seconds count from the shop's beginning: small numbers are searched faster.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from webapp.orders.planning.shop import Job, Place, Places, Shop, Task, score

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

LATENESS, END = "lateness", "end"


class Model:
    """aim: what is to be less than in the plan best, from which the search begins. It never gets later than that."""

    def __init__(self, shop: Shop, best: Mapping[str, Place], aim: str) -> None:
        from ortools.sat.python import cp_model

        self.shop, self.aim, self.model = shop, aim, cp_model.CpModel()
        self.domain_of = cp_model.Domain.from_intervals
        self.starts: dict[str, cp_model.IntVar] = {}
        self.chosen: dict[str, dict[int, cp_model.IntVar]] = {}  # of tasks that may go on several cells
        self.lanes: dict[int, list[cp_model.IntervalVar]] = defaultdict(list)
        for job in shop.jobs:
            self._job(job)
        for cell, lane in self.lanes.items():
            self.model.add_no_overlap([*lane, *self._taken(cell)])
        self._aim(best)
        self._hint(best)

    def _job(self, job: Job) -> None:
        before: Task | None = None
        for task in job.loose:
            low, high = job.bounds[task.ref]
            self._task(task)
            start = self.starts[task.ref]
            if low is not None:
                self.model.add(start >= low - self.shop.begin)
            if high is not None:
                self.model.add(start <= high - self.shop.begin - task.seconds)
            if before is not None:
                self.model.add(start >= self.starts[before.ref] + before.seconds)
            before = task

    def _task(self, task: Task) -> None:
        hours = {cell: self._hours(task, cell) for cell in task.cells}
        common = next(iter(hours.values()))
        for one in hours.values():
            common = common.union_with(one)
        start = self.starts[task.ref] = self.model.new_int_var_from_domain(common, task.ref)
        if len(task.cells) == 1:
            self.lanes[task.cells[0]].append(self.model.new_fixed_size_interval_var(start, task.seconds, task.ref))
        else:
            self._choice(task, start, {cell: one for cell, one in hours.items() if one.size() < common.size()})

    def _choice(self, task: Task, start: "cp_model.IntVar", other: "Mapping[int, cp_model.Domain]") -> None:
        """other: of cells that keep other hours than all of them together. To say it of each would cost the search a
        literal for every shift."""
        self.chosen[task.ref] = {cell: self.model.new_bool_var(f"{task.ref} on {cell}") for cell in task.cells}
        self.model.add_exactly_one(self.chosen[task.ref].values())
        for cell, here in self.chosen[task.ref].items():
            if cell in other:
                self.model.add_linear_expression_in_domain(start, other[cell]).only_enforce_if(here)
            interval = self.model.new_optional_fixed_size_interval_var(start, task.seconds, here, f"{task.ref}@{cell}")
            self.lanes[cell].append(interval)

    def _hours(self, task: Task, cell: int) -> "cp_model.Domain":
        begin = self.shop.begin
        hours = [[first - begin, last - begin] for first, last in self.shop.hours(cell, task.seconds) if first <= last]
        return self.domain_of(hours)

    def _taken(self, cell: int) -> "list[cp_model.IntervalVar]":
        begin = self.shop.begin
        return [
            self.model.new_fixed_size_interval_var(start - begin, end - start, f"taken {cell} {start}")
            for start, end in self.shop.taken_of(cell)
        ]

    def _aim(self, best: Mapping[str, Place]) -> None:
        now = score(self.shop, best)
        lateness = self._lateness()
        if self.aim == LATENESS:
            self.model.minimize(lateness)
            return
        end = self.model.new_int_var(0, now.ends - self.shop.begin, "end")
        for task in self._last():
            self.model.add(end >= self.starts[task.ref] + task.seconds)
        self.model.add(lateness <= now.weighted)
        self.model.minimize(end)

    def _last(self) -> Sequence[Task]:
        return [job.loose[-1] for job in self.shop.jobs if job.loose]

    def _lateness(self) -> Any:
        """Of orders whose end is fixed as well, so that it compares with a score."""
        fixed, weights, late = 0, [], []
        for job in self.shop.jobs:
            if job.due is None:
                continue
            last = job.tasks[-1]
            if last.fixed:
                fixed += job.weight * max(0, last.fixed.end - job.due)
                continue
            most = max(0, self.shop.until - job.due)
            late.append(self.model.new_int_var(0, most, f"{job.ref} late"))
            weights.append(job.weight)
            self.model.add(late[-1] >= self.starts[last.ref] + last.seconds + self.shop.begin - job.due)
        return sum((weight * one for weight, one in zip(weights, late, strict=True)), start=fixed)

    def _hint(self, best: Mapping[str, Place]) -> None:
        for ref, start in self.starts.items():
            self.model.add_hint(start, best[ref].start - self.shop.begin)
            for cell, here in self.chosen.get(ref, {}).items():
                self.model.add_hint(here, cell == best[ref].cell_id)

    def places(self, value: Callable[[Any], int]) -> Places:
        """A plan that was found. value: of a variable in it."""
        found = {}
        for task in self.shop.loose:
            start = self.shop.begin + value(self.starts[task.ref])
            found[task.ref] = Place(self._cell(task, value), start, start + task.seconds)
        return found

    def _cell(self, task: Task, value: Callable[[Any], int]) -> int:
        return next((cell for cell, here in self.chosen.get(task.ref, {}).items() if value(here)), task.cells[0])

    def in_seconds(self, bound: float) -> int:
        """What no plan has less of: weighted seconds late, or the last second of all."""
        least = int(-(-bound // 1))
        return least if self.aim == LATENESS else self.shop.begin + least


def listener(model: Model, found: Callable[[Places], None]) -> Any:
    """What CP-SAT calls for each better plan."""
    from ortools.sat.python import cp_model

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            found(model.places(self.value))

    return Listener()
