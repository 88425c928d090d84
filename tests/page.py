"""Page law: what every page any test visits must keep. No test has to remember; the client looks each time.

check_page(html, app) raises BrokenLaw with every breach at once. A piece of a page (no doctype) keeps the part of the
law that pieces can keep.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from tests.tree import Element, Tag, Tree
from webapp.lib.statics import FOLDER

# As listed in htmx 4.0.1's dist/editors, without those of extensions we do not ship and those that need inline script.
HTMX = {
    *("hx-action", "hx-boost", "hx-config", "hx-confirm", "hx-delete", "hx-disable", "hx-encoding", "hx-get"),
    *("hx-headers", "hx-ignore", "hx-include", "hx-indicator", "hx-method", "hx-morph-skip", "hx-morph-skip-children"),
    *("hx-patch", "hx-post", "hx-preload", "hx-preserve", "hx-push-url", "hx-put", "hx-query", "hx-replace-url"),
    *("hx-select", "hx-select-oob", "hx-swap", "hx-swap-oob", "hx-sync", "hx-target", "hx-trigger", "hx-validate"),
    "hx-vals",
}
HTMX_AFTER_COLON = re.compile(r"inherited|append|\d{3}|\d{2}x|\dxx")
HTMX_VERBS = {"hx-get": "GET", "hx-post": "POST", "hx-put": "PUT", "hx-patch": "PATCH", "hx-delete": "DELETE"}
SLIPS = re.compile(
    r"\b(None|nan|NaN|undefined|Undefined|datetime\.)\b|\bFalse\b|\{\{|\}\}|<[A-Za-z_.]+ (object )?at 0x"
)
NAMED_BY_THEMSELVES = {"hidden", "submit", "button", "reset", "image"}


class BrokenLaw(AssertionError):
    pass


def check_page(html: str, app: Flask) -> None:
    """Raise BrokenLaw unless this page, or this piece of one, keeps the law."""
    page = Tree(html)
    whole = html.lstrip()[:15].lower() == "<!doctype html>"
    laws = [_ids, _scripts, _words, _fields, _buttons, _forms, *([_frame] if whole else [])]
    breaches = [*page.breaches, *(breach for law in laws for breach in law(page))]
    breaches += [breach for tag in page.tags for breach in _of_a_tag(tag, app)]
    if breaches:
        raise BrokenLaw("\n".join(breaches[:20]))


@lru_cache(50_000)
def _of_a_tag(tag: Tag, app: Flask) -> tuple[str, ...]:
    """What can be said of it alone, wherever it stands."""
    laws = (_inline(tag), _htmx(tag), _told(tag), _addresses(tag, app))
    return tuple(breach for law in laws for breach in law)


def _frame(page: Tree) -> Iterator[str]:
    heads = [h1.text for h1 in page.all("h1")]
    titles = [title.text for title in page.all("title") if not title.above("svg")]
    if len(heads) != 1:
        yield f"a page has one h1, this one {len(heads)}"
    elif len(titles) != 1 or not titles[0].removeprefix("Error: ").startswith(heads[0]):
        yield f"the title {titles} does not begin with the h1 {heads[0]!r}"
    if len(page.all("main")) != 1:
        yield "a page has one main"
    if not all(element.attrs.get("lang") for element in page.all("html")):
        yield "html has no lang"


def _ids(page: Tree) -> Iterator[str]:
    ids = Counter(element.attrs["id"] for element in page.elements if "id" in element.attrs)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name)
    for element in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            missing = [one for one in element.attrs.get(name, "").split() if one not in ids]
            if missing:
                yield f"<{element.tag} {name}> names {missing}, which is not here"


def _inline(tag: Tag) -> Iterator[str]:
    handlers = [name for name in tag.attrs if name.startswith("on")]
    if handlers or "style" in tag.attrs or tag.name == "style":
        yield f"<{tag.name} {' '.join(handlers)}> has inline script or style"


def _scripts(page: Tree) -> Iterator[str]:
    for element in page.all("script"):
        if "src" not in element.attrs:
            yield from _data_block(element)


def _data_block(script: Element) -> Iterator[str]:
    if script.attrs.get("type") != "application/json":
        yield "inline script"
        return
    text = "".join(child for child in script.children if isinstance(child, str))
    try:
        json.loads(text, parse_constant=_no_number)
    except ValueError:
        yield f"script {script.attrs.get('id')} is not JSON"


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _htmx(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        known, colon, rest = name.partition(":")
        if not name.startswith("hx-"):
            continue
        if known == "hx-status" and HTMX_AFTER_COLON.fullmatch(rest):
            continue
        if known not in HTMX or (colon and not HTMX_AFTER_COLON.fullmatch(rest)):
            yield f"htmx knows no {name}"
        if value.startswith(("js:", "javascript:")):
            yield f"{name} holds script"


def _words(page: Tree) -> Iterator[str]:
    for element in page.elements:
        if element.tag != "script":
            slips = [_slip(child) for child in element.children if isinstance(child, str)]
            yield from (f"<{element.tag}> says {slip!r}" for slip in slips if slip)


def _told(tag: Tag) -> Iterator[str]:
    for name in ("title", "aria-label", "value", "placeholder", "datetime", "alt"):
        if slip := _slip(tag.attrs.get(name, "")):
            yield f"{name} of <{tag.name}> says {slip!r}"


@lru_cache(50_000)
def _slip(words: str) -> str:
    slip = SLIPS.search(words)
    return words[max(0, slip.start() - 30) : slip.end() + 30] if slip else ""


def _named(element: Element) -> bool:
    told = any(element.attrs.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))
    return told or bool(element.text) or any(_named(child) for child in element.children if isinstance(child, Element))


def _fields(page: Tree) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in page.all("label") if label.text}
    for element in page.all("input", "select", "textarea"):
        if element.attrs.get("type") in NAMED_BY_THEMSELVES or element.attrs.get("id") in labelled - {None}:
            continue
        around = element.above("label")
        if not (around and around.text) and not _named(Element("", element.attrs)):
            yield f"<{element.tag} name={element.attrs.get('name')}> has no label"


def _buttons(page: Tree) -> Iterator[str]:
    for element in page.all("button", "a"):
        if not _named(element):
            yield f"<{element.tag} {element.attrs}> has no name"
    for image in page.all("img"):
        if "alt" not in image.attrs:
            yield f"<img {image.attrs}> has no alt"


def _forms(page: Tree) -> Iterator[str]:
    for form in page.all("form"):
        posts = form.attrs.get("method", "get").lower() == "post"
        if not form.attrs.get("action"):
            yield f"<form {form.attrs}> has no action"
        hidden = {element.attrs.get("name") for element in form if element.tag == "input"}
        if posts and "csrf_token" not in hidden:
            yield f"the form to {form.attrs.get('action')} has no csrf_token"
        if not posts and "csrf_token" in hidden:
            yield f"the form to {form.attrs.get('action')} shows its csrf_token in the address"
        if form.above("form"):
            yield "a form lies in a form"


def _addresses(tag: Tag, app: Flask) -> Iterator[str]:
    asked = [("GET", tag.attrs.get(name)) for name in ("href", "src")]
    asked += [(verb, tag.attrs.get(name)) for name, verb in HTMX_VERBS.items()]
    if tag.name == "form":
        asked.append((tag.attrs.get("method", "get").upper(), tag.attrs.get("action")))
    for verb, address in asked:
        if address is not None and not _leads_somewhere(app, verb, address, tag.name == "a"):
            yield f"<{tag.name}> {verb} {address} leads nowhere"


def _leads_somewhere(app: Flask, verb: str, address: str, is_link: bool) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return is_link and parts.scheme in ("http", "https", "mailto")  # nothing but a link may leave this program
    if not parts.path:
        return address.startswith(("#", "?"))
    if parts.path.startswith("/static/"):
        return (FOLDER / parts.path.split("/", 3)[3]).is_file()
    try:
        app.url_map.bind("").match(parts.path, method=verb)
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True


class LawfulClient(FlaskClient):
    """Reads every page it is given, and every piece of one."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().open(*args, **kwargs)
        shown = answer.mimetype == "text/html" and answer.data and "Location" not in answer.headers
        if shown and not _is_foreign(answer.request.path):
            check_page(answer.get_data(as_text=True), self.application)
        return answer


def _is_foreign(path: str) -> bool:
    """The page around the API's documents is Swagger's."""
    return path.rstrip("/") == "/api/docs"
