"""Small files of orders, brought in as planners do it."""

import io
import json

import xlsxwriter

from tests.world import NOW
from webapp import orders
from webapp.lib.clock import iso
from webapp.orders import Operation, WorkOrder

HEAD = "order,product,qty,step,operation,machine,start,end"


def text(*rows, header=HEAD):
    return "\n".join([header, *rows]) + "\n"


def workbook(*rows, at=(0, 0), finish=None):
    """An .xlsx whose first sheet holds these rows from this place on; finish(book, sheet) may add to it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"remove_timezone": True})
    sheet, time = book.add_worksheet("Plan"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for n, row in enumerate(rows):
        for k, cell in enumerate(row):
            write = sheet.write_datetime if hasattr(cell, "hour") else sheet.write
            write(at[0] + n, at[1] + k, cell, *([time] if hasattr(cell, "hour") else []))
    if finish:
        finish(book, sheet)
    book.close()
    return content.getvalue()


def offered(content, folder, name="orders.csv", zone="UTC", now=NOW, **rules):
    """A file as it was brought, with rules as somebody set them."""
    if isinstance(content, (list, dict)):
        content = json.dumps(content)
    content = content.encode() if isinstance(content, str) else content
    job = orders.offer_import(io.BytesIO(content), name, zone, "pat", now, folder)
    if rules:
        orders.settle_import(job.id, orders.ImportRules(**{**job.rules, **rules}), folder)
    return job


def bring(content, folder, now=NOW, **rules):
    """To the end; returns the import."""
    job = offered(content, folder, now=now, **rules)
    orders.begin_import(job.id, "pat", now, folder)
    return finished(job.id, folder, now)


def finished(import_id, folder, now=NOW):
    while orders.go_on_importing(folder, lambda: now):
        pass
    return orders.one_import(import_id)


def refused(job, folder):
    """{row: what was wrong}."""
    return {int(row): what for row, what, _ in orders.import_refusals(job.id, folder)}


def said_of(ref):
    """What is stored of an order: product, quantity, status, and each operation in sequence."""
    order = orders.one_order(ref)
    return (order.product, order.qty, order.status, [told(op) for op in order.operations])


def told(op):
    times = [iso(at)[5:16] if at else None for at in (op.starts, op.ends, op.started_at, op.ended_at)]
    return (op.idx, op.name, op.status, *times)


def everything(db):
    """All orders and operations but when they were written: to see that nothing changed."""
    rows = [*db.session.query(WorkOrder).order_by(WorkOrder.ref), *db.session.query(Operation).order_by(Operation.ref)]
    names = {type(row): [column.name for column in row.__table__.columns] for row in rows}
    return [{name: getattr(row, name) for name in names[type(row)] if not name.endswith("id")} for row in rows]
