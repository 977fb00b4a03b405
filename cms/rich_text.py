"""Which formatting writers get, and what may ever be stored as rich text.

The editor's features decide what a writer can do; cleaning decides what the database may hold,
whoever wrote it: an editor, an import or a script.
"""

from typing import Any

from wagtail.fields import RichTextField
import nh3

# A few words in a card or a note.
INLINE_FEATURES = ["bold", "italic", "link"]
# A paragraph or a list inside a block that has its own heading.
PARAGRAPH_FEATURES = [*INLINE_FEATURES, "ol", "ul"]
# Running text.
BODY_FEATURES = ["h2", "h3", *PARAGRAPH_FEATURES, "document-link", "superscript", "subscript"]

_TAGS = {
    "a", "b", "br", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p",
    "strong", "sub", "sup", "ul",
}  # fmt: skip
# Wagtail stores a link to a page as <a linktype="page" id="7">.
_ATTRIBUTES = {
    "a": {"href", "id", "linktype"},
    **{tag: {"data-block-key"} for tag in ("h2", "h3", "h4", "li", "p")},
}
_URL_SCHEMES = {"http", "https", "mailto", "tel"}
# Where an element goes that kept paragraphs apart, paragraphs stand in paragraphs: read once more
# they stand side by side, and stay so.
_PASSES = 5


def clean(html: str) -> str:
    """Return the HTML with everything removed that rich text may not hold.

    What was cleaned stays as it is when it is cleaned again, so that an approval of it holds.
    """
    for _ in range(_PASSES):
        before, html = html, _cleaned_once(html)
        if html == before:
            break
    return html


def _cleaned_once(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_URL_SCHEMES, link_rel=None
    )


class CleanRichTextField(RichTextField):
    """Rich text that is cleaned on its way into the database."""

    def get_prep_value(self, value: Any) -> Any:
        stored = super().get_prep_value(value)
        return clean(stored) if isinstance(stored, str) else stored
