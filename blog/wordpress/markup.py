"""Turn the HTML of a post into the blocks of an article's body.

Words are never dropped: what has no block of its own becomes text, and a note says what it was.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from blog.html_tree import Element
from blog.wordpress.addresses import OldSite
from blog.wordpress.inline import Inline, links_of
from blog.wordpress.notes import Notes
from blog.wordpress.tables import table_lines, table_value
from cms import rich_text

LONGEST_CAPTION = 250
LONGEST_ALT = 255
LONGEST_QUOTE = 600
LONGEST_NAME = 120
LONGEST_QUESTION = 200

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_CONTAINERS = {
    "address", "article", "aside", "body", "center", "dialog", "div", "fieldset", "footer", "form",
    "header", "main", "nav", "picture", "section", "template",
}  # fmt: skip
_BLOCKS = {
    *_HEADINGS, *_CONTAINERS, "audio", "blockquote", "details", "dl", "embed", "figure", "hr",
    "iframe", "object", "ol", "p", "pre", "table", "ul", "video",
}  # fmt: skip
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_ADDRESS = re.compile(r"https?://\S+")
_PICTURE_NUMBER = re.compile(r"wp-image-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A picture that a post shows, before anybody has looked for its file."""

    url: str
    number: int = 0
    alt: str = ""


@dataclass
class Body:
    """The blocks of a body as they are stored, but for pictures, which are still wanted."""

    site: OldSite
    notes: Notes
    blocks: list[tuple[str, Any]] = field(default_factory=list)
    _running: list[str] = field(default_factory=list)

    def finish(self) -> list[tuple[str, Any]]:
        """Return all blocks, the running text as the last one."""
        self._end_text()
        return self.blocks

    def add(self, root: Element, *, autop: bool = False) -> None:
        """Add what an element holds.

        :param autop: empty lines part paragraphs and line breaks are kept, as WordPress does with
            text that was not written in the block editor.
        """
        run: list[Element | str] = []
        for node in root.children:
            if isinstance(node, Element) and self._is_block(node):
                self._add_run(run, autop=autop)
                run = []
                self._add_block(node, autop=autop)
            else:
                run.append(node)
        self._add_run(run, autop=autop)

    def add_words(self, html: str) -> None:
        """Add rich text to the running text."""
        self._running.append(html)

    def add_picture(self, image: Element, caption: str = "") -> None:
        """Add a picture with its caption."""
        alt = " ".join(image.attributes.get("alt", "").split())
        found = _PICTURE_NUMBER.search(image.attributes.get("class", ""))
        number = image.attributes.get("data-id") or (found[1] if found else "0")
        url = image.attributes.get("src", "").strip()
        if not url:
            self.notes.add("picture without an address that may be kept", alt)
            self._paragraph(escape(caption, quote=False))
            return
        if len(alt) > LONGEST_ALT:
            self.notes.add("text alternative that is too long", alt)
            alt = alt[:LONGEST_ALT]
        wanted = WantedPicture(url, int(number) if number.isdecimal() else 0, alt)
        fits = len(caption) <= LONGEST_CAPTION
        value = {"image": wanted, "alt": alt, "caption": caption if fits else ""}
        self._add("figure", value)
        if not fits:
            self._paragraph(escape(caption, quote=False))

    def add_embed(self, url: str, words: str = "") -> None:
        """Add something that played in the old page, as a link to it."""
        address = self.site.new_address(url.strip())
        self.notes.add("embedded content became a link", url)
        if address:
            shown = escape(words or address, quote=False)
            self._paragraph(f'<a href="{escape(address)}">{shown}</a>')
        else:
            self._paragraph(escape(f"{words} {url}".strip(), quote=False))

    def _is_block(self, element: Element) -> bool:
        if element.tag in _BLOCKS:
            return True
        return element.tag != "img" and any(each.tag in _BLOCKS for each in element.elements())

    def _add_block(self, element: Element, *, autop: bool) -> None:  # noqa: C901 (a plain table)
        match element.tag:
            case "p":
                self._add_run(element.children, autop=False)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._heading(element)
            case "ul" | "ol":
                self._list(element)
            case "hr":
                self.add_words("<hr/>")
            case "blockquote":
                self._quote(element)
            case "pre":
                self._code(element)
            case "dl":
                self._definitions(element)
            case "table":
                self._table(element)
            case "figure":
                self._figure(element)
            case "details":
                self._details(element)
            case "iframe" | "embed" | "object" | "video" | "audio":
                self._media(element)
            case _:
                if element.attributes.get("href"):
                    self.notes.add("link around paragraphs", element.attributes["href"])
                self.add(element, autop=autop)

    def _add_run(self, nodes: Iterable[Element | str], *, autop: bool) -> None:
        inline = self._inline()
        html = inline.html(nodes)
        parts = _EMPTY_LINE.split(html) if autop else [html]
        for part in parts:
            words = part.strip()
            if _ADDRESS.fullmatch(words):
                self.add_embed(words)
            else:
                self._paragraph(words.replace("\n", "<br/>") if autop else words)
        for image in inline.pictures:
            self.add_picture(image)

    def _heading(self, element: Element) -> None:
        inline = self._inline()
        words = inline.html(element.children).strip()
        tag = _HEADINGS[element.tag]
        if tag != element.tag:
            self.notes.add(f"heading of another level ({element.tag})", element.text())
        if words:
            self.add_words(f"<{tag}>{words}</{tag}>")
        for image in inline.pictures:
            self.add_picture(image)

    def _list(self, element: Element) -> None:
        inline = self._inline()
        asides: list[Element] = []
        self.add_words(self._list_html(element, inline, asides))
        for image in inline.pictures:
            self.add_picture(image)
        for aside in asides:
            self._add_block(aside, autop=False)

    def _list_html(self, element: Element, inline: Inline, asides: list[Element]) -> str:
        items = []
        for item in element.children:
            if isinstance(item, str):
                if not item.strip():
                    continue
                item = Element("li", children=[item])
            elif item.tag in {"ul", "ol"}:
                item = Element("li", children=[item])
            items.append(self._item_html(item, inline, asides))
        inside = "".join(f"<li>{item}</li>" for item in items if item)
        return f"<{element.tag}>{inside}</{element.tag}>" if inside else ""

    def _item_html(self, item: Element, inline: Inline, asides: list[Element]) -> str:
        parts: list[str] = []
        for node in item.children:
            if isinstance(node, str) or not self._is_block(node):
                parts.append(inline.html([node]))
            elif node.tag in {"ul", "ol"}:
                parts.append(self._list_html(node, inline, asides))
            elif node.tag in {"p", *_HEADINGS, *_CONTAINERS}:
                inside = self._item_html(node, inline, asides)
                parts.append(f"<br/>{inside}" if "".join(parts).strip() else inside)
            else:
                asides.append(node)
        return "".join(parts).strip()

    def _quote(self, element: Element) -> None:
        cites = [each for each in element.elements() if each.tag in {"cite", "footer"}]
        name = cites[-1].text() if cites else ""
        said = _without(element, cites[-1:])
        paragraphs = [each.text() for each in _parts(said)]
        quote = "\n".join(words for words in paragraphs if words)
        rich = said.first("img", "table", "ul", "ol", "figure", "iframe", "video", *_HEADINGS)
        if rich or len(quote) > LONGEST_QUOTE or len(name) > LONGEST_NAME or not quote:
            self.notes.add("quotation became text", quote[:80])
            self.add(element)
            return
        for link in links_of(element):
            self.notes.add("link in a quotation", link)
        self._add("quote", {"quote": quote, "attribution": name, "role": ""})

    def _code(self, element: Element) -> None:
        text = "".join(_raw(element)).strip("\n")
        lines = (escape(line.rstrip(), quote=False) for line in text.splitlines())
        kept = (re.sub(r"^ +", lambda blank: "\u00a0" * len(blank[0]), line) for line in lines)
        self.notes.add("preformatted text became a paragraph", text[:80])
        self._paragraph("<br/>".join(kept))
        for image in (each for each in element.elements() if each.tag == "img"):
            self.add_picture(image)

    def _definitions(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._paragraph(escape(child.strip(), quote=False))
            elif child.tag == "dt":
                inline = self._inline()
                self._paragraph(f"<b>{inline.html(child.children).strip()}</b>")
            elif child.tag == "div":
                self._definitions(child)
            else:
                self.add(child)

    def _table(self, element: Element, caption: str = "") -> None:
        titled = element.first("caption")
        words = caption or (titled.text() if titled else "")
        value = table_value(element, words, self.notes)
        if value is not None:
            self._add("table", value)
            for image in (each for each in element.elements() if each.tag == "img"):
                self.add_picture(image)
            return
        self.notes.add("table became text", element.text()[:80])
        self._paragraph(escape(words, quote=False))
        for row in table_lines(element):
            for cell in row:
                self.add(cell)

    def _figure(self, element: Element) -> None:
        caption = _child(element, "figcaption")
        words = caption.text() if caption else ""
        rest = _without(element, [caption] if caption else [])
        for link in links_of(caption) if caption else []:
            self.notes.add("link in a caption", link)
        images = [each for each in rest.elements() if each.tag == "img"]
        table = rest.first("table")
        bare = rest.text()
        if table is not None and not images:
            self._table(table, words)
        elif _ADDRESS.fullmatch(bare):
            self.add_embed(bare, words)
        elif len(images) == 1 and not bare and rest.first("figure") is None:
            self._inline().html(rest.children)
            self.add_picture(images[0], words)
        else:
            self.add(rest)
            self._paragraph(escape(words, quote=False))

    def _details(self, element: Element) -> None:
        summary = _child(element, "summary")
        question = summary.text() if summary else ""
        inside = Body(self.site, self.notes)
        inside.add(_without(element, [summary] if summary else []))
        blocks = inside.finish()
        is_plain = [kind for kind, _ in blocks] == ["text"] and "<h" not in blocks[0][1]
        if is_plain and 0 < len(question) <= LONGEST_QUESTION:
            self._question({"question": question, "answer": blocks[0][1]})
            return
        self.add_words(f"<h3>{escape(question, quote=False)}</h3>" if question else "")
        self._end_text()
        self.blocks += blocks

    def _question(self, item: dict[str, str]) -> None:
        self._end_text()
        if self.blocks and self.blocks[-1][0] == "faq":
            self.blocks[-1][1]["questions"].append(item)
        else:
            self._add("faq", {"title": "", "questions": [item]})

    def _media(self, element: Element) -> None:
        names = ("src", "data")
        inner = [each for each in element.elements() if each.tag in {"source", "embed"}]
        addresses = [
            each.attributes[name]
            for each in [element, *inner]
            for name in names
            if each.attributes.get(name)
        ]
        if poster := element.attributes.get("poster"):
            self.notes.add("preview picture of a video", poster)
        for further in addresses[1:]:
            self.notes.add("further file of a video or recording", further)
        if addresses:
            self.add_embed(addresses[0], element.attributes.get("title", ""))
        else:
            self.notes.add("embedded content without an address", element.tag)
        self.add(element)

    def _paragraph(self, words: str) -> None:
        if words.replace("<br/>", "").strip():
            self._running.append(f"<p>{words}</p>")

    def _add(self, kind: str, value: Any) -> None:
        self._end_text()
        self.blocks.append((kind, value))

    def _end_text(self) -> None:
        html = rich_text.clean("".join(self._running))
        self._running.clear()
        if html.strip():
            self.blocks.append(("text", html))

    def _inline(self) -> Inline:
        return Inline(self._href, self.notes)

    def _href(self, old: str) -> str:
        if self.site.upload_path(old) and self.site.path_of(old):
            self.notes.add("link to a file of the old site", old)
        return self.site.new_address(old)


def _without(element: Element, taken: list[Element]) -> Element:
    """A copy of an element from which some elements inside were taken."""
    children = [
        child if isinstance(child, str) else _without(child, taken)
        for child in element.children
        if isinstance(child, str) or not any(child is each for each in taken)
    ]
    return Element(element.tag, element.attributes, children)


def _child(element: Element, tag: str) -> Element | None:
    children = (each for each in element.children if isinstance(each, Element))
    return next((each for each in children if each.tag == tag), None)


def _parts(element: Element) -> list[Element]:
    """The paragraphs of an element, or itself if it has words outside of them."""
    paragraphs = [each for each in element.elements() if each.tag == "p"]
    inside = "".join("".join(each.text().split()) for each in paragraphs)
    return paragraphs if inside == "".join(element.text().split()) else [element]


def _raw(element: Element) -> Iterable[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _raw(child)
