"""Tags that templates of every app may use: pictures, icons, the address of a filtered list."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from cms import pictures
from cms.models import CustomImage

register = template.Library()


@register.inclusion_tag("components/picture.html")
def photo(
    image: CustomImage | None,
    *,
    alt: str | None = None,
    sizes: str = "100vw",
    widest: int = 0,
    ratio: str = "",
    priority: bool = False,
) -> dict[str, Any]:
    """Show an image as AVIF, WebP and JPEG with its size written out, so nothing jumps.

    :param alt: the words for who cannot see it; left out, the image's own. Empty: decoration.
    :param widest: the widest file worth offering in this place, in pixels.
    :param ratio: crop around the focal point, such as "4:5".
    :param priority: the largest picture of the first screen: loaded at once and first.
    """
    if image is None:
        return {"picture": None}
    return {
        "picture": pictures.picture(image, ratio=ratio, widest=widest),
        "alt": image.default_alt_text if alt is None else alt,
        "sizes": sizes,
        "priority": priority,
    }


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of `templates/icons` into the page; it says nothing to a screen reader."""
    return _icon_source(name)


@lru_cache(maxsize=128)
def _icon_source(name: str) -> SafeString:
    # Files of our own templates folder, never user content.
    return mark_safe(get_template(f"icons/{name}.svg").render().strip())  # noqa: S308


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, number: int) -> str:
    """Return the address of another page of the list in view, its filters kept."""
    request = context.get("request")
    kept = (
        []
        if request is None
        else [
            (key, value) for key, values in request.GET.lists() for value in values if key != "page"
        ]
    )
    return "?" + urlencode([*kept, ("page", number)])


@register.simple_tag
def current_link(links: Iterable[tuple[str, str]], path: str | None) -> str:
    """Return the address among a menu's links that the page belongs to most closely."""
    above = [url for _, url in links if is_under(path, url)]
    return max(above, key=len, default="")


@register.filter
def on_one_line(text: str) -> str:
    """Write an address of several lines in one: commas instead of line ends."""
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())


@register.filter
def is_under(path: str | None, url: str) -> bool:
    """Say whether a page stands at or below an address, so that a menu can mark it."""
    if not path or not url:
        return False
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


@register.filter
def dots(left: int, granted: int) -> list[bool]:
    """Return one mark per session granted, true for those that are left: `left|dots:granted`."""
    return [position < left for position in range(max(granted, 0))]
