"""A page as a tree of elements, read strictly: tags left open or closed twice are told, for browsers mend them, each in
its own way. Every page of every test is read, and most of its tags were read before: a tag is taken apart once.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
RAW = {"script", "style"}
TAG = re.compile(
    r"""<!--.*?-->|<![^>]*>|</(?P<closed>[a-zA-Z][^\s>]*)\s*>|"""
    r"""<(?P<opened>[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")


@dataclass(frozen=True, eq=False)
class Tag:
    """An opening tag as it was written; the same words are the same object."""

    name: str
    attrs: dict[str, str]
    twice: tuple[str, ...]
    closed: bool


@dataclass(eq=False)
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


class Tree:
    """elements: all of them, in the order of the page; tags: what each was written as. breaches: of its structure."""

    def __init__(self, html: str) -> None:
        self.root = self.here = Element("", {})
        self.elements: list[Element] = [self.root]
        self.tags: set[Tag] = set()
        self.breaches: list[str] = []
        self._read(html)
        if self.here is not self.root:
            self.breaches.append(f"<{self.here.tag}> is left open")

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def _read(self, html: str) -> None:
        at = 0
        while found := TAG.search(html, at):
            self._say(html[at : found.start()])
            at = found.end()
            if found["opened"]:
                at = self._open(found["opened"], html, at)
            elif found["closed"]:
                self._close(found["closed"].lower())
        self._say(html[at:])

    def _say(self, words: str) -> None:
        if words:
            self.here.children.append(unescape(words) if "&" in words else words)

    def _open(self, words: str, html: str, at: int) -> int:
        """Where to go on: what a script holds is not read."""
        tag = taken_apart(words)
        self.tags.add(tag)
        self.breaches += [f"<{tag.name}> has {name} twice" for name in tag.twice]
        element = Element(tag.name, tag.attrs, self.here)
        self.here.children.append(element)
        self.elements.append(element)
        if tag.closed or tag.name in VOID:
            return at
        self.here = element
        return self._raw(html, at) if tag.name in RAW else at

    def _raw(self, html: str, at: int) -> int:
        end = html.find(f"</{self.here.tag}", at)
        end = len(html) if end < 0 else end
        self.here.children += [html[at:end]] if end > at else []
        return end

    def _close(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            self.breaches.append(f"</{tag}> closes <{self.here.tag}>")
        if self.here.parent is not None:
            self.here = self.here.parent


@lru_cache(50_000)
def taken_apart(words: str) -> Tag:
    """words: all between < and >."""
    name, closed = re.split(r"[\s/]", words, maxsplit=1)[0], words.endswith("/")
    found = ATTRIBUTE.findall(words, len(name))
    names = Counter(attribute.lower() for attribute, *_ in found)
    attrs = {attribute.lower(): unescape(double or single or bare) for attribute, double, single, bare in found}
    return Tag(name.lower(), attrs, tuple(one for one, times in names.items() if times > 1), closed)
