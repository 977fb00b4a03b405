"""Read HTML of any quality into a small tree, in time that grows with its length alone.

nh3 (html5ever) repairs the markup and drops what runs or loads, so that what is walked afterwards
is well formed; nothing here is ever shown to anybody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

import nh3

# Deeper markup is flattened: no text is lost, and no walk of the tree runs out of stack.
DEEPEST = 60
# Repairing markup takes time that grows with its square where it is nested without end.
DEEPEST_READ = 500

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
_TAGS = nh3.ALLOWED_TAGS | {
    "a", "address", "article", "aside", "audio", "button", "canvas", "details", "dialog", "embed",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "iframe", "input", "label", "legend", "main", "map", "mark", "math", "meter", "nav",
    "object", "optgroup", "option", "picture", "progress", "s", "section", "select", "source",
    "summary", "svg", "template", "textarea", "tfoot", "track", "video",
}  # fmt: skip
# These end by themselves when the next one begins.
_SELF_ENDING = {"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTES = {
    "*": {"class", "data-block-key", "id"},
    "a": {"href", "linktype"},
    "audio": {"src"},
    "embed": {"src"},
    "iframe": {"src", "title"},
    "img": {"alt", "data-id", "height", "src", "width"},
    "object": {"data"},
    "ol": {"reversed", "start"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"poster", "src"},
}


@dataclass(slots=True)
class Element:
    """One element; its children are elements and plain strings."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    def text(self) -> str:
        """All words inside, as one line."""
        return " ".join("".join(self.strings()).split())

    def strings(self) -> Iterator[str]:
        """Yield the strings inside, breaks as spaces."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "br":
                yield " "
            else:
                yield from child.strings()

    def elements(self) -> "Iterator[Element]":
        """Yield every element inside, parents before their children."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements()

    def first(self, *tags: str) -> "Element | None":
        """The first element inside that is one of these."""
        return next((each for each in self.elements() if each.tag in tags), None)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


def parse(html: str) -> Element:
    """Return a root whose children are what the HTML holds, without scripts and styles.

    Of markup that is nested beyond all sense only the words are read.
    """
    if is_too_deep(html):
        words = unescape(_ANY_TAG.sub(" ", html))
        return Element("", children=[Element("p", children=[words])])
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"noscript", "script", "style"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    builder = _Builder()
    builder.feed(cleaned)
    builder.close()
    return builder.root


def is_too_deep(html: str) -> bool:
    """Tell whether markup is nested so deeply that only its words are read."""
    depth = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _VOID or tag in _SELF_ENDING:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > DEEPEST_READ:
            return True
    return False


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self._flattened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in _VOID and len(self._open) > DEEPEST:
            self._flattened.append(tag)
            return
        element = Element(tag, attributes)
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._flattened:
            self._flattened.pop()
        elif len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        here = self._open[-1].children
        if here and isinstance(here[-1], str):
            here[-1] += data
        else:
            here.append(data)
