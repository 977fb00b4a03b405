"""The building blocks of page bodies; each is shown by templates/blocks/<name>_block.html."""

from cms.blocks.body import BodyBlock
from cms.blocks.care import CareCardBlock, DoDontBlock, StepBlock, StepsBlock
from cms.blocks.figures import FigureBlock, PictureChooserBlock, TableBlock
from cms.blocks.text import CalloutBlock, FaqBlock, FaqItemBlock, QuoteBlock, RichBlock, TextBlock

__all__ = [
    "BodyBlock",
    "CalloutBlock",
    "CareCardBlock",
    "DoDontBlock",
    "FaqBlock",
    "FaqItemBlock",
    "FigureBlock",
    "PictureChooserBlock",
    "QuoteBlock",
    "RichBlock",
    "StepBlock",
    "StepsBlock",
    "TableBlock",
    "TextBlock",
]
