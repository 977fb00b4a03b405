"""The parts of an article that are not its body."""

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
        template = "blocks/source_block.html"
