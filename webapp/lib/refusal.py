"""What rooms raise when the factory says no. Doors translate it once, each in its own way."""


class Refusal(Exception):
    """Says no, with a reason a person can act on.

    code: the API's word (API.md, section 1); status: the HTTP status that goes with it;
    details: what the rule saw, as plain values.
    """

    code = "WRONG_STATE"
    status = 409

    def __init__(self, message: str, /, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(Refusal):
    """Input that cannot be accepted; details.fields: {field: [what would be accepted, in words]}."""

    code = "VALIDATION"
    status = 400

    def __init__(self, message: str = "Some values cannot be accepted", /, **fields: str | list[str]) -> None:
        super().__init__(
            message, fields={name: [says] if isinstance(says, str) else says for name, says in fields.items()}
        )


class NotSignedIn(Refusal):
    code = "NOT_SIGNED_IN"
    status = 401


class NotAllowed(Refusal):
    code = "NOT_ALLOWED"
    status = 403


class NotFound(Refusal):
    code = "NOT_FOUND"
    status = 404


class WrongState(Refusal):
    """The thing is not in a state in which this can be done; details say who changed it and when, if known."""


class Conflict(Refusal):
    """Clashes with something that exists, such as a name already taken."""

    code = "CONFLICT"


class Stale(Refusal):
    """The caller saw an older version."""

    code = "STALE"
    status = 412


class TooLarge(Refusal):
    """More bytes than are taken here."""

    code = "TOO_LARGE"
    status = 413


class KeyReused(Refusal):
    """An Idempotency-Key that came before with another body."""

    code = "KEY_REUSED"
    status = 422


class TooMany(Refusal):
    """details.retry_after: seconds."""

    code = "TOO_MANY"
    status = 429


class Unavailable(Refusal):
    """The database or another part cannot answer now; details.retry_after: seconds."""

    code = "UNAVAILABLE"
    status = 503
