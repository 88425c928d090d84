"""What people send is text: no NUL, which no keyboard types and PostgreSQL cannot keep."""

from flask import Flask, request

from webapp.lib.refusal import Invalid


def attach(app: Flask) -> None:
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if request.path.startswith("/api"):  # which reads strictly by itself, and less than a page may send
        return
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any("\0" in text for pair in pairs for text in pair):
        raise Invalid("What was sent holds a NUL, which is no text")
