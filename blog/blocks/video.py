"""A film of another site, which plays once a reader has agreed."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from wagtail import blocks

from blog.video_players import player_of
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
    has_captions = blocks.BooleanBlock(
        required=False,
        label="The film has captions",
        help_text="Written by a person, in the language of the article.",
    )
    transcript = blocks.TextBlock(
        required=False,
        max_length=20_000,
        help_text="Every word that is said, for those who cannot hear it or would rather read.",
    )

    def get_preview_value(self) -> Any:
        """Show a picture of the shop in the place of a still."""
        first = CustomImage.objects.order_by("pk").values_list("pk", flat=True).first()
        return self.to_python({**self.meta.preview_value, "image": first})

    def clean(self, value: Any) -> Any:
        """Take addresses that nobody on the way can change, and films that can be followed unheard.

        :raises StructBlockValidationError: naming what is missing.
        """
        cleaned = super().clean(value)
        errors = {}
        if urlsplit(cleaned["url"]).scheme != "https":
            errors["url"] = ValidationError("The address must begin with https://.")
        if not cleaned["has_captions"] and not cleaned["transcript"]:
            errors["transcript"] = ValidationError(
                "Write down what is said, or say above that the film has captions."
            )
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``host``, the site of the film, and ``player``, where it may play in its place."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        url = value.get("url") or ""
        context["host"] = host_of(url)
        context["player"] = player_of(url)
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
            "has_captions": True,
            "transcript": "Wet your hair with lukewarm water, for about a minute.",
        }
