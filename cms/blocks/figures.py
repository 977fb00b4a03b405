"""Blocks of pictures and figures."""

from collections.abc import Sequence
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from cms import renditions
from cms.models import CustomImage


class PictureChooserBlock(ImageChooserBlock):
    """A picture that comes with all its sizes; those of one answer are read together."""

    def bulk_to_python(self, values: Sequence[int | None]) -> list[CustomImage | None]:
        found = renditions.load({pk for pk in values if pk is not None})
        return [found.get(pk) if pk is not None else None for pk in values]

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Stand in migrations as what is stored: a picture's number."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.images.blocks.ImageChooserBlock", args, kwargs


class FigureBlock(blocks.StructBlock):
    """One picture with a caption."""

    image = PictureChooserBlock()
    alt = blocks.CharBlock(
        required=False,
        max_length=255,
        label="Text alternative here",
        help_text="Only where the picture's own text alternative does not fit.",
    )
    caption = blocks.CharBlock(required=False, max_length=250)

    def get_preview_value(self) -> Any:
        """Choose a picture of the shop."""
        first = CustomImage.objects.order_by("pk").values_list("pk", flat=True).first()
        return self.to_python({"image": first, "alt": "", "caption": "What it shows, in a line."})

    class Meta:
        icon = "image"
        label = "Picture"
        description = "A picture with a caption; its focal point and text alternative are its own."
        template = "blocks/figure_block.html"


class TableBlock(TypedTableBlock):
    """A table with a caption, a heading per column, and text in its cells."""

    def get_preview_value(self) -> Any:
        """Show two columns and two rows."""
        return self.to_python(
            {
                "caption": "How much to use",
                "columns": [
                    {"type": "text", "heading": "Place"},
                    {"type": "text", "heading": "Amount"},
                ],
                "rows": [{"values": ["Parting", "2 drops"]}, {"values": ["Crown", "5 drops"]}],
            }
        )

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        cells = [("text", blocks.CharBlock(required=False, max_length=250))]
        super().__init__(local_blocks or cells, **kwargs)

    class Meta:
        icon = "table"
        label = "Table"
        description = "A table with a heading for each column."
        template = "blocks/table_block.html"
