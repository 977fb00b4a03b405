"""What the demo's staff have taught the search, and the search index as it is after a night."""

import datetime as dt

from django.core.management import call_command
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from storefront.demo import content, tree
from storefront.models import Synonym
from storefront.search import vocabulary


def seed(at: dt.datetime) -> None:
    """Add synonyms and pinned results; read the shop for its words."""
    facts = content.facts("search")
    for words in facts["synonyms"]:
        Synonym.objects.create(words=words)
    for pin in facts["pin"]:
        _pin(pin)
    call_command("update_index", verbosity=0)
    while vocabulary.read_on(at=at):
        pass


def _pin(pin: content.Facts) -> None:
    page = tree.page_at(pin["page"])
    if page is None:
        raise tree.BrokenLink(pin["page"])
    for words in pin["words"]:
        query, _ = Query.objects.get_or_create(query_string=words)
        SearchPromotion.objects.create(
            query=query, page=page, description=pin["description"], sort_order=0
        )
