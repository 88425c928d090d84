"""GET /live?topics=a,b: one line for everything on a page. Who may see what is asked here; the hub asks nothing."""

from pathlib import Path

from flask import Blueprint, Flask, request
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.lib.guard import may, require
from webapp.lib.refusal import Invalid, NotAllowed, Unavailable
from webapp.lib.regions import region_of
from webapp.lib.settings import settings
from webapp.live import wire
from webapp.live.handoff import HandOff, NoHub, reach

bp = Blueprint("live", __name__)
#: Seconds after which it is worth asking again; the page polls meanwhile.
AGAIN = 10


def attach(app: Flask) -> None:
    app.register_blueprint(bp)
    app.extensions["live"] = condition


@bp.get("/live")
@may("see live")
def stream() -> Response:
    topics = _topics()
    for topic in topics:
        _admit(topic)
    gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    letter = wire.Letter(topics, _seen(len(topics)), gzip, current_user.live_keys)
    try:
        line = reach(_hub(), request.environ)
    except NoHub as why:
        raise Unavailable(f"Live updates are away ({why}); pages ask by themselves", retry_after=AGAIN) from None
    return HandOff(line, letter.written())


def condition() -> str:
    """For /api/health/ready: whether pages are pushed, or have to ask."""
    try:
        reach(_hub(), request.environ).close()
    except NoHub:
        return "polled"
    return "pushed"


def _hub() -> Path:
    return settings().data_dir / wire.SOCKET


def _topics() -> list[str]:
    topics = list(dict.fromkeys(request.args.get("topics", "").split(",")))
    if not topics[0] or len(topics) > wire.MOST_TOPICS or not all(map(wire.A_TOPIC.fullmatch, topics)):
        raise Invalid(topics=f"must be one to {wire.MOST_TOPICS} topics such as board,cell:7, separated by commas")
    return topics


def _seen(count: int) -> list[str]:
    """The version of each topic that the page shows already; "" where it named none."""
    given = [version[:64] for version in request.args.get("seen", "").split(",")]
    return (given + [""] * count)[:count]


def _admit(topic: str) -> None:
    region, subject = region_of(topic)
    require(region.verb)
    if region.own and subject != current_user.get_id():
        raise NotAllowed("These are somebody else's")
