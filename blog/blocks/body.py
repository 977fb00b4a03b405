"""The blocks that an article is made of."""

from blog.blocks.shop import PackageCardBlock, ProductCardBlock
from blog.blocks.treatments import AftercareBlock, TreatmentCardBlock
from blog.blocks.video import VideoBlock
from cms.blocks import BodyBlock


class ArticleBodyBlock(BodyBlock):
    """An article, block by block: what any page may hold, and what the clinic does and sells."""

    video = VideoBlock()
    product_card = ProductCardBlock()
    package_card = PackageCardBlock()
    treatment_card = TreatmentCardBlock()
    aftercare = AftercareBlock()
