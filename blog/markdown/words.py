"""Write words and rich text as Markdown (CommonMark, with tables as GitHub has them)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from blog.html_tree import Element, parse
from cms.models import CustomImage

_SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
# At the beginning of a line these would make a heading, a list, a rule or a quotation.
_AT_START = re.compile(r"(?m)^(\s*)(#{1,6}(?=\s|$)|[-+=](?=\s|[-+=]*$)|\d{1,9}(?=[.)](?:\s|$)))")
_MARKS = {
    "b": "**", "strong": "**", "i": "*", "em": "*",
}  # fmt: skip
# Markdown has no marks of its own for these; its own rule is to write them as HTML.
_AS_HTML = {"sub", "sup"}
_BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "hr", "div", "blockquote"}


@dataclass(frozen=True)
class Surroundings:
    """What Markdown leads to: addresses and titles of pages, documents and pictures by id."""

    picture: Callable[[CustomImage], str]
    pages: Mapping[int, str] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)

    def href(self, link: Element) -> str:
        """Where a link of rich text leads; nowhere if what it led to is gone."""
        kind = link.attributes.get("linktype", "")
        if not kind:
            return link.attributes.get("href", "")
        known = {"page": self.pages, "document": self.documents}.get(kind, {})
        number = link.attributes.get("id", "")
        return known.get(int(number), "") if number.isdecimal() else ""


def line(text: str) -> str:
    """Plain words on one line that no reader of Markdown takes for marks."""
    return escaped(" ".join(text.split()))


def escaped(text: str) -> str:
    """Plain words with everything escaped that Markdown would take for a mark."""
    inside = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return _AT_START.sub(_escape_start, inside)


def cell(text: str) -> str:
    """Words of a table's cell."""
    return line(text).replace("|", "\\|")


def link(words: str, href: str) -> str:
    """A link; words alone where it leads nowhere."""
    return f"[{words}]({destination(href)})" if href else words


def destination(href: str) -> str:
    """An address as Markdown wants it: no blank, bracket or line break in it."""
    plain = "".join(character for character in href if character >= " ")
    for character, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")):
        plain = plain.replace(character, code)
    return plain.replace("\\", "%5C")


def picture(alt: str, address: str) -> str:
    """A picture with its text alternative."""
    return f"![{line(alt)}]({destination(address)})"


def bullets(items: Iterable[str]) -> str:
    """A list; items may have several lines."""
    return "\n".join(f"- {indented(item, 2)}" for item in items)


def numbered(items: Iterable[str], start: int = 1) -> str:
    """A numbered list; items may have several lines."""
    numbers = enumerate(items, start=start)
    return "\n".join(
        f"{number}. {indented(item, len(str(number)) + 2)}" for number, item in numbers
    )


def quoted(text: str) -> str:
    """A quotation."""
    return "\n".join(f"> {row}".rstrip() for row in text.splitlines())


def indented(text: str, by: int) -> str:
    """Lines after the first one, indented so that they belong to its list item."""
    return text.replace("\n", "\n" + " " * by)


def joined(parts: Iterable[str]) -> str:
    """Paragraphs with an empty line between them, those without a word left out."""
    return "\n\n".join(part for part in parts if part.strip())


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a heading per column."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rich_text(html: str, around: Surroundings) -> str:
    """Rich text as paragraphs, headings and lists."""
    return joined(_blocks(parse(html), around))


def _blocks(parent: Element, around: Surroundings) -> list[str]:
    parts: list[str] = []
    running: list[Element | str] = []

    def end_running() -> None:
        parts.append(_inline(Element("p", children=list(running)), around))
        running.clear()

    for child in parent.children:
        if isinstance(child, str) or child.tag not in _BLOCKS:
            running.append(child)
        else:
            end_running()
            parts.append(_block(child, around))
    end_running()
    return parts


def _block(element: Element, around: Surroundings) -> str:
    match element.tag:
        case "hr":
            return "---"
        case "ul":
            return bullets(_items(element, around))
        case "ol":
            return numbered(_items(element, around))
        case "div":
            return joined(_blocks(element, around))
        case "blockquote":
            return quoted(joined(_blocks(element, around)))
        case "p":
            return _inline(element, around)
    return f"{'#' * int(element.tag[1])} {_inline(element, around)}"


def _items(element: Element, around: Surroundings) -> list[str]:
    items = (child for child in element.children if isinstance(child, Element))
    return ["\n".join(part for part in _blocks(item, around) if part.strip()) for item in items]


def _inline(element: Element, around: Surroundings) -> str:
    text = "".join(_inline_parts(element, around))
    # A break is kept; other white space is one blank, as browsers have it.
    rows = (" ".join(row.split()) for row in text.split("\\\n"))
    return "\\\n".join(_AT_START.sub(_escape_start, row) for row in rows).strip()


def _inline_parts(element: Element, around: Surroundings) -> list[str]:
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(_SPECIAL.sub(lambda found: f"\\{found[0]}", child))
        elif child.tag == "br":
            parts.append("\\\n")
        else:
            inside = "".join(_inline_parts(child, around))
            parts.append(_marked(child, inside, around))
    return parts


def _marked(element: Element, inside: str, around: Surroundings) -> str:
    """Put marks around words, and blanks outside of the marks, where Markdown wants them."""
    words = inside.strip()
    if not words:
        return inside
    before = inside[: len(inside) - len(inside.lstrip())]
    after = inside[len(inside.rstrip()) :]
    if element.tag == "a":
        marked = link(words, around.href(element))
    elif element.tag in _AS_HTML:
        marked = f"<{element.tag}>{words}</{element.tag}>"
    else:
        mark = _MARKS.get(element.tag, "")
        marked = f"{mark}{words}{mark}"
    return f"{before}{marked}{after}"


def _escape_start(found: re.Match[str]) -> str:
    blank, mark = found.groups()
    return f"{blank}{mark}\\" if mark.isdecimal() else f"{blank}\\{mark}"
