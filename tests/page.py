"""Page law: what every page any test visits must keep. No test has to remember; the client looks each time.

check_page(html, app) raises BrokenLaw with every breach at once. A piece of a page (no doctype) keeps the part of the
law that pieces can keep.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from webapp.lib.statics import FOLDER

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
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


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    @property
    def text(self) -> str:
        words = (child if isinstance(child, str) else child.text for child in self.children)
        return "" if self.tag in ("script", "style", "template") else " ".join("".join(words).split())

    def above(self, tag: str) -> "Element | None":
        up = self.parent
        while up and up.tag != tag:
            up = up.parent
        return up


class _Reader(HTMLParser):
    """A tree that tells of tags left open or closed twice: browsers mend them, each in its own way."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})
        self.breaches: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, times in Counter(name for name, _ in attrs).items() if times > 1]
        self.breaches += [f"<{tag}> has {name} twice" for name in twice]
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            self.breaches.append(f"</{tag}> closes <{self.here.tag}>")
        if self.here.parent is not None:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def check_page(html: str, app: Flask) -> None:
    """Raise BrokenLaw unless this page, or this piece of one, keeps the law."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    root = reader.root
    whole = html.lstrip()[:15].lower() == "<!doctype html>"
    laws = [_ids, _scripts, _htmx, _words, _fields, _buttons, _forms, _addresses, *([_frame] if whole else [])]
    breaches = [*reader.breaches, *(breach for law in laws for breach in law(root, app))]
    if reader.here is not root:
        breaches.append(f"<{reader.here.tag}> is left open")
    if breaches:
        raise BrokenLaw("\n".join(breaches[:20]))


def _all(root: Element, *tags: str) -> list[Element]:
    return [element for element in root if element.tag in tags]


def _frame(root: Element, app: Flask) -> Iterator[str]:
    heads = [h1.text for h1 in _all(root, "h1")]
    titles = [title.text for title in _all(root, "title") if not title.above("svg")]
    if len(heads) != 1:
        yield f"a page has one h1, this one {len(heads)}"
    elif len(titles) != 1 or not titles[0].removeprefix("Error: ").startswith(heads[0]):
        yield f"the title {titles} does not begin with the h1 {heads[0]!r}"
    if len(_all(root, "main")) != 1:
        yield "a page has one main"
    if not all(element.attrs.get("lang") for element in _all(root, "html")):
        yield "html has no lang"


def _ids(root: Element, app: Flask) -> Iterator[str]:
    ids = Counter(element.attrs["id"] for element in root if "id" in element.attrs)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name)
    for element in root:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            missing = [one for one in element.attrs.get(name, "").split() if one not in ids]
            if missing:
                yield f"<{element.tag} {name}> names {missing}, which is not here"


def _scripts(root: Element, app: Flask) -> Iterator[str]:
    for element in root:
        handlers = [name for name in element.attrs if name.startswith("on")]
        if handlers or "style" in element.attrs or element.tag == "style":
            yield f"<{element.tag} {' '.join(handlers)}> has inline script or style"
        if element.tag == "script" and "src" not in element.attrs:
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


def _htmx(root: Element, app: Flask) -> Iterator[str]:
    for element in root:
        for name, value in element.attrs.items():
            known, colon, rest = name.partition(":")
            if not name.startswith("hx-"):
                continue
            if known == "hx-status" and HTMX_AFTER_COLON.fullmatch(rest):
                continue
            if known not in HTMX or (colon and not HTMX_AFTER_COLON.fullmatch(rest)):
                yield f"htmx knows no {name}"
            if value.startswith(("js:", "javascript:")):
                yield f"{name} holds script"


def _words(root: Element, app: Flask) -> Iterator[str]:
    shown = [(f"<{e.tag}>", child) for e in root if e.tag != "script" for child in e.children if isinstance(child, str)]
    told = ("title", "aria-label", "value", "placeholder", "datetime", "alt")
    shown += [(f"{name} of <{e.tag}>", e.attrs[name]) for e in root for name in told if name in e.attrs]
    for where, words in shown:
        slip = SLIPS.search(words)
        if slip:
            yield f"{where} says {words[max(0, slip.start() - 30) : slip.end() + 30]!r}"


def _named(element: Element) -> bool:
    told = any(element.attrs.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))
    return told or bool(element.text) or any(_named(child) for child in element.children if isinstance(child, Element))


def _fields(root: Element, app: Flask) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in _all(root, "label") if label.text}
    for element in _all(root, "input", "select", "textarea"):
        if element.attrs.get("type") in NAMED_BY_THEMSELVES or element.attrs.get("id") in labelled - {None}:
            continue
        around = element.above("label")
        if not (around and around.text) and not _named(Element("", element.attrs)):
            yield f"<{element.tag} name={element.attrs.get('name')}> has no label"


def _buttons(root: Element, app: Flask) -> Iterator[str]:
    for element in _all(root, "button", "a"):
        if not _named(element):
            yield f"<{element.tag} {element.attrs}> has no name"
    for image in _all(root, "img"):
        if "alt" not in image.attrs:
            yield f"<img {image.attrs}> has no alt"


def _forms(root: Element, app: Flask) -> Iterator[str]:
    for form in _all(root, "form"):
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


def _addresses(root: Element, app: Flask) -> Iterator[str]:
    for element in root:
        asked = [("GET", element.attrs.get(name)) for name in ("href", "src")]
        asked += [(verb, element.attrs.get(name)) for name, verb in HTMX_VERBS.items()]
        if element.tag == "form":
            asked.append((element.attrs.get("method", "get").upper(), element.attrs.get("action")))
        for verb, address in asked:
            if address is not None and not _leads_somewhere(app, verb, address, element.tag == "a"):
                yield f"<{element.tag}> {verb} {address} leads nowhere"


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
