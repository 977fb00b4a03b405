"""Every block of an article says what it is for, and shows what it looks like."""

from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from blog.blocks import ArticleBodyBlock, SourceBlock
from blog.models import ArticlePage
from tests.blog.factories import ArticleIndexPageFactory, ArticlePageFactory, PersonFactory
from tests.catalog.factories import ImageFactory, OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db
BLOCKS = {**ArticleBodyBlock().child_blocks, "source": SourceBlock()}


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_block_has_an_icon_a_description_and_a_preview(name: str) -> None:
    block = BLOCKS[name]

    assert block.meta.icon not in {"", "placeholder"}
    assert block.get_description()
    assert block.is_previewable


def test_previews_are_shown_with_the_shop_s_own_look(client: Client) -> None:
    OfferFactory(page=ProductPageFactory(slug="wash-one", title="Low-foam wash"), price_minor=1800)
    ImageFactory()
    client.force_login(User.objects.create_superuser("manager@galea.example", name="Katrin"))
    blocks = ArticlePageFactory().body.stream_block.child_blocks
    url = reverse("wagtailadmin_block_preview")

    pages = {
        name: client.get(url, {"id": block.definition_prefix}) for name, block in blocks.items()
    }

    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(blocks, 200)
    assert "css/article.css" in pages["text"].content.decode()
    assert "Low-foam wash" in pages["product_card"].content.decode()
    assert "€18.00" in pages["product_card"].content.decode()


def test_an_article_may_be_framed_by_its_editor_and_by_nobody_else(client: Client) -> None:
    article = ArticlePageFactory()

    preview = article.make_preview_request(preview_mode="")

    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    public = client.get(article.url).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in public


def test_an_article_is_previewed_before_it_was_ever_saved() -> None:
    """Whoever is quicker than the autosave sees it, without the form that comes with its number."""
    guide = ArticleIndexPageFactory()
    author = PersonFactory()
    draft = ArticlePage(title="Combs", slug="combs", author=author, locale=guide.locale)
    draft.path, draft.depth = f"{guide.path}9999", guide.depth + 1
    draft.set_url_path(guide)

    preview = draft.make_preview_request(preview_mode="")

    assert preview.status_code == 200
    assert "Combs" in preview.content.decode()
    assert "<textarea" not in preview.content.decode()
