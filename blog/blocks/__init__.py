"""The parts of an article; each is shown by templates/blocks/<name>_block.html."""

from blog.blocks.body import ArticleBodyBlock
from blog.blocks.pages import PageNumberBlock
from blog.blocks.shop import PackageCardBlock, ProductCardBlock
from blog.blocks.sources import SourceBlock
from blog.blocks.treatments import AftercareBlock, TreatmentCardBlock
from blog.blocks.video import VideoBlock

__all__ = [
    "AftercareBlock",
    "ArticleBodyBlock",
    "PackageCardBlock",
    "PageNumberBlock",
    "ProductCardBlock",
    "SourceBlock",
    "TreatmentCardBlock",
    "VideoBlock",
]
