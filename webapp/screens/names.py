"""How people call what the journal and claims name by number, and where its page is."""

from collections.abc import Collection, Mapping

from flask import Flask, url_for

from webapp import cells, issues, orders, people, upkeep
from webapp.lib.names import Named, offer_finding, offer_names
from webapp.lib.numbers import whole_in


def attach(app: Flask) -> None:
    offer_names(
        app,
        project=_projects,
        cell=_cells,
        user=_users,
        site=lambda _: {site.id: Named(site.name) for site in cells.sites()},
        calendar=lambda _: {one.id: Named(one.name) for one in cells.all_calendars(retired=True)},
        reason=lambda _: {one.id: Named(one.name) for one in cells.reasons(retired=True)},
        parameter=lambda _: {n: Named(f"x{n}") for n in range(1, 11)},
        display=lambda _: {one.id: Named(one.name) for one in people.displays()},
        issue=_issues,
        order=_orders,
        operation=_operations,
        duty=_duties,
        window=_windows,
        request=_requests,
    )

    offer_finding(
        app,
        project=lambda said: number_after("P-", said),
        issue=lambda said: number_after("NO.", said),
        cell=lambda said: cell.id if (cell := cells.by_name(said)) else None,
        order=orders.order_number,
        operation=orders.operation_number,
        user=lambda said: next((user.id for user in people.users(search=said) if user.username == said.lower()), None),
    )


def number_after(mark: str, said: str) -> int | None:
    """7 of P-7 and of p-7."""
    return whole_in(said.upper().removeprefix(mark).strip()) if said.upper().startswith(mark) else None


def _projects(numbers: Collection[int]) -> Mapping[int, Named]:
    """Also those that are gone: their label is their number."""
    return {number: Named(f"P-{number}", url_for("projects.show", id=number)) for number in numbers}


def _cells(numbers: Collection[int]) -> Mapping[int, Named]:
    every = cells.all_cells(retired=True)
    return {one.id: Named(one.name, url_for("cells.show", id=one.id)) for one in every if one.id in numbers}


def _users(numbers: Collection[int]) -> Mapping[int, Named]:
    return {user.id: Named(user.full_name) for user in people.users(limit=1000) if user.id in numbers}


def _issues(numbers: Collection[int]) -> Mapping[int, Named]:
    found = issues.issues_numbered(numbers)
    return {one.id: Named(f"No. {one.id}", url_for("issues.show", id=one.id)) for one in found}


def _orders(numbers: Collection[int]) -> Mapping[int, Named]:
    return {id: Named(ref, url_for("orders.show", ref=ref)) for id, ref in orders.order_refs(numbers).items()}


def _operations(numbers: Collection[int]) -> Mapping[int, Named]:
    found = orders.operations_numbered(numbers)
    return {id: Named(one.label, url_for("orders.show", ref=one.order.ref)) for id, one in found.items()}


def _duties(numbers: Collection[int]) -> Mapping[int, Named]:
    found = upkeep.duties_numbered(numbers)
    return {one.id: Named(f"{one.cell.name}, {one.name}", url_for("maintenance.duty", id=one.id)) for one in found}


def _windows(numbers: Collection[int]) -> Mapping[int, Named]:
    found = upkeep.windows_numbered(numbers)
    return {one.id: Named(f"{one.cell.name}, {one.name}", url_for("maintenance.window", id=one.id)) for one in found}


def _requests(numbers: Collection[int]) -> Mapping[int, Named]:
    found, page = upkeep.requests_numbered(numbers), "maintenance.request_page"
    return {one.id: Named(f"{one.cell.name}, {one.what}", url_for(page, id=one.id)) for one in found}
