"""People, what they may do, and the proofs they carry: sessions, tokens, and the code that makes the first of them."""

from webapp.people.callers import Caller, caller, caller_for_screen, caller_for_session, caller_for_token, nobody
from webapp.people.changing_password import change_password
from webapp.people.directory import count_users, one_user, user_named, users
from webapp.people.displays import (
    MOST_ITEMS,
    SHOWS,
    USUAL,
    DisplayDetails,
    Item,
    change_display,
    displays,
    items_of,
    note_shown,
    one_display,
    reload_display,
    revoke_display,
)
from webapp.people.enrolling import DENSITIES, THEMES, NameTaken, add_user, change_looks, change_user, set_disabled
from webapp.people.first_admin import has_admin, setup_code, use_setup_code
from webapp.people.looks import look, looked_at
from webapp.people.models import Display, SignIn, Token, User
from webapp.people.pairing import code_of, is_waiting, pair_again, pair_display, show_code
from webapp.people.passwords import cheapen
from webapp.people.roles import HOMES, ROLES, TITLES, verbs_of
from webapp.people.sign_in import (
    end_every_session,
    end_other_sessions,
    end_session,
    forget_ended,
    is_due,
    leave,
    note_seen,
    sessions_of,
    sign_in,
    sign_out,
)
from webapp.people.tokens import SCOPES, issue_cell_token, issue_token, revoke_token, tokens_of

__all__ = [  # noqa: RUF022 - the three groups say more than the alphabet
    # nouns
    "DENSITIES",
    "HOMES",
    "MOST_ITEMS",
    "ROLES",
    "SCOPES",
    "SHOWS",
    "THEMES",
    "TITLES",
    "USUAL",
    "Caller",
    "Display",
    "DisplayDetails",
    "Item",
    "NameTaken",
    "SignIn",
    "Token",
    "User",
    # acts
    "add_user",
    "change_display",
    "change_looks",
    "change_password",
    "change_user",
    "end_every_session",
    "end_other_sessions",
    "end_session",
    "forget_ended",
    "issue_cell_token",
    "issue_token",
    "leave",
    "look",
    "note_seen",
    "note_shown",
    "pair_again",
    "pair_display",
    "reload_display",
    "revoke_display",
    "revoke_token",
    "set_disabled",
    "setup_code",
    "show_code",
    "sign_in",
    "sign_out",
    "use_setup_code",
    # questions
    "caller",
    "caller_for_screen",
    "caller_for_session",
    "caller_for_token",
    "cheapen",
    "code_of",
    "count_users",
    "displays",
    "has_admin",
    "is_due",
    "is_waiting",
    "items_of",
    "looked_at",
    "nobody",
    "one_display",
    "one_user",
    "sessions_of",
    "tokens_of",
    "user_named",
    "users",
    "verbs_of",
]
