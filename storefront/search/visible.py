"""Which pages everybody may see: a search must show no other, in no part of it."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction


def visible_pages() -> QuerySet[Page]:
    """Return the published pages that nothing restricts, without a query of its own."""
    below = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.annotate(path_below=below)
    above = restrictions.filter(path_below__startswith=F("page__path"))
    pages: QuerySet[Page] = Page.objects.live().filter(~Exists(above))
    # A product that is no longer made keeps its page, for those who have its address.
    return pages.exclude(productpage__is_discontinued=True)
