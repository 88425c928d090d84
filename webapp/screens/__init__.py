"""The people's door: pages."""

from flask import Flask

from webapp.lib.failures import answer_under
from webapp.lib.regions import offer
from webapp.screens import (
    account,
    acts,
    admin_cells,
    admin_escalation,
    admin_imports,
    admin_plan,
    admin_reasons,
    admin_settings,
    admin_users,
    alarms,
    attention,
    board,
    calendars,
    cells,
    chrome,
    corrections,
    crowds,
    displays,
    engineers,
    filters,
    floor,
    issues,
    log,
    maintenance,
    names,
    narrowing,
    notices,
    operations,
    order_imports,
    orders,
    plain_text,
    projects,
    proposals,
    queue,
    refusals,
    reports,
    rewind,
    schedule,
    session,
    setup,
    stops,
    strips,
    utilization,
    walls,
    words,
)

PLACES = (
    *(session, setup, account, notices),
    *(board, attention, floor, rewind, acts, cells, alarms, stops, corrections, projects, queue, engineers),
    *(schedule, proposals, operations),
    *(utilization, reports, walls, issues, maintenance, log),
    *(admin_users, admin_cells, admin_plan, calendars, admin_imports, admin_reasons, admin_settings, admin_escalation),
    displays,
    order_imports,
    orders,
)


def attach(app: Flask) -> None:
    """Register a blueprint per place, what is round every page, and how this door says no."""
    for part in (filters, words, names, acts, narrowing, crowds, stops, strips, orders, chrome, plain_text):
        part.attach(app)
    for place in PLACES:
        app.register_blueprint(place.bp)
        offer(app, *getattr(place, "REGIONS", ()))
    answer_under(app, "/", refusals.tell)
