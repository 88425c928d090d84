"""Small shops in plain numbers."""

import random

from webapp.orders.planning.shop import Job, Place, Shop, Task

HOUR, DAY = 3600, 86_400


def task(ref="a", seconds=HOUR, cells=(1,), fixed=None):
    return Task(ref, seconds, tuple(cells), fixed)


def job(ref="J", *tasks, **about):
    return Job(ref, tasks or (task(f"{ref}1"),), **about)


def shop(*jobs, begin=0, until=60 * DAY, **around):
    return Shop(jobs, begin, until, **around)


def any_shop(seed):
    """A made-up one: shifts, taken time, fixed operations, machines to choose from."""
    dice = random.Random(seed)
    shifts = [(day * DAY + 6 * HOUR, day * DAY + 14 * HOUR) for day in range(60) if day % 7 < 5]
    taken = {cell: [(at, at + dice.randrange(1, 8) * HOUR) for at in _times(dice)] for cell in range(1, 5)}
    working = {cell: shifts if dice.random() < 0.6 else None for cell in range(1, 5)}
    jobs = [_any_job(f"J{n}", dice, taken) for n in range(dice.randrange(1, 9))]
    return Shop(jobs, 0, 60 * DAY, taken, working)


def _times(dice):
    return [dice.randrange(0, 10 * DAY, HOUR) for _ in range(dice.randrange(3))]


def _any_job(ref, dice, taken):
    tasks = [_any_task(f"{ref}{n}", dice) for n in range(dice.randrange(1, 5))]
    if dice.random() < 0.3:
        at, cell = dice.randrange(2 * DAY, 12 * DAY, HOUR), dice.randrange(1, 5)
        place = Place(cell, at, at + 2 * HOUR)
        tasks.insert(dice.randrange(len(tasks) + 1), Task(f"{ref}f", 2 * HOUR, (), place))
        taken[cell].append((place.start, place.end))
    due = dice.randrange(DAY, 20 * DAY, HOUR) if dice.random() < 0.7 else None
    return Job(ref, tuple(tasks), due, dice.randrange(1, 11))


def _any_task(ref, dice):
    cells = tuple(dice.sample(range(1, 5), dice.randrange(1, 4)))
    return Task(ref, dice.choice((600, HOUR, 5 * HOUR, 30 * HOUR)), cells)
