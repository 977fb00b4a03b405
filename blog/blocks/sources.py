"""Where statements of an article come from."""

from typing import ClassVar

from wagtail import blocks


class SourceBlock(blocks.StructBlock):
    """Where a statement of an article comes from."""

    title = blocks.CharBlock(max_length=250)
    publisher = blocks.CharBlock(required=False, max_length=120)
    url = blocks.URLBlock(required=False)
    year = blocks.IntegerBlock(required=False, min_value=1800, max_value=2200)

    class Meta:
        icon = "openquote"
        label = "Source"
        label_format = "{title}"
        description = "Where a statement comes from; [1] in the text leads to the first one."
        template = "blocks/source_block.html"
        preview_value: ClassVar = {
            "title": "Dandruff",
            "publisher": "NHS",
            "url": "https://www.nhs.uk/conditions/dandruff/",
            "year": 2024,
        }
