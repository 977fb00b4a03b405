"""What pages of every kind share in the admin."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from cms.page_links import LivePageLinks


@hooks.register("register_rich_text_features", order=10)
def lead_to_public_pages_only(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's own links between pages."""
    features.register_link_type(LivePageLinks)
