"""What answers look like, for the OpenAPI document. `shapes` makes them; a test holds real answers against these."""

from typing import Any

from marshmallow import Schema, fields

from webapp import projects
from webapp.api.shapes import STATES


def text(**about: Any) -> fields.String:
    return fields.String(required=True, metadata=about)


def whole(**about: Any) -> fields.Integer:
    return fields.Integer(required=True, metadata=about)


def time(**about: Any) -> fields.DateTime:
    return fields.DateTime(required=True, metadata={"examples": ["2025-08-29T01:42:11Z"], **about})


def maybe(field: fields.Field[Any]) -> fields.Field[Any]:
    """The same, or null."""
    field.allow_none = True
    return field


def percent(**about: Any) -> fields.Field[Any]:
    bounds = {"minimum": 0, "maximum": 100, "description": "Per cent; null where nothing was scheduled."}
    return maybe(fields.Float(required=True, metadata=bounds | about))


def some(schema: type[Schema]) -> fields.List:
    return fields.List(fields.Nested(schema), required=True)


def named(name: str, /, **parts: fields.Field[Any]) -> type[Schema]:
    """A schema under this name in the document."""
    return type(name, (Schema,), dict(parts))


Problem = named(
    "Problem",
    type=text(),
    title=text(),
    status=whole(),
    code=text(description="What went wrong, for programs: VALIDATION, NOT_SIGNED_IN, WRONG_STATE, ..."),
    message=text(description="The same for people."),
    details=fields.Dict(
        required=True, metadata={"description": "What the rule saw; `fields` names what is wrong where."}
    ),
)
WaitingReason = named(
    "WaitingReason",
    code=text(),
    message=text(),
    needs_person=fields.Boolean(required=True, metadata={"description": "False: it starts by itself."}),
)
Parameters = {name: maybe(fields.String(required=True)) for name in projects.PARAMETERS}
Project = named(
    "Project",
    project_id=whole(),
    name=text(),
    cad_model=text(),
    config=text(),
    cell_id=maybe(whole()),
    created_at_utc=time(),
    updated_at_utc=time(),
    started_at_utc=maybe(time()),
    ended_at_utc=maybe(time()),
    status=text(enum=list(projects.STATUSES)),
    created_by=text(description="A username."),
    **Parameters,
    waiting_reason=maybe(fields.Nested(WaitingReason, required=True)),
    predicted_start_utc=maybe(time()),
    predicted_end_utc=maybe(time()),
)
Projects = named(
    "Projects", projects=some(Project), next=maybe(whole(description="The next `after`; null on the last page."))
)
Created = type(
    "Created",
    (Schema,),
    {
        "project_id": whole(),
        "created_by": text(),
        "cell_id": maybe(whole()),
        "x-params": fields.Dict(required=True, keys=fields.String(), values=fields.String()),
        "status": text(enum=list(projects.STATUSES)),
        "waiting_reason": maybe(fields.Nested(WaitingReason, required=True)),
        "predicted_start_utc": maybe(time()),
    },
)
Candidate = named(
    "Candidate",
    cell_id=whole(),
    name=text(),
    accepted=fields.Boolean(required=True),
    rule=text(description="The first rule it failed; empty where it fits."),
    message=text(),
    values=fields.Dict(required=True, metadata={"description": "What the rule saw then."}),
)
Decision = named(
    "Decision",
    decision_id=whole(),
    at=time(),
    last_at=time(description="The same was found again up to then."),
    times=whole(),
    outcome=text(enum=["placed", "waiting", "refused"]),
    cell_id=maybe(whole()),
    code=text(),
    message=text(),
    candidates=some(Candidate),
)
Decisions = named("Decisions", project_id=whole(), decisions=some(Decision), next=maybe(whole()))
Engineer = named("Engineer", username=text(), first_name=text(), last_name=text())
Engineers = named("Engineers", engineers=some(Engineer))
SignedIn = named(
    "SignedIn",
    username=text(),
    first_name=text(),
    last_name=text(),
    role=text(description="The first of `roles`."),
    roles=fields.List(fields.String(), required=True),
    token=text(description="For `Authorization: Bearer …`; shown once."),
    csrf_token=text(description="For `X-CSRF-Token` beside the cookie."),
    expires_at_utc=time(),
)
SecondsByState = named("SecondsByState", **{state: whole() for state in STATES})
SecondsBySource = named(
    "SecondsBySource",
    measured=whole(description="Scheduled seconds that a feed of the cell reported."),
    entered=whole(description="That a person said."),
    inferred=whole(description="That were worked out. The rest is `unknown_seconds`."),
)
Cell = named(
    "Cell",
    cell_id=whole(),
    name=text(),
    kind=text(),
    site=text(),
    state=text(enum=list(STATES), description="Now."),
    utilization=percent(description="Running of scheduled time: the low end. Null where nothing was scheduled."),
    utilization_low=percent(),
    utilization_high=percent(description="As if all that nobody saw had been running."),
    coverage=percent(description="How much of it was seen."),
    calendar_utilization=percent(description="Running of all hours."),
    running_seconds=whole(),
    scheduled_seconds=whole(),
    unknown_seconds=whole(),
    states=fields.Nested(SecondsByState, required=True),
    sources=fields.Nested(SecondsBySource, required=True),
)
PRECISION = {
    "precision": text(
        enum=["second", "day"],
        description="`day` where the window begins in time of which only whole days (UTC) are known: such an edge is "
        "read as the midnight nearest to it.",
    ),
    "counted_start_time": maybe(time(description="What is really counted; null where no second of the window is.")),
    "counted_end_time": maybe(time()),
}
Utilization = named(
    "Utilization",
    cells=fields.Raw(
        required=True,
        metadata={
            "description": "By name; with `columns=1` one object with an array per field.",
            "oneOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Cell"}}, {"type": "object"}],
        },
    ),
    start_time=time(),
    end_time=time(),
    duration=whole(description="Seconds asked for; where `precision` is `day`, seconds counted."),
    total_utilization=percent(description="Of all cells together: sums of seconds, never a mean of percentages."),
    total_utilization_low=percent(),
    total_utilization_high=percent(),
    coverage=percent(),
    basis=text(
        enum=["schedule", "calendar", "mixed"],
        description="What counts as scheduled: by calendar; all hours; all hours of cells that follow no calendar.",
    ),
    computed_at=time(),
    clipped_to=maybe(time(description="Where the figures end, if that is before `end_time`.")),
    **PRECISION,
)
CellName = named("CellName", cell_id=whole(), name=text())
HeatMap = named(
    "HeatMap",
    cells=some(CellName),
    state=text(enum=list(STATES)),
    start_time=time(),
    end_time=time(),
    hours=fields.List(
        fields.DateTime(), required=True, metadata={"description": "When each column begins: an hour, or a day."}
    ),
    seconds=fields.List(
        fields.List(fields.Integer(allow_none=True)),
        required=True,
        metadata={
            "description": "A list for each cell, in their order; null of an hour whose day is all that is known."
        },
    ),
    precision=text(enum=["second", "day"], description="`day` where some of these hours are known by their day only."),
)
Interval = type(
    "Interval",
    (Schema,),
    {
        "state": text(enum=list(STATES)),
        "from": time(),
        "to": time(description="Not included."),
        "reason": text(),
        "source": text(enum=["none", "inferred", "feed", "person"]),
    },
)
Timeline = named(
    "Timeline",
    cell_id=whole(),
    name=text(),
    start_time=time(),
    end_time=time(),
    **PRECISION,
    intervals=some(Interval),
    next=maybe(time(description="The next `after`; null at the end.")),
)
RefusedReading = named("RefusedReading", index=whole(), code=text(), message=text())
Kept = named("Kept", kept=whole(), repeated=whole(), refused=some(RefusedReading))
Log = type(
    "Log",
    (Schema,),
    {
        "log_id": whole(),
        "time": time(),
        "type": text(description="What it is about; empty where it is no single thing."),
        "what": text(description="What was done: created project, took issue, ..."),
        "subject": text(description="project:7, cell:3, order:12, ..."),
        "name": text(description="How people call it; empty where it is gone."),
        "by": text(),
        "from": text(description="The address it was asked from."),
        "details": fields.Dict(required=True),
    },
)
Logs = named("Logs", logs=some(Log), next=maybe(whole(description="The next `after`; null on the last page.")))
Alive = named("Alive", status=text(enum=["ok"]))
Ready = named(
    "Ready",
    status=text(enum=["ready"]),
    database=text(enum=["ok"]),
    updates=text(enum=["pushed", "polled"], description="Whether changes are pushed to pages, or pages have to ask."),
    tick_age_seconds=maybe(whole(description="Since when nothing was sampled; null while there is no cell.")),
    tick_age_allowed=whole(),
    feeds=fields.Nested(named("Feeds", answering=whole(), silent=whole()), required=True),
)
