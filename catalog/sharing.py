"""Links by which a page is passed on; they work without scripts and ask nobody until clicked."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class ShareLinks:
    """Addresses that open a mail, or a message, with the page's title and address in it."""

    mail: str
    message: str


def links(title: str, url: str) -> ShareLinks:
    """Return the links for a page."""
    text = quote(f"{title}: {url}", safe="")
    return ShareLinks(
        mail=f"mailto:?subject={quote(title, safe='')}&body={text}",
        message=f"https://wa.me/?text={text}",
    )
