"""After an act a person is where they were: on the same board, with its filters, and with the way to take it back."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request

from webapp.screens.session import our_own


def came_from() -> str:
    """The page of ours that the caller stood on, as a form or an address carries it, else as the browser tells it.

    What an earlier act left in its address to be taken back is left out.
    """
    said = request.values.get("to", "") or _referrer()
    parts = urlsplit(our_own(said))
    words = [(name, word) for name, word in parse_qsl(parts.query) if not name.startswith("undo")]
    return parts.path + ("?" + urlencode(words) if words else "")


def _referrer() -> str:
    """Only where a page of this program led here."""
    parts = urlsplit(request.referrer or "")
    return f"{parts.path}?{parts.query}" if parts.netloc == request.host else ""


def back_with(path: str, **undo: object) -> str:
    """The path, with what its toast needs to take the act back: undo_mode=7."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(undo)}"
