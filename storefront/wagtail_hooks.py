"""What the shop as a whole adds to the admin."""

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from storefront.viewsets import SynonymViewSet


@hooks.register("register_admin_menu_item")
def register_shop_link() -> MenuItem:
    """A way from the admin to what customers see."""
    return MenuItem("View shop", "/", icon_name="home", name="view-shop", order=20)


@hooks.register("register_admin_viewset")
def register_synonyms() -> SynonymViewSet:
    """Words that mean the same in the shop's search."""
    return SynonymViewSet()
