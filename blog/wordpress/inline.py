"""Words with emphasis and links: what stays inside a paragraph, a heading or a list item."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from blog.html_tree import Element
from blog.wordpress.notes import Notes

_KEPT = {
    "b": "b", "strong": "b", "em": "i", "i": "i", "cite": "i", "sub": "sub", "sup": "sup",
}  # fmt: skip
_MEANT = {"del", "ins", "kbd", "mark", "s", "samp", "strike", "u", "var", "code", "small"}
_FIELDS = {"input", "select", "textarea", "button"}
_DRAWN = {"canvas", "map", "math", "meter", "progress", "svg"}
_PICTURE_ENDINGS = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")


@dataclass
class Inline:
    """Writes inline HTML; pictures that stand in it are put aside, to follow after it.

    :ivar href: the new address for an old one; empty where the link may not be kept.
    """

    href: Callable[[str], str]
    notes: Notes
    pictures: list[Element] = field(default_factory=list)

    def html(self, nodes: Iterable[Element | str]) -> str:
        """Return nodes as rich text that holds nothing but words, breaks, emphasis and links."""
        return "".join(
            escape(node, quote=False) if isinstance(node, str) else self._element(node)
            for node in nodes
        )

    def _element(self, element: Element) -> str:
        if element.tag == "br":
            return "<br/>"
        if element.tag == "img":
            return self._picture(element)
        inside = self.html(element.children)
        if element.tag == "a":
            return self._link(element, inside)
        if element.tag in _KEPT and inside.strip():
            tag = _KEPT[element.tag]
            return f"<{tag}>{inside}</{tag}>"
        if element.tag in _FIELDS | _DRAWN:
            kind = "form field" if element.tag in _FIELDS else "drawing"
            self.notes.add(f"{kind} (<{element.tag}>)", element.text())
        if element.tag in _MEANT and inside.strip():
            self.notes.add(f"formatting (<{element.tag}>)", element.text())
        return inside

    def _picture(self, element: Element) -> str:
        if element.classes & {"emoji", "wp-smiley"}:
            return escape(element.attributes.get("alt", ""), quote=False)
        self.pictures.append(element)
        return ""

    def _link(self, element: Element, inside: str) -> str:
        old = element.attributes.get("href", "").strip()
        if not inside.strip():
            self._note_link_around_picture(element, old)
            return inside
        new = self.href(old) if old else ""
        if new:
            return f'<a href="{escape(new)}">{inside}</a>'
        if not element.attributes.get("id"):
            self.notes.add("link without an address that may be kept", f"{element.text()} {old}")
        return inside

    def _note_link_around_picture(self, element: Element, old: str) -> None:
        if old and not old.lower().split("?")[0].endswith(_PICTURE_ENDINGS):
            kind = "link around a picture" if element.first("img") else "link without words"
            self.notes.add(kind, old)


def links_of(element: Element) -> list[str]:
    """Every address that an element leads to."""
    links = (each for each in [element, *element.elements()] if each.tag == "a")
    return [each.attributes["href"] for each in links if each.attributes.get("href")]
