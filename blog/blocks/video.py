"""A film that is watched elsewhere, once somebody chooses to."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from wagtail import blocks

from cms.blocks import PictureChooserBlock
from cms.models import CustomImage

_KNOWN = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "vimeo.com": "Vimeo",
}


def host_of(url: str) -> str:
    """Name the site that an address leads to, as readers know it."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("player.")
    return _KNOWN.get(host.removeprefix("m."), host)


class VideoBlock(blocks.StructBlock):
    """A film's own picture and words; nothing is asked of its site before a reader goes there."""

    title = blocks.CharBlock(max_length=120)
    url = blocks.URLBlock(
        label="Address of the film",
        help_text="Where it is watched, such as https://www.youtube.com/watch?v=….",
    )
    image = PictureChooserBlock(
        label="Picture", help_text="Shown in its place: a still of ours, not theirs."
    )
    minutes = blocks.IntegerBlock(required=False, min_value=1, max_value=600)
    summary = blocks.TextBlock(
        max_length=600, help_text="What it shows, for those who do not watch it."
    )

    def get_preview_value(self) -> Any:
        """Show a picture of the shop in the place of a still."""
        first = CustomImage.objects.order_by("pk").values_list("pk", flat=True).first()
        return self.to_python({**self.meta.preview_value, "image": first})

    def clean(self, value: Any) -> Any:
        """Take addresses only that nobody on the way can change."""
        cleaned = super().clean(value)
        if urlsplit(cleaned["url"]).scheme != "https":
            error = ValidationError("The address must begin with https://.")
            raise blocks.StructBlockValidationError(block_errors={"url": error})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``host``, the site where the film plays."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["host"] = host_of(value.get("url") or "")
        return context

    class Meta:
        icon = "media"
        label = "Video"
        label_format = "{title}"
        description = "A film elsewhere; nothing is loaded from there before a reader asks for it."
        template = "blocks/video_block.html"
        preview_value: ClassVar = {
            "title": "Washing a tender scalp",
            "url": "https://www.youtube.com/watch?v=example",
            "image": None,
            "minutes": 3,
            "summary": "How much wash, how warm the water, and how to dry without rubbing.",
        }
