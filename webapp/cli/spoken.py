"""How the shell speaks: under which name it acts, and how it says no."""

from typing import Any

import click

from webapp.lib.refusal import Refusal

#: How the journal names whoever sits at the server.
SHELL = "the shell"


class _Speaking(click.Command):
    """Its refusals are said in the shell's way: the reason, and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as no:
            raise click.ClickException(_said(no)) from None


class Spoken(_Speaking, click.Group):
    """A group of commands."""


class SpokenCommand(_Speaking):
    """A command without a group."""


def _said(no: Refusal) -> str:
    fields = no.details.get("fields")
    if not isinstance(fields, dict):
        return no.message
    return "; ".join(f"{name} {words}" for name, says in fields.items() for words in says)
