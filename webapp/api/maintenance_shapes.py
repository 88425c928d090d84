"""Duties, windows and requests in the contract's words."""

from webapp.api.shapes import Json
from webapp.lib.clock import iso
from webapp.upkeep import Board, DutyLine, Request, Window


def maintenance(board: Board) -> Json:
    return {
        "duties": [duty(line) for line in board.lines],
        "windows": [window(one) for one in (*board.under_way, *board.planned)],
        "requests": [request(one) for one in board.requests],
        "computedAt": iso(board.now),
    }


def duty(line: DutyLine) -> Json:
    its = line.duty
    return {
        "id": its.id,
        "machineId": its.cell.name,
        "name": its.name,
        "everyHours": its.every_hours,
        "everyDays": its.every_days,
        "minutes": its.minutes,
        "stopsWork": its.stops_work,
        "lastDone": iso(its.last_done_at),
        "due": iso(its.due_at),
        "overdue": line.overdue,
        "leftSeconds": int(line.left.total_seconds()),
        "used": round(line.used, 4),
        "ranSeconds": its.run_seconds if its.by_hours else None,
        "unseenSeconds": its.unseen_seconds if its.by_hours else None,
        "countedAt": iso(its.counted_at),
        "windowId": line.window.id if line.window else None,
        "bestGap": {"start": iso(line.gap.start), "end": iso(line.gap.end)} if line.gap else None,
    }


def window(one: Window) -> Json:
    return {
        "id": one.id,
        "machineId": one.cell.name,
        "name": one.name,
        "dutyId": one.duty_id,
        "start": iso(one.starts),
        "end": iso(one.ends),
        "status": one.status,
        "plannedBy": one.planned_by,
        "startedAt": iso(one.began_at),
        "startedBy": one.began_by or None,
        "endedAt": iso(one.done_at or one.cancelled_at),
        "endedBy": one.done_by or one.cancelled_by or None,
        "note": one.done_note or one.cancel_why,
    }


def request(one: Request) -> Json:
    return {
        "id": one.id,
        "machineId": one.cell.name,
        "what": one.what,
        "urgency": one.urgency,
        "by": one.by,
        "at": iso(one.at),
    }
