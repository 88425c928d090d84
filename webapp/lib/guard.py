"""The verb of a route. Every view carries one; a test walks the URL map: no verb, no pass."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_login import current_user

from webapp.lib.refusal import NotAllowed, NotSignedIn


def may(verb: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view run only for callers whose roles hold this verb (people/roles.py)."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(verb)
            return view(*args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return guard


def require(verb: str) -> None:
    """Raise unless the caller may: NotSignedIn for nobody, NotAllowed for somebody."""
    if current_user.may(verb):
        return
    if not current_user.is_authenticated:
        raise NotSignedIn("Sign in to do this")
    raise NotAllowed(f"Your role may not {verb}")
