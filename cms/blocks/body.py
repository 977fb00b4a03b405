"""The blocks that a page body is made of."""

from wagtail import blocks

from cms.blocks.care import CareCardBlock, DoDontBlock, StepsBlock
from cms.blocks.figures import FigureBlock, TableBlock
from cms.blocks.text import CalloutBlock, FaqBlock, QuoteBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    """A page body, block by block."""

    text = TextBlock()
    figure = FigureBlock()
    steps = StepsBlock()
    do_dont = DoDontBlock()
    care_card = CareCardBlock()
    callout = CalloutBlock()
    faq = FaqBlock()
    quote = QuoteBlock()
    table = TableBlock()
