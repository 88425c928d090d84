"""A start that was a mistake is taken back, as long as it has only led to waiting."""

from datetime import datetime

from webapp import journal
from webapp.extensions import transaction
from webapp.orders.models import Operation
from webapp.orders.runs.locking import held_operation
from webapp.orders.runs.starting import wrong_state
from webapp.people import Caller


def take_back_start(ref: str, by: Caller, now: datetime) -> Operation:
    """What waits is planned again, where it was: it starts once somebody says so. Raises WrongState where it does not
    wait."""
    with transaction():
        operation = held_operation(ref)
        if operation.status != "waiting":
            raise wrong_state(operation)
        operation.stop_waiting()
        told = {"order": operation.order.ref, "operation": operation.label}
        journal.record("took back start", operation.what, by.name, now, **told)
    return operation
