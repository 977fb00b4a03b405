"""Which pages everybody may see: a search must show no other, in no part of it."""

from django.db.models import QuerySet
from wagtail.models import Page

from cms.visible import public


def visible_pages() -> QuerySet[Page]:
    """Return the published pages that nothing restricts, without a query of its own."""
    pages = public(Page.objects.all())
    # A product that is no longer made keeps its page, for those who have its address.
    visible: QuerySet[Page] = pages.exclude(productpage__is_discontinued=True)
    return visible
